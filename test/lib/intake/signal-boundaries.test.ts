// Signals that repeat others: which are kept, which are counted, which are joined although their row was lost.
import { describe, expect, it } from 'vitest';
import { noCalls } from '../../../src/lib/evidence/calls.ts';
import { keptSignals } from '../../../src/lib/history/counted-signals.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { liveOf } from '../../../src/lib/history/queries.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import type { WaitsFor } from '../../../src/lib/history/waits-for.ts';
import { canConcern, scopeOfRole } from '../../../src/lib/intake/concerns.ts';
import { handleSignal } from '../../../src/lib/intake/intake.ts';
import { isKept, restOf } from '../../../src/lib/intake/repeated-signals.ts';
import { lookEntry } from '../../../src/lib/remediation/look.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import type { TargetId } from '../../../src/lib/words/target.ts';
import { arm, config, dnsUnlinked, history, image, minute, nowMs, registryId, signal, target } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { storedKinds } from '../stored.ts';

const observing = config({ PULLMEDIC_MODE: 'observe' });

interface Run {
  readonly running: Memory;
  readonly lines: (readonly [string, object])[];
  readonly targetId: TargetId;
  readonly probes: () => number;
  readonly handle: (more: Partial<Signal>) => Promise<void>;
  readonly append: (...entries: Entry[]) => Promise<void>;
}

/** An app whose first signal opened a remediation that has not looked yet. */
async function opened(): Promise<Run> {
  const running = memory(observing, dnsUnlinked, nowMs);
  await handleSignal(running.ports, observing, signal);
  const [row] = running.rows.values();
  if (row === undefined) throw new Error('There is no row.');
  const lines: (readonly [string, object])[] = [];
  let probes = 0;
  Object.assign(running.ports, { log: (event: string, about: object) => void lines.push([event, about]) });
  running.world.before = (call) => {
    if (call.startsWith('probe.')) probes += 1;
  };
  running.world.steps.length = 0;
  const { targetId } = row;
  return {
    running,
    lines,
    targetId,
    probes: () => probes,
    handle: (more) => handleSignal(running.ports, observing, { ...signal, ...more }),
    append: async (...entries) => {
      for (const entry of entries) {
        const { lastSeq } = await readTarget(running.ports, targetId);
        await running.ports.history.append(targetId, lastSeq, entry);
      }
    },
  };
}

const joined = (more: Partial<Signal>): Entry => ({ kind: 'signal-joined', signal: { ...signal, ...more } });
/** So many signals that the next one that repeats them is counted. They are old, so that none is about the same time. */
const many = Array.from({ length: keptSignals }, (_, at) =>
  joined({ id: `alert|old${at}`, atMs: nowMs - 60 * minute }),
);

