// What is asked next: only what can change the answer, and nothing twice.
import { describe, expect, it } from 'vitest';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence, Probe } from '../../../src/lib/evidence/evidence.ts';
import type { RegistryFacts } from '../../../src/lib/evidence/registry-facts.ts';
import { nextProbes } from '../../../src/lib/look/probes.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import {
  app,
  appId,
  assignment,
  identityId,
  minute,
  nowMs,
  principalId,
  registry,
  roleMissing,
  target,
} from '../facts.ts';

/** The evidence without what these probes read. */
function before(evidence: Evidence, ...unasked: Probe[]): Evidence {
  const left = Object.entries(evidence).filter(([name]) => !unasked.some((probe) => probe === name));
  return Object.fromEntries(left) as unknown as Evidence;
}

function appWith(more: Partial<AppFacts>): Pick<Evidence, 'app'> {
  return { app: known({ ...app, ...more }) };
}

const group = principalId('c0000000-0000-4000-8000-00000000000c');
const started: Evidence = { atMs: nowMs, app: known(app), revisions: known([]) };

describe('the next probes', () => {
  it('begin with the app and its revisions', () => {
    expect(nextProbes(target, { atMs: 0 })).toEqual(['app', 'revisions']);
  });

  it.each<[string, Evidence]>([
    ['the app is gone', { ...started, app: known('gone') }],
    ['the app cannot be read', { ...started, app: unreadable('forbidden') }],
    ['everything is known', roleMissing],
  ])('end where %s', (_, evidence) => {
    expect(nextProbes(target, evidence)).toEqual([]);
  });

  it('are then the replicas, the environment and the registry', () => {
    expect(nextProbes(target, started)).toEqual(['replicas', 'environment', 'registry']);
  });

  it('leave out a registry that is not Azure’s', () => {
    const ghcr = targetOf(appId, 'ghcr.io/shop/orders:v1');

    expect(nextProbes(ghcr, started)).toEqual(['replicas', 'environment']);
  });

  it('ask what was written where the last write of the app failed', () => {
    expect(nextProbes(target, { ...started, ...appWith({ provisioningState: 'Failed' }) })).toEqual([
      'replicas',
      'environment',
      'writes',
      'registry',
    ]);
  });

  it('read the logs once the environment says where they are, or that it cannot be read', () => {
    expect(nextProbes(target, before(roleMissing, 'environment', 'logs'))).toEqual(['environment']);
    expect(nextProbes(target, before(roleMissing, 'logs'))).toEqual(['logs']);
    expect(nextProbes(target, { ...before(roleMissing, 'logs'), environment: unreadable('forbidden') })).toEqual([
      'logs',
    ]);
  });

  it('leave the network alone where the registry is public', () => {
    expect(nextProbes(target, roleMissing)).toEqual([]);
  });

  it('ask for the roles of an identity that the app declares, on a registry that was found', () => {
    const unasked = before(roleMissing, 'roles', 'removals', 'denials', 'elsewhere', 'identity');
    const entry = (more: object) => appWith({ registries: [{ server: 'acrshop.azurecr.io', ...more }] });

    expect(nextProbes(target, { ...unasked, ...entry({ identity: identityId }) })).toEqual(['roles']);
    expect(nextProbes(target, { ...unasked, ...entry({ username: 'u' }) })).toEqual(['manifest']);
    expect(nextProbes(target, { ...unasked, registry: known('not-found') })).toEqual(['elsewhere']);
    expect(nextProbes(target, { ...unasked, registry: unreadable('throttled') })).toEqual([]);
  });

  it('ask who took the role away and who has it only where it is missing, else for the image', () => {
    const unasked = before(roleMissing, 'removals', 'denials', 'elsewhere', 'identity');

    expect(nextProbes(target, unasked)).toEqual(['removals', 'elsewhere', 'denials', 'identity']);
    expect(nextProbes(target, { ...unasked, roles: known([assignment(minute)]) })).toEqual(['manifest']);
  });

  it('do not look elsewhere for the role of whoever has some role here', () => {
    const unasked = before(roleMissing, 'removals', 'denials', 'elsewhere', 'identity');
    const useless = assignment(minute, { permissions: known([]) });

    expect(nextProbes(target, { ...unasked, roles: known([useless]) })).toEqual(['removals', 'denials', 'identity']);
  });

  it('ask who else holds the identity where a group holds the role, for a direct grant', () => {
    const there = known({ state: 'exists' as const });
    const held = (more: Parameters<typeof assignment>[1]): Evidence => ({
      ...before(roleMissing, 'denials', 'holders', 'identity'),
      manifest: there,
      roles: known([assignment(minute, more)]),
    });

    expect(nextProbes(target, held({}))).toEqual(['denials', 'identity']);
    expect(nextProbes(target, held({ principalId: group }))).toEqual(['denials', 'holders', 'identity']);
  });
});

