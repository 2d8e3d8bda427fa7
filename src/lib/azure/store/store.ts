// Histories and lists in Azure Table Storage. Each entry is one insert under the next number, and its hash covers the entry before it.

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Ledger, StoredEntry } from '../../history/ledger.ts';
import { UnreadableHistory } from '../../history/ledger.ts';
import { latest } from '../../words/latest.ts';
import { sha256 } from '../clients/hash.ts';
import { isConflict, isOurs } from '../clients/rows.ts';
import type { Table } from '../clients/table.ts';
import { odata } from './odata.ts';

/** A string property holds 64 KiB, that is 32 Ki UTF-16 units. A longer entry is split into several properties. */
const partLength = 30_000;
const mostParts = 15;
const genesis = '0'.repeat(64);

/** An entry was edited, removed or inserted by hand, or a newer version wrote it. */
export class BrokenChain extends UnreadableHistory {
  override readonly name = 'BrokenChain';
}

/** The entry is too large to be stored. It is refused, because a truncated entry would be wrong. */
export class EntryTooLarge extends Error {
  override readonly name = 'EntryTooLarge';
}

const row = z.looseObject({
  partitionKey: z.string(),
  rowKey: z.string().regex(/^\d{10}$/),
  atMs: z.number(),
  hash: z.string(),
  parts: z.int().min(1).max(mostParts),
});

function rowKey(seq: number): string {
  return String(seq).padStart(10, '0');
}

function chained(partition: string, seq: number, atMs: number, text: string, before: string): string {
  return sha256(`${before}|${partition}|${seq}|${atMs}|${text}`);
}

/** The text of an entry; `undefined` where one of its parts is missing. */
function partsOf(entity: z.infer<typeof row>): string | undefined {
  const parts = Array.from({ length: entity.parts }, (_, index) => entity[`part${index}`]);
  return parts.every((part) => typeof part === 'string') ? parts.join('') : undefined;
}

/** A row as this store writes it, with its text. A row of any other form is a history that does not add up. */
function rowIn(partition: string, entity: unknown): { read: z.infer<typeof row>; text: string } {
  const read = row.safeParse(entity);
  const text = read.success ? partsOf(read.data) : undefined;
  if (!read.success || text === undefined)
    throw new BrokenChain('broken', `The history ${partition} does not add up: a row has another form.`);
  return { read: read.data, text };
}

/**
 * JSON in printable ASCII. It can be split at any position, and software on the way that reads bytes cannot damage half a character. One
 * changed character in a stored entry would make the whole history unreadable.
 */
