// The outbox in Azure Table Storage: a row for each incident and system, and for each remediation and system, written where it is still the
// one that was read.

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import {
  type About,
  aboutOf,
  isFinished,
  namesOf,
  type OutboxRow,
  type OutboxStore,
  type SystemStanding,
  type Versioned,
} from '../../incidents/outbox.ts';
import { parseIncidentId, parseRemediationId } from '../../words/target.ts';
import { isNoRow, removeIfUnchanged, writeIfUnchanged } from '../clients/rows.ts';
import type { Table } from '../clients/table.ts';
import { odata } from './odata.ts';

/** Incidents. */
const outbox = 'outbox';
/** Apart from the incidents, so that an older version does not take such a row for one of an incident that it cannot read. */
const remediations = 'remediations';
const partitions = [outbox, remediations] as const;
const systems = 'systems';

/** The most rows that one run of the schedule looks at. */
const mostDue = 500;

/** Two lists for each partition: what is dead has no instant. */
const unfinished = partitions.flatMap((partition) => [
  odata`PartitionKey eq ${partition} and dead eq true`,
  odata`PartitionKey eq ${partition} and dead eq false and dueAtMs ge ${'0'}`,
]);

/** The outbox of all instances. A row that cannot be read hides no other. */
export function outboxOf(table: Table): OutboxStore {
  return {
    newHolder: () => randomUUID(),
    async read(about, system) {
      const found = await oneIn(table, partitionOf(about), rowKeyOf(about, system), rowIn);
      return found === 'unreadable' ? undefined : found;
    },
    async write(row, version) {
      const about = aboutOf(row);
      const keys = { partitionKey: partitionOf(about), rowKey: rowKeyOf(about, row.system) };
      const due = row.dueAtMs === undefined ? {} : { dueAtMs: String(Math.floor(row.dueAtMs)).padStart(13, '0') };
      const entity = { ...keys, ...due, dead: row.dead === true, row: JSON.stringify(row), writer: randomUUID() };
      return (await writeIfUnchanged(table, entity, version)) ? 'written' : 'taken';
    },
    // The row keys of an incident lie between `ID|` and `ID}`, the next character.
    of: async (about) =>
      about === undefined
        ? []
        : rowsWhere(
            table,
            odata`PartitionKey eq ${partitionOf(about)} and RowKey ge ${`${about}|`} and RowKey lt ${`${about}}`}`,
          ),
    async due(atMs) {
      const until = String(Math.floor(atMs)).padStart(13, '0');
      const lists = partitions.map((partition) =>
        rowsWhere(table, odata`PartitionKey eq ${partition} and dueAtMs le ${until}`),
      );
      return (await Promise.all(lists))
        .flat()
        .map(({ value }) => value)
        .sort((a, b) => (a.dueAtMs ?? 0) - (b.dueAtMs ?? 0))
        .slice(0, mostDue);
    },
    async unfinished() {
      const lists = await Promise.all(unfinished.map((filter) => rowsWhere(table, filter)));
      return lists
        .flat()
        .map(({ value }) => value)
        .filter((row) => !isFinished(row));
    },
    setAside: (about, system) => setAside(table, partitionOf(about), rowKeyOf(about, system)),
    remove: async (about, system, version) =>
      (await removeIfUnchanged(table, partitionOf(about), rowKeyOf(about, system), version)) ? 'removed' : 'taken',
    async unreadable() {
      const aside = partitions.map((partition) => odata`PartitionKey eq ${partition} and aside eq true`);
      const lists = await Promise.all([...unfinished, ...aside].map((filter) => unreadableWhere(table, filter)));
      // A row can be due and set aside at once.
      return [...new Set(lists.flat())].map((rowKey) => rowKey.slice(rowKey.indexOf('|') + 1));
    },
    standing: (system) => oneIn(table, systems, system, standingIn),
    async writeStanding(standing, version) {
      const keys = { partitionKey: systems, rowKey: standing.system };
      const entity = { ...keys, standing: JSON.stringify(standing), writer: randomUUID() };
      return (await writeIfUnchanged(table, entity, version)) ? 'written' : 'taken';
    },
  };
}

function partitionOf(about: About): string {
  return parseIncidentId(about) === undefined ? remediations : outbox;
}

function rowKeyOf(about: About, system: string): string {
  return `${about}|${system}`;
}

