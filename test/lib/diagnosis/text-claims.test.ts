// What the text claims counts where the control plane neither confirms nor refutes it, and is never more than suspected.
import { describe, expect, it } from 'vitest';
import { causes } from '../../../src/lib/causes/causes.ts';
import type { Label, Suspicion } from '../../../src/lib/classify/classify.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import { doubtsPlatform, leadingSuspicion, rowsOfTarget } from '../../../src/lib/diagnosis/text-claims.ts';
import type { LogRow } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import {
  app,
  appId,
  assignment,
  dnsUnlinked,
  minute,
  nowMs,
  registry,
  revision,
  roleMissing,
  target,
  unauthorizedRow,
  vnetId,
} from '../facts.ts';
import { inVnet } from './network-cases.ts';

const day = 24 * 60 * minute;

function says(label: Label, words: string = label): Suspicion {
  return { label, rule: label, words };
}

function diagnosed(evidence: Evidence, ...labels: Label[]) {
  const suspicions = labels.map((label) => says(label));
  return diagnose({ target, evidence, suspicions, pulledBefore: false });
}

/** Nothing is wrong that Azure would tell. */
const healthy: Evidence = { ...roleMissing, roles: known([assignment(day)]) };
const unseen: Evidence = { ...roleMissing, registry: unreadable('forbidden') };

describe('a text that says that something of an image is missing', () => {
  const row = (text: string, atMs = nowMs): LogRow => ({
    atMs,
    revision: revision.name,
    replica: '',
    reason: 'Failed',
    severity: '',
    text,
  });
  const part = row(
    'failed to pull and unpack image: failed to copy: could not fetch content descriptor sha256:7d0f1a66 (application/vnd.oci.image.manifest.v1+json) from remote: not found',
  );

  it('means a part, where the registry gave the manifest that names it: the tag is there, and no push of it is asked for', () => {
    const evidence: Evidence = { ...healthy, logs: known([part]), manifest: known({ state: 'exists' }) };

    expect(diagnosed(evidence, 'manifest-unknown')).toMatchObject({ causes: ['image-invalid'], sure: 'suspected' });
    expect(diagnosed({ ...evidence, manifest: unreadable('forbidden') }, 'manifest-unknown').causes).toEqual([
      'image-invalid',
    ]);
  });

  it('means the tag, where a later text does', () => {
    const whole = row('failed to resolve reference "acrshop.azurecr.io/shop/orders:v1": not found', nowMs + 1);

    expect(diagnosed({ ...healthy, logs: known([part, whole]) }, 'manifest-unknown').causes).toEqual(['tag-missing']);
  });

  it('means the tag, where the registry does not have it', () => {
    const evidence: Evidence = {
      ...healthy,
      logs: known([part]),
      manifest: known({ state: 'missing', what: 'tag', tags: [] }),
    };

    expect(diagnosed(evidence, 'manifest-unknown')).toMatchObject({ causes: ['tag-missing'], sure: 'confirmed' });
  });
});

describe('a text about a registry that nobody can see', () => {
  it.each<[Label, string]>([
    ['manifest-unknown', 'tag-missing'],
    ['dns', 'name-wrong'],
    ['network', 'registry-unavailable'],
    ['firewall', 'registry-firewall'],
    ['rate-limited', 'rate-limited'],
    ['registry-unavailable', 'registry-unavailable'],
    ['tls', 'tls-untrusted'],
    ['platform-mismatch', 'platform-mismatch'],
    ['invalid-reference', 'reference-invalid'],
    ['image-invalid', 'image-invalid'],
    ['no-space', 'no-space'],
  ])('%s: %s is suspected', (label, cause) => {
    expect(diagnosed(unseen, label)).toMatchObject({ causes: [cause], sure: 'suspected' });
  });

  it('that does not answer is suspected of the way only where the app leaves by a network, or that could not be read', () => {
    expect(diagnosed({ ...unseen, environment: inVnet }, 'network').causes).toEqual(['egress-blocked']);
    expect(diagnosed({ ...unseen, environment: unreadable('throttled') }, 'network').causes).toEqual([
      'egress-blocked',
    ]);
  });

  it('that misses an image of a digest suspects the digest, also beside a tag', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const cause = (reference: string) =>
      diagnose({
        target: targetOf(appId, `${target.registry}/shop/orders${reference}`),
        evidence: unseen,
        suspicions: [says('manifest-unknown')],
        pulledBefore: false,
      }).causes;

    expect([cause(`@${digest}`), cause(`:v1@${digest}`), cause(':v1')]).toEqual([
      ['digest-missing'],
      ['digest-missing'],
      ['tag-missing'],
    ]);
  });

  it.each<Label>(['unauthorized', 'identity-token', 'unknown-pull-failure', 'not-a-pull-failure'])(
    '%s explains nothing: too many causes are logged so',
    (label) => {
      expect(diagnosed(unseen, label)).toMatchObject({ causes: ['unexplained'], sure: 'unexplained' });
    },
  );

  it('that is silent explains nothing', () => {
    expect(diagnosed(unseen)).toMatchObject({ causes: ['unexplained'], sure: 'unexplained' });
  });

  it('counts as well where the app itself cannot be read', () => {
    expect(diagnosed({ ...roleMissing, app: unreadable('throttled') }, 'tls')).toMatchObject({
      causes: ['tls-untrusted'],
      sure: 'suspected',
    });
  });
});

