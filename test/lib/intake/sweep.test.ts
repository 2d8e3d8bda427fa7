import { describe, expect, it } from 'vitest';
import { listIncidents, listRemediations } from '../../../src/lib/console/views.ts';

import type { RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import { imageOverdueMs } from '../../../src/lib/evidence/only-begun.ts';
import { targetIdOf } from '../../../src/lib/history/targets.ts';
import { handleSignal } from '../../../src/lib/intake/intake.ts';
import { sweep, sweepAsleep } from '../../../src/lib/intake/sweep.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import {
  app,
  assignment,
  config,
  execution,
  groupId,
  groupRun,
  image,
  jobId,
  minute,
  nowMs,
  pulledRow,
  readyReplica,
  registry,
  revision,
  roleMissing,
  signal,
  stuckReplica,
  unauthorizedRow,
  waitingExecutionReplica,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const stuck: RevisionFacts = {
  ...revision,
  createdAtMs: nowMs - 20 * minute,
  runningState: 'Activating',
  details: '',
};

function world(changes: Partial<RevisionFacts>, provisioningState = 'Succeeded'): Memory {
  return memory(
    config(),
    { ...roleMissing, app: known({ ...app, provisioningState }), revisions: known([{ ...stuck, ...changes }]) },
    nowMs,
  );
}

describe('the sweep of jobs', () => {
  const overdue = { ...execution, createdAtMs: nowMs - imageOverdueMs };
  const job = (more: Partial<RevisionFacts>, replica = waitingExecutionReplica): Memory => {
    const facts = { revisions: known([{ ...overdue, ...more }]), replicas: known([replica]) };
    const running = memory(config(), { ...roleMissing, ...facts }, nowMs);
    const apps = [{ id: jobId, provisioningState: 'Succeeded' }];
    const azure = { ...running.ports.azure, listApps: async () => known({ apps, skipped: 0 }) };
    Object.assign(running.ports, { azure });
    return running;
  };

  it.each<[string, Partial<RevisionFacts>, number]>([
    ['an execution that has run for minutes without its image', {}, 1],
    ['a younger execution', { createdAtMs: overdue.createdAtMs + 1 }, 0],
    ['an execution that failed without its image', { runningState: 'Failed', ended: true }, 1],
    [
      'an execution that failed a day ago: what became of it is known',
      { runningState: 'Failed', ended: true, createdAtMs: nowMs - 24 * 60 * minute },
      0,
    ],
    [
      'an execution that failed a moment less than a day ago',
      { runningState: 'Failed', ended: true, createdAtMs: nowMs - 24 * 60 * minute + 1 },
      1,
    ],
    ['an execution that succeeded', { runningState: 'Succeeded', ended: true }, 0],
    ['an execution that is neither the newest nor goes on', { active: false }, 0],
  ])('%s', async (_what, more, found) => {
    expect(await sweep(job(more).ports, config())).toBe(found);
  });

  it('finds an execution without its image beside younger ones and beside one whose image is there', async () => {
    const other = 'acrshop.azurecr.io/shop/other:v1';
    const young = { ...overdue, name: 'job-import-young', createdAtMs: nowMs, images: [other] };
    const replica = {
      ...waitingExecutionReplica,
      revision: young.name,
      containers: [{ name: 'app', image: other, ready: true, state: 'Running' }],
    };
    const running = job({});
    running.world.evidence = {
      ...running.world.evidence,
      revisions: known([young, overdue]),
      replicas: known([replica, waitingExecutionReplica]),
    };

    expect(await sweep(running.ports, config())).toBe(1);
  });

  it('leaves a job alone whose template was corrected since its last execution', async () => {
    const written = (atMs: number): Memory => {
      const running = job({ runningState: 'Failed', ended: true });
      const images = ['acrshop.azurecr.io/shop/other:v1'];
      running.world.evidence = {
        ...running.world.evidence,
        app: known({ ...app, id: jobId, images, lastWrite: { by: 'anna', atMs } }),
      };
      return running;
    };

    expect(await sweep(written(overdue.createdAtMs).ports, config())).toBe(0);
    expect(await sweep(written(overdue.createdAtMs - 1).ports, config())).toBe(1);
  });

  it('asks for the replicas of a job only where one of its executions can lack its image', async () => {
    const asks = async (more: Partial<RevisionFacts>): Promise<boolean> => {
      const running = job(more);
      const calls: string[] = [];
      running.world.before = (call) => void calls.push(call);
      await sweep(running.ports, config());
      return calls.includes('probe.replicas');
    };

    expect(await asks({})).toBe(true);
    expect(await asks({ runningState: 'Failed', ended: true })).toBe(true);
    expect(await asks({ runningState: 'Succeeded', ended: true })).toBe(false);
    expect(await asks({ createdAtMs: overdue.createdAtMs + 1 })).toBe(false);
    expect(await asks({ active: false })).toBe(false);
  });

  it('finds nothing where the executions cannot be read', async () => {
    const running = job({});
    running.world.evidence = { ...running.world.evidence, revisions: unreadable('timed-out') };

    expect(await sweep(running.ports, config())).toBe(0);
  });

  it('leaves an execution alone whose container runs', async () => {
    const runs = { name: 'app', image, ready: true, state: 'Running' };

    expect(await sweep(job({}, { ...waitingExecutionReplica, containers: [runs] }).ports, config())).toBe(0);
  });
});

describe('the sweep of container groups', () => {
  const overdue = { ...groupRun, createdAtMs: nowMs - 15 * minute };
  const group = (more: Partial<RevisionFacts>, provisioningState = 'Succeeded'): Memory => {
    const running = memory(config(), { ...roleMissing, revisions: known([{ ...overdue, ...more }]) }, nowMs);
    const apps = [{ id: groupId, provisioningState }];
    const azure = { ...running.ports.azure, listApps: async () => known({ apps, skipped: 0 }) };
    Object.assign(running.ports, { azure });
    return running;
  };

  it.each<[string, Partial<RevisionFacts>, number]>([
    ['a container whose pull failed', {}, 1],
    ['a younger one', { createdAtMs: overdue.createdAtMs + 1 }, 0],
    ['one of a group that has ended', { ended: true, runningState: 'Terminated' }, 1],
    ['one of a group that a person stopped', { active: false }, 0],
    ['a container that pulls, for less than half an hour', { details: 'PullingImage' }, 0],
    ['a container that pulls for longer', { details: 'PullingImage', createdAtMs: nowMs - 30 * minute }, 1],
    ['a container that crashes', { details: 'CrashLoopBackOff: Back-off 10s restarting failed' }, 0],
    ['a container that ended by itself', { details: 'Completed', runningState: 'Terminated' }, 0],
  ])('%s', async (_what, more, found) => {
    expect(await sweep(group(more).ports, config())).toBe(found);
  });

  it('finds a container without its image beside one that runs', async () => {
    const running = group({});
    const runs = { ...overdue, name: 'proxy', runningState: 'Running', details: '' };
    running.world.evidence = { ...running.world.evidence, revisions: known([runs, overdue]) };

    expect(await sweep(running.ports, config())).toBe(1);
  });

  it('finds a group whose provisioning failed', async () => {
    expect(await sweep(group({ details: '' }, 'Failed').ports, config())).toBe(1);
  });
});

describe('the sweep', () => {
  it.each<[string, Partial<RevisionFacts>, number]>([
    ['a revision that has been starting for long', {}, 1],
    ['a revision that failed', { runningState: 'Failed', provisioningState: 'Failed' }, 1],
    [
      'a running revision with a replica that waits for its image',
      { runningState: 'Running', details: '1/2 Pending:ImagePullBackOff' },
      1,
    ],
    ['a revision that pulls, and is younger than half an hour', { details: '1/1 Pending:PullingImage' }, 0],
    [
      'a revision that pulls half an hour after its creation',
      { details: '1/1 Pending:PullingImage', createdAtMs: nowMs - 30 * minute },
      1,
    ],
    [
      'a young revision of which one replica pulls and another one failed to',
      { details: '1/2 Pending:PullingImage, 1/2 Pending:ImagePullBackOff' },
      1,
    ],
    [
      'an old revision that runs while another replica of it pulls',
      { runningState: 'Running', details: '1/2 Pending:PullingImage', createdAtMs: nowMs - 600 * minute },
      0,
    ],
    ['a revision whose container crashes', { runningState: 'Failed', details: '1/1 Container crashing: app' }, 0],
    ['a revision that is starting', { createdAtMs: nowMs - 2 * minute }, 0],
    ['a revision that runs', { runningState: 'Running' }, 0],
    ['a revision that is scaled to zero', { runningState: 'ScaledToZero' }, 0],
    ['a revision that is not active', { active: false }, 0],
  ])('%s', async (_what, changes, found) => {
    const running = world(changes);

    expect(await sweep(running.ports, config())).toBe(found);
    expect(running.world.signals).toHaveLength(found);
  });

  it('finds an app whose last write was rejected', async () => {
    expect(await sweep(world({ active: false }, 'Failed').ports, config())).toBe(1);
  });

  it('leaves an app alone that has a remediation', async () => {
    const running = world({});
    await sweep(running.ports, config());
    for (const { signal } of running.world.signals) await handleSignal(running.ports, config(), signal);

    expect(await sweep(running.ports, config())).toBe(0);
  });

  it('sends the same signal for the same revision all day, so that it opens one remediation', async () => {
    const running = world({});
    await sweep(running.ports, config());
    running.world.nowMs += 10 * minute;
    await sweep(running.ports, config());

    expect(new Set(running.world.signals.map(({ signal }) => signal.id)).size).toBe(1);
  });

  it('reads nothing into a list that cannot be read', async () => {
    const running = world({});
    const ports = {
      ...running.ports,
      azure: { ...running.ports.azure, listApps: async () => unreadable<never>('forbidden') },
    };

    expect(await sweep(ports, config())).toBe(0);
    expect(running.world.swept).toMatchObject({ value: { unreadable: 'forbidden' } });
  });

  it('finds what is stuck beside an app whose id cannot be read, and says how many it skipped', async () => {
    const running = world({});
    const said: unknown[] = [];
    const ports = {
      ...running.ports,
      azure: {
        ...running.ports.azure,
        listApps: async () => known({ apps: [{ id: app.id, provisioningState: 'Succeeded' }], skipped: 2 }),
      },
      log: (...line: unknown[]) => void said.push(line),
    };

    expect(await sweep(ports, config())).toBe(1);
    expect(running.world.swept).toMatchObject({ value: { apps: 1, skipped: 2 } });
    expect(said).toContainEqual(['swept', { apps: 1, skipped: 2 }]);
  });
});

describe('an app that slept when its grant should have shown its worth', () => {
  const asleep: RevisionFacts = {
    ...revision,
    runningState: 'ScaledToZero',
    provisioningState: 'Provisioned',
    details: '',
  };

  /** The role was granted, and then nothing was asked to start. */
  async function slept(): Promise<Memory> {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);
    running.world.evidence = {
      ...roleMissing,
      roles: known([assignment(0)]),
      revisions: known([asleep]),
      replicas: known([]),
    };
    await running.pass(20 * minute);
    expect((await listRemediations(running.ports))[0]?.closed).toMatchObject({
      how: 'unproven',
      because: 'no-replica-asked-to-start',
    });
    expect(await listIncidents(running.ports)).toEqual([]);
    return running;
  }

  async function sweepAndHandle(running: Memory): Promise<number> {
    const found = await sweepAsleep(running.ports);
    for (const { signal: sent } of running.world.signals.splice(0)) await running.deliver(sent);
    return found;
  }

  it('is left alone while it sleeps', async () => {
    expect(await sweepAndHandle(await slept())).toBe(0);
  });

  it('is looked at once when a replica starts, and the grant that helped counts as proved', async () => {
    const running = await slept();
    running.world.evidence = {
      ...running.world.evidence,
      revisions: known([{ ...asleep, runningState: 'Running' }]),
      replicas: known([{ ...readyReplica, createdAtMs: running.world.nowMs }]),
      logs: known([{ ...pulledRow, atMs: running.world.nowMs }]),
    };

    expect(await sweepAndHandle(running)).toBe(1);
    expect(await sweepAndHandle(running)).toBe(0);
    await running.pass(15 * minute);
    const views = await listRemediations(running.ports);
    expect(views.map((one) => one.closed?.how)).toContain('withdrawn');
    const ledger = (await running.ports.deployment.read('deployment')).map(({ entry }) => entry);
    expect(ledger.map(({ kind }) => kind)).toEqual(['grant-counted', 'grant-proven']);
    expect(new Set(ledger.map((entry) => ('remediation' in entry ? entry.remediation : ''))).size).toBe(1);
  });

  it('is diagnosed like any other when the replica cannot pull after all, and the grant is not proved', async () => {
    const running = await slept();
    running.world.evidence = {
      ...roleMissing,
      atMs: running.world.nowMs,
      roles: known([assignment(60 * minute)]),
      registry: known({ ...registry, armAudience: false }),
      replicas: known([{ ...stuckReplica, createdAtMs: running.world.nowMs }]),
      logs: known([{ ...unauthorizedRow, atMs: running.world.nowMs }]),
    };

    expect(await sweepAndHandle(running)).toBe(1);
    expect((await listIncidents(running.ports)).map(({ cause }) => cause)).toEqual(['arm-audience-disabled']);
    expect((await running.ports.deployment.read('deployment')).map(({ entry }) => entry.kind)).toEqual([
      'grant-counted',
    ]);
  });

  it('is forgotten after a week of sleep', async () => {
    const running = await slept();
    running.world.evidence = { ...running.world.evidence, revisions: known([{ ...asleep, runningState: 'Running' }]) };
    running.world.nowMs += 8 * 24 * 60 * minute;

    expect(await sweepAndHandle(running)).toBe(0);
  });
});

