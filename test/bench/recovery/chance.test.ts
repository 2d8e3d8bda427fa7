// The numbers of the benchmarks: they repeat, and they have the shape that the model states.
import { expect, it } from 'vitest';
import { between, chanceFrom, logNormal } from '../../../bench/recovery/chance.ts';

it('gives the same numbers for the same seed, and others for another', () => {
  const three = (seed: number): number[] => {
    const chance = chanceFrom(seed);
    return [chance(), chance(), chance()];
  };

  expect(three(7)).toEqual(three(7));
  expect(three(7)).not.toEqual(three(8));
});

it('stays between the two bounds', () => {
  const chance = chanceFrom(1);
  const numbers = Array.from({ length: 1000 }, () => between(chance, 20, 60));

  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(20);
  expect(Math.max(...numbers)).toBeLessThan(60);
});

it('has half of a log-normal below its median, and a sixth beyond one deviation', () => {
  const numbers = Array.from({ length: 4000 }, (_, seed) => logNormal(chanceFrom(seed), 4, 0.5));
  const share = (is: (value: number) => boolean): number => numbers.filter(is).length / numbers.length;

  expect(share((value) => value < 4)).toBeCloseTo(0.5, 1);
  expect(share((value) => value > 4 * Math.exp(0.5))).toBeCloseTo(0.16, 1);
});
