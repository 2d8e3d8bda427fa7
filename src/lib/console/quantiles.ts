// The middle and the upper end of a list of lengths of time, with how many there are.

/** In the unit of the list. */
export interface Quantiles {
  readonly count: number;
  readonly p50: number;
  /** Of fewer than 20 values: the longest of them, and `longest` says so. */
  readonly p95: number;
  readonly longest: boolean;
}

/** By nearest rank: each answer is one of the values. `undefined` where there are none. */
export function quantilesOf(values: readonly number[]): Quantiles | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  if (sorted.length === 0) return undefined;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), longest: sorted.length < 20 };
}
