// Something that a cause may depend on was changed: remediations that wait for a person and can be waiting for it look again.

import type { IndexRow } from '../history/index-row.ts';
import { liveOf } from '../history/queries.ts';
import { tryReadTarget } from '../history/targets.ts';
import { waitsForOf } from '../history/waits-for.ts';
import type { AzureReads, Clock, EventLog, Histories, Index, PlannedLook, Queues, WakePlans } from '../ports/ports.ts';
import { sendWake } from '../ports/send-wake.ts';
import { crowded, crowdedTries } from '../ports/steering.ts';
import { noteUnreadable } from '../ports/unreadable-history.ts';
import { canBeFor, canConcern, type Happened, scopeOfRole } from './concerns.ts';
import { planWakes } from './wake-plan.ts';

/**
 * Wakes what waits for a person and can be waiting for this: something that a cause may depend on was changed. What is woken follows from
 * the rows of the index. `by` names the signal. Throws `Later` when many others plan wake-ups at the same moment.
 */
export async function wakeWaiting(ports: Waking, about: Happened, by: string): Promise<void> {
  const concerned = await concernedBy(ports, about);
  if (concerned.length === 0) return;
  const rows = new Map(concerned.map((row) => [row.remediation, row]));
  for (const { remediation, dueAtMs } of await planLooks(ports, [...rows.keys()], by)) {
    const row = rows.get(remediation);
    if (row === undefined) continue;
    await sendWake(ports, row, dueAtMs);
    ports.log('woken', { remediation });
  }
}

/** The roles that waking uses. */
export type Waking = Histories & Index & Queues & Clock & EventLog & WakePlans & Pick<AzureReads, 'azure'>;

async function concernedBy(ports: Waking, about: Happened): Promise<IndexRow[]> {
  const concerned: { row: IndexRow; waits: NonNullable<IndexRow['waitsFor']> }[] = [];
  for (const row of await ports.index.waiting()) {
    const waits = row.waitsFor ?? (await fromHistory(ports, row));
    if (waits !== undefined && canConcern(waits, about)) concerned.push({ row, waits });
  }
  const isRole = about.kind === 'change' && scopeOfRole(about.resource) !== undefined;
  if (!isRole || concerned.length === 0) return concerned.map(({ row }) => row);
  const assignee = await ports.azure.assignee(about.resource);
  return concerned.filter(({ waits }) => canBeFor(waits, assignee)).map(({ row }) => row);
}

/** Rows of older versions do not say what is waited for, until the next step writes them anew. */
async function fromHistory(ports: Waking, row: IndexRow): Promise<IndexRow['waitsFor']> {
  const read = await tryReadTarget(ports, row.targetId);
  if (!read.read) {
    await noteUnreadable(ports, row.targetId, read.why);
    return undefined;
  }
  const live = liveOf(read.history);
  return live === undefined ? undefined : waitsForOf(live);
}

/**
 * The looks to send. The plan is written first: two hosts never plan the same look, and a signal that is delivered again sends its looks
 * again.
 */
async function planLooks(
  ports: WakePlans & Clock,
  wanted: Parameters<typeof planWakes>[1],
  by: string,
): Promise<readonly PlannedLook[]> {
  for (let tries = 0; tries < crowdedTries; tries += 1) {
    const { looks, version } = await ports.wakes.read();
    const { plan, added, again } = planWakes(looks, wanted, by, ports.now());
    if (added.length === 0) return again;
    if ((await ports.wakes.write(plan, version)) === 'written') return [...again, ...added];
  }
  throw crowded();
}
