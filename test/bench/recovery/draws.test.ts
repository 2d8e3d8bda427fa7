// What runs meet, as the model states it.
import { expect, it } from 'vitest';
import { drawFor, tenants, variants } from '../../../bench/recovery/draws.ts';

const minute = 60_000;
const seeds = Array.from({ length: 1000 }, (_, seed) => seed);

it('starts pullmedic three to eight minutes after the failure, and pulls in 20 to 60 seconds', () => {
  for (const seed of seeds) {
    const [tenant] = tenants;
    if (tenant === undefined) throw new Error('There is no tenant.');
    const { alertMs, pullMs } = drawFor(tenant, seed);
    expect(alertMs).toBeGreaterThanOrEqual(3 * minute);
    expect(alertMs).toBeLessThan(8 * minute);
    expect(pullMs).toBeGreaterThanOrEqual(20_000);
    expect(pullMs).toBeLessThan(60_000);
  }
});

it('has a tenant in which one role in six or seven takes more than eight minutes', () => {
  const slow = tenants.at(-1);
  if (slow === undefined) throw new Error('There is no tenant.');
  const taken = seeds.map((seed) => drawFor(slow, seed).propagationMs);

  expect(taken.filter((ms) => ms > 8 * minute).length / taken.length).toBeCloseTo(0.17, 1);
  expect(Math.max(...taken)).toBeLessThan(30 * minute);
});

it('changes in a variant only what its name says', () => {
  const plain = tenants.find(({ name }) => name === 'median 4 min');
  const variant = variants.find(({ name }) => name.startsWith('median 4 min, platform gives up'));
  if (plain === undefined || variant === undefined) throw new Error('A tenant is missing.');

  expect(drawFor(variant, 5)).toEqual({ ...drawFor(plain, 5), givesUpAfterMs: 10 * minute });
});
