// How often an app is looked at that serves while the row of its pull is missing.
import { describe, expect, it } from 'vitest';
import { nextRecoveryCheck } from '../../../src/lib/decision/schedule.ts';
import { minute, nowMs } from '../facts.ts';

/** The minutes at which it is looked at, from the beginning to the end of the wait. */
function checks(untilMs: number): number[] {
  const found: number[] = [];
  for (let atMs = nowMs; atMs < untilMs; ) {
    atMs = nextRecoveryCheck(nowMs, atMs, untilMs);
    found.push((atMs - nowMs) / minute);
  }
  return found;
}

describe('an app that serves without a row of its pull', () => {
  it('is looked at each minute at first, then less often, and when the wait is over', () => {
    expect(checks(nowMs + 27 * minute)).toEqual([1, 2, 3, 4, 5, 7, 9, 12, 15, 20, 25, 27]);
  });

  it('is looked at when a wait of 15 minutes is over, and not later', () => {
    expect(checks(nowMs + 14.5 * minute)).toEqual([1, 2, 3, 4, 5, 7, 9, 12, 14.5]);
  });

  it('is looked at in five minutes, where the wait is over already and the last time was long ago', () => {
    expect(nextRecoveryCheck(nowMs - 60 * minute, nowMs, nowMs - minute)).toBe(nowMs + 5 * minute);
  });
});
