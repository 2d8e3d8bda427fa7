// How far two names are apart.
import { describe, expect, it } from 'vitest';
import { distance } from '../../../src/lib/words/distance.ts';

describe('the distance of two names', () => {
  it.each([
    ['acrshop', 'acrshop', 0],
    ['acrshop', 'acrshpo', 2],
    ['acrshop', 'acrshp', 1],
    ['', 'abc', 3],
    ['abc', '', 3],
  ])('of %s and %s is the letters that have to change: %i', (a, b, letters) => {
    expect(distance(a, b)).toBe(letters);
  });
});
