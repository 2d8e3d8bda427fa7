// The archive of old histories: what moves there, how far it has come, and what stays in the table for now.

import type { Entry } from '../history/entries.ts';
import type { HistoryTrouble, StoredEntry } from '../history/ledger.ts';
import type { RemediationId, TargetId } from '../words/target.ts';
import type { PageKey } from './index-store.ts';

/** Every function throws when storage does not answer or refuses. */
export interface HistoryArchive extends LeftHistories {
  /** Makes the place for what moves, unless it is there. What moves later does not make it anew. */
  makePlace(): Promise<void>;
  /**
   * Moves the entries up to a number, which `upTo` says, from the table into the archive. Each step can be repeated: what is interrupted loses
   * nothing and is done again. Throws `UnreadableHistory` where the history cannot be read, or the archive holds something else: then
   * nothing is removed.
   */
  move(target: TargetId, upTo: (entries: readonly StoredEntry<Entry>[]) => number): Promise<Moved>;
  /** Has the row of an ended remediation say that its history is in the archive. */
  mark(remediation: RemediationId, endedAtMs: number): Promise<void>;
  /** How far the archive has come; `undefined` before the first time, or where the row cannot be understood. */
  progress(): Promise<ArchiveProgress | undefined>;
  noteProgress(progress: ArchiveProgress): Promise<void>;
}

/**
 * `removed`: how many rows left the table. `busy`: another instance wrote the same blob meanwhile, and nothing was removed here. `not-now`:
 * storage does not answer for this blob while it takes others; `says` is what it answered.
 */
export type Moved =
  | { readonly kind: 'moved'; readonly removed: number }
  | { readonly kind: 'busy' }
  | { readonly kind: 'not-now'; readonly says: string };

/** Everything that ended before `doneMs` was visited. A pass under way visits what ended from then on and before `untilMs`. */
export interface ArchiveProgress {
  readonly doneMs: number;
  readonly pass?: {
    readonly untilMs: number;
    /** Where the next page begins; absent at the beginning. */
    readonly after?: PageKey;
    /** The last one of that page that was visited already; absent where none was. */
    readonly visited?: RemediationId;
  };
  /** How many histories stay in the table for now, because they could not be moved. */
  readonly left: number;
  /** The last round through what was left: when it began and, while it is under way, the last one that it tried. */
  readonly round?: { readonly sinceMs: number; readonly after?: RemediationId };
}

/** Why a history stays in the table: it is in trouble, or storage does not answer for its blob. */
export type WhyLeft = HistoryTrouble | 'no-answer';

/** A remediation whose history stays in the table for now. */
export interface LeftHistory {
  readonly remediation: RemediationId;
  readonly endedAtMs: number;
}

/** What could not be moved, to be tried again. Every function throws when storage does not answer. */
export interface LeftHistories {
  leave(left: LeftHistory, why: WhyLeft, atMs: number): Promise<void>;
  noLongerLeft(remediation: RemediationId): Promise<void>;
  /** Those after one of them in the order of their ids, at most so many. */
  left(asked: { readonly after?: RemediationId | undefined; readonly limit: number }): Promise<readonly LeftHistory[]>;
  countLeft(): Promise<number>;
}
