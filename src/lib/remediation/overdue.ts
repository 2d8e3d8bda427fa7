// Steps whose message was lost: the schedule finds them by their rows.

import type { Clock, EventLog, Index, Queues } from '../ports/ports.ts';

/**
 * Steps that should have come and did not: their message was lost, or their host died for good. In a storm they are only waiting for
 * their turn; so a row is not sent again each minute, a step that came meanwhile is not looked at twice, and the look that is late shares what
 * others read like any other: that it is late does not mean that something changed. Returns how many are overdue.
 */
export async function sendOverdue(ports: Index & Queues & Clock & EventLog): Promise<number> {
  const overdue = await ports.index.overdue(ports.now() - 2 * minute);
  const longest = [...overdue].sort((a, b) => a.dueAtMs - b.dueAtMs).slice(0, lateAtOnce);
  for (const row of longest) {
    await ports.queue.sendStep({ targetId: row.targetId, seq: row.seq, wake: false, late: true }, ports.now());
    await ports.index.put({ ...row, dueAtMs: ports.now() + lateAgainMs });
    ports.log('overdue-found', { remediation: row.remediation });
  }
  return overdue.length;
}

const minute = 60_000;
/** A step that seemed lost is not sent again before this. */
const lateAgainMs = 4 * minute;
/**
 * Maximum number of steps that are sent again in one minute, the longest overdue first. If more are late, most of them only wait for their
 * turn.
 */
const lateAtOnce = 50;
