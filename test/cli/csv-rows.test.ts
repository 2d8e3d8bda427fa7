// Rows of CSV: quotes and line breaks inside a row, and a quote that never ends loses no line.
import { describe, expect, it } from 'vitest';
import { csvHeader, csvRows } from '../../src/cli/csv-rows.ts';
import { collect } from './streams.ts';

async function rows(...texts: readonly string[]) {
  const csv = csvHeader('Reason,Log');
  if (csv === undefined) throw new Error('no header');
  async function* lines() {
    for (const [at, text] of texts.entries()) yield { number: at + 2, text };
  }
  return collect(csvRows(csv, lines()));
}

describe('a row of CSV', () => {
  it('goes on over a line break inside quotes', async () => {
    expect(await rows('A,"one', 'two"', 'B,three')).toMatchObject([
      { line: 2, text: 'one\ntwo', columns: { reason: 'A' } },
      { line: 4, text: 'three', columns: { reason: 'B' } },
    ]);
  });

  it('that never ends is said, and its lines are read as text', async () => {
    expect(await rows('A,"one', '2026-11-02 two')).toMatchObject([
      { kind: 'problem', line: 2 },
      { kind: 'message', line: 2, text: 'A,"one' },
      { kind: 'message', line: 3, text: '2026-11-02 two' },
    ]);
  });

  it('that ends before the column of the text is read as text, which is said', async () => {
    expect(await rows('Failed to pull image')).toMatchObject([
      { kind: 'problem', line: 2 },
      { kind: 'message', text: 'Failed to pull image' },
    ]);
  });

  it('of too many lines is given up, and every line is read as text', async () => {
    const all = await rows('A,"one', ...Array.from({ length: 2_500 }, (_, n) => `2026-11-02 line ${n}`));

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