describe('the sweep of an app that has a remediation of one of its images', () => {
  const second = 'acrshop.azurecr.io/shop/proxy:v2';
  const both = {
    ...stuck,
    images: [image, second],
    imageOf: { app: image, proxy: second },
    details: 'ImagePullBackOff',
  };
  const containers = (...details: readonly string[]) =>
    known([
      {
        ...stuckReplica,
        containers: [image, second].map((one, at) => ({
          name: one,
          image: one,
          ready: details[at] === '',
          state: 'Waiting',
          details: details[at] ?? '',
        })),
      },
    ]);

  /** The first image has an open remediation, and the alert that opened it stays fired. */
  async function busy(listed: readonly string[] | undefined = [image, second]): Promise<Memory> {
    const evidence = { ...roleMissing, app: known({ ...app, images: [image, second] }), logs: known([]) };
    const running = memory(
      config({ PULLMEDIC_MODE: 'observe' }),
      { ...evidence, revisions: known([both]), replicas: containers('ImagePullBackOff', '') },
      nowMs,
    );
    const one = { id: app.id, provisioningState: 'Succeeded', latestRevision: both.name };
    const apps = [listed === undefined ? one : { ...one, images: listed }];
    const azure = { ...running.ports.azure, listApps: async () => known({ apps, skipped: 0 }) };
    Object.assign(running.ports, { azure });
    await running.deliver(signal);
    return running;
  }

  const imagesOf = async ({ ports }: Memory): Promise<string[]> =>
    (await listRemediations(ports)).map((view) => view.target.image).sort();

  it('opens one of the other image once Azure says that it cannot be pulled either, and once only', async () => {
    const running = await busy();
    expect(await imagesOf(running)).toEqual([image]);
    running.world.evidence = { ...running.world.evidence, replicas: containers('ImagePullBackOff', 'ErrImagePull') };
    running.world.nowMs = nowMs + 10 * minute;

    expect(await sweep(running.ports, config())).toBe(1);
    const [sent] = running.world.signals.splice(0);
    if (sent === undefined) throw new Error('the sweep sent nothing');
    await handleSignal(running.ports, config(), sent.signal);

    expect(await imagesOf(running)).toEqual([image, second]);
    expect(await sweep(running.ports, config())).toBe(0);
  });

  it.each([
    ['is there', ''],
    ['only waits for the first one', 'Waiting'],
    ['is being pulled', 'PullingImage'],
  ])('leaves it alone while the other image %s', async (_, details) => {
    const running = await busy();
    running.world.evidence = { ...running.world.evidence, replicas: containers('ImagePullBackOff', details) };

    expect(await sweep(running.ports, config())).toBe(0);
  });

  it('reads nothing of it where each image that it declares has an open remediation', async () => {
    const running = await busy([image]);
    const asked: string[] = [];
    running.world.before = (name) => void asked.push(name);

    expect(await sweep(running.ports, config())).toBe(0);
    expect(asked.filter((name) => name.startsWith('probe.'))).toEqual([]);
  });

  it.each([
    ['a container group, whose list names no images', groupId, 1],
    ['a job, whose containers do not say which image is waited for', jobId, 0],
  ])('asks the containers of %s', async (_, id, found) => {
    const running = await busy(undefined);
    const { ports, world } = running;
    const row = [...running.rows.values()][0];
    if (row === undefined) throw new Error('there is no row');
    await ports.index.put({ ...row, appId: id, targetId: targetIdOf(ports, targetOf(id, image)) });
    const listApps = async () => known({ apps: [{ id, provisioningState: 'Succeeded' }], skipped: 0 });
    Object.assign(ports, { azure: { ...ports.azure, listApps } });
    world.evidence = { ...world.evidence, replicas: containers('ImagePullBackOff', 'ImagePullBackOff') };

    expect(await sweep(ports, config())).toBe(found);
  });
});
