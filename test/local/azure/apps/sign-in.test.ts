import { describe, expect, it } from 'vitest';
import { pullOutcome } from '../../../../local/azure/apps/pulls.ts';
import { firstDenials } from '../../../../local/azure/authorization/deny-assignments.ts';
import { principalIdOf } from '../../../../local/azure/model/principals.ts';
import { at, list, minute, orders, type Small, small } from '../worlds.ts';

const hour = 60 * minute;

const host = 'acrshop.azurecr.io';

const { pullIdentity: _, ...withoutIdentity } = orders;

function pulls({ sim, app }: Small): boolean {
  const [container] = app.containers;
  if (container === undefined) throw new Error('no container');
  return pullOutcome(sim, app, container).ok;
}

function shop(app: Record<string, unknown>, registry: Record<string, unknown> = {}): Small {
  return small({
    registries: [{ name: 'acrshop', repositories: { 'shop/orders': ['v1'] }, ...registry }],
    apps: [{ ...withoutIdentity, ...app }],
  });
}

const entry = { server: host, username: 'acrshop', passwordSecretRef: 'password' };

const admin = { adminUserEnabled: true };

describe('a user name and a password', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, boolean]>([
    ['of the admin user let in', { registries: [entry], secrets: [{ name: 'password' }] }, admin, true],
    ['of an admin user who is disabled do not', { registries: [entry], secrets: [{ name: 'password' }] }, {}, false],
    ['that were rotated do not', { registries: [entry], secrets: [{ name: 'password', valid: false }] }, admin, false],
    ['whose secret is missing do not', { registries: [entry], secrets: [{ name: 'pasword' }] }, admin, false],
    [
      'of a token let in without the admin user',
      { registries: [{ ...entry, username: 'token' }], secrets: [{ name: 'password' }] },
      {},
      true,
    ],
    ['for another host do not', { registries: [{ ...entry, server: 'x.azurecr.io' }] }, admin, false],
    ['that are not declared do not', { registries: [] }, admin, false],
  ])('%s', (_name, app, registry, may) => {
    expect(pulls(shop(app, registry))).toBe(may);
  });

  it('are shown without the password', () => {
    const { arm, app, now } = shop({ registries: [entry], secrets: [{ name: 'password' }] });
    now({ do: 'deploy', app: 'ca-orders' });
    const { body } = arm('GET', app.id);

    expect(list(body, 'properties', 'configuration', 'secrets')).toEqual([{ name: 'password' }]);
    expect(list(body, 'properties', 'configuration', 'registries')).toEqual([{ ...entry, identity: '' }]);
  });

  it('work as soon as somebody puts them right', () => {
    const world = shop({ registries: [], secrets: [] }, admin);
    world.now({ do: 'configure-app', app: 'ca-orders', registries: [entry], secrets: [{ name: 'password' }] });

    expect(pulls(world)).toBe(true);
    world.now({ do: 'set-registry', registry: 'acrshop', adminUserEnabled: false });
    expect(pulls(world)).toBe(false);
  });
});

const held = { role: 'AcrPull', principal: 'id-orders', on: 'acrshop' };

describe('an identity', () => {
  it('does not pull where the registry refuses the ARM audience', () => {
    const world = small({ roleAssignments: [held] });

    expect(pulls(world)).toBe(true);
    world.now({ do: 'set-registry', registry: 'acrshop', armAudience: 'disabled' });
    expect(pulls(world)).toBe(false);
  });

  it('that is deleted pulls nothing, is not found, and stays on the app', () => {
    const world = small({ roleAssignments: [held], apps: [orders] });
    const { id, principalId } = world.sim.identities.get('id-orders') ?? { id: '', principalId: '' };
    const read = () => world.arm('GET', id, { 'api-version': '2023-01-31' });

    expect(at(read().body, 'properties', 'principalId')).toBe(principalId);
    world.now({ do: 'delete-identity', identity: 'id-orders' });

    expect(read().status).toBe(404);
    expect(pulls(world)).toBe(false);
    expect(JSON.stringify(at(world.arm('GET', world.app.id).body, 'identity'))).toContain(principalId);
  });

  it('pulls by the role of its group, a day after it was assigned', () => {
    const roleOf = (age: string) => ({
      groups: [{ name: 'shop', members: ['id-orders'] }],
      roleAssignments: [{ ...held, principal: 'group-of:shop', age }],
    });
    const world = small(roleOf('23h'));

    expect(pulls(world)).toBe(false);
    world.time.advance(hour);
    expect(pulls(world)).toBe(true);
    expect(pulls(small({ ...roleOf('30d'), groups: [{ name: 'shop', members: [] }] }))).toBe(false);
  });

  it('is denied what its group is denied', () => {
    const world = small({
      groups: [{ name: 'shop', members: ['id-orders'] }],
      roleAssignments: [held],
      denyAssignments: [{ principal: 'group-of:shop', on: 'acrshop' }],
    });

    expect(pulls(world)).toBe(true);
    world.sim.denials = firstDenials(world.sim);
    expect(pulls(world)).toBe(false);
  });

  it.each([
    [{ actions: ['*/read'] }, true],
    [{ actions: ['Microsoft.ContainerRegistry/*'], notActions: ['*/pull/*'] }, false],
    [{ dataActions: ['*'] }, false],
  ])('pulls by a custom role that says %j: %s', (role, may) => {
    const world = small({
      customRoles: [{ name: 'Custom', ...role }],
      roleAssignments: [{ ...held, role: 'Custom' }],
    });

    expect(pulls(world)).toBe(may);
  });
});

describe('the role assignments of a principal', () => {
  it('are those of its groups too, and Resource Graph knows them all', () => {
    const world = small({
      groups: [{ name: 'shop', members: ['id-orders'] }],
      roleAssignments: [{ ...held, principal: 'group-of:shop' }],
    });
    const id = principalIdOf(world.sim, 'id-orders');
    const group = principalIdOf(world.sim, 'group-of:shop');
    const registry = world.sim.registries.get('acrshop')?.id ?? '';
    const found = world.arm('GET', `${registry}/providers/Microsoft.Authorization/roleAssignments`, {
      'api-version': '2022-04-01',
      $filter: `atScope() and assignedTo('${id}')`,
    });

    expect(at(found.body, 'value', 0, 'properties')).toMatchObject({ principalId: group, principalType: 'Group' });
    const query = `authorizationresources | where tostring(properties.principalId) in~ ('${group}') | project scope = tostring(properties.scope)`;
    const graph = world.arm(
      'POST',
      '/providers/Microsoft.ResourceGraph/resources',
      { 'api-version': '2024-04-01' },
      { query, subscriptions: [world.sim.world.subscription] },
    );
    expect(at(graph.body, 'data')).toEqual([{ scope: registry }]);
  });
});
