// What a blob of the archive holds is read back as it was written, and nothing else is read at all.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blobOf,
  blocksOf,
  headerOf,
  isPlain,
  lineOf,
  linksIn,
  mostBytesOfBlock,
} from '../../../../src/lib/azure/store/archive-text.ts';
import { asciiJson, type Link } from '../../../../src/lib/azure/store/chain.ts';

const partition = 'tabc';
const link = (seq: number, word: unknown = 'x'): Link => ({
  seq,
  atMs: 1_780_000_000_000 + seq,
  hash: 'ab'.repeat(32),
  text: asciiJson({ kind: 'said', word }),
});
const written = (...links: readonly Link[]): string => headerOf(partition) + links.map(lineOf).join('');

describe('the text of an archive', () => {
  it('gives back the entries that were written, whatever they say', () => {
    fc.assert(
      fc.property(fc.array(fc.anything()), (words) => {
        const links = words.map((word, at) => link(at + 1, word));

        expect(linksIn(partition, written(...links))).toEqual(links);
      }),
    );
  });

  it('is empty where the blob was made and not written to', () => {
    expect(linksIn(partition, '')).toEqual([]);
  });

  it.each([
    ['the history of another target', written(link(1)).replace(partition, 'tabd')],
    ['an entry twice', written(link(1), link(1))],
    ['a gap', written(link(1), link(3))],
    ['half a line', written(link(1), link(2)).slice(0, -5)],
    ['something behind the entries', `${written(link(1))}and more\n`],
    ['a line end in an entry', written({ ...link(1), text: 'a\nb' })],
    ['some other file', '<html></html>'],
  ])('is not read where it holds %s', (_, text) => {
    expect(() => linksIn(partition, text)).toThrow(expect.objectContaining({ why: 'archive-broken' }));
  });

  it('says so where a newer version wrote it in another form', () => {
    expect(() => linksIn(partition, written(link(1)).replace('\t1\t', '\t2\t'))).toThrow(
      expect.objectContaining({ why: 'newer-version' }),
    );
  });

  it.each([
    ['printable ASCII', '{"by":"anna"}', true],
    ['another character', '{"by":"Jörg"}', false],
    ['a tab', '{\t}', false],
    ['a line end', '{\n}', false],
  ])('can hold a line of %s: %s', (_, text, can) => {
    expect(isPlain(lineOf({ ...link(1), text }))).toBe(can);
  });

  it('goes to storage in blocks that storage takes, each of whole lines', () => {
    const lines = Array.from({ length: 30 }, (_, at) => lineOf(link(at + 1, 'x'.repeat(400_000))));

    const blocks = blocksOf(lines);

    expect(blocks.length).toBe(3);
    expect(blocks.every((block) => block.length <= mostBytesOfBlock && block.endsWith('\n'))).toBe(true);
    // Compared by itself: the difference of two such texts says nothing.
    expect(blocks.join('') === lines.join('')).toBe(true);
  });

  it('has a blob of its own for each target', () => {
    expect(blobOf(partition)).toBe('tabc.tsv');
  });
});
