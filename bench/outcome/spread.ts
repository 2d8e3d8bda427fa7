// The middle of several rounds, and how far they lie apart.

/** Of one figure in several rounds: the median, the least and the most. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The spread of the values. Of an even count the upper of the two middle ones is the median. Not a number where there are none. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (place: number): number => sorted[place] ?? Number.NaN;
  return { median: at(Math.floor(sorted.length / 2)), least: at(0), most: at(sorted.length - 1) };
}

/** What people read of it: the least and the most. */
export function noiseOf({ least, most }: Spread, said: (value: number) => string): string {
  return `${said(least)} to ${said(most)}`;
}
