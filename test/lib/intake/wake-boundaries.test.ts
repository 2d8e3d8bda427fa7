// Which rows a change wakes, what it reads to tell, and the instants of the looks that it plans.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { IndexRow } from '../../../src/lib/history/index-row.ts';
import { handleSignal } from '../../../src/lib/intake/intake.ts';
import { mostPerMinute, planWakes } from '../../../src/lib/intake/wake-plan.ts';
import { wakeWaiting } from '../../../src/lib/intake/wake-waiting.ts';
import { Later } from '../../../src/lib/ports/steering.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import type { ArmId } from '../../../src/lib/words/arm-id.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { type RemediationId, remediationIdOf, type TargetId } from '../../../src/lib/words/target.ts';
import {
  appId,
  arm,
  config,
  image,
  minute,
  nowMs,
  principal,
  principalId,
  registryId,
  roleMissing,
  signal,
  target,
} from '../facts.ts';
import { indexRow } from '../index-rows.ts';
import { type Memory, memory } from '../memory-ports.ts';

const role = arm(
  `${registryId}/providers/Microsoft.Authorization/roleAssignments/b0000000-0000-4000-8000-00000000000b`,
);
const stranger = principalId('c0000000-0000-4000-8000-00000000000c');
const targetOfRow = (at: number): TargetId => `t${String(at).padStart(24, '0')}` as TargetId;
const waits = { image, registry: target.registry, registryId, principalId: principal, blind: false, confirmed: [] };

function row(at: number, waitsFor?: Partial<typeof waits>): IndexRow {
  return indexRow({
    targetId: targetOfRow(at),
    needsPerson: true,
    seq: at,
    ...(waitsFor === undefined ? {} : { waitsFor: { ...waits, ...waitsFor } }),
  });
}

interface Run {
  readonly running: Memory;
  readonly lines: (readonly [string, object])[];
  readonly calls: string[];
  /** The numbers of the rows that were woken at once. */
  readonly woken: (resource?: ArmId) => Promise<number[]>;
}

async function begin(...rows: IndexRow[]): Promise<Run> {
  const running = memory(config(), roleMissing, nowMs);
  const lines: (readonly [string, object])[] = [];
  const calls: string[] = [];
  Object.assign(running.ports, { log: (event: string, about: object) => void lines.push([event, about]) });
  for (const one of rows) await running.ports.index.put(one);
  running.world.before = (call) => void calls.push(call);
  const woken: Run['woken'] = async (resource = registryId) => {
    await wakeWaiting(running.ports, { kind: 'change', resource }, 'by');
    return running.world.steps.filter(({ dueAtMs }) => dueAtMs === nowMs).map(({ step }) => step.seq);
  };
  return { running, lines, calls, woken };
}

describe('a change', () => {
  it('wakes each row that can wait for it, three times, and says so in the log', async () => {
    const { running, lines, woken } = await begin(row(1, {}));
    expect(await woken()).toEqual([1]);

    expect(running.world.steps).toEqual(
      [0, 2 * minute, 7 * minute].map((afterMs) => ({
        step: { targetId: targetOfRow(1), seq: 1, wake: true, happenedBeforeMs: nowMs + afterMs },
        dueAtMs: nowMs + afterMs,
      })),
    );
    expect(lines).toEqual(Array(3).fill(['woken', { remediation: row(1).remediation }]));
  });

  it('that concerns no row plans nothing and reads nothing', async () => {
    const { calls, woken } = await begin(row(1, { registryId: arm(`${registryId}two`) }));

    expect(await woken(role)).toEqual([]);
    expect(calls).toEqual(['index.waiting']);
  });

  it('of a registry is answered without a request to Azure', async () => {
    const { calls, woken } = await begin(row(1, {}));
    await woken();

    expect(calls).not.toContain('assignee');
  });

  it('of a role wakes the rows of its principal, and all where that is not known', async () => {
    const of = async (assignee?: object) => {
      const run = await begin(row(1, {}), row(2, { principalId: stranger }));
      if (assignee !== undefined) run.running.world.assignees.set(role, assignee as never);
      return run.woken(role);
    };

    expect(await of(known({ principalId: principal, group: false }))).toEqual([1]);
    expect(await of(known({ principalId: stranger, group: true }))).toEqual([1, 2]);
    expect(await of(unreadable('forbidden'))).toEqual([1, 2]);
    expect(await of()).toEqual([1, 2]);
  });

  it('of a role takes one request, however many rows it concerns', async () => {
    const { calls, woken } = await begin(row(1, {}), row(2, {}));
    await woken(role);

    expect(calls.filter((call) => call === 'assignee')).toHaveLength(1);
  });

  it('that is delivered again sends its looks again and plans none', async () => {
    const { running, woken } = await begin(row(1, {}));
    await woken();
    running.world.steps.length = 0;

    expect(await woken()).toEqual([1]);
    expect(running.world.steps).toHaveLength(3);
    expect((await running.ports.wakes.read()).looks).toHaveLength(3);
  });

  it('waits for later where others write the plan four times in a row', async () => {
    const { running } = await begin(row(1, {}));
    let tries = 0;
    const write = async () => {
      tries += 1;
      return 'taken' as const;
    };
    const ports = { ...running.ports, wakes: { ...running.ports.wakes, write } };

    await expect(wakeWaiting(ports, { kind: 'change', resource: registryId }, 'by')).rejects.toBeInstanceOf(Later);
    expect([tries, running.world.steps]).toEqual([4, []]);
  });
});

