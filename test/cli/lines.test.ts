// Bytes of consoles and exports become numbered lines, in every encoding that they write.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Line, linesOf, longestLine, type Problem } from '../../src/cli/lines.ts';
import { collect, containing, streamOf } from './streams.ts';

interface Read {
  readonly lines: readonly Line[];
  readonly problems: readonly Problem[];
}

async function read(rows: boolean, ...chunks: readonly (string | Uint8Array)[]): Promise<Read> {
  const problems: Problem[] = [];
  const lines = await collect(linesOf(streamOf(...chunks), { rows, report: (problem) => problems.push(problem) }));
  return { lines, problems };
}

describe('lines', () => {
  it.each([
    [
      'UTF-8 in pieces that cut a character',
      [Buffer.from('a\nü').subarray(0, 3), Buffer.from('ü').subarray(1)],
      ['a', 'ü'],
    ],
    ['UTF-16 as PowerShell writes it', [Buffer.from('\ufeffa\r\nb\r\n', 'utf16le')], ['a', 'b']],
    ['a mark in front', [Buffer.from('\ufeffa\n')], ['a']],
    ['empty lines and no line break at the end', [Buffer.from('a\n\nb')], ['a', '', 'b']],
    ['nothing', [], []],
  ])('%s', async (_what, chunks, expected) => {
    const { lines, problems } = await read(true, ...chunks);

    expect(lines.map((line) => line.text)).toEqual(expected);
    expect(problems).toEqual([]);
  });

  it('a longer line than any message is cut, which is said, and the next line is whole', async () => {
    const { lines, problems } = await read(true, Buffer.alloc(longestLine + 3, 'a'), '\nb\n');

    expect(lines.map(({ number, text }) => [number, text.length])).toEqual([
      [1, longestLine],
      [2, 1],
    ]);
    expect(problems).toMatchObject([{ line: 1, what: containing('64 MiB') }]);
  });

  it('an input that is not text is not read, which is said', async () => {
    const { lines, problems } = await read(true, gzipSync('Failed to pull image'));

    expect(lines).toEqual([]);
    expect(problems).toMatchObject([{ line: 1, what: containing('gzip') }]);
  });
});

describe('a long array on one line', () => {
  const row = JSON.stringify({ Msg: `${'x'.repeat(5_000)} {"a": [1` });
  const array = `[${Array.from({ length: 15_000 }, () => row).join(',')}]`;
  const pieces = (text: string): string[] => text.match(/[^]{1,65536}/g) ?? [];

  it('is read row by row, however long it is', async () => {
    expect(array.length).toBeGreaterThan(longestLine);
    const { lines, problems } = await read(true, ...pieces(`one\n${array}\nlast`));

    expect(lines).toHaveLength(15_002);
    expect([lines[1], lines.at(-1)]).toEqual([
      { number: 2, text: row },
      { number: 3, text: 'last' },
    ]);
    expect(problems).toEqual([]);
  });

  it('that never ends gives its complete rows, and the rest as text with a word about it', async () => {
    const { lines, problems } = await read(true, ...pieces(array.slice(0, 2_000_000)));

    expect(lines.slice(0, -1).every(({ text }) => text === row)).toBe(true);
    expect(row.startsWith(lines.at(-1)?.text ?? '?')).toBe(true);
    expect(problems).toMatchObject([{ line: 1, what: containing('never ends') }]);
  });

  it('stays one line where every line is a message', async () => {
    expect((await read(false, ...pieces(array.slice(0, 2_000_000)))).lines).toHaveLength(1);
  });
});
