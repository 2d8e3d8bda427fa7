// The promise that no restart ends a pull that would have succeeded, over random runs: pullmedic itself on the model of the platform.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playFixed } from '../../../bench/recovery/course.ts';
import type { Draw } from '../../../bench/recovery/draws.ts';
import { playPullmedic } from '../../../bench/recovery/pullmedic.ts';

const second = 1000;
const minute = 60 * second;
/** The time between the last read of the replicas and the restart: pullmedic cannot see a pull that begins in it. */
const unseenMs = second;

const between = (leastMs: number, mostMs: number): fc.Arbitrary<number> => fc.integer({ min: leastMs, max: mostMs });

/** How long the role and the image take, when the alert comes, how late rows come, and how the platform tries again. */
const draws: fc.Arbitrary<Draw> = fc.record({
  seed: fc.nat(1_000_000),
  alertMs: between(minute, 15 * minute),
  propagationMs: between(0, 29 * minute),
  pullMs: between(second, 20 * minute),
  rowLateMs: between(0, 6 * minute),
  backoffMs: fc
    .array(between(5 * second, 400 * second), { minLength: 1, maxLength: 7 })
    .map((gaps) => gaps.toSorted((a, b) => a - b)),
});

const lostTo = ({ interruptedAfterMs }: { readonly interruptedAfterMs: readonly number[] }): readonly number[] =>
  interruptedAfterMs.filter((ms) => ms > unseenMs);

describe('a pull that would succeed', () => {
  it('is ended by no restart, however long roles, images and rows take and however the platform tries again', async () => {
    await fc.assert(
      fc.asyncProperty(draws, async (draw) => {
        const course = await playPullmedic(draw);

        expect([lostTo(course), course.servingRestarted]).toEqual([[], 0]);
      }),
      { numRuns: 200 },
    );
  });

  it('is ended in many of those runs by a restart that does not look', () => {
    const lost = fc
      .sample(draws, { numRuns: 500, seed: 1 })
      .filter((draw) => lostTo(playFixed(draw, draw.alertMs, [5 * minute])).length > 0);

    expect(lost.length).toBeGreaterThan(25);
  });

  it('that began before a restart would be due is left alone, and the app recovers when it ends', async () => {
    // The role works after 10 seconds. The platform tries again at 321 seconds, and a restart is due 20 seconds after the grant.
    const draw = { seed: 1, alertMs: 300 * second, propagationMs: 10 * second, pullMs: 120 * second };
    const course = await playPullmedic(draw);

    expect(playFixed(draw, course.grantMs, [20 * second])).toMatchObject({
      interrupted: 1,
      recoveredMs: 141 * second,
    });
    expect(course).toMatchObject({ interrupted: 0, restarts: 0 });
    expect((course.recoveredMs ?? 0) + course.grantMs).toBe((321 + 120) * second);
  });
});
