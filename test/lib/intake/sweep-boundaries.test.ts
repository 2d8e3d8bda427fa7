// Which revisions the sweep takes for stuck or for awake, whose turn it is, and what it says of what it found.
import { describe, expect, it } from 'vitest';
import type { RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { AppSummary } from '../../../src/lib/evidence/reads.ts';
import type { IndexRow } from '../../../src/lib/history/index-row.ts';
import { targetIdOf } from '../../../src/lib/history/targets.ts';
import { sweep, sweepAsleep } from '../../../src/lib/intake/sweep.ts';
import type { ArmId } from '../../../src/lib/words/arm-id.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import {
  app,
  appId,
  arm,
  config,
  execution,
  jobId,
  minute,
  nowMs,
  revision,
  roleMissing,
  target,
  targetId,
} from '../facts.ts';
import { indexRow } from '../index-rows.ts';
import { type Memory, memory } from '../memory-ports.ts';

const day = 24 * 60 * minute;
const stuckMs = config().settings.stuckMinutes * minute;
const { details: _details, ...quiet } = revision;
const stuck: RevisionFacts = { ...quiet, createdAtMs: nowMs - stuckMs, runningState: 'Activating' };
/** A pull that goes on for longer than any image takes, while nothing failed. */
const longPull: Partial<RevisionFacts> = { details: 'PullingImage', createdAtMs: nowMs - 30 * minute };

interface Run {
  readonly running: Memory;
  readonly lines: (readonly [string, object])[];
}

/** A deployment with these apps, each with these revisions. */
function begin(revisions: readonly RevisionFacts[], apps?: readonly AppSummary[]): Run {
  const running = memory(config(), { ...roleMissing, revisions: known(revisions) }, nowMs);
  const lines: (readonly [string, object])[] = [];
  Object.assign(running.ports, { log: (event: string, about: object) => void lines.push([event, about]) });
  if (apps !== undefined) {
    const { azure } = running.ports;
    Object.assign(running.ports, { azure: { ...azure, listApps: async () => known({ apps, skipped: 0 }) } });
  }
  return { running, lines };
}

const found = async (...revisions: RevisionFacts[]): Promise<number> => sweep(begin(revisions).running.ports, config());

