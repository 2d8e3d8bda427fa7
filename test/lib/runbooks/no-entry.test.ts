// The runbook for an image whose registry the app has no entry for: no password for a host that was probably not meant.
import { describe, expect, it } from 'vitest';
import type { RegistryEntry } from '../../../src/lib/evidence/app-facts.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { app, appId, dnsUnlinked } from '../facts.ts';
import { textOf } from './cases.ts';

function adviceFor(image: string, ...registries: RegistryEntry[]): string {
  const evidence = { ...dnsUnlinked, app: known({ ...app, images: [image], registries }) };
  return textOf('registry-not-configured', { target: targetOf(appId, image), evidence });
}

const github: RegistryEntry = { server: 'ghcr.io', username: 'bot', secret: 'ghcr' };

describe('a host that is nearly that of a public registry', () => {
  const said = adviceFor('ghrc.io/contoso/api:v7', github);

  it('gets no password, and the entry for the public registry stays', () => {
    expect(said).not.toContain('--password');
    expect(said).not.toContain('registry remove');
    expect(said).toContain('Do not sign in to ghrc.io');
  });

  it('is corrected in the image', () => {
    expect(said).toContain('--image ghcr.io/contoso/api:v7');
  });

  it('is not the public registry itself, where the entry is the one that is mistyped', () => {
    const other = adviceFor('ghcr.io/contoso/api:v7', { ...github, server: 'ghrc.io' });

    expect(other).toContain('az containerapp registry set --server ghcr.io');
    expect(other).toContain('registry remove');
  });
});

describe('the website of Docker Hub', () => {
  it('in an entry is no registry: the server must be docker.io', () => {
    const said = adviceFor('contoso/api:v7', { ...github, server: 'hub.docker.com' });

    expect(said).toContain(
      'hub.docker.com is the website of Docker Hub, and no registry: the server of the entry must be docker.io',
    );
    expect(said).toContain('--server docker.io --username USER');
    expect(said).toContain('registry remove');
  });

  it('in an image is no registry either', () => {
    expect(adviceFor('hub.docker.com/contoso/api:v7')).toContain('--image docker.io/contoso/api:v7');
    expect(adviceFor('hub.docker.com/contoso/api:v7')).not.toContain('--password');
  });
});

describe('a registry outside of Azure', () => {
  it('may not have the image at all, which the advice says before it asks for a password', () => {
    const said = adviceFor('quay.io/prometheus/node-exporterr:v1');

    expect(said).toContain('Either the image is private, or it does not exist');
    expect(said).toContain('in place of USER and PASSWORD');
  });
});

describe('Container Registry of Google', () => {
  const image = 'gcr.io/contoso-1/api:v3';
  const saying = (text: string): string => {
    const row = { atMs: 0, revision: '', replica: '', reason: '', severity: '', text };
    const evidence = { ...dnsUnlinked, app: known({ ...app, images: [image], registries: [] }), logs: known([row]) };
    return textOf('registry-not-configured', { target: targetOf(appId, image), evidence });
  };

  it('gets no password where it says that it was shut down', () => {
    const said = saying('denied: Container Registry is deprecated and shutting down, migrate to Artifact Registry');

    expect(said).toContain('Artifact Registry');
    expect(said).not.toContain('--password');
  });

  it('may ask for a sign-in otherwise', () => {
    expect(saying('denied: Unauthenticated request')).toContain('--password');
  });
});
