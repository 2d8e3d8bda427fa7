// Numbers that look like chance and follow from a seed, so that every run of a benchmark can be repeated.

/** Gives numbers from 0 to below 1 (mulberry32). */
export type Chance = () => number;

export function chanceFrom(seed: number): Chance {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
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
