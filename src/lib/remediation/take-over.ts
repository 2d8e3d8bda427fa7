// Rows of the index that an older version wrote, or that a host left behind, are written anew from their histories, some at a time.

import type { IndexRow } from '../history/index-row.ts';
import { tryReadTarget } from '../history/targets.ts';
import type { IncidentRow } from '../incidents/incident-row.ts';
import { incidentRowOf } from '../incidents/incident-row.ts';
import type { Clock, EventLog, Histories, Incidents, Index } from '../ports/ports.ts';
import { tryReadIncident } from './incident-history.ts';
import { rowOf } from './index-row.ts';

/**
 * Moves ended remediations that an older version left among the live ones. Each row is derived anew from its history, so that it says when
 * the remediation ended and what lists and searches need. Where the history cannot be read, the row moves as it is. Returns how many it
 * moved. Throws when the store does not answer.
 */
export async function takeOverRows(ports: Index & Histories & Clock & EventLog): Promise<number> {
  const left = await ports.index.leftAmongLive(rowsAtOnce);
  for (let from = 0; from < left.length; from += sideBySide)
    await Promise.all(left.slice(from, from + sideBySide).map((row) => takeOver(ports, row)));
  if (left.length > 0) ports.log('rows-taken-over', { rows: left.length });
  return left.length;
}

async function takeOver(ports: Index & Histories & Clock, row: IndexRow): Promise<void> {
  const read = await tryReadTarget(ports, row.targetId);
  const remediation = read.read ? read.history.remediations.find(({ id }) => id === row.remediation) : undefined;
  if (!read.read || remediation === undefined) return ports.index.put(row);
  // Whether it is still watched is for its row to say: the history does not know that its app has woken up.
  await ports.index.put({ ...rowOf(remediation, read.history.lastSeq, ports.now()), asleep: row.asleep });
}

/**
 * Writes rows of open incidents anew where they say less or something else than their histories: all that an older version wrote, and some
 * of the others in turn, because a host may die between an entry and its row. Returns how many it wrote. Throws when the store does not
 * answer.
 */
export async function refreshIncidentRows(ports: Index & Incidents & Clock & EventLog): Promise<number> {
  const { rows } = await ports.index.openIncidents();
  const bare = rows.filter(({ facts }) => facts === undefined).slice(0, rowsAtOnce);
  const others = inTurn(
    rows.filter(({ facts }) => facts !== undefined),
    ports.now(),
  );
  let written = 0;
  for (const row of [...bare, ...others]) if (await refresh(ports, row)) written += 1;
  return written;
}

async function refresh(ports: Index & Incidents & EventLog, row: IncidentRow): Promise<boolean> {
  const history = await tryReadIncident(ports, row.id);
  if (history?.incident === undefined) return false;
  const fresh = incidentRowOf(row.id, history);
  if (fresh.facts?.seq === row.facts?.seq) return false;
  await ports.index.putIncident(fresh);
  return true;
}

const minute = 60_000;
/** How many rows of older versions one run takes over. */
const rowsAtOnce = 200;
/** How many of them at the same time. */
const sideBySide = 8;
/** How many other incidents one run compares with their histories. The next run goes on after them. */
const comparedAtOnce = 20;

function inTurn(rows: readonly IncidentRow[], nowMs: number): readonly IncidentRow[] {
  const rounds = Math.max(1, Math.ceil(rows.length / comparedAtOnce));
  const round = Math.floor(nowMs / (5 * minute)) % rounds;
  return rows.slice(round * comparedAtOnce, (round + 1) * comparedAtOnce);
}
