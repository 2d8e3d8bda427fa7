// Histories and lists in Azure Table Storage. An entry is one insert at the next number, chained to the one before by its hash.
import { odata, RestError, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { parseArmId } from '../arm-id.ts';
import type { Fact } from '../fact.ts';
import { known, unreadable } from '../fact.ts';
import type { StoredEntry } from '../history.ts';
import type { IndexRow, Ledger, Ports } from '../ports.ts';
import type { IncidentId } from '../target.ts';
import { parseIncidentId, parseRemediationId } from '../target.ts';
import { sha256 } from './hash.ts';
import type { StorageConnection } from './storage-connection.ts';

/** A string property holds 64 KiB, that is 32 Ki UTF-16 units; an entry is cut into as many properties as it needs. */
const partLength = 30_000;
const mostParts = 15;
const genesis = '0'.repeat(64);

/** An entry that somebody edited, removed or invented. Nothing is decided on such a history. */
export class BrokenChain extends Error {
  override readonly name = 'BrokenChain';
}

/** An entry too large to be stored whole; it is refused, because half an entry is a lie. */
export class EntryTooLarge extends Error {
  override readonly name = 'EntryTooLarge';
}

const row = z.looseObject({
  partitionKey: z.string(),
  rowKey: z.string().regex(/^\d{10}$/),
  atMs: z.number(),
  hash: z.string(),
  parts: z.number(),
});

/**
 * JSON in ASCII. Azurite decodes each piece of a large request by itself, and a letter of several bytes that lies across two pieces is
 * lost: the history would not add up any more.
 */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function rowKey(seq: number): string {
  return String(seq).padStart(10, '0');
}

function chained(partition: string, seq: number, atMs: number, text: string, before: string): string {
  return sha256(`${before}|${partition}|${seq}|${atMs}|${text}`);
}

function textOf(entity: z.infer<typeof row>): string {
  return Array.from({ length: entity.parts }, (_, index) => z.string().parse(entity[`part${index}`])).join('');
}

function toEntity(
  partition: string,
  seq: number,
  atMs: number,
  text: string,
  hash: string,
): Record<string, string | number> & { partitionKey: string; rowKey: string } {
  const parts = Math.max(1, Math.ceil(text.length / partLength));
  if (parts > mostParts) throw new EntryTooLarge(`An entry of ${text.length} characters is too large.`);
  const cut = Array.from(
    { length: parts },
    (_, index) => [`part${index}`, text.slice(index * partLength, (index + 1) * partLength)] as const,
  );
  return { partitionKey: partition, rowKey: rowKey(seq), atMs: String(atMs), hash, parts, ...Object.fromEntries(cut) };
}

function isConflict(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 409;
}

function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}

/** Reads a partition and verifies the chain from its first entry. */
async function readChain(
  table: TableClient,
  partition: string,
): Promise<{ entries: StoredEntry<unknown>[]; head: string }> {
  const entries: StoredEntry<unknown>[] = [];
  let head = genesis;
  const rows = table.listEntities({ queryOptions: { filter: odata`PartitionKey eq ${partition}` } });
  for await (const entity of rows) {
    const read = row.parse({ ...entity, atMs: Number(entity['atMs']) });
    const seq = Number(read.rowKey);
    const text = textOf(read);
    const hash = chained(partition, seq, read.atMs, text, head);
    if (seq !== entries.length + 1 || hash !== read.hash)
      throw new BrokenChain(`The history ${partition} does not add up at entry ${read.rowKey}.`);
    head = hash;
    entries.push({ seq, atMs: read.atMs, entry: JSON.parse(text) as unknown });
  }
  return { entries, head };
}

/** The last entry of a chain and the hash over everything before it. */
export interface Head {
  readonly partition: string;
  readonly seq: number;
  readonly hash: string;
}

/**
 * A hash-chained ledger over one table. `onHead` is told of every new head: kept elsewhere, it shows a history that was removed or
 * written anew as a whole. `kinds` are the entries that this version knows: a history with any other was written by a
 * newer version and is not read at all.
 */
export function ledger<T extends { readonly kind: string }>(
  table: TableClient,
  kinds: readonly T['kind'][],
  now: () => number,
  onHead: (head: Head) => void = () => undefined,
): Ledger<T> {
  const heads = new Map<string, { seq: number; hash: string }>();
  function checked(stored: StoredEntry<unknown>): StoredEntry<T> {
    const kind = z.object({ kind: z.string() }).parse(stored.entry).kind;
    if (!kinds.some((knownKind) => knownKind === kind))
      throw new BrokenChain(`The history holds an entry of an unknown kind.`);
    // The chain proves that this is what an append of ours wrote.
    return stored as StoredEntry<T>;
  }
  return {
    async read(partition) {
      const { entries, head } = await readChain(table, partition);
      heads.set(partition, { seq: entries.length, hash: head });
      return entries.map(checked);
    },
    async append(partition, after, entry) {
      let head = heads.get(partition);
      if (head?.seq !== after) {
        const chain = await readChain(table, partition);
        if (chain.entries.length !== after) return 'taken';
        head = { seq: after, hash: chain.head };
      }
      const text = asciiJson(entry);
      const atMs = now();
      const hash = chained(partition, after + 1, atMs, text, head.hash);
      try {
        await table.createEntity(toEntity(partition, after + 1, atMs, text, hash));
      } catch (error) {
        heads.delete(partition);
        if (isConflict(error)) return 'taken';
        throw error;
      }
      heads.delete(partition);
      onHead({ partition, seq: after + 1, hash });
      return 'appended';
    },
  };
}