describe('a row of an older version', () => {
  const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
  const closed: Entry = { kind: 'closed', how: 'withdrawn', because: 'superseded' };

  async function woken(entries: readonly Entry[], spoiled = false): Promise<{ seqs: number[]; unreadable: unknown }> {
    const { running, woken: wakes } = await begin(row(1));
    for (const [at, entry] of entries.entries()) await running.ports.history.append(targetOfRow(1), at, entry);
    if (spoiled) running.histories.all.set(targetOfRow(1), (running.histories.all.get(targetOfRow(1)) ?? []).slice(1));
    return { seqs: await wakes(), unreadable: [...running.rows.values()][0]?.unreadable };
  }

  it('is read in its history', async () => {
    expect(await woken([opened])).toEqual({ seqs: [1], unreadable: undefined });
  });

  it('waits for nothing where its remediation has ended', async () => {
    expect((await woken([opened, closed])).seqs).toEqual([]);
  });

  it('is marked where its history cannot be read', async () => {
    expect(await woken([opened, closed], true)).toEqual({ seqs: [], unreadable: 'broken' });
  });
});

describe('the plan of wake-ups', () => {
  const one = remediationIdOf(targetOfRow(1), 1);
  const others = Array.from({ length: mostPerMinute }, (_, at) => remediationIdOf(targetOfRow(100 + at), 1));
  const look = (dueAtMs: number, remediation: RemediationId = one, by = 'before') => ({ remediation, dueAtMs, by });
  const planned = (before: ReturnType<typeof look>[]) =>
    planWakes(before, [one], 'by', nowMs).added.map(({ dueAtMs }) => dueAtMs - nowMs);

  it('forgets looks a minute after they were due, to the millisecond', () => {
    const kept = (dueAtMs: number) => planWakes([look(dueAtMs)], [], 'by', nowMs).plan.length;

    expect([kept(nowMs - minute), kept(nowMs - minute + 1)]).toEqual([0, 1]);
  });

  it('keeps two looks of a remediation a minute apart', () => {
    expect(planned([look(nowMs)])[0]).toBe(minute);
    expect(planned([look(nowMs - 1)])[0]).toBe(minute - 1);
    expect(planned([look(nowMs - minute + 1)])[0]).toBe(1);
    expect(planned([])).toEqual([0, 2 * minute, 7 * minute]);
  });

  it('takes a look that comes within a minute for one that is wanted, and none that is due now', () => {
    expect(planned([look(nowMs + 1)])).toEqual([2 * minute, 7 * minute]);
    expect(planned([look(nowMs + minute)])).toEqual([2 * minute, 7 * minute]);
    expect(planned([look(nowMs + minute + 1)])[0]).toBe(0);
    expect(planned([look(nowMs + 2 * minute)])).toEqual([0, 7 * minute]);
    expect(planned([look(nowMs + 3 * minute)])).toEqual([0, 7 * minute]);
  });

  it('counts the looks of others in a minute: a full one passes the look on', () => {
    const fullOf = (count: number) => others.slice(0, count).map((id) => look(nowMs, id));

    expect(planned(fullOf(19))[0]).toBe(0);
    expect(planned(fullOf(20))[0]).toBe(750);
    expect(planned(fullOf(99))[0]).toBe(750);
    expect(planned(fullOf(100))[0]).toBe(minute);
  });

  it('knows the looks of the same signal again', () => {
    const again = planWakes([look(nowMs, one, 'by'), look(nowMs, others[0], 'by')], [one], 'by', nowMs);

    expect(again).toMatchObject({ added: [], again: [look(nowMs, one, 'by')] });
  });
});

describe('an app that a signal names', () => {
  it('is looked up in the environment that the signal names, and by its revision where several have the name', async () => {
    const asked: unknown[] = [];
    const running = memory(config(), roleMissing, nowMs);
    const { azure } = running.ports;
    const two = arm(`${appId}-two`);
    const ports = {
      ...running.ports,
      azure: {
        ...azure,
        findApps: async (...args: unknown[]) => {
          asked.push(args);
          return known({ ids: [appId, two], fits: 'environment' as const });
        },
        probe: async (...args: Parameters<typeof azure.probe>) =>
          args[0] === 'revisions' && args[1].appId === two
            ? { facts: { revisions: known([]) }, calls: 1 }
            : azure.probe(...args),
      },
    };
    const about = { kind: 'app-name', name: 'ca-orders', environment: 'cae-shop' } as const;
    const named: Signal = { ...signal, about, revision: 'ca-orders--0000001' };
    await handleSignal(ports, config(), named);
    expect(asked).toEqual([['ca-orders', 'cae-shop', undefined]]);
    expect([...running.rows.values()].map((one) => one.appId)).toEqual([appId]);
    const { revision: _revision, ...without } = named;
    await handleSignal(ports, config(), { ...without, id: 'alert|2', about: { kind: 'app-name', name: 'ca-orders' } });

    expect(asked[1]).toEqual(['ca-orders', undefined, undefined]);
    expect(new Set([...running.rows.values()].map((one) => one.appId))).toEqual(new Set([appId, two]));
  });
});
