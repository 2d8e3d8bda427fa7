// What a blob of the archive holds: a line that says what it is, then a line for each entry. People can read it without pullmedic.

import { BrokenChain, type Link } from './chain.ts';

/** The name of the blob of a partition. */
export function blobOf(partition: string): string {
  return `${partition}.tsv`;
}

/** The first line. */
export function headerOf(partition: string): string {
  return `pullmedic history\t1\t${partition}\n`;
}

/** The line of an entry: its number, its time (milliseconds since 1970), its hash, and its JSON, which has neither tabs nor line ends. */
export function lineOf({ seq, atMs, hash, text }: Link): string {
  return `${seq}\t${atMs}\t${hash}\t${text}\n`;
}

/** True if a blob can hold this line: its characters are its bytes, and none of them ends a column too early. */
export function isPlain(line: string): boolean {
  return /^\d+\t\d+\t[0-9a-f]+\t[ -~]*\n$/.test(line);
}

/**
 * The entries of a blob, in their order. Whether they are the ones that were written is for their hashes to say. Throws {@link BrokenChain}
 * where a line is none that pullmedic writes, or where a newer version wrote the blob.
 */
export function linksIn(partition: string, text: string): Link[] {
  // A blob that was made and not written to.
  if (text === '') return [];
  const [first = '', ...lines] = text.split('\n');
  if (`${first}\n` !== headerOf(partition)) {
    const isNewer = /^pullmedic history\t(?!1\t)\d+\t/.test(first);
    throw new BrokenChain(
      isNewer ? 'newer-version' : 'archive-broken',
      `The archive of ${partition} has another form.`,
    );
  }
  if (lines.pop() !== '') throw new BrokenChain('archive-broken', `The archive of ${partition} ends within a line.`);
  return lines.map((line, at) => linkIn(partition, line, at + 1));
}

function linkIn(partition: string, line: string, expected: number): Link {
  const [, seq, atMs, hash, text] = /^(\d{1,10})\t(\d{1,15})\t([0-9a-f]{64})\t([ -~]*)$/.exec(line) ?? [];
  if (Number(seq) !== expected || atMs === undefined || hash === undefined || text === undefined)
    throw new BrokenChain('archive-broken', `The archive of ${partition} has another form at entry ${expected}.`);
  return { seq: expected, atMs: Number(atMs), hash, text };
}

/**
 * The most bytes of one block. Versions of the protocol before 2022-11-02 take no more:
 * https://learn.microsoft.com/rest/api/storageservices/append-block
 */
export const mostBytesOfBlock = 4 * 1024 * 1024;

/** Lines put together into blocks of a size that storage takes. No line is longer than a block. */
export function blocksOf(lines: readonly string[]): string[] {
  const blocks: string[] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (last === undefined || last.length + line.length > mostBytesOfBlock) blocks.push(line);
    else blocks[blocks.length - 1] = last + line;
  }
  return blocks;
}
