// The archive of old histories: what moves there, and how far it has come.

import type { Entry } from '../history/entries.ts';
import type { StoredEntry } from '../history/ledger.ts';
import type { RemediationId, TargetId } from '../words/target.ts';
import type { PageKey } from './index-store.ts';

/** Every function throws when storage does not answer or refuses. */
export interface HistoryArchive {
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

/** `removed`: how many rows left the table. `busy`: another instance wrote the same blob meanwhile, and nothing was removed here. */
export type Moved = { readonly kind: 'moved'; readonly removed: number } | { readonly kind: 'busy' };

/** Everything that ended before `doneMs` was visited. A pass under way visits what ended from then on and before `untilMs`. */
export interface ArchiveProgress {
  readonly doneMs: number;
  readonly pass?: {
    readonly untilMs: number;
    /** Where the next page begins; absent at the beginning. */
    readonly after?: PageKey;
  };
  /** Histories that could not be moved, since archiving was turned on. They stay in the table. */
  readonly left: number;
}