const indexPartition = 'remediations';
const incidentPartition = 'incidents';

const indexEntity = z
  .object({
    rowKey: z.string(),
    appId: z.string(),
    closed: z.boolean(),
    needsPerson: z.boolean(),
    asleep: z.boolean().default(false),
    dueAtMs: z.coerce.number(),
    seq: z.number(),
    updatedAtMs: z.coerce.number(),
  })
  .transform((entity, context): IndexRow => {
    const id = parseRemediationId(entity.rowKey);
    const appId = parseArmId(entity.appId);
    if (id === undefined || appId === undefined) {
      context.addIssue({ code: 'custom', message: 'not an index row' });
      return z.NEVER;
    }
    const { rowKey: _key, appId: _app, ...fields } = entity;
    return { remediation: id.id, targetId: id.target, appId, ...fields };
  });

async function rowsWhere(table: TableClient, filter: string): Promise<IndexRow[]> {
  const rows: IndexRow[] = [];
  for await (const entity of table.listEntities({ queryOptions: { filter } })) rows.push(indexEntity.parse(entity));
  return rows;
}

/** The index: derived rows for lists and for finding what is overdue. */
export function indexOf(table: TableClient): Ports['index'] {
  return {
    async put({ remediation, targetId: _target, ...fields }) {
      const numbers = { dueAtMs: String(fields.dueAtMs), updatedAtMs: String(fields.updatedAtMs) };
      await table.upsertEntity({ partitionKey: indexPartition, rowKey: remediation, ...fields, ...numbers }, 'Replace');
    },
    live: () => rowsWhere(table, odata`PartitionKey eq ${indexPartition} and closed eq false`),
    liveOf: (appId) =>
      rowsWhere(table, odata`PartitionKey eq ${indexPartition} and closed eq false and appId eq ${appId}`),
    all: () => rowsWhere(table, odata`PartitionKey eq ${indexPartition}`),
    asleep: () => rowsWhere(table, odata`PartitionKey eq ${indexPartition} and closed eq true and asleep eq true`),
    async noteIncident(id) {
      await table.upsertEntity({ partitionKey: incidentPartition, rowKey: id }, 'Replace');
    },
    async incidents() {
      const ids: IncidentId[] = [];
      for await (const entity of table.listEntities({
        queryOptions: { filter: odata`PartitionKey eq ${incidentPartition}` },
      })) {
        const id = parseIncidentId(entity.rowKey ?? '');
        if (id !== undefined) ids.push(id);
      }
      return ids;
    },
  };
}

const killSwitchRow = z.object({ on: z.boolean() });

/** Reads the kill switch. No row means off; anything that is not an answer is unreadable, and that means on. */
export async function readKillSwitch(table: TableClient): Promise<Fact<boolean>> {
  try {
    return known(killSwitchRow.parse(await table.getEntity('controls', 'kill-switch')).on);
  } catch (error) {
    // A missing row answers ResourceNotFound; a missing table answers TableNotFound, and that is no answer.
    if (
      isMissing(error) &&
      error instanceof RestError &&
      /ResourceNotFound/.test(`${error.code ?? ''} ${error.message}`)
    )
      return known(false);
    return unreadable('unavailable');
  }
}

export interface Tables {
  readonly history: TableClient;
  readonly incidents: TableClient;
  readonly deployment: TableClient;
  readonly index: TableClient;
  readonly controls: TableClient;
  readonly letters: TableClient;
}

const names = {
  history: 'pullmedichistory',
  incidents: 'pullmedicincidents',
  deployment: 'pullmedicdeployment',
  index: 'pullmedicindex',
  controls: 'pullmediccontrols',
  letters: 'pullmedicdeadletters',
} as const;

/** Clients of our tables; they are made in storage by {@link createTables}. */
export function connectTables(connection: StorageConnection): Tables {
  return {
    history: connection.table(names.history),
    incidents: connection.table(names.incidents),
    deployment: connection.table(names.deployment),
    index: connection.table(names.index),
    controls: connection.table(names.controls),
    letters: connection.table(names.letters),
  };
}

/** Makes the tables where they are missing. Safe to repeat. */
export async function createTables(tables: Tables): Promise<void> {
  await Promise.all(Object.values(tables).map((table: TableClient) => table.createTable()));
}
