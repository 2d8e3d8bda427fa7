// The middle of several rounds, which one slow round does not move.
import { expect, it } from 'vitest';
import { noiseOf, spreadOf } from '../../../bench/outcome/spread.ts';

it('takes the middle round, and shows the fastest and the slowest', () => {
  const spread = spreadOf([3, 100, 2]);

  expect(spread).toEqual({ median: 3, least: 2, most: 100 });
  expect(noiseOf(spread, String)).toBe('2 to 100');
});

it('has no figure where nothing was measured', () => {
  expect(spreadOf([]).median).toBeNaN();
});
