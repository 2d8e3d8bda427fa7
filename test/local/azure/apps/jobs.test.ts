// How the simulation plays jobs: retries, replicas side by side, exit codes, deadlines, and what is left of old executions.

import { describe, expect, it } from 'vitest';
import { startExecution } from '../../../../local/azure/apps/jobs.ts';
import { at, list, minute, orders, type Small, small } from '../worlds.ts';

const granted = { roleAssignments: [{ role: 'AcrPull', principal: 'id-orders', on: 'acrshop' }] };

/** A job in place of the app. */
function withJob(more: Record<string, unknown> = {}, world: Record<string, unknown> = granted): Small {
  return small({ apps: [], jobs: [{ ...orders, name: 'job-orders', ...more }], ...world });
}

const executionsOf = ({ arm, app }: Small): unknown[] => list(arm('GET', `${app.id}/executions`).body, 'value');
const newest = (world: Small): unknown => executionsOf(world)[0];
const codesIn = (execution: unknown): unknown[] =>
  list(execution, 'properties', 'detailedStatus', 'replicas').map((replica) => at(replica, 'containers', 0, 'code'));
const statusOf = (execution: unknown): unknown => at(execution, 'properties', 'status');

describe('an execution', () => {
  it('succeeds when its work is done', () => {
    const world = withJob();
    startExecution(world.sim, world.app);
    world.time.advance(10 * minute);

    expect(statusOf(newest(world))).toBe('Succeeded');
    expect(codesIn(newest(world))).toEqual([0]);
  });

  it('is started again for as many failures of its own as the job allows, and then fails', () => {
    const world = withJob({ exitCode: 3, replicaRetryLimit: 2 });
    startExecution(world.sim, world.app);
    world.time.advance(20 * minute);

    expect(statusOf(newest(world))).toBe('Failed');
    expect(codesIn(newest(world))).toEqual([3, 3, 3]);
  });

  it('is not failed by a pull that fails, before its deadline', () => {
    const world = withJob({ replicaTimeout: '10m', replicaRetryLimit: 0 }, {});
    startExecution(world.sim, world.app);
    world.time.advance(9 * minute);
    expect(statusOf(newest(world))).toBe('Running');
    world.time.advance(2 * minute);

    expect(statusOf(newest(world))).toBe('Failed');
    expect(codesIn(newest(world))).toEqual([-1]);
  });

  it('says of each container what became of its own image', () => {
    const world = withJob({
      containers: [
        { name: 'orders', image: 'acrshop.azurecr.io/shop/orders:v1' },
        { name: 'proxy', image: 'acrshop.azurecr.io/shop/orders:v9' },
      ],
    });
    startExecution(world.sim, world.app);
    world.time.advance(minute);
    const containers = list(newest(world), 'properties', 'detailedStatus', 'replicas', '0', 'containers');

    expect(containers.map((one) => [at(one, 'name'), at(one, 'additionalInformation')])).toEqual([
      ['orders', 'Container is waiting with reason: ContainerCreating on legion.'],
      ['proxy', 'Container is waiting with reason: ImagePullBackOff on legion.'],
    ]);
  });

  it('runs its replicas side by side, and succeeds when all of them have', () => {
    const world = withJob({ parallelism: 3, runsFor: '2m' });
    startExecution(world.sim, world.app);
    world.time.advance(2 * minute);
    expect(statusOf(newest(world))).toBe('Running');
    world.time.advance(5 * minute);

    expect(statusOf(newest(world))).toBe('Succeeded');
    expect(codesIn(newest(world))).toEqual([0, 0, 0]);
  });

  it('is forgotten once a hundred others came after it', () => {
    const world = withJob();
    for (let count = 0; count < 101; count += 1) {
      startExecution(world.sim, world.app);
      world.time.advance(1000);
    }
    const names = executionsOf(world).map((one) => at(one, 'name'));

    expect(names).toHaveLength(100);
    expect(names).not.toContain(world.app.revisions[0]?.name);
  });
});

describe('a job', () => {
  it('is started by a request, which answers with the name of the execution', () => {
    const world = withJob();
    const { status, body } = world.arm('POST', `${world.app.id}/start`);

    expect(status).toBe(200);
    expect(at(body, 'name')).toBe(at(newest(world), 'name'));
    expect(world.arm('POST', `${world.app.id}x/start`).status).toBe(404);
  });

  it('says what it allows, in the members of the specification', () => {
    const world = withJob({ replicaRetryLimit: 2, parallelism: 3 });

    expect(at(world.arm('GET', world.app.id).body, 'properties', 'configuration')).toMatchObject({
      replicaRetryLimit: 2,
      manualTriggerConfig: { parallelism: 3, replicaCompletionCount: 3 },
    });
  });

  it('whose write is tried first is left failed by a pull that fails, without an execution', () => {
    const world = withJob({ validated: true }, {});
    world.now({ do: 'deploy', app: 'job-orders' });

    expect(at(world.arm('GET', world.app.id).body, 'properties', 'provisioningState')).toBe('Failed');
    expect(executionsOf(world)).toEqual([]);
  });
});
