// Text that names another registry is not about this image.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, type Suspicion } from '../../../src/lib/classify/classify.ts';
import { proposedGrant } from '../../../src/lib/decision/grant-rules.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import { otherEntries } from '../../../src/lib/diagnosis/entries.ts';
import { isAboutSubject, otherRegistry, subjectOf } from '../../../src/lib/diagnosis/named-registry.ts';
import { readRows, rowsOfOthers, textOf } from '../../../src/lib/diagnosis/recovery.ts';
import type { AppFacts, LogRow } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { type Target, targetOf } from '../../../src/lib/words/target.ts';
import {
  app,
  appId,
  assignment,
  identityId,
  image,
  minute,
  nowMs,
  readyReplica,
  registry,
  roleMissing,
  stuckReplica,
  target,
  unauthorizedRow,
} from '../facts.ts';

const read = ({ text, reason, severity }: LogRow): Suspicion => classify(text, { reason, type: severity });
const exchange = (host: string, status: string): string =>
  `Failed to construct registry secret for registry '${host}' for ContainerApp 'ca-orders'. Ensure the managed identity 'system' has the correct permissions. Error: ACR token exchange endpoint returned error status: ${status}`;
const refusedAddress = (host: string): string =>
  exchange(
    host,
    `403. body: {"errors":[{"code":"DENIED","message":"client with IP '20.9.9.9' is not allowed access."}]}`,
  );
const unauthorizedAt = (host: string): string => exchange(host, '401. body: {"errors":[{"code":"UNAUTHORIZED"}]}');

function diagnosed(evidence: Evidence, of: Target, ...texts: string[]): Diagnosis {
  const logs = known(texts.map((text) => ({ ...unauthorizedRow, reason: 'FetchingKeyVaultSecretFailed', text })));
  const all = { ...evidence, logs };
  const said = textOf(of, readRows(of, all, read), rowsOfOthers(of, all, read));
  return diagnose({ target: of, evidence: all, ...said, pulledBefore: false });
}

/** The role is old, and the registry lets listed addresses in. */
const listed: Evidence = {
  ...roleMissing,
  roles: known([assignment(60 * minute)]),
  registry: known({ ...registry, defaultAction: 'deny' }),
};

describe('a text that names another registry', () => {
  it('does not put an address that the other one refused on the firewall of this one', () => {
    const found = diagnosed(listed, target, refusedAddress('acrtools.azurecr.io'));

    expect(found).toMatchObject({ causes: ['unexplained'], sure: 'unexplained', network: 'cannot-tell' });
    expect(found.detail).not.toHaveProperty('refusedIp');
    const [shown] = found.against.filter(({ code }) => code === 'log-says-of-another');
    expect(shown?.detail).toMatchObject({ registry: 'acrtools.azurecr.io', label: 'firewall' });
    expect(shown?.detail['words']).toContain('client with IP');
  });

  it('does not ask for a password for the registry of a public image', () => {
    const placeholder = targetOf(appId, 'mcr.microsoft.com/k8se/quickstart:latest');
    const evidence = { ...roleMissing, app: known({ ...app, images: [placeholder.image] }) };

    expect(diagnosed(evidence, placeholder, unauthorizedAt('acrshop.azurecr.io')).causes).toEqual(['unexplained']);
  });

  it('is shown beside the text about this registry, which counts', () => {
    const found = diagnosed(
      listed,
      target,
      refusedAddress('acrshop.azurecr.io').replace('20.9.9.9', '20.1.1.1'),
      refusedAddress('acrtools.azurecr.io'),
    );

    expect(found).toMatchObject({
      causes: ['registry-firewall'],
      sure: 'confirmed',
      detail: { refusedIp: '20.1.1.1' },
    });
    expect(found.against.map(({ code }) => code)).toContain('log-says-of-another');
  });
});

