// One hash-chained history as it stands in storage: rows of a table, of which the oldest may have moved into a blob. The chain proves that
// what is put together from both is what was written.

import * as z from 'zod';
import type { StoredEntry } from '../../history/ledger.ts';
import { type HistoryTrouble, UnreadableHistory } from '../../history/ledger.ts';
import { sha256 } from '../clients/hash.ts';
import type { Table } from '../clients/table.ts';
import { odata } from './odata.ts';

/** An entry was edited, removed or inserted by hand, or a newer version wrote it. */
export class BrokenChain extends UnreadableHistory {
  override readonly name = 'BrokenChain';
}

/** The entry is too large to be stored. It is refused, because a truncated entry would be wrong. */
export class EntryTooLarge extends Error {
  override readonly name = 'EntryTooLarge';
}

/** An entry as it is stored, in a row of the table or in a line of the archive. */
export interface Link {
  readonly seq: number;
  readonly atMs: number;
  /** Covers the hash of the entry before, the partition, the number, the time and the text. */
  readonly hash: string;
  /** JSON in printable ASCII. */
  readonly text: string;
}

/** A verified history, from its first entry on. */
export interface Chain {
  readonly entries: readonly StoredEntry<unknown>[];
  readonly head: string;
}

export const emptyChain: Chain = { entries: [], head: '0'.repeat(64) };

/**
 * The links that the archive holds of a partition, by their numbers; `undefined` where it holds nothing of it. Throws {@link BrokenChain} where
 * what it holds cannot be read, and any other error where it does not answer.
 */
export type ReadArchive = (partition: string) => Promise<ReadonlyMap<number, Link> | undefined>;

/**
 * Reads the entries after a verified chain and verifies that they continue it. After the empty chain it reads the whole partition. The archive
 * is asked only where the table lacks entries: those come from there, and say so.
 */
export async function readChain(
  table: Table,
  partition: string,
  before: Chain = emptyChain,
  readArchive?: ReadArchive,
): Promise<Chain> {
  const rows = (await readRows(table, partition, before.entries.length)).map(({ link }) => link);
  return continued(partition, before, rows, readArchive);
}

/** Adds the links of rows to a verified chain. {@link readChain} says how. */
export async function continued(
  partition: string,
  before: Chain,
  rows: readonly Link[],
  readArchive?: ReadArchive,
): Promise<Chain> {
  const known = before.entries.length;
  const hasGap = rows.some(({ seq }, at) => seq !== known + at + 1);
  if (!hasGap) return verified(partition, before, rows, nothingArchived);
  if (readArchive === undefined) throw doesNotAddUp(partition, 'broken', rows[0]?.seq ?? 0);
  const archived = await readArchive(partition);
  // Archiving takes entries from the beginning. A gap behind rows that are there is its trace only where it was interrupted.
  if (archived === undefined)
    throw doesNotAddUp(partition, rows[0]?.seq === known + 1 ? 'broken' : 'archive-missing', rows[0]?.seq ?? 0);
  const inTable = new Map(rows.map((row) => [row.seq, row]));
  const links: Link[] = [];
  for (let seq = known + 1; seq <= (rows.at(-1)?.seq ?? 0); seq += 1) {
    const link = inTable.get(seq) ?? archived.get(seq);
    if (link === undefined) throw doesNotAddUp(partition, 'archive-broken', seq);
    links.push(link);
  }
  return verified(partition, before, links, (link) => !inTable.has(link.seq));
}

function nothingArchived(): boolean {
  return false;
}

function verified(
  partition: string,
  before: Chain,
  links: readonly Link[],
  isArchived: (link: Link) => boolean,
): Chain {
  if (links.length === 0) return before;
  const entries = [...before.entries];
  let { head } = before;
  let afterArchived = entries.at(-1)?.archived === true;
  for (const link of links) {
    const archived = isArchived(link);
    // A row that does not follow an entry of the archive: the table is what was written last, so the archive is in doubt.
    const why = archived || afterArchived ? 'archive-broken' : 'broken';
    if (link.seq !== entries.length + 1 || hashOf(partition, link, head) !== link.hash)
      throw doesNotAddUp(partition, why, link.seq);
    head = link.hash;
    afterArchived = archived;
    const entry = { seq: link.seq, atMs: link.atMs, entry: JSON.parse(link.text) as unknown };
    entries.push(archived ? { ...entry, archived } : entry);
  }
  return { entries, head };
}

function doesNotAddUp(partition: string, why: HistoryTrouble, seq: number): BrokenChain {
  return new BrokenChain(why, `The history ${partition} does not add up at entry ${seq} (${why}).`);
}

/** The hash of the link that follows a head. */
export function hashOf(partition: string, { seq, atMs, text }: Omit<Link, 'hash'>, head: string): string {
  return sha256(`${head}|${partition}|${seq}|${atMs}|${text}`);
}

/**
 * JSON in printable ASCII. It can be split at any position, and software on the way that reads bytes cannot damage half a character. One
 * changed character in a stored entry would make the whole history unreadable.
 */
export function asciiJson(entry: unknown): string {
  return JSON.stringify(entry).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A string property holds 64 KiB, that is 32 Ki UTF-16 units. A longer entry is split into several properties. */
const partLength = 30_000;
const mostParts = 15;

/** The row of a link. Throws {@link EntryTooLarge}. */
export function rowOfLink(
  partition: string,
  { seq, atMs, hash, text }: Link,
): Record<string, string | number> & { partitionKey: string; rowKey: string } {
  const parts = Math.max(1, Math.ceil(text.length / partLength));
  if (parts > mostParts) throw new EntryTooLarge(`An entry of ${text.length} characters is too large.`);
  const cut = Array.from(
    { length: parts },
    (_, index) => [`part${index}`, text.slice(index * partLength, (index + 1) * partLength)] as const,
  );
  return { partitionKey: partition, rowKey: rowKey(seq), atMs: String(atMs), hash, parts, ...Object.fromEntries(cut) };
}

/** The key of the row with this number. */
export function rowKey(seq: number): string {
  return String(seq).padStart(10, '0');
}

export interface LinkRow {
  readonly link: Link;
  readonly etag: string;
}

/** The rows of a partition after this number, in their order. Throws {@link BrokenChain} where one is none that this store writes. */
export async function readRows(table: Table, partition: string, after = 0): Promise<readonly LinkRow[]> {
  const last = rowKey(after);
  const found: LinkRow[] = [];
  const rows = table.listEntities({
    queryOptions: { filter: odata`PartitionKey eq ${partition} and RowKey gt ${last}` },
  });
  for await (const entity of rows) found.push({ link: linkIn(partition, entity), etag: entity.etag });
  return found;
}

const storedRow = z.looseObject({
  rowKey: z.string().regex(/^\d{10}$/),
  atMs: z.coerce.number(),
  hash: z.string(),
  parts: z.int().min(1).max(mostParts),
});

function linkIn(partition: string, entity: unknown): Link {
  const row = storedRow.safeParse(entity);
  const text = row.success ? partsOf(row.data) : undefined;
  if (!row.success || text === undefined)
    throw new BrokenChain('broken', `The history ${partition} does not add up: a row has another form.`);
  const { rowKey: key, atMs, hash } = row.data;
  return { seq: Number(key), atMs, hash, text };
}

/** The text of an entry; `undefined` where one of its parts is missing. */
function partsOf(entity: z.infer<typeof storedRow>): string | undefined {
  const parts = Array.from({ length: entity.parts }, (_, index) => entity[`part${index}`]);
  return parts.every((part) => typeof part === 'string') ? parts.join('') : undefined;
}
