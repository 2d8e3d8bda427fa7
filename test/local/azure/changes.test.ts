// What the simulation keeps of each change: what was true right before it.
import { describe, expect, it } from 'vitest';
import { changeOf } from '../../../local/azure/changes.ts';
import { roleIds } from '../../../local/azure/model/assignments.ts';
import { minute, type Small, small } from './worlds.ts';

function ask({ sim }: Small, method: string, path: string, body?: unknown) {
  const url = new URL(`https://management.azure.com${path}`);
  return changeOf(sim, { method, host: url.host, url, authorization: undefined, body });
}

const role = { role: 'AcrPull', principal: 'id-orders', on: 'acrshop' };

function pulled(world: Small): unknown {
  const revision = world.app.revisions.at(-1)?.name ?? '';
  const change = ask(world, 'POST', `${world.app.id}/revisions/${revision}/restart`);
  return change?.kind === 'restart' ? change.pulled : undefined;
}

function served(world: Small): unknown {
  const revision = world.app.revisions.at(-1)?.name ?? '';
  const change = ask(world, 'POST', `${world.app.id}/revisions/${revision}/restart`);
  return change?.kind === 'restart' ? change.served : undefined;
}

describe('a restart', () => {
  it('meets a revision that serves once that has been ready for longer than a request takes', () => {
    const world = small({ roleAssignments: [role] });
    world.now({ do: 'deploy', app: 'ca-orders' });
    expect(served(world)).toBe(false);

    for (let second = 0; second < 90 && world.app.revisions[0]?.replicas[0]?.ready !== true; second += 1)
      world.time.advance(1000);
    const readyMs = world.app.revisions[0]?.replicas[0]?.readySinceMs ?? 0;
    world.time.advance(readyMs + 1000 - world.time.now());

    expect(served(world)).toBe(false);
    world.time.advance(1);
    expect(served(world)).toBe(true);
  });

  it('meets a pull that would succeed once that has been under way for longer than a request takes, until its containers run', () => {
    const imageSizes = { 'acrshop.azurecr.io/shop/orders:v1': '600MB' };
    const world = small({ roleAssignments: [role], imageSizes });
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(2000);
    expect(pulled(world)).toBe(false);

    world.time.advance(1);
    expect(pulled(world)).toBe(true);
    world.time.advance(minute + 1998);
    expect([pulled(world), world.app.revisions[0]?.replicas[0]?.ready]).toEqual([true, false]);
    world.time.advance(1001);
    expect([pulled(world), world.app.revisions[0]?.replicas[0]?.ready]).toEqual([false, true]);
  });

  it('meets no such pull where each try is refused', () => {
    const world = small();
    world.now({ do: 'deploy', app: 'ca-orders' });

    const seen = Array.from({ length: 120 }, () => {
      world.time.advance(500);
      return pulled(world);
    });
    expect(new Set(seen)).toEqual(new Set([false]));
  });
});

describe('a grant', () => {
  const wanted = (world: Small) => {
    const registry = world.sim.registries.get('acrshop')?.id ?? '';
    const change = ask(world, 'PUT', `${registry}/providers/Microsoft.Authorization/roleAssignments/x`, {
      properties: { principalId: 'SOMEBODY', roleDefinitionId: `/roleDefinitions/${roleIds['AcrPull']}` },
    });
    return change?.kind === 'grant' ? { made: change.made, needed: change.needed } : undefined;
  };

  it('is kept beside what the apps that may not pull need', () => {
    const world = small();
    const scope = world.sim.registries.get('acrshop')?.id.toLowerCase();
    const principalId = world.sim.identities.get('id-orders')?.principalId;

    expect(wanted(world)).toEqual({
      made: { principalId: 'somebody', roleId: roleIds['AcrPull'], scope },
      needed: [{ principalId, roleId: roleIds['AcrPull'], scope }],
    });
  });

  it('is needed by nobody where the role is in effect', () => {
    const world = small({ roleAssignments: [{ ...role, age: '1h' }] });
    world.time.advance(60 * minute);

    expect(wanted(world)?.needed).toEqual([]);
  });

  it('is of another role where the registry has repository permissions', () => {
    const registries = [{ name: 'acrshop', roleMode: 'AbacRepositoryPermissions', repositories: {} }];

    expect(wanted(small({ registries }))?.needed.map(({ roleId }) => roleId)).toEqual([
      roleIds['Container Registry Repository Reader'],
    ]);
  });
});

describe('no change', () => {
  it.each([
    ['GET', '/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/x'],
    ['GET', '/subscriptions/s/resourceGroups/rg/providers/Microsoft.App/containerApps/ca-orders'],
    ['POST', '/providers/Microsoft.ResourceGraph/resources'],
  ])('is %s %s', (method, path) => {
    expect(ask(small(), method, path)).toBeUndefined();
  });
});

describe('a restart of a container group', () => {
  const group = {
    name: 'aci',
    validated: false,
    containers: [{ image: 'nginx:1.27' }, { name: 'b', image: 'redis:7' }],
  };
  const restart = (world: Small) => {
    const change = ask(world, 'POST', `${world.app.id}/restart`);
    return change?.kind === 'restart-group' ? [change.app, change.served, change.pulled] : undefined;
  };

  it('meets a container that runs or pulls, whichever it is', () => {
    const publicRegistries = [{ host: 'docker.io', answers: 'unauthorized' }];
    const failing = small({ apps: [], containerGroups: [group], publicRegistries });
    const healthy = small({ apps: [], containerGroups: [group] });
    for (const world of [failing, healthy]) {
      world.now({ do: 'deploy', app: 'aci' });
      world.time.advance(5000);
    }
    expect(restart(failing)).toEqual(['aci', false, false]);
    expect(restart(healthy)).toEqual(['aci', false, true]);

    healthy.time.advance(3 * minute);
    expect(restart(healthy)).toEqual(['aci', true, false]);
  });
});
