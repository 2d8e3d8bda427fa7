// What follows from facts directly. A fact that was not read is neither a yes nor a no.
import { describe, expect, it } from 'vitest';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import {
  activeRevisions,
  allReady,
  appOf,
  declaredIdentity,
  declaredResource,
  entryFor,
  environmentOf,
  fingerprint,
  imageReady,
  isWriteRejected,
  registryOf,
  repositoryOf,
  targetReplicas,
  withFacts,
} from '../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import {
  app,
  appId,
  environmentId,
  identityId,
  image,
  minute,
  nowMs,
  principal,
  principalId,
  readyReplica,
  registry,
  revision,
  roleMissing,
  stuckReplica,
  target,
} from '../facts.ts';

const withApp = (more: Partial<AppFacts>): Evidence => ({ ...roleMissing, app: known({ ...app, ...more }) });
const own = principalId('a0000000-0000-4000-8000-0000000000aa');

describe('the identity that pulls', () => {
  it('is the one that the app declares for this registry', () => {
    expect(declaredIdentity(target, roleMissing)).toEqual({
      kind: 'identity',
      name: identityId,
      principalId: principal,
    });
  });

  it('is the app’s or the environment’s own where the entry says so, and not assigned where there is none', () => {
    const system = [{ server: 'acrshop.azurecr.io', identity: 'system' }];
    const environment = [{ server: 'acrshop.azurecr.io', identity: 'system-environment' }];
    const owned = known({ id: environmentId, logs: { kind: 'none' }, systemPrincipalId: own } as const);

    expect(declaredIdentity(target, withApp({ registries: system, systemPrincipalId: own }))).toMatchObject({
      principalId: own,
    });
    expect(declaredIdentity(target, withApp({ registries: system })).kind).toBe('not-assigned');
    expect(declaredIdentity(target, { ...withApp({ registries: environment }), environment: owned })).toMatchObject({
      name: 'system-environment',
      principalId: own,
    });
    expect(declaredIdentity(target, withApp({ registries: environment })).kind).toBe('not-assigned');
  });

  it('is none where the entry has a user name, and not configured where it has neither or is of another host', () => {
    const entries = (entry: object) => withApp({ registries: [{ server: 'acrshop.azurecr.io', ...entry }] });

    expect(declaredIdentity(target, entries({ username: 'u' })).kind).toBe('credential');
    expect(declaredIdentity(target, entries({})).kind).toBe('not-configured');
    expect(declaredIdentity(target, withApp({ registries: [] })).kind).toBe('not-configured');
    expect(declaredIdentity(target, entries({ server: 'acrshop2.azurecr.io', identity: identityId })).kind).toBe(
      'not-configured',
    );
  });

  it('cannot be told without the app, and an environment that was not read tells nothing of its identity', () => {
    const environment = [{ server: 'acrshop.azurecr.io', identity: 'system-environment' }];

    expect(declaredIdentity(target, { ...roleMissing, app: unreadable('forbidden') }).kind).toBe('cannot-tell');
    expect(
      declaredIdentity(target, { ...withApp({ registries: environment }), environment: unreadable('throttled') }).kind,
    ).toBe('cannot-tell');
  });

  it('has a resource of its own only where a person made it', () => {
    expect(declaredResource(declaredIdentity(target, roleMissing))).toBe(identityId);
    expect(declaredResource({ kind: 'identity', name: 'system', principalId: own })).toBeUndefined();
    expect(declaredResource({ kind: 'credential' })).toBeUndefined();
  });
});

describe('the entry for a registry', () => {
  it('is found whatever its case, and by any name of Docker Hub', () => {
    const entries = (server: string): AppFacts => ({ ...app, registries: [{ server, username: 'u' }] });
    const hub = targetOf(appId, 'redis:7');

    expect(entryFor(target, entries('ACRshop.azurecr.io'))).toBeDefined();
    for (const name of ['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'])
      expect(entryFor(hub, entries(name))).toBeDefined();
    expect(entryFor(hub, entries('evil-docker.io'))).toBeUndefined();
    expect(entryFor(target, entries('index.docker.io'))).toBeUndefined();
  });
});

