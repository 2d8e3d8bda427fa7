// The mirror of a node passes on the trouble of another registry, and Microsoft is blamed for its own images only.
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/lib/classify/classify.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { RegistryEntry } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { app, appId, nowMs, revision, roleMissing } from '../facts.ts';

function of(image: string, text: string, registries: readonly RegistryEntry[] = []) {
  const target = targetOf(appId, image);
  const row = { atMs: nowMs, revision: revision.name, replica: '', reason: 'ContainerTerminated', severity: '', text };
  const evidence: Evidence = {
    atMs: nowMs,
    app: known({ ...app, images: [image], registries }),
    revisions: known([{ ...revision, images: [image] }]),
    logs: known([row]),
    ...(roleMissing.environment === undefined ? {} : { environment: roleMissing.environment }),
  };
  const diagnosis = diagnose({ target, evidence, suspicions: [classify(text)], pulledBefore: false });
  const [cause = 'unexplained'] = diagnosis.causes;
  return { diagnosis, advice: JSON.stringify(runbookFor({ target, cause, diagnosis, evidence })) };
}

const mirror = (path: string, ns: string, status = '503 Service Unavailable') =>
  `Pull image failed: ctr: failed to resolve reference: unexpected status from HEAD request to http://localhost:8578/v2/${path}/manifests/1${ns}: ${status}`;

describe('a mirror that is unavailable', () => {
  it.each([
    ['redis:1', mirror('library/redis', '?ns=docker.io')],
    ['docker.io/contoso/orders:1', mirror('contoso/orders', '?ns=docker.io')],
    ['index.docker.io/contoso/orders:1', mirror('contoso/orders', '?ns=registry-1.docker.io')],
    ['redis:1', mirror('library/redis', '')],
  ])('suspects the limit of Docker Hub for an image that the app pulls without a name: %s', (image, text) => {
    const { diagnosis, advice } = of(image, text);

    expect(diagnosis).toMatchObject({ causes: ['rate-limited'], sure: 'suspected' });
    for (const way of ['az containerapp registry set', 'az acr import', 'az acr cache create', 'localhost:8578'])
      expect(advice).toContain(way);
  });

  it('is a registry in trouble where the app signs in to Docker Hub, or the image is of another registry', () => {
    const hub = { server: 'docker.io', username: 'contoso' };

    expect(of('redis:1', mirror('library/redis', '?ns=docker.io'), [hub]).diagnosis.causes).toEqual([
      'registry-unavailable',
    ]);
    expect(of('ghcr.io/contoso/a:1', mirror('contoso/a', '?ns=ghcr.io')).diagnosis.causes).toEqual([
      'registry-unavailable',
    ]);
  });

  it('is the trouble of Docker Hub only where it was asked for this image', () => {
    expect(of('redis:1', mirror('library/mysql', '?ns=docker.io')).diagnosis.causes).toEqual(['registry-unavailable']);
    expect(of('redis:1', mirror('library/redis', '?ns=quay.io')).diagnosis.causes).toEqual(['registry-unavailable']);
  });

  it('is the platform’s fault only for an image of Microsoft’s that the app does not name', () => {
    expect(of('ghcr.io/contoso/a:1', mirror('k8se/envoy', '?ns=mcr.microsoft.com')).diagnosis.causes).toEqual([
      'platform-fault',
    ]);
    expect(of('ghcr.io/contoso/a:1', mirror('k8se/envoy', '')).diagnosis.causes).toEqual(['platform-fault']);
    expect(of('mcr.microsoft.com/dotnet/a:1', mirror('dotnet/a', '?ns=mcr.microsoft.com')).diagnosis.causes).toEqual([
      'registry-unavailable',
    ]);
  });

  it('does not turn another answer into a limit', () => {
    expect(of('redis:1', mirror('library/redis', '?ns=docker.io', '404 Not Found')).diagnosis.causes).not.toContain(
      'rate-limited',
    );
  });
});