describe('the registry that a text names', () => {
  const said = (host: string, more: Partial<Suspicion> = {}): Suspicion => ({
    label: 'unauthorized',
    rule: 'x',
    words: 'x',
    registry: host,
    ...more,
  });
  const declaring = (...servers: string[]): Evidence => ({
    ...roleMissing,
    app: known({ ...app, registries: servers.map((server) => ({ server, identity: identityId })) }),
  });

  it.each([
    ['acrtools.azurecr.io', declaring()],
    ['acrtools.azurecr.cn', declaring()],
    ['ghcr.io', declaring('ghcr.io')],
    ['docker.io', declaring('index.docker.io')],
    ['acrshop2.azurecr.io', declaring()],
  ])('is another one: %s', (host, evidence) => {
    expect(otherRegistry(target, evidence, said(host))).toBe(host);
  });

  it.each([
    ['its own host', 'acrshop.azurecr.io'],
    ['its regional host', 'acrshop.westeurope.geo.azurecr.io'],
    ['its data endpoint', 'acrshop.westeurope.data.azurecr.io'],
    ['its name in the private zone', 'acrshop.privatelink.azurecr.io'],
    ['the service that issues tokens', 'login.microsoftonline.com'],
    ['a host that keeps layers', 'weuprdacr1.blob.core.windows.net'],
    ['a registry for which the app has no entry, outside of Azure', 'ghcr.io'],
  ])('is none other: %s', (_, host) => {
    expect(otherRegistry(target, declaring('acrshop.azurecr.io'), said(host))).toBeUndefined();
  });

  it('is another one beside an image, where it was asked', () => {
    const host = 'acrtools.azurecr.io';

    expect(otherRegistry(target, declaring(host), said(host, { image: target.image }))).toBe(host);
    expect(otherRegistry(target, declaring(host), said(host, { image: 'nginx:1.27' }))).toBe(host);
  });

  it('does not count where it is only that of the named image, or in a text that is about no pull', () => {
    const host = 'acrtools.azurecr.io';

    expect(otherRegistry(target, declaring(host), said(host, { image: `${host}/tools/x:1` }))).toBeUndefined();
    expect(otherRegistry(target, declaring(), said(host, { label: 'not-a-pull-failure' }))).toBeUndefined();
    expect(otherRegistry(target, declaring(), said(host, { refused: 'push' }))).toBeUndefined();
  });

  it('is another one of Azure also where the app could not be read', () => {
    const unread: Evidence = { ...roleMissing, app: unreadable('throttled') };

    expect(otherRegistry(target, unread, said('acrtools.azurecr.io'))).toBe('acrtools.azurecr.io');
    expect(otherRegistry(target, unread, said('ghcr.io'))).toBeUndefined();
  });
});

