// Grants in doubt: when the Activity Log tells that they were never made, each condition with a near miss.
import { describe, expect, it } from 'vitest';
import { neverMade, toldByLogAtMs } from '../../../src/lib/decision/lost-grants.ts';
import type { RoleRemoval } from '../../../src/lib/evidence/role-facts.ts';
import { type AccessMemory, type MadeBefore, nothingRemembered } from '../../../src/lib/history/access-memory.ts';
import { type Fact, known, unreadable } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { appId, minute, nowMs, principal, registryId } from '../facts.ts';
import { grant } from './told.ts';

const remediation = `t${'1'.repeat(24)}.1` as RemediationId;
const lag = 20 * minute;
const day = 24 * 60 * minute;
const announcedMs = nowMs - 30 * minute;
const doubted: MadeBefore = { grant, remediation, app: appId, atMs: announcedMs, notFoundAtMs: nowMs - lag };

function clears(
  made: readonly MadeBefore[],
  removals: Fact<readonly RoleRemoval[]> = known([]),
  more: Partial<AccessMemory> = {},
): number {
  const memory = { ...nothingRemembered, made, ...more };
  return neverMade(memory, grant, { atMs: nowMs, removals }).length;
}

function removed(atMs: number): RoleRemoval {
  return { atMs, by: 'mallory', scope: registryId, principalId: principal };
}

describe('a grant in doubt was never made', () => {
  it('once the log is no longer late, and not a moment before', () => {
    expect(clears([doubted])).toBe(1);
    expect(clears([{ ...doubted, notFoundAtMs: nowMs - lag + 1 }])).toBe(0);
  });

  it('if no removal came since, with room for clocks that differ', () => {
    expect(clears([doubted], known([removed(announcedMs - 5 * minute - 1)]))).toBe(1);
    expect(clears([doubted], known([removed(announcedMs - 5 * minute)]))).toBe(0);
    expect(clears([doubted], known([removed(announcedMs + 1)]))).toBe(0);
  });

  it('if no removal is remembered that the log forgot', () => {
    const removal = { removedAtMs: announcedMs, by: 'mallory', scope: registryId, whose: 'cannot-tell' } as const;

    expect(clears([doubted], known([]), { removals: [removal] })).toBe(0);
  });

  it('only if the log can be read and reaches back to it', () => {
    expect(clears([doubted], unreadable('forbidden'))).toBe(0);
    const old = (atMs: number): MadeBefore => ({ ...doubted, atMs });
    expect(clears([old(nowMs - 7 * day + 5 * minute + 1)])).toBe(1);
    expect(clears([old(nowMs - 7 * day + 5 * minute)])).toBe(0);
  });

  it('only if it is the last one of its remediation: the memory drops that one', () => {
    const { notFoundAtMs: _doubt, ...later } = { ...doubted, atMs: nowMs };

    expect(clears([doubted, later])).toBe(0);
    expect(clears([doubted, { ...later, remediation: `t${'2'.repeat(24)}.1` as RemediationId }])).toBe(1);
  });

  it('never if it is not in doubt', () => {
    const { notFoundAtMs: _doubt, ...sure } = doubted;

    expect(clears([sure])).toBe(0);
  });
});

it('the log tells 20 minutes after the grant was not found; without a doubt nothing is to be told', () => {
  expect(toldByLogAtMs([doubted, { ...doubted, notFoundAtMs: nowMs }])).toBe(nowMs + lag);
  const { notFoundAtMs: _doubt, ...sure } = doubted;
  expect(toldByLogAtMs([sure])).toBe(0);
});
