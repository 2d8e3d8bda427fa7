// pullmedic itself on the model of the platform.
import { expect, it } from 'vitest';
import { drawFor, tenants } from '../../../bench/recovery/draws.ts';
import { playPullmedic } from '../../../bench/recovery/pullmedic.ts';

const second = 1000;
const draw = { seed: 1, alertMs: 300 * second, propagationMs: 120 * second, pullMs: 40 * second };

it('grants within the first look after the alert, and recovers', async () => {
  const course = await playPullmedic(draw);

  expect(course.grantMs).toBeGreaterThan(draw.alertMs);
  expect(course.grantMs).toBeLessThan(draw.alertMs + 15 * second);
  expect(course.recoveredMs).toBeGreaterThanOrEqual(course.oracleMs);
});

it('plays the same run again from the same seed', async () => {
  const [tenant] = tenants;
  if (tenant === undefined) throw new Error('There is no tenant.');

  expect(await playPullmedic(drawFor(tenant, 3))).toEqual(await playPullmedic(drawFor(tenant, 3)));
});
