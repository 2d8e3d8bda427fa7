// The undo of a grant as pages show it, derived from the history of its remediation.

import type { UndoOutcome } from '../history/entries.ts';
import { undoableGrant } from '../history/queries.ts';
import { codeOf } from '../history/refusals.ts';
import type { Remediation } from '../history/state.ts';

/** Whether a person can ask for the undo, or how it ended and when. Milliseconds since 1970. */
export interface UndoView {
  readonly state: 'possible' | 'asked' | 'refused' | UndoOutcome;
  readonly assignment: string;
  readonly by?: string;
  readonly endedAtMs?: number;
  readonly because: readonly string[];
}

/** `undefined` where pullmedic made no grant that could be taken back. */
export function undoOf(remediation: Remediation): UndoView | undefined {
  const { undo } = remediation;
  if (undo === undefined) {
    const made = undoableGrant(remediation);
    return made === undefined ? undefined : { state: 'possible', assignment: made.assignment, because: [] };
  }
  const { assignment, by, refusals, outcome, endedAtMs, because } = undo;
  const state = refusals.length > 0 ? 'refused' : (outcome ?? 'asked');
  const why = refusals.map(codeOf);
  const ended = endedAtMs === undefined ? {} : { endedAtMs };
  return { state, assignment, by, ...ended, because: because === undefined ? why : [...why, because] };
}
