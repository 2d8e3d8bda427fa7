// How many looks changes ask for: a crowd of changes is answered by few, each change is answered, and a minute holds only so many.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksAfterMs, mostPerMinute, mostPlannedLooks, planWakes } from '../../../src/lib/intake/wake-plan.ts';
import type { PlannedLook } from '../../../src/lib/ports/ports.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { minute, nowMs } from '../facts.ts';

function ids(count: number): RemediationId[] {
  return Array.from({ length: count }, (_, index) => `t${String(index).padStart(24, '0')}.1` as RemediationId);
}

/** Plans one change after the other, and answers every look that was sent. */
function sent(changes: readonly { readonly atMs: number; readonly wanted: readonly RemediationId[] }[]): PlannedLook[] {
  let plan: readonly PlannedLook[] = [];
  return changes.flatMap(({ atMs, wanted }, place) => {
    const planned = planWakes(plan, wanted, `signal-${place}`, atMs);
    plan = planned.plan;
    return [...planned.added, ...planned.again];
  });
}

function after(looks: readonly PlannedLook[]): number[] {
  return looks.map(({ dueAtMs }) => dueAtMs - nowMs).sort((a, b) => a - b);
}

describe('after one change', () => {
  it('a remediation looks at once, after two minutes and after seven', () => {
    expect(after(sent([{ atMs: nowMs, wanted: ids(1) }]))).toEqual([0, 2 * minute, 7 * minute]);
  });

  it('many remediations look one by one, a minute full at a time, and none is left out', () => {
    const looks = sent([{ atMs: nowMs, wanted: ids(300) }]);

    // A first look that had to wait until the second one is due serves as both.
    expect(looks).toHaveLength(750);
    expect(after(looks).filter((ms) => ms === 0)).toHaveLength(20);
    expect(new Set(looks.map(({ remediation }) => remediation)).size).toBe(300);
  });
});

describe('200 changes in one minute', () => {
  const crowd = Array.from({ length: 200 }, (_, index) => ({ atMs: nowMs + index * 300, wanted: ids(1) }));

  it('are six looks of a remediation: those of the first change, and those of all others', () => {
    expect(after(sent(crowd))).toEqual([0, minute, 2 * minute, 3 * minute, 7 * minute, 8 * minute]);
  });

  it('are as many looks for each of several', () => {
    const many = crowd.map(({ atMs }) => ({ atMs, wanted: ids(10) }));

    expect(sent(many)).toHaveLength(60);
  });

  it('and a change each second for an hour is one look a minute', () => {
    const hour = Array.from({ length: 3600 }, (_, index) => ({ atMs: nowMs + index * 1000, wanted: ids(1) }));

    expect(sent(hour).length).toBeLessThanOrEqual(60 + 9);
  });
});

describe('a thousand changes in four minutes that concern more than a minute holds', () => {
  const [noisy, waiting] = [ids(250).slice(0, 150), ids(250).slice(150)];
  const noise = Array.from({ length: 1000 }, (_, index) => ({ atMs: nowMs + index * 240, wanted: noisy }));

  it('are no more looks than full minutes can hold until the last change is answered', () => {
    const looks = sent(noise);
    const [first, last] = [noise[0], noise.at(-1)].map((one) => Math.floor((one?.atMs ?? 0) / minute));
    const minutes = (last ?? 0) - (first ?? 0) + 9;

    expect(looks.length).toBeLessThanOrEqual(minutes * mostPerMinute);
    for (const [, own] of Map.groupBy(looks, ({ remediation }) => remediation))
      expect(own.length).toBeLessThanOrEqual(minutes);
  });

  it('hold back no first look of those that one other change concerns', () => {
    const pushed = { atMs: nowMs + 2 * minute, wanted: waiting };
    const looks = sent([...noise, pushed].sort((a, b) => a.atMs - b.atMs));
    const firstOf = (id: RemediationId) =>
      Math.min(...looks.filter(({ remediation }) => remediation === id).map(({ dueAtMs }) => dueAtMs));

    // A hundred of them, and thirty looks of a minute are theirs.
    expect(Math.max(...waiting.map(firstOf)) - pushed.atMs).toBeLessThanOrEqual(4 * minute);
  });

  it('end where as many looks are planned as the plan holds, and not before', () => {
    const before = Array.from({ length: mostPlannedLooks - 1 }, (_, at) => ({
      remediation: ids(1)[0] as RemediationId,
      dueAtMs: nowMs + 60 * minute + at,
      by: 'before',
    }));

    expect(planWakes(before, ids(3).slice(1), 'by', nowMs).added).toHaveLength(1);
    expect(planWakes(before.slice(1), ids(3).slice(1), 'by', nowMs).added).toHaveLength(2);
  });
});

/** After the change at this place, how long the first look of each remediation that it concerns takes that comes last. */
function slowest(changes: readonly { readonly atMs: number; readonly wanted: readonly RemediationId[] }[], at: number) {
  const { atMs, wanted } = changes[at] ?? { atMs: 0, wanted: [] };
  const looks = Map.groupBy(sent(changes), ({ remediation }) => remediation);
  const first = (id: RemediationId): number =>
    Math.min(...(looks.get(id) ?? []).map(({ dueAtMs }) => dueAtMs).filter((dueMs) => dueMs >= atMs));
  return Math.max(...wanted.map(first)) - atMs;
}

