import { describe, expect, it } from 'vitest';
import { mayPull } from '../../../../local/azure/apps/sign-in.ts';
import { answerArm } from '../../../../local/azure/management/arm.ts';
import { principalIdOf } from '../../../../local/azure/model/principals.ts';
import { type Small, small } from '../registry-worlds.ts';

const everything = { principal: 'id-orders', on: 'acrshop' };

const pull = 'Microsoft.ContainerRegistry/registries/pull/read';

const content = 'Microsoft.ContainerRegistry/registries/repositories/content/read';

type Denial = NonNullable<NonNullable<Parameters<typeof small>[0]>['denyAssignments']>[number];

function denied(denials: readonly Denial[], roleMode: 'legacy' | 'abac' = 'legacy'): Small {
  const [role, mode] =
    roleMode === 'legacy'
      ? (['AcrPull', 'LegacyRegistryPermissions'] as const)
      : (['Container Registry Repository Reader', 'AbacRepositoryPermissions'] as const);
  return small(
    {
      roleAssignments: [{ role, principal: 'id-orders', on: 'acrshop' }],
      identities: [{ name: 'id-orders' }, { name: 'id-other' }],
      denyAssignments: [...denials],
    },
    { roleMode: mode },
  );
}

function pulls({ sim, registry }: Small): boolean {
  const app = sim.apps.get('ca-orders');
  if (app === undefined) throw new Error('no app');
  return mayPull(sim, app, registry, 'shop/orders');
}

function list({ sim }: Small, scope: string, filter?: string): unknown {
  const query = new URLSearchParams({
    'api-version': '2022-04-01',
    ...(filter === undefined ? {} : { $filter: filter }),
  });
  const path = `${scope}/providers/Microsoft.Authorization/denyAssignments`;
  const answer = answerArm(sim, { method: 'GET', path, query, body: undefined });
  if (answer.status !== 200) return answer.status;
  return (answer.body as { value: { properties: { scope: string } }[] }).value.map((one) => one.properties.scope);
}

describe('a deny assignment', () => {
  it.each<[string, readonly Denial[], 'legacy' | 'abac', boolean]>([
    ['nobody is denied', [], 'legacy', true],
    ['everything is denied on the registry', [everything], 'legacy', false],
    ['everything is denied on the registry', [everything], 'abac', false],
    ['everything is denied on the subscription', [{ ...everything, on: 'subscription' }], 'legacy', false],
    ['everything is denied on its group', [{ ...everything, on: 'group:rg-registry' }], 'legacy', false],
    ['everything is denied on another group', [{ ...everything, on: 'group:rg-apps' }], 'legacy', true],
    ['somebody else is denied', [{ ...everything, principal: 'id-other' }], 'legacy', true],
    ['the pull is denied', [{ ...everything, actions: [pull] }], 'legacy', false],
    ['reads are denied', [{ ...everything, actions: ['*/read'] }], 'legacy', false],
    ['writes are denied', [{ ...everything, actions: ['*/write'] }], 'legacy', true],
    ['only actions are denied', [{ ...everything, actions: ['*'] }], 'abac', true],
    ['the content is denied', [{ ...everything, dataActions: [content] }], 'abac', false],
    ['only data actions are denied', [{ ...everything, dataActions: ['*'] }], 'legacy', true],
  ])('wins over the role: %s %j (%s): may pull %s', (_, denials, mode, may) => {
    expect(pulls(denied(denials, mode))).toBe(may);
  });

  it('is listed at, above and below a scope, or only at and above it', () => {
    const world = denied([everything, { ...everything, on: 'subscription' }]);
    const subscription = `/subscriptions/${world.sim.world.subscription}`;

    expect(list(world, world.registry.id)).toEqual([world.registry.id, subscription]);
    expect(list(world, subscription)).toEqual([world.registry.id, subscription]);
    expect(list(world, subscription, 'atScope()')).toEqual([subscription]);
    expect(list(world, world.registry.id.toUpperCase(), 'atScope()')).toHaveLength(2);
  });

  it('is found by its principal', () => {
    const world = denied([everything]);
    const [mine, other] = ['id-orders', 'id-other'].map((name) => principalIdOf(world.sim, name));

    expect(list(world, world.registry.id, `principalId eq '${mine}'`)).toHaveLength(1);
    expect(list(world, world.registry.id, `principalId eq '${other}'`)).toEqual([]);
  });

  it.each(["denyAssignmentName eq 'x'", "gdprExportPrincipalId eq 'x'", "assignedTo('x')"])(
    'cannot be searched with %s, and the answer says so',
    (filter) => {
      const world = denied([everything]);

      expect(list(world, world.registry.id, filter)).toBe(501);
    },
  );
});
