// When to look next.
import { describe, expect, it } from 'vitest';
import {
  changeTakesMs,
  nextAlertCheck,
  nextPersonCheck,
  nextRecoveryCheck,
  nextRoleCheck,
  nextTextCheck,
  undoDueAtMs,
} from '../../../src/lib/decision/schedule.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { acrPull, minute, nowMs, principal, registryId } from '../facts.ts';
import { decisionInput } from '../situations.ts';

/** All times at which something is due, one after the other, in minutes. */
function timesOf(next: (sinceMs: number, nowMs: number) => number | undefined, most = 99): number[] {
  const times: number[] = [];
  for (let at = next(0, 0); at !== undefined && times.length < most; at = next(0, at)) times.push(at / minute);
  return times;
}

describe('the next look', () => {
  it('for text that is late comes after 1, 3 and 10 minutes, and then no more', () => {
    expect(timesOf(nextTextCheck)).toEqual([1, 3, 10]);
  });

  it('after a grant comes often at first, and until half an hour is over', () => {
    const times = timesOf(nextRoleCheck);

    expect(times).toEqual([1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 26, 30]);
    const pauses = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  });

  it('at an alert that could not be set comes a few times, and then it is left alone', () => {
    expect(timesOf(nextAlertCheck)).toEqual([1, 3, 10, 30]);
  });

  it('while a person has to act never ends: it comes every six hours', () => {
    const times = timesOf(nextPersonCheck, 12);

    expect(times.slice(0, 9)).toEqual([2, 5, 10, 20, 30, 60, 120, 240, 360]);
    expect(times.slice(9)).toEqual([720, 1080, 1440]);
  });
});

describe('the next look at an app that serves', () => {
  it('comes less and less often, and at the end of the wait at the latest', () => {
    const next = (at: number, until: number) => nextRecoveryCheck(0, at * minute, until * minute) / minute;

    expect([next(0, 99), next(5, 99), next(25, 99)]).toEqual([1, 7, 30]);
    expect([next(5, 6), next(14, 15)]).toEqual([6, 15]);
  });

  it('comes later where the wait is over', () => {
    expect(nextRecoveryCheck(0, 15 * minute, 15 * minute)).toBe(20 * minute);
    expect(nextRecoveryCheck(0, 16 * minute, 15 * minute)).toBe(20 * minute);
  });
});

describe('an undo', () => {
  const undo = {
    grant: { registryId, principalId: principal, roleId: acrPull },
    assignment: 'x',
    by: 'Ada',
    askedAtMs: nowMs,
    refusals: [],
  };
  const due = (more: Partial<NonNullable<Remediation['undo']>>): number =>
    undoDueAtMs({ ...decisionInput().remediation, undo: { ...undo, ...more } }, nowMs);

  it('is due at once, and once decided when its host must have finished or died', () => {
    expect(due({})).toBe(nowMs);
    expect(due({ decidedAtMs: nowMs })).toBe(nowMs + changeTakesMs);
  });

  it('that was not asked for has nothing to wait for', () => {
    expect(undoDueAtMs(decisionInput().remediation, nowMs)).toBe(nowMs);
  });

  it('without an answer of Azure is read again, less and less often', () => {
    expect(due({ decidedAtMs: nowMs - 3 * minute, outcome: 'unknown' })).toBe(nowMs + 2 * minute);
  });
});