describe('a stuck revision', () => {
  it('is reported with a signal of its day, and counted in the log', async () => {
    const { running, lines } = begin([stuck]);

    expect(await sweep(running.ports, config())).toBe(1);
    expect(running.world.signals).toEqual([
      {
        signal: {
          id: `schedule|${appId}|${app.latestRevision}|${Math.floor(nowMs / day)}`,
          via: 'schedule',
          about: { kind: 'app', id: appId },
          atMs: nowMs,
        },
        dueAtMs: nowMs,
      },
    ]);
    expect(lines).toEqual([
      ['stuck-found', { apps: 1 }],
      ['swept', { apps: 1, skipped: 0 }],
    ]);
  });

  it('of an app without a latest revision has a signal too', async () => {
    const { running } = begin([stuck], [{ id: appId, provisioningState: 'Succeeded' }]);
    await sweep(running.ports, config());

    expect(running.world.signals[0]?.signal.id).toBe(`schedule|${appId}|none|${Math.floor(nowMs / day)}`);
  });

  it('is one that has not got ready for so many minutes, to the millisecond', async () => {
    expect(await found(stuck)).toBe(1);
    expect(await found({ ...stuck, createdAtMs: stuck.createdAtMs + 1 })).toBe(0);
  });

  it('is enough beside one that runs', async () => {
    expect(await found({ ...stuck, runningState: 'Running' }, stuck)).toBe(1);
  });

  it.each<[string, Partial<RevisionFacts>, number]>([
    ['crashes and cannot pull', { details: '1/2 Container crashing: app, 1/2 Pending:ImagePullBackOff' }, 1],
    ['crashes', { details: '1/1 Container crashing: app' }, 0],
    ['is stopped', { runningState: 'Stopped' }, 0],
    ['runs at its largest scale', { runningState: 'RunningAtMaxScale' }, 0],
    ['is in a state whose name ends like one that runs', { runningState: 'NotRunning' }, 1],
    ['is in a state whose name begins like one that runs', { runningState: 'RunningSomewhere' }, 1],
    ['pulls, and a replica of it runs', { ...longPull, runningState: 'Running' }, 0],
    ['pulls, in a state whose name ends like one that runs', { ...longPull, runningState: 'NotRunning' }, 1],
    ['pulls, in a state whose name begins like one that runs', { ...longPull, runningState: 'RunningSomewhere' }, 1],
    [
      'is scaled to zero and has pulled for half an hour',
      { runningState: 'ScaledToZero', details: 'PullingImage', createdAtMs: nowMs - 30 * minute },
      1,
    ],
    [
      'is scaled to zero and pulls since a moment less than half an hour ago',
      { runningState: 'ScaledToZero', details: 'PullingImage', createdAtMs: nowMs - 30 * minute + 1 },
      0,
    ],
    ['is provisioned, in a state that is not known', { runningState: 'unknown', provisioningState: 'Provisioned' }, 0],
    ['is not provisioned, in a state that is not known', { runningState: 'unknown', provisioningState: 'Failed' }, 1],
    ['is provisioned and activating', { provisioningState: 'Provisioned' }, 1],
  ])('that %s', async (_, more, count) => {
    expect(await found({ ...stuck, ...more })).toBe(count);
  });

  it('is none where the revisions cannot be read', async () => {
    const { running, lines } = begin([]);
    running.world.evidence = { ...running.world.evidence, revisions: unreadable('forbidden') };

    expect(await sweep(running.ports, config())).toBe(0);
    expect(lines).toEqual([['swept', { apps: 1, skipped: 0 }]]);
  });
});

