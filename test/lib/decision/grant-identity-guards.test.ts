// Who may get a grant: near misses of the opt-in, of the list of consumers, and of what is known of an identity's other holders.
import { describe, expect, it } from 'vitest';
import { grantRefusals, isApprovable } from '../../../src/lib/decision/grant-guards.ts';
import {
  existenceGuard,
  identityGuard,
  sharedGuard,
  tenantGuard,
} from '../../../src/lib/decision/grant-identity-guards.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { HolderFacts } from '../../../src/lib/evidence/role-facts.ts';
import type { Grant } from '../../../src/lib/history/grant.ts';
import { codeOf } from '../../../src/lib/history/refusals.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  app,
  appId,
  arm,
  config,
  environmentId,
  groupFacts,
  groupTarget,
  identityId,
  principal,
  principalId,
  registryId,
  roleMissing,
  target,
} from '../facts.ts';
import { decisionInput } from '../situations.ts';
import { grantRefused, optedInFor } from './told.ts';

const subscription = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001';
const another = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000002';
const appGroup = `${subscription}/resourceGroups/rg-apps`;
const grant: Grant = { registryId, principalId: principal, roleId: acrPull };

function lists(...consumers: string[]): Config {
  return optedIn(registryId, ...consumers);
}

function optedIn(id: string, ...consumers: string[]): Config {
  return config({ PULLMEDIC_REGISTRIES: JSON.stringify([{ id, consumers }]) });
}

function refusals(settings: Config, evidence: Evidence = roleMissing): string[] {
  return grantRefusals(decisionInput(evidence, { config: settings }), grant).map(codeOf);
}

/** An app that pulls with an identity of this name in its registry entry. */
function pulling(identity: typeof identityId | 'system' | 'system-environment'): Evidence {
  const ids = { systemPrincipalId: principal, registries: [{ server: 'acrshop.azurecr.io', identity }] };
  return {
    ...roleMissing,
    app: known({ ...app, ...ids }),
    environment: known({ id: environmentId, logs: { kind: 'workspace', workspaceId: 'w' }, principalId: principal }),
  };
}

function heldBy(more: Partial<HolderFacts>): Evidence {
  return { ...roleMissing, holders: known({ resources: [{ id: appId, environmentId }], tenant: 'same', ...more }) };
}

describe('a write of an app that Azure refused', () => {
  it('may have been for want of the role of the identity that the app declares: the app has what was declared', () => {
    const writeError = { text: 'unauthorized', atMs: 0 };
    const rejected = { ...roleMissing, app: known({ ...app, provisioningState: 'Failed', writeError }) };

    expect(identityGuard({ target, evidence: rejected }, grant)).toBeUndefined();
  });
});

describe('a container group that cannot be read', () => {
  it('declares no identity that pullmedic could grant to', () => {
    const evidence: Evidence = { ...roleMissing, app: unreadable('timed-out') };

    expect(identityGuard({ target: groupTarget, evidence }, grant)?.guard).toBe('not-the-declared-identity');
  });
});

describe('a write of a container group that Azure refused', () => {
  const ofGroup = (more: Partial<typeof groupFacts>) => {
    const evidence: Evidence = { ...roleMissing, app: known({ ...groupFacts, ...more }) };
    return identityGuard({ target: groupTarget, evidence }, grant);
  };

  it('gets no grant, because it may have declared another identity than the group has', () => {
    const writeError = { text: 'InaccessibleImage', atMs: 0 };
    expect(ofGroup({ provisioningState: 'Failed', writeError })).toMatchObject({
      guard: 'not-the-declared-identity',
      why: 'cannot-tell',
    });
    expect(ofGroup({})).toBeUndefined();
  });
});

describe('a registry is opted in by its whole id', () => {
  it('so a grant on it passes', () => {
    expect(refusals(lists(appGroup, identityId))).toEqual([]);
  });

  it.each([
    ['begins with the id of this one', `${registryId}2`],
    ['has an id that this one begins with', registryId.slice(0, -1)],
    ['has the same name in another subscription', registryId.replace(subscription, another)],
  ])('and the opt-in of a registry that %s does not count', (_, id) => {
    expect(refusals(optedIn(id, appGroup, identityId))).toEqual(
      expect.arrayContaining(['registry-not-opted-in: not-configured', 'consumer-not-listed: nobody-is']),
    );
  });
});