describe('a change that concerns few is looked at within a minute', () => {
  const pushed = (id: RemediationId | undefined) => ({
    atMs: nowMs + minute / 2,
    wanted: id === undefined ? [] : [id],
  });

  it.each([1000, 5000])('where one change concerned %d others, and none of them had been looked at', (count) => {
    const others = { atMs: nowMs, wanted: ids(count) };

    expect(slowest([others, pushed(ids(count + 1).at(-1))], 1)).toBeLessThanOrEqual(minute);
  });

  it('where the same crowd of changes concerns it and five hundred others, and its next look is far off', () => {
    const noise = Array.from({ length: 30 }, (_, index) => ({ atMs: nowMs + index * 1000, wanted: ids(500) }));

    expect(slowest([...noise, pushed(ids(500).at(-1))], noise.length)).toBeLessThanOrEqual(minute);
  });
});

describe('a signal that is delivered again', () => {
  it('after ten minutes, where nothing of its plan was sent, still has each remediation looked at', () => {
    const first = planWakes([], ids(300), 'one', nowMs);
    const second = planWakes(first.plan, ids(300), 'one', nowMs + 10 * minute);
    const seen = new Set([...second.again, ...second.added].map(({ remediation }) => remediation));

    expect(second.again.length).toBeGreaterThan(0);
    expect(seen.size).toBe(300);
  });

  it('after three minutes, where nothing of its plan was sent, is looked at once', () => {
    const first = planWakes([], ids(1), 'one', nowMs);
    const second = planWakes(first.plan, ids(1), 'one', nowMs + 3 * minute);

    expect(after([...second.again, ...second.added])).toEqual([3 * minute, 7 * minute]);
  });

  it('soon plans nothing, however many it concerns', () => {
    const first = planWakes([], ids(1000), 'one', nowMs);

    expect(planWakes(first.plan, ids(1000), 'one', nowMs + minute / 2).added).toEqual([]);
  });

  it('sends the looks again that it planned, and plans no other', () => {
    const first = planWakes([], ids(2), 'one', nowMs);
    const second = planWakes(first.plan, ids(2), 'one', nowMs + 1000);

    expect(second).toMatchObject({ added: [], again: first.added });
  });
});

const change = fc.record({
  afterMs: fc.integer({ min: 0, max: 20 * minute }),
  count: fc.integer({ min: 1, max: 400 }),
});
const changes = fc
  .array(change, { minLength: 1, maxLength: 30 })
  .map((all) =>
    all
      .sort((a, b) => a.afterMs - b.afterMs)
      .map(({ afterMs, count }) => ({ atMs: nowMs + afterMs, wanted: ids(count) })),
  );

describe('for all sequences of changes', () => {
  it('a minute holds so many looks and no more', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const perMinute = Map.groupBy(sent(all), ({ dueAtMs }) => Math.floor(dueAtMs / minute));

        expect(Math.max(...[...perMinute.values()].map((looks) => looks.length))).toBeLessThanOrEqual(mostPerMinute);
      }),
      { numRuns: 100 },
    );
  });

  it('each change is followed by a look at each of its times, or later where minutes are full', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const looks = Map.groupBy(sent(all), ({ remediation }) => remediation);
        for (const { atMs, wanted } of all)
          for (const id of wanted)
            for (const afterMs of looksAfterMs)
              expect((looks.get(id) ?? []).some(({ dueAtMs }) => dueAtMs >= atMs + afterMs)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('what concerns few is looked at within three minutes, whatever crowds are planned', () => {
    const crowd = fc.record({ afterMs: fc.nat(10 * minute), count: fc.integer({ min: 21, max: 1500 }) });
    const few = fc.record({ afterMs: fc.nat(10 * minute), from: fc.nat(2000), count: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(fc.array(crowd, { minLength: 1, maxLength: 30 }), few, (crowds, { afterMs, from, count }) => {
        const push = { atMs: nowMs + afterMs, wanted: ids(from + count).slice(from) };
        const all = crowds.map((one) => ({ atMs: nowMs + one.afterMs, wanted: ids(one.count) }));
        const sorted = [...all, push].sort((a, b) => a.atMs - b.atMs);

        expect(slowest(sorted, sorted.indexOf(push))).toBeLessThanOrEqual(3 * minute);
      }),
      { numRuns: 30 },
    );
  });

  it('a remediation has at most twelve looks ahead of it, however many minutes are full', () => {
    const crowds = fc
      .array(fc.record({ afterMs: fc.nat(1000), count: fc.constantFrom(1, 40, 90, 150, 300) }), {
        minLength: 50,
        maxLength: 200,
      })
      .map((all) => {
        let atMs = nowMs;
        return all.map(({ afterMs, count }) => {
          atMs += afterMs;
          return { atMs, wanted: ids(count) };
        });
      });
    fc.assert(
      fc.property(crowds, (all) => {
        let plan: readonly PlannedLook[] = [];
        for (const [place, { atMs, wanted }] of all.entries()) plan = planWakes(plan, wanted, `s${place}`, atMs).plan;
        for (const [, own] of Map.groupBy(plan, ({ remediation }) => remediation))
          expect(own.length).toBeLessThanOrEqual(12);
      }),
      { numRuns: 15 },
    );
  });

  it('where few wait, within a minute of each of its times', () => {
    const few = changes.map((all) => all.map(({ atMs }) => ({ atMs, wanted: ids(2) })));
    fc.assert(
      fc.property(few, (all) => {
        const due = sent(all).filter(({ remediation }) => remediation === ids(1)[0]);
        for (const { atMs } of all)
          for (const afterMs of looksAfterMs) {
            const fromMs = atMs + afterMs;
            expect(due.some(({ dueAtMs }) => dueAtMs >= fromMs && dueAtMs <= fromMs + minute)).toBe(true);
          }
      }),
      { numRuns: 100 },
    );
  });
});