describe('the list of apps', () => {
  it('that cannot be read is said in the log', async () => {
    const { running, lines } = begin([stuck]);
    const { azure } = running.ports;
    Object.assign(running.ports, { azure: { ...azure, listApps: async () => unreadable('forbidden') } });
    await sweep(running.ports, config());

    expect(lines).toEqual([['sweep-unreadable', { why: 'forbidden' }]]);
  });

  it('is read in turns of forty in the order of the ids, so that each app has its turn', async () => {
    const ids = Array.from({ length: 100 }, (_, at) => arm(`${appId}-${String(at).padStart(3, '0')}`));
    const shuffled = [...ids.slice(50), ...ids.slice(0, 50).toReversed()];
    const { running } = begin(
      [stuck],
      shuffled.map((id) => ({ id, provisioningState: 'Succeeded' })),
    );
    const round = async (): Promise<ArmId[]> => {
      running.world.signals.length = 0;
      await sweep(running.ports, config());
      running.world.nowMs += 5 * minute;
      return running.world.signals.map(({ signal }) => (signal.about.kind === 'app' ? signal.about.id : appId));
    };
    const rounds = [await round(), await round(), await round()];

    expect(rounds.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([20, 40, 40]);
    expect(rounds.flat().toSorted()).toEqual(ids);
    for (const one of rounds) expect(one).toEqual(one.toSorted());
    expect(await round()).toEqual(rounds[0]);
  });

  it('has an app whose remediation cannot be read, because another image of it may fail', async () => {
    const { running } = begin([stuck]);
    const row = indexRow({ targetId: targetIdOf(running.ports, target) });
    await running.ports.index.put(row);
    expect(await sweep(running.ports, config())).toBe(0);
    await running.ports.index.put({ ...row, unreadable: 'newer-version' });

    expect(await sweep(running.ports, config())).toBe(1);
  });
});

describe('an app that ended asleep', () => {
  const id = remediationIdOf(targetId, 1);
  const row = indexRow({
    closed: true,
    asleep: true,
    seq: 9,
    updatedAtMs: nowMs - 7 * day + 1,
    openedAtMs: nowMs - 8 * day,
  });
  const awake = { ...quiet, runningState: 'Running' };

  async function asleep(revisions: readonly RevisionFacts[], ...rows: IndexRow[]): Promise<Run & { count: number }> {
    const run = begin(revisions);
    for (const one of rows) await run.running.ports.index.put(one);
    return { ...run, count: await sweepAsleep(run.running.ports) };
  }

  it('is reported once a replica of it starts, also beside a revision that sleeps', async () => {
    const { running, lines, count } = await asleep([{ ...awake, runningState: 'ScaledToZero' }, awake], row);

    expect(count).toBe(1);
    expect(running.world.signals).toEqual([
      {
        signal: { id: `schedule|awake|${id}`, via: 'schedule', about: { kind: 'app', id: appId }, atMs: nowMs },
        dueAtMs: nowMs,
      },
    ]);
    expect(running.rows.get(id)).toEqual({ ...row, asleep: false });
    expect(lines).toEqual([['awake-found', { apps: 1 }]]);
  });

  it.each(['ScaledToZero', 'Stopped', 'unknown'])('is left alone in the state %s', async (runningState) => {
    const { count, lines } = await asleep([{ ...awake, runningState }], row);

    expect([count, lines]).toEqual([0, []]);
  });

  it.each(['NotStopped', 'StoppedSomewhere'])('is awake in the state %s', async (runningState) => {
    expect((await asleep([{ ...awake, runningState }], row)).count).toBe(1);
  });

  it('is watched for seven days, to the millisecond', async () => {
    expect((await asleep([awake], row)).count).toBe(1);
    expect((await asleep([awake], { ...row, updatedAtMs: nowMs - 7 * day })).count).toBe(0);
  });

  it('is watched no more after that: its row says so, forty rows at a time, and those of the others stay', async () => {
    const old = Array.from({ length: 41 }, (_, at) => ({
      ...row,
      remediation: remediationIdOf(targetId, 100 + at),
      updatedAtMs: nowMs - 7 * day,
    }));
    const { running } = await asleep([{ ...awake, runningState: 'ScaledToZero' }], row, ...old);
    const watched = (): number => [...running.rows.values()].filter((one) => one.asleep).length;

    expect(watched()).toBe(2);
    expect(running.rows.get(id)).toEqual(row);
    await sweepAsleep(running.ports);
    expect(watched()).toBe(1);
  });

  it('has its turn among many', async () => {
    const rows = Array.from({ length: 41 }, (_, at) => ({ ...row, remediation: remediationIdOf(targetId, 141 - at) }));
    const { running, count } = await asleep([awake], ...rows);
    const first = running.world.signals.map(({ signal }) => signal.id);

    expect([1, 40]).toContain(count);
    expect(first).toEqual(first.toSorted());
  });
});

describe('a job that ended without a further run', () => {
  const id = remediationIdOf(targetId, 1);
  const row = indexRow({
    appId: jobId,
    closed: true,
    asleep: true,
    updatedAtMs: nowMs - day,
    openedAtMs: nowMs - 2 * day,
  });
  const found = async (...executions: RevisionFacts[]): Promise<readonly [number, boolean | undefined]> => {
    const { running } = begin(executions);
    await running.ports.index.put(row);
    return [await sweepAsleep(running.ports), running.rows.get(id)?.asleep];
  };
  const began = (createdAtMs: number, more: Partial<RevisionFacts> = {}): RevisionFacts => ({
    ...execution,
    createdAtMs,
    ...more,
  });

  it('is reported once an execution began after that, also where it has ended by now', async () => {
    expect(await found(began(row.updatedAtMs + 1))).toEqual([1, false]);
    expect(await found(began(row.updatedAtMs + 1, { active: false, ended: true, runningState: 'Succeeded' }))).toEqual([
      1,
      false,
    ]);
  });

  it('is left alone while only earlier executions are listed, also one that still runs', async () => {
    expect(await found(began(row.updatedAtMs), began(row.updatedAtMs - 1))).toEqual([0, true]);
    expect(await found()).toEqual([0, true]);
  });
});
