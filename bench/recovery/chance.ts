// The draws of a benchmark: evenly between two bounds, or log-normal.
import { type Chance, chanceFromState } from '../../local/chance.ts';

export type { Chance };

/** The numbers of a seed. Seeds that lie next to each other give numbers that have nothing to do with each other. */
export function chanceFrom(seed: number): Chance {
  return chanceFromState(Math.imul(seed + 1, 0x9e3779b1));
}

export function between(chance: Chance, least: number, most: number): number {
  return least + (most - least) * chance();
}

/** A log-normal number: half of them are below the median; `sigma` is the deviation of the logarithm. */
export function logNormal(chance: Chance, median: number, sigma: number): number {
  // Box and Muller; 1 minus the number, because the logarithm of 0 is none.
  const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  return median * Math.exp(sigma * normal);
}
