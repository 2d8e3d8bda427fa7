// Which entries of a history may move to the archive: those from before an instant, up to where nothing was under way.

import type { Entry } from './entries.ts';
import type { StoredEntry } from './ledger.ts';

/**
 * The number of the last entry that may move; 0 if none may. A remediation moves as a whole: up to its end, and with what was noted between
 * its end and the instant.
 */
export function archivableUpTo(entries: readonly StoredEntry<Entry>[], beforeMs: number): number {
  let upTo = 0;
  let isLive = false;
  for (const { seq, atMs, entry } of entries) {
    if (atMs >= beforeMs) break;
    if (entry.kind === 'opened') isLive = true;
    if (entry.kind === 'closed') isLive = false;
    if (!isLive) upTo = seq;
  }
  return upTo;
}
