// Moves the oldest entries of a history from its table into an append blob. docs/decisions/0012-archive-of-histories.md says why so.
//
// The order of the steps is what keeps a crash harmless: the blob is written, read back and compared before a row is removed, and each step
// done twice has the effect of one. The row of the last entry that moved stays, so a partition never looks empty, and a version that knows no
// archive reads a history that does not add up instead of one that never was.

import type { RestError } from '@azure/core-rest-pipeline';
import type { Entry } from '../../history/entries.ts';
import type { StoredEntry } from '../../history/ledger.ts';
import type { Moved } from '../../ports/archive.ts';
import type { AppendBlobs } from '../clients/append-blobs.ts';
import { isRestError } from '../clients/rest-error.ts';
import { removeIfUnchanged } from '../clients/rows.ts';
import type { Table } from '../clients/table.ts';
import { blobOf, blocksOf, headerOf, isPlain, lineOf, linksIn } from './archive-text.ts';
import {
  BrokenChain,
  continued,
  emptyChain,
  type Link,
  type LinkRow,
  type ReadArchive,
  readRows,
  rowKey,
} from './chain.ts';

/** Moves the entries of one partition. `HistoryArchive.move` says what it promises. */
export async function moveToArchive(
  table: Table,
  blobs: AppendBlobs,
  partition: string,
  upTo: (entries: readonly StoredEntry<Entry>[]) => number,
): Promise<Moved> {
  try {
    return await moving(table, blobs, partition, upTo);
  } catch (error) {
    if (!(error instanceof NoAnswerForBlob)) throw error;
    return { kind: 'not-now', says: error.message };
  }
}

async function moving(
  table: Table,
  blobs: AppendBlobs,
  partition: string,
  upTo: (entries: readonly StoredEntry<Entry>[]) => number,
): Promise<Moved> {
  const rows = await readRows(table, partition);
  const inTable = rows.map(({ link }) => link);
  let archived: ReadonlyMap<number, Link> | undefined;
  const chain = await continued(partition, emptyChain, inTable, async () => {
    archived = linksOf(partition, await reading(blobs, partition));
    return archived;
  });
  // The chain proves that our own ledger wrote these entries.
  const last = upTo(chain.entries as readonly StoredEntry<Entry>[]);
  const toRemove = rows.filter(({ link }) => link.seq < last);
  if (toRemove.length === 0) return { kind: 'moved', removed: 0 };
  const links = new Map([...(archived ?? []), ...inTable.map((link) => [link.seq, link] as const)]);
  const lines = chain.entries.flatMap(({ seq }) => {
    const link = links.get(seq);
    return link === undefined ? [] : [lineOf(link)];
  });
  // Version 0.1.0 kept other characters as they are. A line of the archive cannot, and the hash covers them, so they stay in the table.
  if (!lines.slice(0, last).every(isPlain))
    throw new BrokenChain('archive-refused', `The archive cannot hold ${partition}.`);
  if ((await holdsNow(blobs, partition, { lines, last }, archived !== undefined)) === 'busy') return { kind: 'busy' };
  return { kind: 'moved', removed: await remove(table, partition, toRemove) };
}

/** Reads the archive of a partition where the table lacks entries. */
export function archiveIn(blobs: AppendBlobs = noBlobs): ReadArchive {
  return async (partition) => linksOf(partition, await readBlob(blobs, partition));
}

function linksOf(partition: string, text: string | undefined): ReadonlyMap<number, Link> | undefined {
  return text === undefined ? undefined : new Map(linksIn(partition, text).map((link) => [link.seq, link]));
}

/** A refusal is an answer about this history: to ask again would bring the same. Other trouble passes, and is thrown as it is. */
async function readBlob(blobs: AppendBlobs, partition: string): Promise<string | undefined> {
  try {
    return await blobs.read(blobOf(partition));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw refused(partition, 'read', error);
  }
}

/** Storage gives no answer for the blob of this history, while it takes others. It may pass. */
class NoAnswerForBlob extends Error {
  override readonly name = 'NoAnswerForBlob';
}

/**
 * A request of what moves histories. Trouble with this one blob (it is of another type, under a lease, a policy or a condition of a role, or
 * storage does not answer for it) stops no other history, so it is an answer about this history. Trouble with all of them, as where rights are
 * missing or storage is away, is thrown as it is. The blob {@link aboutBlob} tells which it is.
 */
async function ofThisBlob<T>(
  blobs: AppendBlobs,
  partition: string,
  what: 'read' | 'written',
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(isRefusal(error) || isSilence(error)) || !(await takesOthers(blobs))) throw error;
    if (isRefusal(error)) throw refused(partition, what, error);
    throw new NoAnswerForBlob(`The archive of ${partition} could not be ${what}: ${saidBy(error)}`);
  }
}

