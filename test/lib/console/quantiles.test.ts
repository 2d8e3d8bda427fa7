import { describe, expect, it } from 'vitest';
import { quantilesOf } from '../../../src/lib/console/quantiles.ts';

describe('the quantiles of lengths', () => {
  it('of nothing are not known, rather than 0', () => {
    expect(quantilesOf([])).toBeUndefined();
  });

  it('are values of the list, in whatever order it is, and say of how many', () => {
    expect(quantilesOf([30, 10, 20])).toEqual({ count: 3, p50: 20, p95: 30, longest: true });
    expect(quantilesOf([7])).toEqual({ count: 1, p50: 7, p95: 7, longest: true });
  });

  it('of 20 values on, the 95th percentile is another one than the longest', () => {
    const values = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

    expect(quantilesOf(values(19))).toMatchObject({ p95: 19, longest: true });
    expect(quantilesOf(values(20))).toMatchObject({ p50: 10, p95: 19, longest: false });
    expect(quantilesOf(values(100))).toMatchObject({ p50: 50, p95: 95, longest: false });
  });

  it('do not change the list', () => {
    const values = [3, 1, 2];
    quantilesOf(values);

    expect(values).toEqual([3, 1, 2]);
  });
});
