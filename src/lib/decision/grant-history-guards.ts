// Guards that look at the past: a role that was removed, a grant that did not last, and the number of earlier grants.

import type { Grant } from '../history/grant.ts';
import { sameGrant } from '../history/grant.ts';
import { changesSince, isInDoubt } from '../history/queries.ts';
import type { Refusal } from '../history/refusals.ts';
import type { Attempt } from '../history/state.ts';
import { valueOf } from '../words/fact.ts';
import { logLagMs, lostAnswerDoubt, madeBefore, removalDoubt, sightingDoubt, wasUndone } from './access-guards.ts';
import type { DecisionInput } from './decision-input.ts';
import { refuse } from './guard.ts';

const minute = 60_000;
const dayMs = 24 * 60 * minute;

/**
 * pullmedic does not give back a removed role without asking a person, whichever app needs it next. A removal that does not say whose role
 * it was may be this one, and an unreadable log may hold it. If a look saw a role, of this app or of another one, a person took it away.
 */
export function roleRemovedGuard(question: DecisionInput, grant: Grant): Refusal | undefined {
  const { nowMs, diagnosis, evidence, history } = question;
  const removed = removalDoubt(question, grant, 0);
  if (diagnosis.causes.includes('pull-role-removed')) return { ...removed, ...refuse('role-removed', 'taken-away') };
  if (valueOf(evidence.removals) === undefined) return refuse('role-removed', 'unreadable');
  if (removed !== undefined) return removed;
  const seen = history.remediations.map((remediation) => remediation.roleSeenAtMs ?? 0);
  if (nowMs - Math.max(0, ...seen) < logLagMs) return refuse('role-removed', 'too-young');
  return sightingDoubt(question, 0) ?? lostAnswerDoubt(question, 0);
}

/** After a person took a grant back, no target gets it again without a person. The Activity Log forgets it; our ledger does not. */
export function undoneGuard({ undone }: DecisionInput, grant: Grant): Refusal | undefined {
  if (!undone.read) return refuse('role-removed', 'undone-unreadable');
  return undone.value.some((one) => sameGrant(one.grant, grant)) ? refuse('role-removed', 'undone') : undefined;
}

/** pullmedic made this very grant before, for this app or another one, and the role is missing again: a person or a program takes it away. */
export function lastingGuard(question: DecisionInput, grant: Grant): Refusal | undefined {
  const own = ownGrants(question, 0).map((attempt) => attempt.grant);
  const before = [...own, ...madeBefore(question).map((made) => made.grant)];
  return before.some((one) => one !== undefined && sameGrant(one, grant))
    ? refuse('did-not-last', 'granted-before')
    : undefined;
}

/** At most this many grants in a day for one target, and for one identity on one registry, whichever apps and images use it. */
export function grantLimitGuard(question: DecisionInput): Refusal | undefined {
  const sinceMs = question.nowMs - dayMs;
  const ofTarget = ownGrants(question, sinceMs).length;
  const ofIdentity = madeBefore(question).filter(({ atMs }) => atMs >= sinceMs).length;
  const most = question.config.settings.limits.grantsPerTargetPerDay;
  return Math.max(ofTarget, ofIdentity) >= most ? refuse('target-limit', 'grants-per-day') : undefined;
}

/**
 * Grants of the target's own history. One in doubt is left to the memory, which knows when it counts as not made. One that a person had
 * taken back has a doubt of its own, which a person can overrule.
 */
function ownGrants(question: DecisionInput, sinceMs: number): readonly Attempt[] {
  return changesSince(question.history, 'grant', sinceMs).filter((attempt) => {
    const { grant, atMs } = attempt;
    return !isInDoubt(attempt) && (grant === undefined || !wasUndone(question, { grant, atMs }));
  });
}

/** A failure that comes back after each recovery is not the same as a change that failed: it is counted by recoveries after a change. */
export function recurrenceGuard({ nowMs, config, history }: DecisionInput): Refusal | undefined {
  const recent = history.remediations.filter((remediation) => (remediation.closed?.atMs ?? 0) > nowMs - 7 * dayMs);
  const cameBack = recent.filter(
    (remediation) =>
      remediation.closed?.how === 'recovered' && remediation.attempts.some((attempt) => attempt.outcome === 'done'),
  );
  return cameBack.length >= config.settings.limits.recurrencesPerWeek
    ? refuse('recurrence-limit', 'came-back')
    : undefined;
}
