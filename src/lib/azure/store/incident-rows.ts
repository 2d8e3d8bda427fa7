// The rows of incidents: what is open in one partition, and in another a row for each time that one ended, the latest end first.

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { IncidentRow, IncidentRowFacts } from '../../incidents/incident-row.ts';
import type { IncidentRows } from '../../ports/index-store.ts';
import type { IncidentId } from '../../words/target.ts';
import { parseIncidentId } from '../../words/target.ts';
import { isConflict, isNoRow, removeIfUnchanged, writeIfUnchanged } from '../clients/rows.ts';
import type { Table } from '../clients/table.ts';
import { listWhere, pageWhere } from './index-pages.ts';
import { odata } from './odata.ts';
import { endedKey, idOfKey } from './row-keys.ts';

/** By incident. Rows of older versions are here too, without facts, until the schedule has read their histories. */
const openPartition = 'incidents';
const endedPartition = 'ended-incidents';

export function incidentRows(table: Table): IncidentRows {
  const open = odata`PartitionKey eq ${openPartition}`;
  const ended = odata`PartitionKey eq ${endedPartition}`;
  return {
    async noteIncident(id) {
      try {
        await table.createEntity({ partitionKey: openPartition, rowKey: id });
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
    },
    async putIncident(row) {
      if (row.facts?.closedAtMs === undefined) return putOpen(table, row);
      // First where it belongs: a host that dies here leaves it in both places, and the schedule finds the open row.
      const rowKey = endedKey(row.facts.closedAtMs, row.id);
      await table.upsertEntity({ partitionKey: endedPartition, rowKey, ...columnsOf(row) }, 'Replace');
      await removeOpen(table, row);
    },
    openIncidents: () => listWhere(table, open, incidentIn),
    closedIncidents: (asked) => pageWhere(table, [ended], incidentIn, asked),
    async incidents() {
      const lists = [await listWhere(table, open, incidentIn), await listWhere(table, ended, incidentIn)];
      return [...new Set(lists.flatMap(({ rows }) => rows.map(({ id }) => id)))];
    },
  };
}

/** Another instance may write at the same time: what it read later stays. */
async function putOpen(table: Table, row: IncidentRow): Promise<void> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const before = await openRow(table, row.id);
    if (before !== undefined && isLater(before.row, row)) return;
    const keys = { partitionKey: openPartition, rowKey: row.id };
    const entity = { ...keys, ...columnsOf(row), writer: randomUUID() };
    if (await writeIfUnchanged(table, entity, before?.etag)) return;
  }
}

/** How often a write is tried when others write the same row. The schedule writes rows anew, so giving up loses nothing. */
const mostAttempts = 4;

/** Removes the open row of what has ended, unless it was opened again meanwhile. */
async function removeOpen(table: Table, row: IncidentRow): Promise<void> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const before = await openRow(table, row.id);
    if (before === undefined || isLater(before.row, row)) return;
    if (await removeIfUnchanged(table, openPartition, row.id, before.etag)) return;
  }
}

function isLater(one: IncidentRow | undefined, other: IncidentRow): boolean {
  return (one?.facts?.seq ?? 0) > (other.facts?.seq ?? 0);
}

async function openRow(
  table: Table,
  id: IncidentId,
): Promise<{ readonly row: IncidentRow | undefined; readonly etag: string } | undefined> {
  try {
    const entity = await table.getEntity(openPartition, id);
    return { row: incidentIn(entity), etag: entity.etag };
  } catch (error) {
    if (isNoRow(error)) return undefined;
    throw error;
  }
}

function columnsOf({ facts }: IncidentRow): Record<string, string> {
  return facts === undefined ? {} : { facts: JSON.stringify(facts) };
}

const storedFacts = z.object({
  seq: z.number(),
  cause: z.string(),
  sureness: z.enum(['confirmed', 'suspected', 'unexplained']),
  registry: z.string(),
  owner: z.string(),
  title: z.string(),
  state: z.enum(['open', 'resolved', 'withdrawn']),
  members: z.number(),
  apps: z.number(),
  occurrences: z.number(),
  openedAtMs: z.number(),
  closedAtMs: z.number().optional(),
});

/** The row of an entity; `undefined` where its key or its facts cannot be read: a newer version or a person wrote it. */
function incidentIn(entity: unknown): IncidentRow | undefined {
  const { rowKey, facts } = keysIn.safeParse(entity).data ?? {};
  const id = parseIncidentId(idOfKey(rowKey ?? '') ?? rowKey ?? '');
  if (id === undefined) return undefined;
  if (facts === undefined) return { id };
  try {
    const known = storedFacts.safeParse(JSON.parse(facts)).data;
    // A cause that this version does not know is only looked up by its name.
    return known === undefined ? undefined : { id, facts: known as IncidentRowFacts };
  } catch {
    return undefined;
  }
}

const keysIn = z.object({ rowKey: z.string(), facts: z.string().optional() });