describe('what the diagnosis is about', () => {
  const both: AppFacts = {
    ...app,
    registries: [...app.registries, { server: 'acrtools.azurecr.io', identity: identityId }],
  };
  const rowOf = (text: string, more: Partial<LogRow> = {}): LogRow => ({
    ...unauthorizedRow,
    reason: 'FetchingKeyVaultSecretFailed',
    text,
    ...more,
  });
  const named = unauthorizedAt('acrtools.azurecr.io');
  const seen = (more: Partial<Evidence> = {}, ...rows: LogRow[]): Evidence => ({
    ...roleMissing,
    app: known(both),
    logs: known(rows.length === 0 ? [rowOf(named)] : rows),
    ...more,
  });
  const registryIn = (evidence: Evidence, of: Target = target): string => subjectOf(of, evidence).registry;
  const failed: Partial<Evidence> = {
    app: known({ ...both, provisioningState: 'Failed', writeError: { text: named, atMs: nowMs } }),
    revisions: known([]),
    replicas: known([]),
    logs: known([]),
  };

  it('is the entry that the latest telling text names, with the same app and image', () => {
    expect(subjectOf(target, seen())).toEqual({ ...target, registry: 'acrtools.azurecr.io' });
    expect(registryIn(seen({}, rowOf(named), rowOf('Container pull image failed with unauthorized error.')))).toBe(
      'acrtools.azurecr.io',
    );
    expect(registryIn(seen(failed))).toBe('acrtools.azurecr.io');
  });

  it.each<[string, Evidence]>([
    ['where no entry of the app is for that registry', seen({ app: known(app) })],
    ['where the app could not be read', seen({ app: unreadable('throttled') })],
    ['where the log could not be read', seen({ logs: unreadable('throttled') })],
    ['where every replica has the image', seen({ replicas: known([readyReplica]) })],
    [
      'where every replica fails for another stated reason',
      seen({
        replicas: known([
          {
            ...stuckReplica,
            containers: [{ name: 'app', image, ready: false, state: 'Waiting', details: 'CrashLoopBackOff' }],
          },
        ]),
      }),
    ],
    [
      'where a later text gives a reason that is about the image',
      seen({}, rowOf(named), rowOf(`failed to pull image "${image}": MANIFEST_UNKNOWN: manifest tagged by "v1"`)),
    ],
    ['where the text speaks of another revision', seen({}, rowOf(named, { revision: 'ca-orders--0000000' }))],
    ['where another program says so', seen({}, rowOf('connected to acrtools.azurecr.io', { reason: 'Assigned' }))],
  ])('is the image’s own registry %s', (_, evidence) => {
    expect(subjectOf(target, evidence)).toBe(target);
  });

  it('is never a registry that the app has no entry for', () => {
    const hosts = ['acrtools.azurecr.io', 'acrevil.azurecr.io', 'ghcr.io', 'acrshop.azurecr.io'];
    const texts = fc.constantFrom(...hosts.flatMap((host) => [unauthorizedAt(host), refusedAddress(host), host]));

    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 6 }), (said) => {
        const evidence = seen({}, ...said.map((text, at) => rowOf(text, { atMs: nowMs - minute + at })));

        return ['acrshop.azurecr.io', 'acrtools.azurecr.io'].includes(registryIn(evidence));
      }),
    );
  });

  it('is an entry that cannot work by the app’s own record, where Azure rejected the write and says no more', () => {
    const write = (...registries: AppFacts['registries']): Evidence =>
      seen({
        ...failed,
        app: known({
          ...app,
          registries,
          secrets: ['token'],
          provisioningState: 'Failed',
          writeError: { text: 'Operation expired.', atMs: nowMs },
        }),
      });
    const own = { server: 'acrshop.azurecr.io', identity: identityId };
    const ghcr = { server: 'ghcr.io', username: 'shop' };

    expect(registryIn(write(own, { server: 'acrtools.azurecr.io', identity: 'system' }))).toBe('acrtools.azurecr.io');
    expect(registryIn(write(own, { ...ghcr, secret: 'gone' }))).toBe('ghcr.io');
    expect(registryIn(write(own, { ...ghcr, secret: 'token' }))).toBe('acrshop.azurecr.io');
    // The image's own entry comes first.
    expect(registryIn(write({ ...own, identity: 'system' }, { ...ghcr, secret: 'gone' }))).toBe('acrshop.azurecr.io');
    expect(registryIn({ ...write(own, { ...ghcr, secret: 'gone' }), revisions: roleMissing.revisions as never })).toBe(
      'acrshop.azurecr.io',
    );
  });

  it('does not count texts that name the image, where it is another registry', () => {
    const subject = subjectOf(target, seen());
    const said = { label: 'network', rule: 'x', words: 'x' } as const;

    expect(isAboutSubject(subject, said)).toBe(true);
    expect(isAboutSubject(subject, { ...said, image })).toBe(false);
    expect(isAboutSubject(target, { ...said, image })).toBe(true);
    expect(isAboutSubject(subject, { ...said, image, label: 'not-a-pull-failure' })).toBe(true);
  });

  it('counts texts that name the image beside the registry that was asked', () => {
    const subject = subjectOf(target, seen());
    const said = { label: 'unauthorized', rule: 'x', words: 'x', image } as const;

    expect(isAboutSubject(subject, { ...said, registry: 'acrtools.azurecr.io' })).toBe(true);
    expect(isAboutSubject(subject, { ...said, registry: 'acrshop.azurecr.io' })).toBe(false);
  });

  it('is the entry that a text names beside the image', () => {
    const beside = `Failed to pull image "${image}": GET https://acrtools.azurecr.io/oauth2/token: UNAUTHORIZED`;
    const evidence = seen({}, rowOf(beside));
    const subject = subjectOf(target, evidence);

    expect(subject.registry).toBe('acrtools.azurecr.io');
    expect(readRows(subject, evidence, read)).toHaveLength(1);
    expect(diagnosed(evidence, subject, beside)).toMatchObject({ causes: ['pull-role-missing'], sure: 'confirmed' });
    // A runtime asks no registry but that of the image: a way to another one that is blocked does not stop this pull.
    const way = `Failed to pull image "${image}": dial tcp: lookup acrtools.azurecr.io: no such host`;
    expect(registryIn(seen({}, rowOf(way)))).toBe('acrshop.azurecr.io');
  });

  it('has other entries only for other registries', () => {
    const regional = { ...both, registries: [{ server: 'acrshop.westeurope.geo.azurecr.io', identity: identityId }] };

    expect(otherEntries(target, both)).toEqual(['acrtools.azurecr.io']);
    expect(otherEntries(target, regional)).toEqual([]);
  });

  it('grants nothing for an image of another registry in one with repository permissions', () => {
    const abac = { registry: known({ ...registry, loginServer: 'acrtools.azurecr.io', roleMode: 'abac' as const }) };
    const subject = subjectOf(target, seen(abac));

    expect(proposedGrant({ target: subject, evidence: seen(abac) })).toBeUndefined();
    expect(proposedGrant({ target: subject, evidence: seen() })).toBeDefined();
  });
});