/** The client gave up on an answer, or storage was busy or failed each time that it was asked. */
function isSilence(error: unknown): error is Error {
  if (!isRestError(error)) return error instanceof Error && error.name === 'AbortError';
  return error.statusCode !== 404 && !isRefusal(error);
}

/** A message about a connection that broke may hold an address; one of an answer does not. */
function saidBy(error: Error): string {
  return isRestError(error) && error.statusCode !== undefined ? error.message : 'storage gave no answer';
}

function reading(blobs: AppendBlobs, partition: string): Promise<string | undefined> {
  return ofThisBlob(blobs, partition, 'read', () => blobs.read(blobOf(partition)));
}

/**
 * To ask again brings the same, until a person changes something. What is missing (404) may be made anew; 408 and 429 pass, as all above 499
 * do: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
 */
function isRefusal(error: unknown): error is RestError {
  const status = isRestError(error) ? (error.statusCode ?? 0) : 0;
  return status >= 400 && status < 500 && status !== 404 && status !== 408 && status !== 429;
}

function refused(partition: string, what: 'read' | 'written', { message }: RestError): BrokenChain {
  return new BrokenChain('archive-refused', `The archive of ${partition} may not be ${what}: ${message}`);
}

/** A blob beside those of the histories. It is made where one of those is refused. */
const aboutBlob = 'about.txt';
const about = 'Histories of pullmedic, one blob for each app and image.\n';

/** True if storage takes a blob that is none of a history, and gives it back. */
async function takesOthers(blobs: AppendBlobs): Promise<boolean> {
  try {
    await blobs.create(aboutBlob);
    if ((await blobs.read(aboutBlob)) === '') await blobs.append(aboutBlob, 0, about);
    return true;
  } catch {
    return false;
  }
}

/** All lines of a history, and how many of them the archive has to hold. */
interface Wanted {
  readonly lines: readonly string[];
  readonly last: number;
}

/** Has the blob hold these lines, and reads it back. `busy`: another instance writes it. Throws {@link BrokenChain} where it holds others. */
async function holdsNow(
  blobs: AppendBlobs,
  partition: string,
  { lines, last }: Wanted,
  isThere: boolean,
): Promise<'holds' | 'busy'> {
  const blob = blobOf(partition);
  const writing = <T>(write: () => Promise<T>): Promise<T> => ofThisBlob(blobs, partition, 'written', write);
  const header = headerOf(partition);
  const wanted = [header, ...lines.slice(0, last)];
  const leastText = wanted.join('');
  const mostText = [header, ...lines].join('');
  // An instance whose clock is ahead may have archived more than is wanted here: further entries of the same history, and whole ones.
  const holds = (text: string): boolean =>
    text.startsWith(leastText) && mostText.startsWith(text) && text.endsWith('\n');
  const isNew = !isThere && (await writing(() => blobs.create(blob))) === 'created';
  const before = isNew ? '' : await readBack(blobs, partition);
  if (!leastText.startsWith(before) && !holds(before)) throw holdsSomethingElse(partition);
  let length = before.length;
  for (const block of blocksOf(textAfter(wanted, length))) {
    if ((await writing(() => blobs.append(blob, length, block))) === 'moved') return 'busy';
    length += block.length;
  }
  if (!holds(await readBack(blobs, partition))) throw holdsSomethingElse(partition);
  return 'holds';
}

async function readBack(blobs: AppendBlobs, partition: string): Promise<string> {
  const text = await reading(blobs, partition);
  if (text === undefined) throw new BrokenChain('archive-missing', `The archive of ${partition} is gone.`);
  return text;
}

function holdsSomethingElse(partition: string): BrokenChain {
  return new BrokenChain('archive-broken', `The archive of ${partition} holds something else than the history.`);
}

/** What follows the first so many characters, a piece for each line. It begins within a line where a blob was cut off there. */
function textAfter(lines: readonly string[], length: number): readonly string[] {
  let left = length;
  return lines.flatMap((line) => {
    const rest = line.slice(Math.max(0, left));
    left -= line.length;
    return rest === '' ? [] : [rest];
  });
}

/** How many rows are removed at the same time. */
const sideBySide = 8;

/** A row that changed since it was read stays: its history does not add up any more, and it is what shows that. */
async function remove(table: Table, partition: string, rows: readonly LinkRow[]): Promise<number> {
  let removed = 0;
  for (let from = 0; from < rows.length; from += sideBySide) {
    const answers = await Promise.all(
      rows
        .slice(from, from + sideBySide)
        .map(({ link, etag }) => removeIfUnchanged(table, partition, rowKey(link.seq), etag)),
    );
    removed += answers.filter(Boolean).length;
  }
  return removed;
}

/** An account without an address for blobs has no archive: none is read, and none can be written. */
export const noBlobs: AppendBlobs = {
  makeContainer: noAddress,
  create: noAddress,
  append: async () => 'moved',
  read: async () => undefined,
};

async function noAddress(): Promise<never> {
  throw new Error('The settings do not say where the blobs of the storage account are.');
}
