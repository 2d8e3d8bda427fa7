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

  it('that are of no more use go when another one comes, and not those that were renewed', () => {
    const clock = { nowMs: 0 };
    const some = latest<string, number>(10, { forMs: 60, now: () => clock.nowMs });
    some.put('a', 1);
    some.put('b', 2);
    clock.nowMs = 50;
    some.put('a', 3);
    clock.nowMs = 61;
    some.put('c', 4);

    expect(['a', 'b', 'c'].map((key) => some.get(key))).toEqual([3, undefined, 4]);
  });

  it('without a time to last stay, however long nothing comes', () => {
    const some = latest<string, number>(2);
    some.put('a', 1);
    some.put('b', 2);

    expect(some.values()).toEqual([1, 2]);
  });
});