describe('the revisions of a target', () => {
  const older = { ...revision, name: 'older', createdAtMs: nowMs - 60 * minute };
  const evidence: Evidence = {
    ...roleMissing,
    revisions: known([
      older,
      { ...revision, name: 'inactive', active: false },
      revision,
      { ...revision, name: 'of-another-image', images: ['acrshop.azurecr.io/shop/other:v1'] },
    ]),
    replicas: known([stuckReplica, { ...stuckReplica, name: 'x', revision: 'inactive' }]),
  };

  it('are the active ones with its image, the newest first', () => {
    expect(activeRevisions(target, evidence).map(({ name }) => name)).toEqual([revision.name, 'older']);
  });

  it('have the replicas that count, and no others', () => {
    expect(targetReplicas(target, evidence)).toEqual([stuckReplica]);
  });

  it('are none after a write that Azure rejected; unread revisions do not say so', () => {
    const rejected = { ...withApp({ provisioningState: 'Failed' }), revisions: known([]) };

    expect(isWriteRejected(target, rejected)).toBe(true);
    expect(isWriteRejected(target, { ...rejected, revisions: unreadable('throttled') })).toBe(false);
    expect(isWriteRejected(target, { ...rejected, revisions: known([revision]) })).toBe(false);
    expect(isWriteRejected(target, { ...rejected, app: known(app) })).toBe(false);
    expect(isWriteRejected(targetOf(appId, 'acrshop.azurecr.io/shop/other:v1'), rejected)).toBe(false);
  });
});

describe('a replica', () => {
  const container = { name: 'app', image, ready: true, state: 'Running' };
  const sidecar = { name: 'side', image: 'ghcr.io/acme/side:1', ready: false, state: 'Waiting' };

  it('is ready for an image by the containers of that image, and as a whole by all of them', () => {
    const both = { ...readyReplica, containers: [container, sidecar] };

    expect(imageReady(both, image)).toBe(true);
    expect(imageReady(both, sidecar.image)).toBe(false);
    expect(allReady(both)).toBe(false);
    expect(allReady(readyReplica)).toBe(true);
  });

  it('without containers is ready for nothing', () => {
    const empty = { ...readyReplica, containers: [] };

    expect([imageReady(empty, image), allReady(empty)]).toEqual([false, false]);
  });
});

describe('the fingerprint of an app', () => {
  it.each<[string, Partial<AppFacts>]>([
    ['its latest revision', { latestRevision: 'ca-orders--0000002' }],
    ['an image', { images: [image, 'ghcr.io/acme/side:1'] }],
    ['what starts it', { job: { trigger: 'schedule' } }],
    ['the identity of an entry', { registries: [{ server: 'acrshop.azurecr.io', identity: 'system' }] }],
  ])('is another one once the app has changed %s', (_, more) => {
    expect(fingerprint(target, { ...app, ...more })).not.toBe(fingerprint(target, app));
  });

  it('does not depend on the order in which Azure lists things', () => {
    const [a, b] = ['a.io/a:1', 'b.io/b:1'];

    expect(fingerprint(target, { ...app, images: [a, b] })).toBe(fingerprint(target, { ...app, images: [b, a] }));
  });
});

describe('a fact', () => {
  it('of something that is gone is no fact about it', () => {
    expect(appOf({ ...roleMissing, app: known('gone') })).toBeUndefined();
    expect(environmentOf({ ...roleMissing, environment: known('gone') })).toBeUndefined();
    expect(registryOf({ ...roleMissing, registry: known('not-found') })).toBeUndefined();
    expect(registryOf(roleMissing)).toEqual(registry);
  });

  it('that was read later takes the place of the earlier one, and what was not asked stays unasked', () => {
    const merged = withFacts({ atMs: nowMs, roles: unreadable('throttled') }, { roles: known([]) }, {});

    expect(merged.roles).toEqual(known([]));
    expect(merged).not.toHaveProperty('logs');
  });
});

describe('the repository of a target', () => {
  it('is the path of its image without host and tag; none where the reference cannot be read', () => {
    expect(repositoryOf(target)).toBe('shop/orders');
    expect(repositoryOf({ ...target, image: ':::' })).toBe('');
  });
});
