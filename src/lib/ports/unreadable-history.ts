// A history that cannot be read stops only itself: its row in the index says so, for the list and for health.

import type { HistoryTrouble } from '../history/ledger.ts';
import type { TargetId } from '../words/target.ts';
import type { EventLog, Index } from './ports.ts';

/**
 * Marks the live rows of a target whose history cannot be read. The schedule finds such a row again as soon as it is overdue, so the
 * target goes on by itself once its history can be read. Throws when the store does not answer.
 */
export async function noteUnreadable(ports: Index & EventLog, targetId: TargetId, why: HistoryTrouble): Promise<void> {
  ports.log('history-unreadable', { target: targetId, why });
  for (const row of await ports.index.live())
    if (row.targetId === targetId && row.unreadable !== why) await ports.index.put({ ...row, unreadable: why });
}