function asciiJson(entry: unknown): string {
  return JSON.stringify(entry).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
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

interface Chain {
  readonly entries: readonly StoredEntry<unknown>[];
  readonly head: string;
}

const emptyChain: Chain = { entries: [], head: genesis };

/** Reads the entries after a verified chain and verifies that they continue it. After the empty chain it reads the whole partition. */
async function readChain(table: Table, partition: string, before: Chain = emptyChain): Promise<Chain> {
  const added: StoredEntry<unknown>[] = [];
  const known = before.entries.length;
  let { head } = before;
  const last = rowKey(known);
  const rows = table.listEntities({
    queryOptions: { filter: odata`PartitionKey eq ${partition} and RowKey gt ${last}` },
  });
  for await (const entity of rows) {
    const { read, text } = rowIn(partition, { ...entity, atMs: Number(entity['atMs']) });
    const seq = Number(read.rowKey);
    const hash = chained(partition, seq, read.atMs, text, head);
    if (seq !== known + added.length + 1 || hash !== read.hash)
      throw new BrokenChain('broken', `The history ${partition} does not add up at entry ${read.rowKey}.`);
    head = hash;
    added.push({ seq, atMs: read.atMs, entry: JSON.parse(text) as unknown });
  }
  return added.length === 0 ? before : { entries: [...before.entries, ...added], head };
}

/** How many partitions of a shared ledger stay in memory, and for how long (ms) until a partition is read and verified again as a whole. */
const mostKept = 100;
const keptForMs = 10 * 60_000;
/** How many heads of partitions stay in memory: the next append to such a partition need not read it first. */
const mostHeads = 500;

export interface Head {
  readonly partition: string;
  readonly seq: number;
  readonly hash: string;
}

/**
 * A hash-chained ledger over one table. `onHead` gets every new head; heads that are kept elsewhere reveal a history that was removed or
 * rewritten as a whole. `kinds` are the entry kinds that this version knows: a newer version wrote a history with any other kind, and
 * reading it throws {@link BrokenChain}. Many instances write to a `shared` ledger at once, so it keeps entries that were verified a
 * short time ago and reads only the ones after them.
 */
export function ledger<T extends { readonly kind: string }>(
  table: Table,
  kinds: readonly T['kind'][],
  now: () => number,
  onHead: (head: Head) => void = () => undefined,
  shared = false,
): Ledger<T> {
  const heads = latest<string, { seq: number; hash: string }>(mostHeads);
  const kept = latest<string, { chain: Chain; sinceMs: number }>(mostKept);
  function checked(stored: StoredEntry<unknown>): StoredEntry<T> {
    const kind = z.object({ kind: z.string() }).parse(stored.entry).kind;
    if (!kinds.some((knownKind) => knownKind === kind))
      throw new BrokenChain('newer-version', 'The history holds an entry of an unknown kind.');
    // The chain proves that our own `append` wrote this entry.
    return stored as StoredEntry<T>;
  }
  async function chainOf(partition: string): Promise<Chain> {
    const before = shared ? kept.get(partition) : undefined;
    const young = before !== undefined && now() - before.sinceMs < keptForMs ? before : undefined;
    const chain = await readChain(table, partition, young?.chain);
    if (shared) kept.put(partition, { chain, sinceMs: young?.sinceMs ?? now() });
    return chain;
  }
  return {
    async read(partition) {
      const { entries, head } = await chainOf(partition);
      heads.put(partition, { seq: entries.length, hash: head });
      return entries.map(checked);
    },
    async append(partition, after, entry) {
      let head = heads.get(partition);
      if (head?.seq !== after) {
        const chain = await chainOf(partition);
        if (chain.entries.length !== after) return 'taken';
        head = { seq: after, hash: chain.head };
      }
      const text = asciiJson(entry);
      const atMs = now();
      const hash = chained(partition, after + 1, atMs, text, head.hash);
      const entity = { ...toEntity(partition, after + 1, atMs, text, hash), writer: randomUUID() };
      heads.drop(partition);
      try {
        await table.createEntity(entity);
      } catch (error) {
        if (!isConflict(error)) throw error;
        if (!(await isOurs(table, entity))) return 'taken';
      }
      onHead({ partition, seq: after + 1, hash });
      return 'appended';
    },
  };
}

/** Our tables: in the running app {@link Table}, elsewhere the SDK's own clients, which can do more. */
export type Tables<T extends Table = Table> = Readonly<Record<keyof typeof names, T>>;

const names = {
  history: 'pullmedichistory',
  incidents: 'pullmedicincidents',
  deployment: 'pullmedicdeployment',
  index: 'pullmedicindex',
  controls: 'pullmediccontrols',
  letters: 'pullmedicdeadletters',
  outbox: 'pullmedicoutbox',
} as const;

/** The clients of our tables. {@link createTables} makes the tables themselves. */
export function connectTables<T extends Table>(connection: { table(name: string): T }): Tables<T> {
  return {
    history: connection.table(names.history),
    incidents: connection.table(names.incidents),
    deployment: connection.table(names.deployment),
    index: connection.table(names.index),
    controls: connection.table(names.controls),
    letters: connection.table(names.letters),
    outbox: connection.table(names.outbox),
  };
}

/** Creates the tables that are missing. Safe to repeat. */
export async function createTables(tables: Tables): Promise<void> {
  await Promise.all(Object.values(tables).map((table: Table) => table.createTable()));
}