describe('a text that the control plane speaks against', () => {
  it('about an image that the registry has explains nothing', () => {
    expect(diagnosed(healthy, 'manifest-unknown').causes).toEqual(['tag-missing']);
    expect(diagnosed({ ...healthy, manifest: known({ state: 'exists' }) }, 'manifest-unknown')).toMatchObject({
      causes: ['unexplained'],
      sure: 'unexplained',
    });
    expect(diagnosed({ ...healthy, manifest: known({ state: 'exists' }) }, 'tls').causes).toEqual(['tls-untrusted']);
  });

  it('about a name that exists suspects the name servers, where the network may have its own', () => {
    const cause = (evidence: Partial<Evidence>) => diagnosed({ ...healthy, ...evidence }, 'dns').causes[0];
    const inNetwork = { environment: dnsUnlinked.environment ?? known('gone' as const) };
    const servers = (...dnsServers: string[]) => ({
      vnet: known({ id: vnetId, dnsServers, gateway: false, peerings: [] }),
    });

    expect(cause({})).toBe('unexplained');
    expect(cause(inNetwork)).toBe('custom-dns');
    expect(cause({ ...inNetwork, vnet: unreadable('forbidden') })).toBe('custom-dns');
    expect(cause({ ...inNetwork, ...servers('10.1.1.4') })).toBe('custom-dns');
    expect(cause({ ...inNetwork, ...servers() })).toBe('unexplained');
  });

  it('about anything is outweighed by an image that is not there', () => {
    for (const what of ['tag', 'repository', 'digest'] as const) {
      const manifest = known({ state: 'missing', what, tags: [] } as const);

      expect(diagnosed({ ...healthy, manifest }, 'tls')).toMatchObject({
        causes: [`${what}-missing`],
        sure: 'confirmed',
      });
    }
  });
});

describe('the suspicion that leads', () => {
  const leads = (...labels: Label[]): string | undefined =>
    leadingSuspicion(labels.map((label, at) => says(label, String(at))))?.words;

  it('is the latest that names a cause', () => {
    expect(leads('unauthorized', 'dns', 'unknown-pull-failure', 'not-a-pull-failure')).toBe('1');
  });

  it('is the latest that says that a pull failed, where none names a cause', () => {
    const unknown = 'unknown-pull-failure';

    expect(leads(unknown, unknown, unknown, 'not-a-pull-failure')).toBe('2');
  });

  it('is the latest of all where none speaks of a pull', () => {
    const other = 'not-a-pull-failure';

    expect(leads(other, other, other)).toBe('2');
    expect(leads()).toBeUndefined();
  });
});

function row(more: Partial<LogRow>): LogRow {
  return { ...unauthorizedRow, ...more };
}

