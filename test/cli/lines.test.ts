// Bytes of consoles and exports become numbered lines, in every encoding that they write.
import { describe, expect, it } from 'vitest';
import { type Line, linesOf, longestLine } from '../../src/cli/lines.ts';
import { collect, streamOf } from './streams.ts';

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
    const lines: Line[] = await collect(linesOf(streamOf(...chunks)));

    expect(lines.map((line) => line.text)).toEqual(expected);
  });

  it('a longer line than any message is cut and marked, and the next line is whole', async () => {
    const long = Buffer.alloc(longestLine + 3, 'a');
    const lines: Line[] = await collect(linesOf(streamOf(long, '\nb\n')));

    expect(lines.map(({ number, text, cut }) => [number, text.length, cut])).toEqual([
      [1, longestLine, true],
      [2, 1, false],
    ]);
  });
});
