// The answers that rules give, and when pullmedic looks again before it asks a person.
import { describe, expect, it } from 'vitest';
import {
  close,
  grantNow,
  mayLookAgain,
  mayLookAgainForRetry,
  openIncident,
  provedCause,
  soonMs,
  tookTooLong,
} from '../../../src/lib/decision/answers.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Refusal } from '../../../src/lib/history/refusals.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { assignment, dnsUnlinked, minute, nowMs, roleMissing } from '../facts.ts';
import { decisionInput } from '../situations.ts';
import { grant } from './told.ts';

describe('an answer', () => {
  it('is due when there is something to see: a close now, a grant soon after it', () => {
    expect(close(nowMs, 'withdrawn', 'app-gone').dueAtMs).toBe(nowMs);
    expect(grantNow(nowMs, grant, 'pull-role-missing').dueAtMs).toBe(nowMs + soonMs);
  });

  it('that asks a person says whether a change was refused, and looks again in two minutes', () => {
    const refusals: Refusal[] = [{ guard: 'mode', why: 'observe' }];

    expect(openIncident(decisionInput(), 'tag-missing')).toMatchObject({
      decision: { do: 'incident', because: 'needs-a-person' },
      dueAtMs: nowMs + 2 * minute,
    });
    expect(openIncident(decisionInput(), 'pull-role-missing', refusals, grant)).toMatchObject({
      decision: { because: 'change-refused', grant },
      refusals,
    });
  });
});

describe('looking again', () => {
  const unread = { ...roleMissing, roles: unreadable<never>('throttled') };
  const again: Entry = {
    kind: 'decided',
    decision: { do: 'wait', because: 'looking-again' },
    dueAtMs: nowMs,
    refusals: [],
  };

  it('helps where a reason passes, of Azure or of the store, and not where a right is missing', () => {
    expect(mayLookAgain(decisionInput(unread))).toBe(true);
    expect(mayLookAgain(decisionInput(roleMissing, { ledger: unreadable('unavailable') }))).toBe(true);
    expect(mayLookAgain(decisionInput(roleMissing))).toBe(false);
    expect(mayLookAgain(decisionInput({ ...roleMissing, roles: unreadable('forbidden') }))).toBe(false);
  });

  it('helps a retry where the memory of restarts cannot be read for a moment, and a grant does not wait for that', () => {
    const unreadMemory = { restarts: unreadable<never>('unavailable') };

    expect(mayLookAgainForRetry(decisionInput(roleMissing, unreadMemory))).toBe(true);
    expect(mayLookAgainForRetry(decisionInput(roleMissing, { refusedRestarts: unreadable('unavailable') }))).toBe(true);
    expect(mayLookAgainForRetry(decisionInput(roleMissing, { ledger: unreadable('unavailable') }))).toBe(false);
    expect(mayLookAgainForRetry(decisionInput(roleMissing, { ...unreadMemory, past: [again, again, again] }))).toBe(
      false,
    );
    expect(mayLookAgain(decisionInput(roleMissing, unreadMemory))).toBe(false);
  });

  it('is done three times in a row at most', () => {
    expect(mayLookAgain(decisionInput(unread, { past: [again, again] }))).toBe(true);
    expect(mayLookAgain(decisionInput(unread, { past: [again, again, again] }))).toBe(false);
  });
});

describe('a look that took too long', () => {
  const old: Refusal = { guard: 'evidence-too-old', why: 'minutes' };

  it('is made again where its age is the only refusal that stands, for a quarter of an hour', () => {
    const approvable: Refusal = { guard: 'mode', why: 'approval-needed' };

    expect(tookTooLong(decisionInput(), [old])).toBe(true);
    expect(tookTooLong(decisionInput(), [old, approvable])).toBe(true);
    expect(tookTooLong(decisionInput(), [old, { guard: 'scope', why: 'outside' }])).toBe(false);
    expect(tookTooLong(decisionInput(), [])).toBe(false);
    expect(tookTooLong(decisionInput(roleMissing, { openedAgoMs: 15 * minute }), [old])).toBe(false);
  });
});

describe('the proved cause', () => {
  it('is one that is confirmed and alone', () => {
    expect(provedCause(decisionInput(roleMissing))).toBe('pull-role-missing');
    expect(provedCause(decisionInput({ ...dnsUnlinked, roles: known([]) }))).toBeUndefined();
    expect(provedCause(decisionInput({ ...roleMissing, roles: known([assignment(999 * minute)]) }))).toBeUndefined();
  });
});
