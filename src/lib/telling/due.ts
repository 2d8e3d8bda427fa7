// Sends a message again for what is due in the outbox: the message was lost, or a system could not be told before.

import { aboutOf, namesOf } from '../incidents/outbox.ts';
import type { Clock, EventLog, Outbox, Queues } from '../ports/ports.ts';

/** Sends what is due. Returns how many messages it sent. Throws when the store or the queue cannot be reached. */
export async function sendDue(ports: Clock & Outbox & Queues & EventLog): Promise<number> {
  const nowMs = ports.now();
  const rows = await ports.outbox.due(nowMs);
  const free = rows.filter(({ begun }) => begun === undefined || begun.leaseUntilMs <= nowMs);
  for (const row of free) await ports.queue.sendTell({ ...namesOf(aboutOf(row)), system: row.system }, nowMs);
  return free.length;
}
