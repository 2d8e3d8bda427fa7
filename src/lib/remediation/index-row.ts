// The row by which lists show a remediation and the schedule finds it.

import { undoDueAtMs } from '../decision/schedule.ts';
import { asksAPerson } from '../history/decision.ts';
import type { IndexRow } from '../history/index-row.ts';
import { isUndoing } from '../history/queries.ts';
import { factsOf } from '../history/row-facts.ts';
import type { Remediation } from '../history/state.ts';
import { waitsForOf } from '../history/waits-for.ts';

/** The row of a remediation, derived from its history. `seq` is the last entry that it is derived from. */
export function rowOf(remediation: Remediation, seq: number, nowMs: number): IndexRow {
  const dueAtMs = dueAtMsOf(remediation);
  const needsPerson = remediation.waitingForPersonSinceMs !== undefined && remediation.closed === undefined;
  return {
    remediation: remediation.id,
    targetId: remediation.targetId,
    appId: remediation.target.appId,
    // An undo that is under way has to be found when its message was lost, however long ago the remediation ended.
    closed: remediation.closed !== undefined && !isUndoing(remediation),
    needsPerson,
    asleep: remediation.closed?.because === 'no-replica-asked-to-start',
    dueAtMs: dueWithUndo(remediation, dueAtMs, nowMs),
    seq,
    updatedAtMs: remediation.updatedAtMs,
    openedAtMs: remediation.openedAtMs,
    ...(remediation.closed === undefined ? {} : { closedAtMs: remediation.closed.atMs }),
    facts: factsOf(remediation),
    ...(needsPerson ? { waitsFor: waitsForOf(remediation) } : {}),
    asks: isAsked(remediation),
    ...(remediation.archived ? { archived: true } : {}),
  };
}

function isAsked({ decision, closed }: Remediation): boolean {
  return decision !== undefined && asksAPerson(decision.decision) && closed === undefined;
}

/** An undo under way is due by itself; what it belongs to may be due earlier, if it has not ended. */
function dueWithUndo(remediation: Remediation, dueAtMs: number, nowMs: number): number {
  if (!isUndoing(remediation)) return dueAtMs;
  const undoAtMs = undoDueAtMs(remediation, nowMs);
  return remediation.closed === undefined ? Math.min(dueAtMs, undoAtMs) : undoAtMs;
}

/** When the remediation is due by itself: at once where a host died after a look and nothing was decided on it. Milliseconds. */
export function dueAtMsOf({ putOffUntilMs, look, decision, updatedAtMs }: Remediation): number {
  if (putOffUntilMs !== undefined) return putOffUntilMs;
  return decision === undefined || (look?.atMs ?? 0) > decision.atMs ? updatedAtMs : decision.dueAtMs;
}
