// The guard of a no to a restart: it binds every remediation of the app, because a restart by one of them is a restart for all.

import type { Refusal } from '../history/refusals.ts';
import type { RestartedRevision } from '../history/restarts.ts';
import { valueOf } from '../words/fact.ts';
import type { DecisionInput } from './decision-input.ts';
import { refuse } from './guard.ts';
import { restartCountsMs } from './restart-limit.ts';

/** How long a no binds other remediations of the revision: as long as its restarts count against the limits. Milliseconds. */
export const noBindsMs = restartCountsMs;

/**
 * Refuses what a person said no to within a day, in whichever remediation of the app and in every mode, until a person says yes to it. An
 * unreadable memory refuses too.
 */
export function restartRefusedGuard(
  { refusedRestarts, nowMs }: Pick<DecisionInput, 'refusedRestarts' | 'nowMs'>,
  names: readonly RestartedRevision[],
): Refusal | undefined {
  const refused = valueOf(refusedRestarts);
  if (refused === undefined) return refuse('restart-limit', 'unreadable');
  return refused.some(({ revision, atMs }) => names.includes(revision) && nowMs - atMs < noBindsMs)
    ? refuse('approval', 'rejected')
    : undefined;
}
