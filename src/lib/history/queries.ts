// Questions to a history: which remediation is live, which changes were made, which grant can be taken back.

import type { TargetId } from '../words/target.ts';
import { remediationIdOf } from '../words/target.ts';
import { type ActionName, type Entry, grantNotFound } from './entries.ts';
import type { Grant } from './grant.ts';
import type { StoredEntry } from './ledger.ts';
import type { Attempt, Remediation, TargetHistory } from './state.ts';

/** The live remediation, if there is one. */
export function liveOf(history: TargetHistory): Remediation | undefined {
  const last = history.remediations.at(-1);
  return last === undefined || last.closed !== undefined ? undefined : last;
}

/** The entries of one remediation, by its ordinal. An entry that names its remediation belongs to that one, even if written later. */
export function entriesOf(
  entries: readonly StoredEntry<Entry>[],
  targetId: TargetId,
  ordinal: number,
): StoredEntry<Entry>[] {
  let at = 0;
  return entries.filter(({ entry }) => {
    if (entry.kind === 'opened') at += 1;
    return 'remediation' in entry ? entry.remediation === remediationIdOf(targetId, ordinal) : at === ordinal;
  });
}

/** Changes that were made or may have been made: a time-out counts as made until it is settled. */
export function madeChanges(attempts: readonly Attempt[], action: ActionName): Attempt[] {
  return attempts.filter(
    (attempt) => attempt.action === action && attempt.outcome !== 'withheld' && attempt.outcome !== 'failed',
  );
}

/** True if this attempt granted a role. A role that was there already, or whose grant has no answer, does not count. */
export function isMadeGrant({ action, outcome }: Attempt): boolean {
  return action === 'grant' && outcome === 'done';
}

/** True if the answer to a grant was lost and it is not there: a person may have removed it, or it was never made. */
export function isInDoubt({ action, outcome, because }: Attempt): boolean {
  return action === 'grant' && outcome === 'unknown' && because === grantNotFound;
}

/** Grants and restarts of all remediations of the target since an instant. */
export function changesSince(history: TargetHistory, action: ActionName, sinceMs: number): Attempt[] {
  return madeChanges(
    history.remediations.flatMap((remediation) => remediation.attempts),
    action,
  ).filter((attempt) => attempt.atMs >= sinceMs);
}

/** The grant that this remediation made and that no undo has removed yet, with the assignment that it made. */
export function undoableGrant({ attempts, undo }: Remediation): { grant: Grant; assignment: string } | undefined {
  if (undo?.outcome === 'removed' || undo?.outcome === 'already-gone') return undefined;
  const made = attempts.findLast(isMadeGrant);
  if (made?.grant === undefined || made.undo === undefined) return undefined;
  return { grant: made.grant, assignment: made.undo };
}

/** True if a person asked for an undo and it has not ended. */
export function isUndoing({ undo }: Remediation): boolean {
  return undo !== undefined && undo.refusals.length === 0 && (undo.outcome === undefined || undo.outcome === 'unknown');
}

/** The oldest remediation whose undo is under way. */
export function undoingOf({ remediations }: TargetHistory): Remediation | undefined {
  return remediations.find(isUndoing);
}