describe('the image of a cached repository', () => {
  const mayPull = { ...before(roleMissing, 'cache', 'denials', 'identity'), roles: known([assignment(minute)]) };
  const rule = (of: string) => known([{ name: 'hub', source: `docker.io/${of}`, target: of }]);

  it('is not asked for before the cache rules are known', () => {
    expect(nextProbes(target, mayPull)).toContain('cache');
    expect(nextProbes(target, mayPull)).not.toContain('manifest');
  });

  it('is not asked for at all, since the registry would store a copy', () => {
    expect(nextProbes(target, { ...mayPull, cache: rule('shop/*') })).toEqual(['denials', 'identity']);
    expect(nextProbes(target, { ...mayPull, cache: rule('shop/orders') })).toEqual(['denials', 'identity']);
  });

  it('is not asked for if the rules could not be read', () => {
    expect(nextProbes(target, { ...mayPull, cache: unreadable('forbidden') })).toEqual(['denials', 'identity']);
  });

  it('is asked for if the rules are about other repositories', () => {
    expect(nextProbes(target, { ...mayPull, cache: rule('shop/order') })).toContain('manifest');
    expect(nextProbes(target, { ...mayPull, cache: rule('shops/*') })).toContain('manifest');
  });
});

describe('what is asked about a user name and a password', () => {
  const signedIn = (username: string, more: Partial<Evidence> = {}): Probe[] =>
    nextProbes(target, {
      ...before(roleMissing, 'roles', 'removals', 'denials', 'elsewhere', 'identity'),
      ...appWith({ registries: [{ server: 'acrshop.azurecr.io', username, secret: 's' }], secrets: ['s'] }),
      ...more,
    });
  const adminUser = (enabled: boolean) => ({ registry: known({ ...registry, adminUser: enabled }) });

  it('is the image, where nothing shows that they cannot work', () => {
    expect(signedIn('acrshop', adminUser(true))).toEqual(['manifest']);
    expect(signedIn('anna@contoso.example')).toEqual(['manifest']);
  });

  it('is who changed the registry, where its admin user is disabled', () => {
    expect(signedIn('acrshop', adminUser(false))).toEqual(['changes']);
    expect(signedIn('anna@contoso.example', adminUser(false))).toEqual(['manifest']);
  });

  it('is the token first, and the image only where that is good', () => {
    const passwords = [{ name: 'password1' }];

    expect(signedIn('shop-pull')).toEqual(['token']);
    expect(signedIn('shop-pull', { token: known({ enabled: true, passwords }) })).toEqual(['manifest']);
    expect(signedIn('shop-pull', { token: known({ enabled: false, passwords }) })).toEqual([]);
  });

  it('is nothing more where the registry cannot be read', () => {
    expect(signedIn('acrshop', { registry: unreadable('forbidden') })).toEqual([]);
  });
});

describe('who changed the registry', () => {
  const where = (more: Partial<RegistryFacts>): Probe[] =>
    nextProbes(target, { ...roleMissing, registry: known({ ...registry, ...more }) });

  it('is asked for only where the registry is not open as it was made', () => {
    expect(where({})).toEqual([]);
    expect(nextProbes(target, { ...roleMissing, registry: unreadable('forbidden') })).toEqual([]);
  });

  it.each<[string, Partial<RegistryFacts>]>([
    ['it is closed to the public network', { publicAccess: 'closed' }],
    ['a perimeter decides who gets in', { publicAccess: 'perimeter' }],
    ['it lets listed addresses in', { defaultAction: 'deny' }],
    ['it refuses tokens for ARM', { armAudience: false }],
    ['it asks for repository permissions', { roleMode: 'abac' }],
  ])('is asked for where %s', (_, more) => {
    expect(where(more)).toEqual(['changes']);
  });
});
