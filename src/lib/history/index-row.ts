// The row by which lists show a remediation and the schedule finds it.

import type { ArmId } from '../words/arm-id.ts';
import type { RemediationId, TargetId } from '../words/target.ts';
import type { HistoryTrouble } from './ledger.ts';
import type { RowFacts } from './row-facts.ts';
import type { WaitsFor } from './waits-for.ts';

/** One row per remediation, derived from its history: for lists, and to find what is overdue. */
export interface IndexRow {
  readonly remediation: RemediationId;
  readonly targetId: TargetId;
  readonly appId: ArmId;
  readonly closed: boolean;
  readonly needsPerson: boolean;
  /** Closed because no replica was asked to start: to be looked at again when one is. */
  readonly asleep: boolean;
  readonly dueAtMs: number;
  readonly seq: number;
  readonly updatedAtMs: number;
  /** Orders lists: it never changes. Rows of older versions lack it. */
  readonly openedAtMs?: number;
  /** When it ended. It stays the same while an undo of what has ended is under way. Rows of older versions lack it. */
  readonly closedAtMs?: number;
  /** A person is asked for an approval. */
  readonly asks?: boolean;
  /** What it waits for, where it waits for a person. Rows of older versions lack it. */
  readonly waitsFor?: WaitsFor;
  /** Its history is in the archive. */
  readonly archived?: true;
  /** Why its history could not be read the last time. The next step that can read it writes the row anew, without this. */
  readonly unreadable?: HistoryTrouble;
  /** For lists, searches and measures. Rows of older versions lack it: then it is not known. */
  readonly facts?: RowFacts;
}
