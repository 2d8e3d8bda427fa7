// Signals at their boundaries: which one repeats another, which one asks for another look and when, and which is an echo of what has ended.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import { handleSignal } from '../../../src/lib/intake/intake.ts';
import { Unreachable } from '../../../src/lib/ports/steering.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import type { TargetId } from '../../../src/lib/words/target.ts';
import {
  appId,
  config,
  dnsUnlinked,
  groupId,
  image,
  minute,
  nowMs,
  refusedCreate,
  roleMissing,
  signal,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { storedKinds } from '../stored.ts';

interface Run {
  readonly running: Memory;
  readonly lines: (readonly [string, object])[];
  readonly calls: string[];
  readonly targetId: TargetId;
  readonly handle: (more?: Partial<Signal>) => Promise<void>;
}

const observing = config({ PULLMEDIC_MODE: 'observe' });

/** An app whose first signal was handled, and looked at where `looked` says so. */
async function opened(looked = true): Promise<Run> {
  const running = memory(observing, dnsUnlinked, nowMs);
  const lines: (readonly [string, object])[] = [];
  const calls: string[] = [];
  Object.assign(running.ports, { log: (event: string, about: object) => void lines.push([event, about]) });
  await handleSignal(running.ports, observing, signal);
  if (looked) await running.settle();
  const [row] = running.rows.values();
  if (row === undefined) throw new Error('There is no row.');
  running.world.before = (call) => void calls.push(call);
  const handle = (more: Partial<Signal> = {}) =>
    handleSignal(running.ports, observing, { ...signal, id: 'alert|2', ...more });
  return { running, lines, calls, targetId: row.targetId, handle };
}

const probes = (calls: readonly string[]): number => calls.filter((call) => call.startsWith('probe.')).length;

describe('a line of the log', () => {
  it('says how a signal came and what it opened, joined or missed', async () => {
    const { running, lines, targetId, handle } = await opened(false);
    await handle({ via: 'activity-alert' });
    await handle({ id: 'alert|3', about: { kind: 'app-name', name: 'of-no-app' } });
    running.world.evidence = { ...roleMissing, app: unreadable('over-budget') };
    await handle({ id: 'alert|4', atMs: nowMs + 20 * minute });

    expect(lines).toEqual([
      ['remediation-opened', { remediation: `${targetId}.1`, via: 'log-alert' }],
      ['remediation-joined', { remediation: `${targetId}.1`, via: 'activity-alert' }],
      ['signal-app-not-found', { via: 'log-alert' }],
      ['remediation-joined', { remediation: `${targetId}.1`, via: 'log-alert' }],
      ['signal-later', { via: 'log-alert' }],
    ]);
  });
});

describe('the row of what was opened', () => {
  it('says that it goes on, and that no person is needed and nothing sleeps', async () => {
    const { running, targetId } = await opened(false);

    expect([...running.rows.values()]).toEqual([
      {
        remediation: `${targetId}.1`,
        targetId,
        appId,
        closed: false,
        needsPerson: false,
        asleep: false,
        dueAtMs: nowMs,
        seq: 1,
        updatedAtMs: nowMs,
        openedAtMs: nowMs,
      },
    ]);
  });
});

describe('another signal about the same trouble', () => {
  it.each<[string, Partial<Signal>, boolean]>([
    ['of about the same time needs no second reading of the app', {}, false],
    ['almost five minutes later needs none', { atMs: nowMs + 5 * minute - 1 }, false],
    ['almost five minutes earlier needs none', { atMs: nowMs - 5 * minute + 1 }, false],
    ['five minutes later may be about another image', { atMs: nowMs + 5 * minute }, true],
    ['about another revision may be about another image', { revision: 'another' }, true],
  ])('%s', async (_, more, reads) => {
    const { calls, handle } = await opened();
    await handle(more);

    expect(probes(calls) > 0).toBe(reads);
  });

  it('is read again where it tells of a refused write of a container group: a write a moment later can be of another image', async () => {
    const other = 'acrshop.azurecr.io/shop/orders:v2';
    const refusedWith = (name: string, atMs: number) => ({
      ...roleMissing,
      app: known({
        ...refusedCreate,
        images: [name],
        writeError: { text: `The image '${name}' is not accessible.`, atMs },
      }),
    });
    const about = { kind: 'app', id: groupId } as const;
    const running = memory(observing, refusedWith(image, nowMs), nowMs);
    await handleSignal(running.ports, observing, { ...signal, about, via: 'resource-event', atMs: nowMs });
    running.world.evidence = refusedWith(other, nowMs + minute);
    const second = { ...signal, about, id: 'event|2', via: 'resource-event', atMs: nowMs + minute } as const;
    await handleSignal(running.ports, observing, second);
    await handleSignal(running.ports, observing, second);

    expect(running.rows.size).toBe(2);
  });

  it('is read again where only a message about a recovery told of it', async () => {
    const { calls, handle } = await opened();
    await handle({ id: 'alert|recovered', joinOnly: true, atMs: nowMs + 9 * minute });
    expect(probes(calls)).toBe(0);
    await handle({ atMs: nowMs + 9 * minute });

    expect(probes(calls)).toBeGreaterThan(0);
  });

  it('in a row of alerts is read again every five minutes: of those that joined without a read none told which images fail', async () => {
    const { calls, handle } = await opened();
    const reads: boolean[] = [];
    for (const minutes of [2, 4, 6, 8, 10, 12]) {
      calls.length = 0;
      await handle({ id: `alert|at ${minutes}`, atMs: nowMs + minutes * minute });
      reads.push(probes(calls) > 0);
    }

    expect(reads).toEqual([false, false, true, false, false, true]);
  });

  it('that is the very same is read again: its first delivery may have died half-way', async () => {
    const { calls, handle } = await opened();
    await handle({ id: signal.id });

    expect(probes(calls)).toBeGreaterThan(0);
  });
});

describe('a signal that joins', () => {
  const dueAfter = async (run: Run, more: Partial<Signal>): Promise<number[]> => {
    run.running.world.steps.length = 0;
    await run.handle({ revision: 'another', ...more });
    return run.running.world.steps.map(({ dueAtMs }) => dueAtMs - run.running.world.nowMs);
  };

  it('before the first look waits for that, unless it was fired after the opening', async () => {
    expect(await dueAfter(await opened(false), { atMs: nowMs - 1 })).toEqual([]);
    expect(await dueAfter(await opened(false), { atMs: nowMs })).toEqual([]);
    expect(await dueAfter(await opened(false), { atMs: nowMs + 1 })).toEqual([30_000]);
  });

  it('is answered by the last look where it was fired more than ten seconds before it', async () => {
    expect(await dueAfter(await opened(), { atMs: nowMs - 10_001 })).toEqual([]);
    expect(await dueAfter(await opened(), { atMs: nowMs - 10_000 })).toEqual([30_000]);
  });

  it('sends a step that only asks for the look, with the number of its entry', async () => {
    const run = await opened();
    await dueAfter(run, { atMs: nowMs });
    const { lastSeq } = await readTarget(run.running.ports, run.targetId);

    expect(run.running.world.steps.map(({ step }) => step)).toEqual([
      { targetId: run.targetId, seq: lastSeq, wake: false },
    ]);
  });

  it('asks for nothing where the look that is due comes as soon', async () => {
    const run = await opened();
    const [row] = run.running.rows.values();
    run.running.world.nowMs = (row?.dueAtMs ?? 0) - 1;
    expect(await dueAfter(run, { atMs: run.running.world.nowMs })).toEqual([0]);
    run.running.world.nowMs += 1;

    expect(await dueAfter(run, { id: 'alert|3', revision: 'third', atMs: run.running.world.nowMs })).toEqual([]);
  });

  it('delivered again sends the step that is due again, and no more', async () => {
    const run = await opened();
    const [row] = run.running.rows.values();
    run.running.world.steps.length = 0;
    await run.handle({ id: signal.id });

    expect(run.running.world.steps[0]).toEqual({
      step: { targetId: run.targetId, seq: row?.seq, wake: false },
      dueAtMs: row?.dueAtMs,
    });
  });
});

describe('a signal that is delivered again', () => {
  it('asks for the look that it asked for at first: its host may have died before that', async () => {
    const run = await opened();
    run.running.world.nowMs += minute;
    const about = { revision: 'another', atMs: run.running.world.nowMs };
    run.running.world.before = (call) => {
      if (call === 'queue.sendStep') throw new Error('the host dies');
    };
    await expect(run.handle(about)).rejects.toThrow('the host dies');
    run.running.world.before = () => undefined;
    run.running.world.steps.length = 0;
    await run.handle(about);

    expect(run.running.world.steps.map(({ dueAtMs }) => dueAtMs)).toEqual([run.running.world.nowMs]);
  });

  it('asks for no more than the step that is due where a look came after it', async () => {
    const run = await opened();
    run.running.world.nowMs += minute;
    const about = { revision: 'another', atMs: run.running.world.nowMs - 15_000 };
    await run.handle(about);
    await run.running.pass(minute / 2);
    const [row] = run.running.rows.values();
    run.running.world.steps.length = 0;
    await run.handle(about);

    expect(run.running.world.steps.map(({ dueAtMs }) => dueAtMs)).toEqual([row?.dueAtMs]);
  });

  it.each([false, true])('hurries nothing that was put off (looked at before: %s)', async (looked) => {
    const run = await opened(looked);
    await run.handle({ revision: 'another', atMs: nowMs - minute });
    const dueAtMs = nowMs + 9 * minute;
    const { lastSeq } = await readTarget(run.running.ports, run.targetId);
    await run.running.histories.append(run.targetId, lastSeq, { kind: 'put-off', because: 'over-budget', dueAtMs });
    run.running.world.steps.length = 0;
    run.running.world.nowMs += 5 * minute;
    for (const more of [{ id: signal.id }, { revision: 'another', atMs: nowMs - minute }]) await run.handle(more);

    expect(run.running.world.steps.map((sent) => sent.dueAtMs)).toEqual([dueAtMs, dueAtMs]);
  });
});

describe('a person who asks for a look', () => {
  it('gets one that reads everything anew, whatever look is due and however many signals came before', async () => {
    const run = await opened();
    const [row] = run.running.rows.values();
    for (let place = 3; place <= 30; place += 1) await run.handle({ id: `alert|${place}`, atMs: nowMs - minute });
    run.running.world.nowMs = (row?.dueAtMs ?? 0) - 1000;
    run.running.world.steps.length = 0;
    for (const id of ['operator|1', 'operator|2'])
      await run.handle({ id, via: 'operator', atMs: run.running.world.nowMs });

    expect(run.running.world.steps.map(({ step, dueAtMs }) => [step.wake, dueAtMs])).toEqual([
      [true, run.running.world.nowMs],
      [true, run.running.world.nowMs],
    ]);
  });

  it('gets it as well where the host died that was to ask for it', async () => {
    const run = await opened();
    run.running.world.nowMs += minute;
    const asks = { id: 'operator|1', via: 'operator', atMs: run.running.world.nowMs } as const;
    run.running.world.before = (call) => {
      if (call === 'queue.sendStep') throw new Error('the host dies');
    };
    await expect(run.handle(asks)).rejects.toThrow('the host dies');
    run.running.world.before = () => undefined;
    run.running.world.steps.length = 0;
    await run.handle(asks);

    expect(run.running.world.steps).toMatchObject([
      { step: { wake: true, happenedBeforeMs: run.running.world.nowMs }, dueAtMs: run.running.world.nowMs },
    ]);
  });
});

describe('a crowd', () => {
  it('of three other writers is waited out: the signal joins at the fourth try', async () => {
    const { running, targetId, handle } = await opened();
    const { history } = running.ports;
    let tries = 0;
    const append = async (partition: string, after: number, entry: Entry) =>
      ++tries <= 3 ? ('taken' as const) : history.append(partition, after, entry);
    Object.assign(running.ports, { history: { ...history, append } });
    await handle({ revision: 'another' });

    expect(running.world.signals).toEqual([]);
    expect((await readTarget(running.ports, targetId)).remediations[0]?.signals).toHaveLength(2);
  });

  it('of four sends the signal for two to four seconds later, and each signal for another time', async () => {
    const { running, handle } = await opened();
    const { history } = running.ports;
    let tries = 0;
    const append = async () => {
      tries += 1;
      return 'taken' as const;
    };
    Object.assign(running.ports, { history: { ...history, append } });
    await handle({ id: 'alert|2', revision: 'another' });
    expect(tries).toBe(4);
    await handle({ id: 'alert|3', revision: 'another' });
    const waits = running.world.signals.map(({ dueAtMs }) => dueAtMs - nowMs);

    expect(new Set(waits).size).toBe(2);
    for (const wait of waits) {
      expect(wait).toBeGreaterThanOrEqual(2000);
      expect(wait).toBeLessThanOrEqual(4000);
    }
  });

  it('at the opening sends the signal for later', async () => {
    const running = memory(observing, dnsUnlinked, nowMs);
    const { history } = running.ports;
    Object.assign(running.ports, { history: { ...history, append: async () => 'taken' } });
    await handleSignal(running.ports, observing, signal);

    expect(running.world.signals.map((sent) => sent.signal)).toEqual([signal]);
    expect(running.world.steps).toEqual([]);
  });
});

describe('an app that is meant by its name', () => {
  it('and cannot be looked up is tried again by the queue, with the reason in words', async () => {
    const running = memory(observing, dnsUnlinked, nowMs);
    const { azure } = running.ports;
    Object.assign(running.ports, { azure: { ...azure, findApps: async () => unreadable('timed-out') } });
    const named: Signal = { ...signal, about: { kind: 'app-name', name: 'ca-orders' } };
    const error = await handleSignal(running.ports, observing, named).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Unreachable);
    expect(String(error)).toContain('The app of a signal could not be looked up.');
  });
});

