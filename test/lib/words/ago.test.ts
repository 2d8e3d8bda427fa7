import { describe, expect, it } from 'vitest';
import { sayAgo } from '../../../src/lib/words/ago.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('how long ago', () => {
  it.each([
    [0, '1 minute ago'],
    [minute, '1 minute ago'],
    [2 * minute, '2 minutes ago'],
    [hour - 1, '59 minutes ago'],
    [hour, '1 hour ago'],
    [day - 1, '23 hours ago'],
    [day, '1 day ago'],
    [9 * day, '9 days ago'],
  ])('%i ms is the largest whole unit that fits: %s', (ms, words) => {
    expect(sayAgo(ms)).toBe(words);
  });
});
