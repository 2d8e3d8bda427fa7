// Guards that look at the past: a role that was removed, a grant that did not last, and the number of earlier grants.

import type { Grant } from '../history/grant.ts';
import { sameGrant } from '../history/grant.ts';
import { changesSince } from '../history/queries.ts';
import type { Refusal } from '../history/refusals.ts';
import { isWithin } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import { refuse } from './guard.ts';
import type { Question } from './question.ts';

const minute = 60_000;
const dayMs = 24 * 60 * minute;
/** The Activity Log tells of a removal up to 20 minutes late (Microsoft: events "typically" within 3 to 20 minutes). */
const logLagMs = 20 * minute;

/**
 * pullmedic does not give back a removed role without asking a person. A removal in the Activity Log that does not say whose role it was
 * may be this one, and an unreadable log may hold it. If we saw a role a moment ago, the removal may not be in the log yet.
 */
export function roleRemovedGuard({ nowMs, diagnosis, evidence, history }: Question, grant: Grant): Refusal | undefined {
  if (diagnosis.causes.includes('pull-role-removed')) return refuse('role-removed', 'taken-away');
  const removals = valueOf(evidence.removals);
  if (removals === undefined) return refuse('role-removed', 'unreadable');
  const nameless = removals.some(
    (removal) => removal.principalId === undefined && isWithin(grant.registryId, removal.scope),
  );
  if (nameless) return refuse('role-removed', 'cannot-tell-whose');
  const seen = history.remediations.map((remediation) => remediation.roleSeenAtMs ?? 0);
  return nowMs - Math.max(0, ...seen) < logLagMs ? refuse('role-removed', 'too-young') : undefined;
}

/** After a person took a grant back, no target gets it again without a person. The Activity Log forgets it; our ledger does not. */
export function undoneGuard({ undone }: Question, grant: Grant): Refusal | undefined {
  if (!undone.read) return refuse('role-removed', 'undone-unreadable');
  return undone.value.some((one) => sameGrant(one, grant)) ? refuse('role-removed', 'undone') : undefined;
}

/** We made this very grant before and the role is missing again: a person or a program takes it away. */
export function lastingGuard({ history }: Question, grant: Grant): Refusal | undefined {
  const before = changesSince(history, 'grant', 0).filter(
    (attempt) => attempt.grant !== undefined && sameGrant(attempt.grant, grant),
  );
  return before.length > 0 ? refuse('did-not-last', 'granted-before') : undefined;
}

/** At most this many grants for one target in a day. */
export function grantLimitGuard({ nowMs, config, history }: Question): Refusal | undefined {
  const made = changesSince(history, 'grant', nowMs - dayMs).length;
  return made >= config.settings.limits.grantsPerTargetPerDay ? refuse('target-limit', 'grants-per-day') : undefined;
}

/** A failure that comes back after each recovery is not the same as a change that failed: it is counted by recoveries after a change. */
export function recurrenceGuard({ nowMs, config, history }: Question): Refusal | undefined {
  const recent = history.remediations.filter((remediation) => (remediation.closed?.atMs ?? 0) > nowMs - 7 * dayMs);
  const cameBack = recent.filter(
    (remediation) =>
      remediation.closed?.how === 'recovered' && remediation.attempts.some((attempt) => attempt.outcome === 'done'),
  );
  return cameBack.length >= config.settings.limits.recurrencesPerWeek
    ? refuse('recurrence-limit', 'came-back')
    : undefined;
}
