// A history that cannot be read stops only itself: its row in the index says so, for the list and for health.

import type { IndexRow } from '../history/index-row.ts';
import type { HistoryTrouble } from '../history/ledger.ts';
import type { TargetId } from '../words/target.ts';
import type { EventLog, Index } from './ports.ts';

/**
 * Marks the live rows of a target whose history cannot be read. Where its remediations have all ended, the row of the last one counts as
 * live again: signals about the target are not handled meanwhile, and people have to see that. The schedule finds such a row as soon as it
 * is overdue, so the target goes on by itself once its history can be read. Throws when the store does not answer.
 */
export async function noteUnreadable(ports: Index & EventLog, targetId: TargetId, why: HistoryTrouble): Promise<void> {
  ports.log('history-unreadable', { target: targetId, why });
  for (const row of await rowsToMark(ports, targetId))
    if (row.unreadable !== why) await ports.index.put({ ...row, closed: false, unreadable: why });
}

async function rowsToMark({ index }: Index, targetId: TargetId): Promise<readonly IndexRow[]> {
  const live = await index.liveOfTarget(targetId);
  if (live.length > 0) return live;
  const ended = await index.lastClosed(targetId);
  return ended === undefined ? [] : [ended];
}
