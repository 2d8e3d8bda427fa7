// Folding takes work in proportion to the number of entries. Counted as visits of items of lists, never as time.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { foldTarget } from '../../../src/lib/history/fold.ts';
import type { StoredEntry } from '../../../src/lib/history/ledger.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import { alert, nowMs, signal, target, targetId } from '../facts.ts';

const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
const id = remediationIdOf(targetId, 1);

const joined = (place: number): Entry[] => [{ kind: 'signal-joined', signal: { ...signal, id: `alert|${place}` } }];
const alertSet = (place: number): Entry[] => {
  const one = { remediation: id, alert: `${alert.id}${place}` as typeof alert.id, state: 'Acknowledged' } as const;
  return [
    { kind: 'alert-decided', ...one, refusals: [] },
    { kind: 'alert-outcome', ...one, outcome: 'done' },
  ];
};
const restarted = (place: number): Entry[] => [
  {
    kind: 'decided',
    decision: { do: 'restart', revision: `r${place}`, because: 'role-in-effect' },
    dueAtMs: nowMs,
    refusals: [],
  } as unknown as Entry,
  { kind: 'outcome', action: 'restart', outcome: 'done' },
];
const opening = (): Entry[] => [opened, { kind: 'closed', how: 'recovered', because: 'pulled-and-ready' }];

function entries(count: number, more: (place: number) => Entry[]): StoredEntry<Entry>[] {
  const all = [opened, ...Array.from({ length: count }, (_, place) => more(place)).flat()];
  return all.map((entry, index) => ({ seq: index + 1, atMs: nowMs + index, entry }));
}

const counted = [Symbol.iterator, 'map', 'filter', 'includes'] as const;
type Method = (this: readonly unknown[], ...args: unknown[]) => unknown;

/** How many items of lists a fold visits: by spreading, and by the methods that go through a whole list. */
function visits(count: number, more: (place: number) => Entry[]): number {
  const all = entries(count, more);
  const lists = Array.prototype as unknown as Record<(typeof counted)[number], Method>;
  const real = counted.map((name) => [name, lists[name]] as const);
  let visited = 0;
  for (const [name, method] of real)
    lists[name] = function (...args) {
      visited += this.length;
      return method.apply(this, args);
    };
  try {
    foldTarget(targetId, all);
    return visited;
  } finally {
    for (let at = 0; at < real.length; at += 1) {
      const one = real[at];
      if (one !== undefined)
        Object.defineProperty(lists, one[0], { value: one[1], writable: true, configurable: true });
    }
  }
}

describe('a history that is ten times as long takes ten times the work', () => {
  it.each([
    ['of joined signals', joined],
    ['of alerts that were set', alertSet],
    ['of restarts', restarted],
    ['of remediations', opening],
  ])('%s', (_what, more) => {
    const [short, long] = [visits(200, more), visits(2000, more)];

    expect(short).toBeGreaterThan(0);
    expect(long / short).toBeLessThan(11);
  });

  it('and an old history of 43,200 joined signals is read with all of them', () => {
    const [remediation] = foldTarget(targetId, entries(43_200, joined)).remediations;

    expect(remediation?.signals).toHaveLength(43_201);
    expect(remediation?.cacheValidFromSeq).toBe(43_201);
  });
});