describe('a consumer', () => {
  const notListed = 'consumer-not-listed: not-this-app';

  it.each([
    ['its resource group', appGroup],
    ['its environment', environmentId],
    ['its identity', identityId],
  ])('is an app by %s', (_, consumer) => {
    expect(refusals(lists(consumer))).not.toContain(notListed);
  });

  it.each([
    ['of a group of this name in another subscription', appGroup.replace(subscription, another)],
    ['of a group whose name begins with its own', `${appGroup}-two`],
    ['of a group whose name its own begins with', appGroup.slice(0, -1)],
    ['of another environment', `${environmentId}-two`],
    ['of another identity', `${identityId}-two`],
    ['of the whole subscription', subscription],
  ])('is not an app %s', (_, consumer) => {
    expect(refusals(lists(consumer))).toContain(notListed);
  });
});

describe('a user-assigned identity', () => {
  it.each([
    ['whose resource group is listed', lists(appGroup)],
    ['whose environment is listed', lists(environmentId)],
    ['beside another identity that is listed', lists(appGroup, `${identityId}-two`)],
  ])('%s asks a person: resources that cannot be listed may hold it', (_, settings) => {
    const [refusal, ...more] = grantRefusals(decisionInput(roleMissing, { config: settings }), grant);

    expect([refusal && codeOf(refusal), ...more]).toEqual(['identity-shared: cannot-complete']);
    expect(refusal && isApprovable(refusal)).toBe(true);
  });

  it('that another registry vouches for asks a person on this one', () => {
    const settings = config({
      PULLMEDIC_REGISTRIES: JSON.stringify([
        { id: registryId, consumers: [appGroup] },
        { id: `${registryId}2`, consumers: [identityId] },
      ]),
    });

    expect(refusals(settings)).toEqual(['identity-shared: cannot-complete']);
  });

  it('that the list names may have holders that cannot be seen', () => {
    expect(refusals(lists(identityId))).toEqual([]);
  });

  it('with federated credentials asks a person, also in the resource group that is listed', () => {
    const evidence = heldBy({ federated: known(['github']) });
    const [refusal] = grantRefusals(decisionInput(evidence, { config: lists(appGroup) }), grant);

    expect(refusal && codeOf(refusal)).toBe('identity-shared: federated');
    expect(refusal && isApprovable(refusal)).toBe(true);
    expect(refusals(lists(identityId), evidence)).toEqual([]);
  });

  it('whose federated credentials cannot be read asks a person', () => {
    expect(refusals(lists(appGroup), heldBy({ federated: unreadable('forbidden') }))).toEqual([
      'identity-shared: cannot-complete',
    ]);
  });

  it('counts federated credentials as holders', () => {
    const four = heldBy({ federated: known(['a', 'b', 'c', 'd']) });
    const five = heldBy({ federated: known(['a', 'b', 'c', 'd', 'e']) });

    expect(refusals(lists(identityId), four)).toEqual([]);
    expect(refusals(lists(identityId), five)).toEqual(['identity-shared: too-many']);
  });

  it('that a resource outside of the list holds is refused, and no person can allow that', () => {
    const machine = arm(`${subscription}/resourceGroups/rg-other/providers/Microsoft.Compute/virtualMachines/vm-1`);
    const evidence = heldBy({ resources: [{ id: appId }, { id: machine }] });
    const [refusal] = grantRefusals(decisionInput(evidence, { config: lists(appGroup) }), grant);

    expect(refusal && codeOf(refusal)).toBe('identity-shared: outside-consumers');
    expect(refusal && isApprovable(refusal)).toBe(false);
  });
});

describe('an identity of another kind', () => {
  const seen = (evidence: Evidence, scope: string): string | undefined => {
    const settings = config({
      PULLMEDIC_SCOPES: JSON.stringify([scope]),
      PULLMEDIC_REGISTRIES: JSON.stringify([{ id: registryId, consumers: [appGroup] }]),
    });
    const refusal = sharedGuard(decisionInput(evidence, { config: settings }), grant);
    return refusal && codeOf(refusal);
  };

  it('that is the app’s own has one holder by construction', () => {
    expect(seen(pulling('system'), appGroup)).toBeUndefined();
  });

  it('that is the environment’s has holders that can be listed where the whole subscription is in the scope', () => {
    expect(seen(pulling('system-environment'), subscription)).toBeUndefined();
  });

  it.each([
    ['its resource group', appGroup],
    ['another subscription', another],
  ])('that is the environment’s asks a person where only %s is in the scope', (_, scope) => {
    expect(seen(pulling('system-environment'), scope)).toBe('identity-shared: cannot-complete');
  });
});

describe('the identity of a grant', () => {
  it('is the one that the app declares for this registry, and no other', () => {
    const other = principalId('c0000000-0000-4000-8000-00000000000c');

    expect(grantRefused({}, { ...grant, principalId: other })).toEqual([
      'not-the-declared-identity: another-principal',
    ]);
    expect(grantRefused({ evidence: { ...roleMissing, app: known({ ...app, registries: [] }) } })).toContain(
      'not-the-declared-identity: not-configured',
    );
  });

  it('still exists: one that is gone, or that could not be read, gets nothing', () => {
    expect(grantRefused({ evidence: { ...roleMissing, identity: known('gone') } })).toContain(
      'not-the-declared-identity: gone',
    );
    expect(grantRefused({ evidence: { ...roleMissing, identity: unreadable('forbidden') } })).toContain(
      'not-the-declared-identity: existence-unreadable',
    );
  });
});

