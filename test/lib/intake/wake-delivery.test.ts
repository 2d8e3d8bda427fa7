// Changes whose deliveries die before all looks of the plan are sent: once each was handled, every remediation has a look that was sent after it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planWakes } from '../../../src/lib/intake/wake-plan.ts';
import type { PlannedLook } from '../../../src/lib/ports/ports.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { minute, nowMs } from '../facts.ts';

const delivery = fc.record({ pauseMs: fc.constantFrom(30_000, 90_000, 5 * minute, 10 * minute), sent: fc.nat(400) });
const change = fc.record({
  afterMs: fc.nat(15 * minute),
  from: fc.nat(100),
  count: fc.integer({ min: 1, max: 400 }),
  /** Deliveries that died after so many looks were sent; the one after them sends all. */
  died: fc.array(delivery, { maxLength: 3 }),
});

describe('a change whose deliveries die', () => {
  it('is followed by a look of each remediation, made after it and within a quarter of an hour of the last delivery', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const deliveries = changes
          .flatMap(({ afterMs, from, count, died }, place) => {
            const wanted = Array.from({ length: count }, (_, at) => `t${String(from + at).padStart(24, '0')}.1`);
            let atMs = nowMs + afterMs;
            const first = atMs;
            const about = { by: `s${place}`, wanted: wanted as RemediationId[], first };
            const failed = died.map(({ pauseMs, sent }) => {
              const one = { ...about, atMs, sent };
              atMs += pauseMs;
              return one;
            });
            return [...failed, { ...about, atMs, sent: Number.POSITIVE_INFINITY }];
          })
          .sort((a, b) => a.atMs - b.atMs);
        let plan: readonly PlannedLook[] = [];
        const made = new Map<RemediationId, number[]>();
        for (const { by, wanted, atMs, sent } of deliveries) {
          const planned = planWakes(plan, wanted, by, atMs);
          plan = planned.plan;
          for (const { remediation, dueAtMs } of [...planned.again, ...planned.added].slice(0, sent))
            made.set(remediation, [...(made.get(remediation) ?? []), Math.max(dueAtMs, atMs)]);
        }
        const last = Math.max(...deliveries.map(({ atMs }) => atMs));
        for (const { wanted, first } of deliveries)
          for (const id of wanted) {
            const looks = made.get(id) ?? [];
            expect(looks.some((madeMs) => madeMs >= first && madeMs <= last + 15 * minute)).toBe(true);
          }
      }),
      { numRuns: 60 },
    );
  });
});
