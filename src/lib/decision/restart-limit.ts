// How often a revision and an app may be restarted, and how long one restart is waited for.

import { changesSince } from '../history/queries.ts';
import type { Refusal } from '../history/refusals.ts';
import { didRestart } from '../history/restarted.ts';
import type { AnnouncedRestart, RestartedRevision } from '../history/restarts.ts';
import { valueOf } from '../words/fact.ts';
import { refuse } from './guard.ts';
import type { Question } from './question.ts';

const minute = 60_000;
const dayMs = 24 * 60 * minute;
/** How long a restart is waited for: its replicas start and pull at once, and that takes a few minutes at most. Milliseconds. */
export const restartTakesMs = 5 * minute;

export type RestartLimitInput = Pick<Question, 'nowMs' | 'config' | 'restarts' | 'history'>;

/**
 * Restarts are counted for each revision and for each app, whichever image they were made for: a restart pulls every image of a revision.
 * A new revision that stands in for a restart counts too. Restarts that cannot be read allow none.
 */
export function restartLimitGuard(input: RestartLimitInput, revision: RestartedRevision): Refusal | undefined {
  const restarts = valueOf(input.restarts);
  if (restarts === undefined) return refuse('restart-limit', 'unreadable');
  const { restartsPerRevisionPerDay, restartsPerAppPerDay } = input.config.settings.limits;
  const today = restarts.filter(({ atMs }) => atMs > input.nowMs - dayMs);
  const ofRevision = today.filter((one) => isOf(one, revision)).length;
  if (Math.max(ofRevision, inOwnHistory(input, revision)) >= restartsPerRevisionPerDay)
    return refuse('restart-limit', 'revision');
  return today.length >= restartsPerAppPerDay ? refuse('restart-limit', 'app') : undefined;
}

/** A revision that pullmedic asked for has had its restart: it was made to pull. */
function isOf({ revision, made }: AnnouncedRestart, asked: RestartedRevision): boolean {
  return revision === asked || made === asked;
}

/** Earlier versions kept restarts in the history of the target alone, and a step may die before it announced one. */
function inOwnHistory({ nowMs, history }: RestartLimitInput, revision: RestartedRevision): number {
  const since = nowMs - dayMs + 1;
  const made = [...changesSince(history, 'restart', since), ...changesSince(history, 'new-revision', since)];
  return made.filter((attempt) => didRestart(attempt, revision)).length;
}

/** The last restart of this revision, by any remediation of the app, as long as its effect is still to come. */
export function restartUnderWay(
  { nowMs, restarts }: Pick<Question, 'nowMs' | 'restarts'>,
  revision: RestartedRevision,
): AnnouncedRestart | undefined {
  const last = valueOf(restarts)?.findLast((one) => isOf(one, revision));
  return last !== undefined && nowMs - last.atMs < restartTakesMs ? last : undefined;
}