describe('the list of consumers', () => {
  it('that is empty means that no app may get a role, and one that names other groups not this app', () => {
    expect(grantRefused(optedInFor([]))).toContain('consumer-not-listed: nobody-is');
    expect(grantRefused(optedInFor([`${subscription}/resourceGroups/rg-other`]))).toContain(
      'consumer-not-listed: not-this-app',
    );
  });

  it('that names the identity lets it pass', () => {
    expect(grantRefused(optedInFor([identityId]))).toEqual([]);
  });
});

describe('the other holders of an identity', () => {
  const neighbour = arm(`${appGroup}/providers/Microsoft.App/containerApps/ca-neighbour`);
  const elsewhere = arm(`${subscription}/resourceGroups/rg-other/providers/Microsoft.App/containerApps/ca-other`);
  const own = { id: appId, environmentId };
  const shared = (settings: Config, ...others: HolderFacts['resources']): string | undefined => {
    const refusal = sharedGuard(decisionInput(heldBy({ resources: [own, ...others] }), { config: settings }), grant);
    return refusal && codeOf(refusal);
  };

  it('are covered by a listed group that they are in, or a listed environment that they run in', () => {
    expect(shared(lists(appGroup, `${identityId}-two`), { id: neighbour })).toBe('identity-shared: cannot-complete');
    expect(shared(lists(environmentId), { id: elsewhere, environmentId })).toBe('identity-shared: cannot-complete');
  });

  it('are not covered where one of several is neither in the group nor in the environment', () => {
    expect(shared(lists(appGroup), { id: neighbour }, { id: elsewhere })).toBe('identity-shared: outside-consumers');
    expect(shared(lists(environmentId), { id: elsewhere, environmentId: arm(`${environmentId}-two`) })).toBe(
      'identity-shared: outside-consumers',
    );
  });

  it('without a readable name are covered by the listed group that they are in, and by nothing else', () => {
    const unnamed = (within: string) => [{ within: arm(within) }];
    const refusal = (settings: Config, within: string): string | undefined => {
      const found = sharedGuard(decisionInput(heldBy({ unnamed: unnamed(within) }), { config: settings }), grant);
      return found && codeOf(found);
    };

    expect(refusal(lists(appGroup), appGroup)).toBe('identity-shared: cannot-complete');
    expect(refusal(lists(appGroup), `${subscription}/resourceGroups/rg-other`)).toBe(
      'identity-shared: outside-consumers',
    );
    expect(refusal(lists(environmentId), appGroup)).toBe('identity-shared: outside-consumers');
  });

  it('without a readable name count against the limit', () => {
    const unnamed = Array.from({ length: 5 }, () => ({ within: arm(appGroup) }));
    const found = sharedGuard(decisionInput(heldBy({ unnamed }), { config: lists(appGroup) }), grant);

    expect(found && codeOf(found)).toBe('identity-shared: too-many');
  });

  it('cannot be read: a person is asked', () => {
    const evidence = { ...roleMissing, holders: unreadable<never>('forbidden') };
    const refusal = sharedGuard(decisionInput(evidence, { config: lists(appGroup) }), grant);

    expect(refusal).toEqual({ guard: 'identity-shared', why: 'unreadable' });
  });
});

describe('the tenant of an identity', () => {
  const told = (tenant: HolderFacts['tenant']): unknown => tenantGuard(decisionInput(heldBy({ tenant })));

  it('is the one of the registry, and one that is another or cannot be told gets nothing', () => {
    expect(told('same')).toBeUndefined();
    expect(told('another')).toEqual({ guard: 'another-tenant', why: 'identity' });
    expect(told('cannot-tell')).toEqual({ guard: 'another-tenant', why: 'unreadable' });
    expect(tenantGuard(decisionInput({ ...roleMissing, holders: unreadable('forbidden') }))).toEqual({
      guard: 'another-tenant',
      why: 'unreadable',
    });
  });
});

describe('an identity that is part of its app', () => {
  it('needs no look at whether it exists', () => {
    const evidence = { ...pulling('system'), identity: unreadable<never>('forbidden') };

    expect(existenceGuard(decisionInput(evidence))).toBeUndefined();
    expect(existenceGuard(decisionInput({ ...roleMissing, identity: unreadable('forbidden') }))).toBeDefined();
  });
});
