// Numbers that look like chance and follow from where they start, so that a run can be repeated: of a scenario, a benchmark or a test.

/** Gives numbers from 0 to below 1. */
export type Chance = () => number;

/** Numbers from a state, which is a whole number of 32 bits. The algorithm is mulberry32: small, fast, and not for secrets. */
export function chanceFromState(first: number): Chance {
  let state = first >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
