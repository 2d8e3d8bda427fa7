// What replicas do: when they try again, when a role begins to count, and what they log.
import { describe, expect, it } from 'vitest';
import { deployRevision, revisionState } from '../../../../local/azure/apps/revisions.ts';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import type { Sim } from '../../../../local/azure/model/sim.ts';
import { builtInWorld, minute } from '../built-in-worlds.ts';

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
