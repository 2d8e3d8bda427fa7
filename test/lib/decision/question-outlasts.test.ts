// A question is the same one after a look that could not read something for a moment: its number, its time and its answer hold.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known, type Unreadable, unreadable } from '../../../src/lib/words/fact.ts';
import { assignment, minute, nowMs, roleMissing, unauthorizedRow } from '../facts.ts';
import { decideOn, type Earlier } from '../situations.ts';
import { approving, held, second } from './retried.ts';

const inModeApprove = { config: approving, openedAgoMs: 10 * minute };
const whys: readonly Unreadable[] = ['timed-out', 'unavailable', 'throttled', 'over-budget'];
/** Each fact of a look, unread for each of these reasons. */
function unreadOf(evidence: Evidence): readonly (readonly [string, Unreadable])[] {
  const facts = Object.keys(evidence).filter((name) => name !== 'atMs');
  return facts.flatMap((fact) => whys.map((why) => [fact, why] as const));
}
/** What pullmedic keeps itself, and may not be able to read for a moment. */
const memories = ['killSwitch', 'restarts', 'refusedRestarts', 'access', 'undone', 'ledger', 'awakeSinceMs'] as const;

const staleToken: Evidence = {
  ...roleMissing,
  roles: known([assignment(24 * 60 * minute)]),
  manifest: known({ state: 'exists' }),
  logs: known([{ ...unauthorizedRow, atMs: nowMs - minute }]),
};

const questions = [
  ['a grant', roleMissing],
  ['a restart', held(32 * second)],
  ['a restart on the suspicion of an old token', staleToken],
] as const;

describe.each(questions)('a question about %s', (_what, evidence) => {
  const now = decideOn(evidence, inModeApprove);
  // It was asked two minutes ago, so it ends two minutes earlier than one that is asked now.
  const ask =
    now.decision.do === 'ask' ? { ...now.decision, expiresAtMs: now.decision.expiresAtMs - 2 * minute } : now.decision;
  const asked: Earlier = { agoMs: 2 * minute, entry: { kind: 'decided', ...now, decision: ask } };
  /** What is decided on a look that reads all again, after one on which this was decided. */
  function askedAfter(decided: ReturnType<typeof decideOn>): unknown {
    const between: Earlier = { agoMs: minute, entry: { kind: 'decided', ...decided } };
    return decideOn(evidence, { ...inModeApprove, past: [asked, between] }).decision;
  }
  const during = (shown: Evidence, more: Partial<Parameters<typeof decideOn>[1]> = {}) =>
    decideOn(shown, { ...inModeApprove, ...more, past: [asked] });

  it('is asked', () => {
    expect(ask).toMatchObject({ do: 'ask' });
  });

  it.each(unreadOf(evidence))('outlasts a look that could not read %s (%s)', (fact, why) => {
    const decided = during({ ...evidence, [fact]: unreadable(why) });

    expect([decided.decision, askedAfter(decided)]).toEqual([decided.decision, ask]);
  });

  it.each(memories)('outlasts a moment in which %s could not be read', (memory) => {
    const decided = during(evidence, { [memory]: unreadable('unavailable') });

    expect([decided.decision, askedAfter(decided)]).toEqual([decided.decision, ask]);
  });
});
