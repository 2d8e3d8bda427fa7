// The figures of a line: what counts as late, as never, and as slower than another way.
import { expect, it } from 'vitest';
import type { Course } from '../../../bench/recovery/course.ts';
import { figuresOf, slowerThan } from '../../../bench/recovery/figures.ts';

const course: Course = {
  seed: 1,
  recoveredMs: 120_000,
  oracleMs: 100_000,
  restarts: 1,
  interrupted: 0,
  interruptedAfterMs: [],
  servingRestarted: 0,
  looks: 4,
  leftToAPerson: false,
};
const { recoveredMs: _recovered, ...never } = course;

it('compares each run with the oracle', () => {
  const { ratio, lateSeconds, laterThanTwoMinutes } = figuresOf([course]);

  expect([ratio.median, lateSeconds.median, laterThanTwoMinutes]).toEqual([1.2, 20, 0]);
});

it('counts a run that never recovers as late and as left to a person', () => {
  const figures = figuresOf([course, { ...never, seed: 2 }]);

  expect(figures).toMatchObject({ laterThanTwoMinutes: 0.5, neverRecovered: 0.5, leftToAPerson: 0.5 });
  expect(figures.ratio.p95).toBe(Number.POSITIVE_INFINITY);
});

it('counts two minutes as not yet later than two minutes', () => {
  expect(figuresOf([{ ...course, recoveredMs: 220_000 }]).laterThanTwoMinutes).toBe(0);
  expect(figuresOf([{ ...course, recoveredMs: 220_001 }]).laterThanTwoMinutes).toBe(1);
});

it('sums restarts of what served over all runs', () => {
  expect(figuresOf([course, { ...course, servingRestarted: 2 }]).servingRestarted).toBe(2);
});

it('finds the run that is slower than the other way by most, and none where the other way never recovers', () => {
  expect(slowerThan([course], [{ ...course, recoveredMs: 90_000 }])).toBe(30);
  expect(slowerThan([course], [{ ...course, recoveredMs: 130_000 }])).toBe(0);
  expect(slowerThan([course], [never])).toBe(0);
});
