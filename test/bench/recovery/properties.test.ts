// For every time that a role, an image or an alert may take: what the retries never do, on the model of the platform.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { playPullmedic } from '../../../bench/recovery/pullmedic.ts';

const second = 1000;
const minute = 60 * second;

const draws = fc.record({
  seed: fc.nat({ max: 100_000 }),
  alertMs: fc.integer({ min: minute, max: 12 * minute }),
  propagationMs: fc.integer({ min: 0, max: 40 * minute }),
  pullMs: fc.integer({ min: second, max: 5 * minute }),
});

/** How often the runs came to a restart: else the property would say nothing. */
let restarts = 0;

it('a restart hits nothing that serves, ends no good pull, and comes no more often than the setting says', async () => {
  await fc.assert(
    fc.asyncProperty(draws, fc.boolean(), fc.integer({ min: 0, max: 8 }), async (drawn, givesUp, atMost) => {
      const draw = givesUp ? { ...drawn, givesUpAfterMs: 10 * minute } : drawn;
      const course = await playPullmedic(draw, { PULLMEDIC_SETTINGS: JSON.stringify({ retry: { atMost } }) });
      restarts += course.restarts;

      expect(course).toMatchObject({ servingRestarted: 0, interrupted: 0 });
      expect(course.restarts).toBeLessThanOrEqual(atMost);
    }),
    { numRuns: 100 },
  );
  expect(restarts).toBeGreaterThan(100);
});
