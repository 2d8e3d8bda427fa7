// Chance that repeats: the same numbers from the same state, and numbers that are spread evenly.
import { expect, it } from 'vitest';
import { chanceFromState } from '../../local/chance.ts';

function numbers(state: number, count: number): readonly number[] {
  const chance = chanceFromState(state);
  return Array.from({ length: count }, () => chance());
}

it('gives the same numbers from the same state, and others from another', () => {
  expect(numbers(7, 3)).toEqual(numbers(7, 3));
  expect(numbers(7, 3)).not.toEqual(numbers(8, 3));
});

it('gives the numbers that it always gave, so that a seed in a report of an earlier version means the same', () => {
  expect(numbers(1, 3).map((one) => one.toFixed(6))).toEqual(['0.627074', '0.002736', '0.527447']);
});

it('gives numbers from 0 to below 1, a tenth of them in each tenth', () => {
  const many = numbers(1, 10_000);

  expect(many.every((one) => one >= 0 && one < 1)).toBe(true);
  for (let tenth = 0; tenth < 10; tenth += 1)
    expect(many.filter((one) => Math.floor(one * 10) === tenth).length / many.length).toBeCloseTo(0.1, 1);
});
