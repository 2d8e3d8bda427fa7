// What replicas do: when they try again, when a role begins to count, and what they log.
import { describe, expect, it } from 'vitest';
import { deployRevision, revisionState } from '../../../../local/azure/apps/revisions.ts';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import type { Sim } from '../../../../local/azure/model/sim.ts';
import { builtInWorld, minute } from '../built-in-worlds.ts';
import { at, orders, type Small, small } from '../worlds.ts';

function reasons(sim: Sim): string[] {
  return [...new Set(sim.logs.map((row) => row.reason))];
}

describe('the platform', () => {
  it('tries again after 10, 20, 40, 80, 160 and then every 300 seconds', () => {
    const { sim, time } = builtInWorld('missing-acrpull-user-assigned');
    for (const app of sim.apps.values()) deployRevision(sim, app);

    time.advance(20 * minute);

    const tries = [...new Set(sim.logs.filter((row) => row.reason === 'PullingImage').map((row) => row.atMs))];
    const gaps = tries.slice(1).map((atMs, index) => Math.round((atMs - (tries[index] ?? 0)) / 10_000) * 10);
    expect(gaps.slice(0, 6)).toEqual([10, 20, 40, 80, 160, 300]);
  });

  it('pulls once a role takes effect, not when it is assigned', () => {
    const { sim, time } = builtInWorld('missing-acrpull-user-assigned');
    const [app] = sim.apps.values();
    if (app === undefined) throw new Error('no app');
    const revision = deployRevision(sim, app);
    happen(sim, {
      at: 0,
      do: 'assign-role',
      role: 'AcrPull',
      principal: 'id-orders',
      on: 'acrshop',
      propagation: 4 * minute,
    });

    time.advance(3 * minute);
    expect(reasons(sim)).not.toContain('PulledImage');
    time.advance(10 * minute);

    expect(reasons(sim)).toContain('PulledImage');
    expect(revisionState(sim, revision)).toMatchObject({ healthState: 'Healthy', provisioningState: 'Provisioned' });
  });

  it('logs a missing DNS link as unauthorized, with type Normal', () => {
    const { sim, time } = builtInWorld('dns-link-missing-says-unauthorized');
    for (const app of sim.apps.values()) deployRevision(sim, app);

    time.advance(minute);

    expect(sim.logs.find((row) => row.reason === 'ImagePullUnauthorized')).toMatchObject({
      type: 'Normal',
      text: 'Container pull image failed with unauthorized error.',
    });
  });
});

describe('a pull', () => {
  const image = 'acrshop.azurecr.io/shop/orders:v1';
  const assigned = { role: 'AcrPull', principal: 'id-orders', on: 'acrshop' };
  /** Two minutes of a pull, behind a role that takes effect at once. */
  const slow = (): Small => {
    const delays = { rolePropagation: '0s' };
    return small({ apps: [{ ...orders, deployed: 'later' }], imageSizes: { [image]: '1.2GB' }, delays });
  };
  const revisionId = ({ sim }: Small): string => {
    const app = sim.apps.get('ca-orders');
    return `${app?.id}/revisions/${app?.revisions.at(-1)?.name}`;
  };
  const said = (world: Small): unknown =>
    at(
      world.arm('GET', `${revisionId(world)}/replicas`).body,
      'value',
      0,
      'properties',
      'containers',
      0,
      'runningStateDetails',
    );
  const rows = ({ sim }: Small, reason: string): { readonly atMs: number; readonly text: string }[] =>
    sim.logs.filter((row, index, all) => row.reason === reason && all[index - 1]?.text !== row.text);
  const isReady = ({ sim }: Small): boolean =>
    sim.apps
      .get('ca-orders')
      ?.revisions.at(-1)
      ?.replicas.some(({ ready }) => ready) === true;

  it('lasts as long as its image is large, reads PullingImage meanwhile, and says at its end how long it took', () => {
    const world = slow();
    world.now({ do: 'assign-role', ...assigned });
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(minute);

    expect(said(world)).toBe('Container is waiting with reason: PullingImage on legion.');
    expect(rows(world, 'PullingImage')).toHaveLength(1);
    expect(rows(world, 'PulledImage')).toEqual([]);
    world.time.advance(minute + 5000);

    expect(isReady(world)).toBe(true);
    expect(rows(world, 'PulledImage').map(({ text }) => text)).toEqual([
      `Successfully pulled image "${image}" in 2m0s. Image size: 1200000000 bytes.`,
    ]);
  });

  it('is refused at its beginning, within a second', () => {
    const world = slow();
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(2500);

    expect(said(world)).toBe('Container is waiting with reason: ImagePullBackOff on legion.');
  });

  it('goes on where the role is taken away meanwhile: the registry was asked at its beginning', () => {
    const world = slow();
    world.now({ do: 'assign-role', ...assigned });
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(minute);
    world.now({ do: 'remove-role', ...assigned });
    world.time.advance(minute + 5000);

    expect(isReady(world)).toBe(true);
  });

  it('is ended by a restart, which begins another one', () => {
    const world = slow();
    world.now({ do: 'assign-role', ...assigned });
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(minute);
    world.arm('POST', `${revisionId(world)}/restart`);
    world.time.advance(minute + 5000);

    expect(isReady(world)).toBe(false);
    world.time.advance(minute);
    expect(isReady(world)).toBe(true);
    expect(rows(world, 'PulledImage')).toHaveLength(1);
  });

  it('is not begun anew by the platform while it is under way', () => {
    const world = slow();
    world.now({ do: 'assign-role', ...assigned });
    world.now({ do: 'deploy', app: 'ca-orders' });
    world.time.advance(minute);
    world.now({ do: 'pull', app: 'ca-orders' });
    world.time.advance(minute + 5000);

    expect(isReady(world)).toBe(true);
    expect(rows(world, 'PullingImage')).toHaveLength(1);
  });
});
