// The list of decisions names each page once, in the order of the numbers, and no number is left out.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const pages = readdirSync('docs/decisions')
  .filter((file) => /^\d{4}-/.test(file))
  .toSorted();

it('the numbers of the decisions have no gap', () => {
  expect(pages.map((page) => Number(page.slice(0, 4)))).toEqual(pages.map((_, at) => at + 1));
});

it('the list of decisions has one line for each of them, under its number', () => {
  const lines = readFileSync('docs/decisions/README.md', 'utf8').matchAll(/^- \[(\d{4})\]\(([\w-]+\.md)\): ./gm);

  expect([...lines].map(([, number, page]) => [number, page])).toEqual(pages.map((page) => [page.slice(0, 4), page]));
});