describe('an echo', () => {
  /** The app is gone, so its remediation has ended after its look. */
  async function ended(): Promise<Run & { endedAtMs: number }> {
    const run = await opened();
    await run.handle({ id: 'alert|joined', revision: 'another' });
    run.running.world.evidence = { ...dnsUnlinked, replicas: { read: true, value: [] } };
    await run.running.pass(20 * minute);
    const { remediations } = await readTarget(run.running.ports, run.targetId);
    run.running.world.evidence = { ...dnsUnlinked, atMs: run.running.world.nowMs };
    const lookedAtMs = remediations[0]?.look?.atMs ?? 0;
    const entries: Entry = { kind: 'closed', how: 'withdrawn', because: 'superseded' };
    const { lastSeq } = await readTarget(run.running.ports, run.targetId);
    if (remediations[0]?.closed === undefined) await run.running.ports.history.append(run.targetId, lastSeq, entries);
    for (const row of run.running.rows.values()) await run.running.ports.index.put({ ...row, closed: true });
    return { ...run, endedAtMs: lookedAtMs };
  }
  const openings = ({ running }: Run): number => storedKinds(running).filter((kind) => kind === 'opened').length;

  it('is a signal that the remediation knew, whether it opened it or joined it', async () => {
    const run = await ended();
    await run.handle({ id: signal.id, atMs: run.running.world.nowMs });
    await run.handle({ id: 'alert|joined', atMs: run.running.world.nowMs });

    expect(openings(run)).toBe(1);
  });

  it('is a signal that was fired more than a minute before the last look', async () => {
    const before = await ended();
    await before.handle({ atMs: before.endedAtMs - minute - 1 });
    const at = await ended();
    await at.handle({ atMs: at.endedAtMs - minute });

    expect([openings(before), openings(at)]).toEqual([1, 2]);
  });
});
