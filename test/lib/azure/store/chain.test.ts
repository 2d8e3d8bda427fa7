// A history is read from its rows, and from the archive where rows are gone: what does not add up is not read.
import { describe, expect, it } from 'vitest';
import { memoryTable } from '../../../../local/engine/memory-tables.ts';
import type { Table } from '../../../../src/lib/azure/clients/table.ts';
import {
  asciiJson,
  continued,
  EntryTooLarge,
  emptyChain,
  hashOf,
  type Link,
  readChain,
  readRows,
  rowOfLink,
} from '../../../../src/lib/azure/store/chain.ts';

const partition = 'p';

/** A history of so many words. */
function links(...words: readonly string[]): Link[] {
  let { head } = emptyChain;
  return words.map((word, at) => {
    const link = { seq: at + 1, atMs: 7, text: asciiJson({ kind: 'said', word }) };
    head = hashOf(partition, link, head);
    return { ...link, hash: head };
  });
}

const [one, two, three, four] = links('one', 'two', 'three', 'four') as [Link, Link, Link, Link];
const archived =
  (...held: readonly Link[]) =>
  async (): Promise<ReadonlyMap<number, Link>> =>
    new Map(held.map((link) => [link.seq, link]));
const seqs = async (chain: ReturnType<typeof continued>): Promise<string> =>
  (await chain).entries.map(({ seq, archived: isArchived }) => `${seq}${isArchived ? 'a' : ''}`).join(' ');

describe('a history whose oldest entries were archived', () => {
  it.each<[string, readonly Link[], readonly Link[], string]>([
    ['only the row of the last one that moved is left', [four], [one, two, three, four], '1a 2a 3a 4'],
    ['the rows are half removed, in any order', [two, four], [one, two, three, four], '1a 2 3a 4'],
    ['entries came since', [two, three, four], [one, two], '1a 2 3 4'],
    ['nothing was removed yet', [one, two], [one, two], '1 2'],
  ])('is read whole where %s', async (_, rows, held, whole) => {
    expect(await seqs(continued(partition, emptyChain, rows, archived(...held)))).toBe(whole);
  });

  it('is the same history: entries, and the hash that the next entry follows', async () => {
    const before = await continued(partition, emptyChain, [one, two, three, four]);
    const after = await continued(partition, emptyChain, [four], archived(one, two, three, four));

    expect(after.head).toBe(before.head);
    expect(after.entries.map(({ archived: _archived, ...entry }) => entry)).toEqual(before.entries);
  });

  it('does not ask the archive where no row is gone', async () => {
    let asked = 0;

    await continued(partition, emptyChain, [one, two], async () => {
      asked += 1;
      return undefined;
    });

    expect(asked).toBe(0);
  });

  const lie = { ...two, text: asciiJson({ kind: 'said', word: 'lie' }) };
  it.each<[string, readonly Link[], (() => Promise<ReadonlyMap<number, Link> | undefined>) | undefined, string]>([
    ['no archive holds it', [three, four], async () => undefined, 'archive-missing'],
    ['the archive holds too little', [three, four], archived(one), 'archive-broken'],
    ['the archive holds nothing', [three, four], archived(), 'archive-broken'],
    ['the archive was edited', [three, four], archived(one, lie, three), 'archive-broken'],
    ['the archive is another history that adds up', [three, four], archived(...links('one', 'lie')), 'archive-broken'],
    ['there is a gap behind its first row, and no archive', [one, four], async () => undefined, 'broken'],
    ['nothing can be archived here', [three, four], undefined, 'broken'],
    ['a row was edited', [one, lie], async () => undefined, 'broken'],
  ])('is not read where %s', async (_, rows, readArchive, why) => {
    await expect(continued(partition, emptyChain, rows, readArchive)).rejects.toMatchObject({ why });
  });

  it('cannot be read while the archive does not answer', async () => {
    const silent = (): Promise<never> => Promise.reject(new Error('no answer'));

    await expect(continued(partition, emptyChain, [three], silent)).rejects.toThrow('no answer');
  });
});

describe('the rows of a history', () => {
  async function tableWith(...rows: readonly Link[]): Promise<Table> {
    const table = memoryTable(() => undefined) as unknown as Table;
    await table.createTable();
    for (const row of rows) await table.createEntity(rowOfLink(partition, row));
    return table;
  }

  it('are read in their order, from a number on', async () => {
    const table = await tableWith(two, one, three);

    expect((await readRows(table, partition)).map(({ link }) => link)).toEqual([one, two, three]);
    expect((await readRows(table, partition, 2)).map(({ link }) => link)).toEqual([three]);
  });

  it('continue a history that was verified before', async () => {
    const table = await tableWith(one, two, three);
    const known = await continued(partition, emptyChain, [one, two]);

    expect(await readChain(table, partition, known)).toEqual(await readChain(table, partition));
  });

  it('hold an entry of any text in properties that storage takes, up to a limit', () => {
    const long = { ...one, text: asciiJson({ kind: 'said', word: '\u00e4'.repeat(20_000) }) };
    const { part0, part1, parts } = rowOfLink(partition, long);

    expect(long.text).toMatch(/^[ -~]*$/);
    expect([parts, String(part0).length, String(part1).length]).toEqual([5, 30_000, 30_000]);
    expect(() => rowOfLink(partition, { ...one, text: 'x'.repeat(450_001) })).toThrow(EntryTooLarge);
  });

  it('are not read where one has another form', async () => {
    const table = await tableWith(one);
    await table.createEntity({ partitionKey: partition, rowKey: 'x' });

    await expect(readChain(table, partition)).rejects.toMatchObject({ why: 'broken' });
  });
});