describe('a signal', () => {
  it('of a remediation whose row was lost joins it, and opens no other', async () => {
    const { running, handle } = await opened();
    running.rows.clear();
    await handle({ id: 'alert|2', revision: 'another' });

    expect(storedKinds(running)).toEqual(['opened', 'signal-joined']);
  });

  it('that joined is known again beside others, and joins once', async () => {
    const { running, handle } = await opened();
    await handle({ id: 'alert|2', revision: 'another' });
    await handle({ id: 'alert|2', revision: 'another' });

    expect(storedKinds(running)).toEqual(['opened', 'signal-joined']);
  });

  it('that repeats one of several needs no second reading of the app', async () => {
    const { probes, append, handle } = await opened();
    await append(joined({ id: 'alert|2', revision: 'another' }));
    await handle({ id: 'alert|3' });

    expect(probes()).toBe(0);
  });

  it('that repeats a counted one needs no second reading of the app either', async () => {
    const { running, probes, append, handle, lines, targetId } = await opened();
    await append(...many);
    running.world.nowMs += 30 * minute;
    const atMs = running.world.nowMs;
    await handle({ id: 'alert|counted', atMs });
    expect(probes()).toBeGreaterThan(0);
    expect(lines).toContainEqual(['remediation-joined', { remediation: `${targetId}.1`, via: 'log-alert' }]);
    const before = probes();
    await handle({ id: 'alert|again', atMs: atMs + minute });

    expect(probes()).toBe(before);
  });

  it('that was counted and comes again sends the step that is due, and is no news in the log', async () => {
    const { running, append, handle, lines, targetId } = await opened();
    await append(...many);
    running.world.nowMs += 30 * minute;
    const counted = { id: 'alert|counted', atMs: running.world.nowMs };
    await handle(counted);
    lines.length = 0;
    running.world.steps.length = 0;
    await handle(counted);
    const { lastSeq } = await readTarget(running.ports, targetId);

    expect(lines).toEqual([]);
    expect(running.world.steps[0]).toEqual({
      step: { targetId, seq: lastSeq, wake: false },
      dueAtMs: running.world.nowMs,
    });
  });

  it('that comes after a look which has not decided yet asks for one of its own', async () => {
    const { running, append, handle, targetId } = await opened();
    const past = await readTarget(running.ports, targetId);
    const live = liveOf(past);
    if (live === undefined) throw new Error('It goes on.');
    const look = { evidence: dnsUnlinked, calls: 1, sent: noCalls, recalled: [] };
    await append(lookEntry(past, live, look, false));
    await handle({ id: 'alert|2', revision: 'another', atMs: nowMs + 1 });

    expect(running.world.steps.map(({ dueAtMs }) => dueAtMs - nowMs)).toEqual([30_000]);
  });
});

describe('a signal of a remediation with many', () => {
  const vias = ['log-alert', 'operator', 'schedule'] as const;
  const signals: Signal[] = Array.from({ length: keptSignals }, (_, at) => ({
    ...signal,
    id: `alert|${at}`,
    via: vias[at % 3] ?? 'log-alert',
    revision: `r${at % 3}`,
  }));
  const live = { ...liveOf(history()), signals, openedAtMs: nowMs - 120 * minute };
  const kept = (more: Partial<Signal>) => isKept(live, { ...signal, id: 'alert|new', revision: 'r0', ...more }, nowMs);
  const rest = (more: Partial<Signal>) => restOf(live, { ...signal, id: 'alert|new', revision: 'r0', ...more }, nowMs);

  it('is kept where it is the first of its kind or about its revision', () => {
    expect(kept({})).toBe(false);
    expect(kept({ via: 'activity-alert' })).toBe(true);
    expect(kept({ revision: 'r9' })).toBe(true);
  });

  it('is worth a look soon where a person sent it, or where it tells of a recovery, and later otherwise', () => {
    expect(rest({})).toBe(6 * minute);
    expect(rest({ via: 'operator' })).toBe(30_000);
    expect(rest({ joinOnly: true })).toBe(30_000);
    expect(rest({ revision: 'r9' })).toBe(30_000);
  });
});

describe('a change', () => {
  const waits: WaitsFor = { image, registry: target.registry, registryId, blind: false, confirmed: [] };
  const role = arm(`${registryId}/providers/Microsoft.Authorization/roleAssignments/b`);

  it('in the form of a pushed image concerns no image that cannot be read', () => {
    const about = { kind: 'pushed', registry: target.registry, repository: 'shop/orders' } as const;

    expect(canConcern(waits, about)).toBe(true);
    expect(canConcern({ ...waits, image: '' }, about)).toBe(false);
  });

  it('of a role concerns a cause that only another version knows: a role may be the way out', () => {
    const about = { kind: 'change', resource: role } as const;

    expect(canConcern({ ...waits, confirmed: ['tag-missing'] }, about)).toBe(false);
    expect(canConcern({ ...waits, confirmed: ['from-another-version' as never] }, about)).toBe(true);
  });

  it('of an assignment without a scope before it is no role of a scope', () => {
    const bare = '/providers/microsoft.authorization/roleassignments/b' as typeof role;

    expect(scopeOfRole(role)).toBe(registryId);
    expect(scopeOfRole(bare)).toBeUndefined();
  });
});
