// The page of guards is complete: every guard with every reason, settings that exist, and tests that exist and speak of it.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { guardNames, reasons } from '../../src/lib/history/refusals.ts';
import { type Item, itemsOf } from './list.ts';

interface Row {
  readonly guard: string;
  readonly stops: string;
  readonly reasons: readonly string[];
  readonly settings: readonly string[];
  readonly tests: readonly string[];
}

function quoted(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

function rowOf({ title, said }: Item): Row {
  return {
    guard: quoted(title)[0] ?? '',
    stops: said['stops'] ?? '',
    reasons: quoted(said['reasons'] ?? ''),
    settings: quoted(said['settings'] ?? ''),
    tests: [...(said['tests'] ?? '').matchAll(/\(\.\.\/([^)]+)\)/g)].map(([, file = '']) => file),
  };
}

const rows = itemsOf(readFileSync('docs/guards.md', 'utf8'))
  .filter(({ title }) => title.startsWith('`'))
  .map(rowOf);

const settings = readFileSync('src/lib/settings/config.ts', 'utf8');

describe('the page of guards', () => {
  it('has one item for every guard, and no other', () => {
    expect(rows.map((row) => row.guard).toSorted()).toEqual([...guardNames].toSorted());
  });
});

describe.each(rows)('the guard $guard', ({ guard, stops, reasons: listed, settings: named, tests }) => {
  it('says what it stops, and gives every reason of the code', () => {
    expect(stops.length).toBeGreaterThan(20);
    expect(listed.toSorted()).toEqual(
      Object.entries(reasons)
        .find(([name]) => name === guard)?.[1]
        .toSorted(),
    );
  });

  it('names settings that exist', () => {
    for (const setting of named) expect(settings).toContain(setting.split('.').at(-1));
  });

  it('names tests that exist and speak of it', () => {
    expect(tests.length).toBeGreaterThan(0);
    for (const file of tests) {
      expect(existsSync(file)).toBe(true);
      expect(readFileSync(file, 'utf8')).toContain(guard);
    }
  });
});