describe('the rows of a target', () => {
  const texts = (evidence: Evidence): string[] => rowsOfTarget(target, evidence).map(({ text }) => text);

  it('are those of its active revisions and of the whole app, rejected writes among them, oldest first', () => {
    const logs = known([
      row({ text: 'late', atMs: 30 }),
      row({ text: 'early', atMs: 10 }),
      row({ text: 'of another revision', revision: 'ca-orders--0000000' }),
      row({ text: 'of the app', revision: '', atMs: 20 }),
    ]);
    const writes = known([row({ text: 'rejected', revision: '', atMs: 25 })]);

    expect(texts({ ...roleMissing, logs, writes })).toEqual(['early', 'of the app', 'rejected', 'late']);
    expect(texts({ ...roleMissing, logs: unreadable('throttled'), writes })).toEqual(['rejected']);
    expect(texts({ ...roleMissing, logs, writes: unreadable('throttled') })).toEqual(['early', 'of the app', 'late']);
  });

  it('are not those of a revision that was deactivated', () => {
    const revisions = known([{ ...revision, active: false }]);

    expect(texts({ ...roleMissing, revisions, logs: known([row({ text: 'old' })]) })).toEqual([]);
  });
});

describe('an image of the platform’s own', () => {
  const sidecar = (text: string, more: Partial<LogRow> = {}): Evidence => ({
    ...healthy,
    logs: known([unauthorizedRow, row({ text, ...more })]),
  });

  it.each([
    'failed to pull localhost:8578/envoy:1',
    'failed to pull mcr.microsoft.com/k8se/nodeagent:1',
    'failed to pull mcr.microsoft.com/azurecontainerapps/mirror:1',
    'failed to pull mcr.microsoft.com/oss/kubernetes/pause:3.9',
  ])('that fails is the platform’s fault, whatever else the text says: %s', (text) => {
    expect(diagnosed(sidecar(text), 'tls')).toMatchObject({ causes: ['platform-fault'], sure: 'suspected' });
  });

  it.each<[string, Evidence]>([
    ['is another image of Microsoft’s', sidecar('failed to pull mcr.microsoft.com/dotnet/runtime:9.0')],
    ['is spelled so by somebody else', sidecar('failed to pull mcr-microsoft-com/oss/pause:3')],
    ['was pulled by another revision', sidecar('failed to pull localhost:8578/envoy:1', { revision: 'other' })],
    [
      'may be one that the app names itself',
      {
        ...sidecar('failed to pull mcr.microsoft.com/oss/nginx/nginx:1'),
        app: known({ ...app, images: [...app.images, 'mcr.microsoft.com/oss/nginx/nginx:1'] }),
      },
    ],
    [
      'belongs to an app that cannot be read',
      { ...sidecar('failed to pull localhost:8578/envoy:1'), app: unreadable('forbidden') },
    ],
  ])('is not blamed where it %s', (_, evidence) => {
    expect(diagnosed(evidence, 'tls').causes).toEqual(['tls-untrusted']);
  });

  it('is blamed also where the app keeps copies of Microsoft’s images in a registry of its own', () => {
    const images = [...app.images, 'acrshop.azurecr.io/mcr.microsoft.com/mirror:1'];
    const evidence = { ...sidecar('failed to pull localhost:8578/envoy:1'), app: known({ ...app, images }) };

    expect(diagnosed(evidence, 'tls').causes).toEqual(['platform-fault']);
  });
});

describe('a registry that no readable subscription has', () => {
  it('leaves the image to the text where that names a cause', () => {
    const nowhere: Evidence = { ...roleMissing, registry: known('not-found') };

    expect(diagnosed(nowhere, 'rate-limited')).toMatchObject({ causes: ['rate-limited'], sure: 'suspected' });
    expect(diagnosed(nowhere, 'dns')).toMatchObject({ causes: ['name-wrong'], sure: 'suspected' });
  });
});