async function oneIn<T>(
  table: Table,
  partitionKey: string,
  rowKey: string,
  read: (entity: Record<string, unknown>) => T | undefined,
): Promise<Versioned<T> | 'unreadable' | undefined> {
  try {
    const entity = await table.getEntity(partitionKey, rowKey);
    const value = read(entity);
    return value === undefined ? 'unreadable' : { value, version: entity.etag };
  } catch (error) {
    if (isNoRow(error)) return undefined;
    throw error;
  }
}

async function rowsWhere(table: Table, filter: string): Promise<Versioned<OutboxRow>[]> {
  const rows: Versioned<OutboxRow>[] = [];
  for await (const entity of table.listEntities({ queryOptions: { filter } })) {
    const value = rowIn(entity);
    if (value !== undefined) rows.push({ value, version: entity.etag });
  }
  return rows;
}

async function setAside(table: Table, partition: string, rowKey: string): Promise<'set-aside' | 'not-there'> {
  try {
    const entity = await table.getEntity(partition, rowKey);
    if (rowIn(entity) !== undefined) return 'not-there';
    // Only the mark is written. On a row that its own version wrote meanwhile it does no harm: that row is read, and loses it when written.
    if (entity['aside'] !== true) await table.updateEntity({ partitionKey: partition, rowKey, aside: true }, 'Merge');
    return 'set-aside';
  } catch (error) {
    if (isNoRow(error)) return 'not-there';
    throw error;
  }
}

/** The row keys of those that cannot be read. */
async function unreadableWhere(table: Table, filter: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const entity of table.listEntities({ queryOptions: { filter } }))
    if (rowIn(entity) === undefined) keys.push(String(entity.rowKey));
  return keys;
}

const failure = z.looseObject({
  why: z.enum(['key-refused', 'throttled', 'message-refused', 'no-answer', 'switched-off', 'gone']),
  detail: z.string(),
  waitMs: z.number().optional(),
});
const stage = z.enum(['asked', 'reminded', 'answered', 'expired']);
const call = z.union([
  z.object({ do: z.enum(['open', 'update', 'resolve', 'reopen']) }),
  z.object({ do: z.enum(['ask', 'answered']), question: z.string(), stage }),
]);
const storedRow = z.object({
  incident: z.string().optional(),
  remediation: z.string().optional(),
  system: z.string(),
  dueAtMs: z.number().optional(),
  awaits: z.object({ seq: z.number(), untilMs: z.number() }).optional(),
  state: z.enum(['new', 'open', 'resolved']),
  opening: z.number(),
  external: z
    .object({ id: z.string(), url: z.string().optional(), more: z.record(z.string(), z.string()).optional() })
    .optional(),
  toldSeq: z.number(),
  toldAtMs: z.number().optional(),
  asked: z.record(z.string(), stage),
  begun: z
    .object({
      call,
      delivery: z.string(),
      seq: z.number(),
      atMs: z.number(),
      leaseUntilMs: z.number(),
      holder: z.string(),
      again: z.boolean(),
      receipt: z.string().optional(),
    })
    .optional(),
  tries: z.number(),
  failure: failure.extend({ atMs: z.number() }).optional(),
  dead: z.literal(true).optional(),
});
const storedStanding = z.object({
  system: z.string(),
  refused: z.object({ sinceMs: z.number(), nextTryAtMs: z.number(), detail: z.string() }).optional(),
  pausedUntilMs: z.number().optional(),
  offSinceMs: z.number().optional(),
});

/** `undefined` where the row cannot be read: a newer version may have written it. A row under the keys of another one is forged. */
function rowIn(entity: Record<string, unknown>): OutboxRow | undefined {
  const row = parsed(storedRow, entity['row']);
  const about = parseIncidentId(row?.incident ?? '') ?? parseRemediationId(row?.remediation ?? '')?.id;
  if (row === undefined || about === undefined) return undefined;
  const { incident: _incident, remediation: _remediation, ...kept } = row;
  return entity['rowKey'] === rowKeyOf(about, row.system) ? ({ ...kept, ...namesOf(about) } as OutboxRow) : undefined;
}

function standingIn(entity: Record<string, unknown>): SystemStanding | undefined {
  return parsed(storedStanding, entity['standing']) as SystemStanding | undefined;
}

function parsed<T>(schema: z.ZodType<T>, text: unknown): T | undefined {
  try {
    return schema.safeParse(JSON.parse(String(text))).data;
  } catch {
    return undefined;
  }
}
