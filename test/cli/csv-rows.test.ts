// Rows of CSV: quotes and line breaks inside a row, and a quote that never ends loses no line.
import { describe, expect, it } from 'vitest';
import { CsvRows, csvHeader } from '../../src/cli/csv-rows.ts';

function rows(...texts: readonly string[]) {
  const csv = csvHeader('Reason,Log');
  if (csv === undefined) throw new Error('no header');
  const read = new CsvRows(csv);
  return [...texts.flatMap((text, at) => [...read.add({ number: at + 2, text })]), ...read.end()];
}

describe('a row of CSV', () => {
  it('goes on over a line break inside quotes', () => {
    expect(rows('A,"one', 'two"', 'B,three')).toMatchObject([
      { line: 2, text: 'one\ntwo', columns: { reason: 'A' } },
      { line: 4, text: 'three', columns: { reason: 'B' } },
    ]);
  });

  it('that never ends is said, and its lines are read as text', () => {
    expect(rows('A,"one', '2026-11-02 two')).toMatchObject([
      { kind: 'problem', line: 2 },
      { kind: 'message', line: 2, text: 'A,"one' },
      { kind: 'message', line: 3, text: '2026-11-02 two' },
    ]);
  });

  it('that ends before the column of the text is read as text, which is said', () => {
    expect(rows('Failed to pull image')).toMatchObject([
      { kind: 'problem', line: 2 },
      { kind: 'message', text: 'Failed to pull image' },
    ]);
  });

  it('of too many lines is given up, and every line is read as text', () => {
    const all = rows('A,"one', ...Array.from({ length: 2_500 }, (_, n) => `2026-11-02 line ${n}`));

    expect(all.filter(({ kind }) => kind === 'message')).toHaveLength(2_501);
  });
});

describe('a header', () => {
  it.each([
    ['commas', '"TimeGenerated [UTC]",Log_s'],
    ['semicolons', 'Reason;Log'],
    ['tabs', 'Reason\tMsg'],
  ])('may have %s', (_what, text) => {
    expect(csvHeader(text)).toBeDefined();
  });

  it.each(['Log', 'one, two', 'Failed to pull image: not found'])('is not %s', (text) => {
    expect(csvHeader(text)).toBeUndefined();
  });
});
