// A memory that does not grow with what the process has seen.
import { describe, expect, it } from 'vitest';
import { latest } from '../../../src/lib/words/latest.ts';

describe('the latest values', () => {
  it('are kept up to their number; the oldest goes first', () => {
    const two = latest<string, number>(2);
    for (const [key, value] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const)
      two.put(key, value);

    expect(['a', 'b', 'c'].map((key) => two.get(key))).toEqual([undefined, 2, 3]);
  });

  it('that are put in again are the newest', () => {
    const two = latest<string, number>(2);
    two.put('a', 1);
    two.put('b', 2);
    two.put('a', 3);
    two.put('c', 4);

    expect(['a', 'b', 'c'].map((key) => two.get(key))).toEqual([3, undefined, 4]);
  });

  it('that are dropped are gone', () => {
    const two = latest<string, number>(2);
    two.put('a', 1);
    two.drop('a');

    expect(two.get('a')).toBeUndefined();
  });
});
