// The pages can be read on a phone: no line of a table is longer than a reader can take in.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Longer cells hold paragraphs: those belong into a list. */
const longest = 160;

const pages = [
  ...readdirSync('.').filter((file) => file.endsWith('.md')),
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
  'local/azure/README.md',
];

function tableLinesOf(text: string): string[] {
  return text.split('\n').filter((line) => /^\s*\|/.test(line));
}

describe('tables', () => {
  it('are looked for in all pages, those of the causes among them', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/costs.md', 'docs/runbooks/README.md']));
    expect(pages.flatMap((page) => tableLinesOf(readFileSync(page, 'utf8'))).length).toBeGreaterThan(50);
  });

  it.each(pages)(`of %s have no line over ${longest} characters`, (page) => {
    expect(tableLinesOf(readFileSync(page, 'utf8')).filter((line) => line.length > longest)).toEqual([]);
  });
});
