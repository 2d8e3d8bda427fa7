// Counting signals: the number grows for ever, and the latest hundred are remembered one by one.
import { describe, expect, it } from 'vitest';
import type { CountedSignal } from '../../../src/lib/history/counted-signals.ts';
import { countedAs, noneCounted, withCounted } from '../../../src/lib/history/counted-signals.ts';
import { nowMs } from '../facts.ts';

const one = (place: number): CountedSignal => ({ id: `s${place}`, atMs: nowMs + place, countedAtMs: nowMs + place });
const of = (count: number) => Array.from({ length: count }, (_, place) => one(place)).reduce(withCounted, noneCounted);

describe('a counted signal', () => {
  it('is one more, and the latest', () => {
    expect(of(2)).toEqual({ count: 2, recent: [one(0), one(1)] });
  });

  it('is recognised until a hundred others were counted after it', () => {
    expect(countedAs(of(100), 's0')).toEqual(one(0));
    expect(countedAs(of(101), 's0')).toBeUndefined();
    expect(of(101).count).toBe(101);
  });
});