describe('an app without an entry for the registry', () => {
  const none = { ...healthy, app: known({ ...app, registries: [] }) };
  const anonymous = (anonymousPull: boolean): Evidence => ({
    ...none,
    registry: known({ ...registry, anonymousPull }),
  });

  it('is refused by one that lets nobody pull anonymously, and by one that the text says refused', () => {
    expect(diagnosed(anonymous(false), 'tls').causes).toEqual(['registry-not-configured']);
    expect(diagnosed(anonymous(true), 'unauthorized').causes).toEqual(['registry-not-configured']);
  });

  it('is otherwise left to what the text says', () => {
    expect(diagnosed(none, 'tls')).toMatchObject({ causes: ['tls-untrusted'], sure: 'suspected' });
    expect(diagnosed(anonymous(true), 'tls').causes).toEqual(['tls-untrusted']);
  });

  it('may lack one for a private repository outside of Azure, or the repository does not exist', () => {
    const ghcr = targetOf(appId, 'ghcr.io/shop/orders:v1');
    const evidence: Evidence = { ...none, registry: unreadable('not-asked') };
    const outside = diagnose({ target: ghcr, evidence, suspicions: [says('unauthorized')], pulledBefore: false });

    expect(outside).toMatchObject({
      causes: ['registry-not-configured'],
      sure: 'suspected',
      against: [],
    });
  });
});

describe('every cause', () => {
  it('has a runbook', () => {
    const diagnosis = diagnosed(healthy, 'unauthorized');

    for (const cause of causes)
      expect(runbookFor({ target, cause, diagnosis, evidence: healthy }).advice, `advice for ${cause}`).not.toBe('');
  });
});

describe('the time of the diagnosis', () => {
  it('is that of the evidence: a role is young until its window has passed', () => {
    const aged = (ageMs: number) => diagnosed({ ...healthy, roles: known([assignment(ageMs)]) }, 'unauthorized');

    expect(aged(30 * minute - 1)).toMatchObject({
      causes: ['pull-role-propagating'],
      sure: 'confirmed',
      roleSinceMs: nowMs - 30 * minute + 1,
    });
    expect(aged(30 * minute)).toMatchObject({ causes: ['unexplained'], sure: 'unexplained' });
    expect(aged(30 * minute)).not.toHaveProperty('roleSinceMs');
  });
});

describe('a push or a build that the firewall refused', () => {
  const pushed = (ip?: string): Suspicion => ({
    label: 'firewall',
    rule: 'acr-firewall',
    words: 'denied: client with IP',
    refused: 'push',
    ...(ip === undefined ? {} : { refusedIp: ip }),
  });
  const listed: Evidence = { ...healthy, registry: known({ ...registry, defaultAction: 'deny' }) };
  const looked = (...suspicions: Suspicion[]) =>
    diagnose({ target, evidence: listed, suspicions, pulledBefore: false });

  it('says nothing about the address by which the app pulls', () => {
    const found = looked(pushed('20.1.2.3'));

    expect(found).toMatchObject({ causes: ['unexplained'], sure: 'unexplained', network: 'cannot-tell' });
    expect(found.detail['refusedIp']).toBeUndefined();
    expect(found.for).toEqual([
      {
        code: 'log-says-no-pull',
        detail: { refused: 'push', words: 'denied: client with IP', address: '20.1.2.3' },
      },
    ]);
    expect(looked(pushed()).for[0]?.detail).toStrictEqual({ refused: 'push', words: 'denied: client with IP' });
  });

  it('is named beside texts of other programs, and yields to a pull that failed', () => {
    const pull: Suspicion = { label: 'firewall', rule: 'acr-firewall', words: 'pull', refusedIp: '20.9.9.9' };

    expect(looked(pushed(), says('not-a-pull-failure')).for[0]?.code).toBe('log-says-no-pull');
    expect(looked(pull, pushed('20.1.2.3'))).toMatchObject({
      causes: ['registry-firewall'],
      detail: { refusedIp: '20.9.9.9' },
      for: [{ code: 'log-says', detail: { words: 'pull' } }, { code: 'network-blocks' }],
    });
  });
});

describe('a doubt about the platform', () => {
  const seen = (text: string): Evidence => ({
    ...roleMissing,
    logs: known([{ ...unauthorizedRow, reason: 'x', text }]),
  });

  it('is one that a row of the target states', () => {
    const mismatch = `Pull image: ${target.image} failed with exit code: 1, error: ctr: no match for platform in manifest: not found`;

    expect(doubtsPlatform(target, seen(mismatch))).toBe(true);
    expect(doubtsPlatform(target, seen(`Failed to pull image "${target.image}": manifest unknown`))).toBe(false);
    expect(doubtsPlatform(target, { ...roleMissing, logs: unreadable('throttled') })).toBe(false);
  });
});
