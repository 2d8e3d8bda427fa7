// The page of coverage promises causes, pages and scenarios: all of them exist, and a scenario shows the cause that its row names.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { causes } from '../../src/lib/causes/causes.ts';
import { type Item, itemsOf } from './list.ts';

interface Row {
  readonly what: string;
  readonly causes: readonly string[];
  readonly scenarios: readonly string[];
  readonly answer: string;
}

function links(cell: string, pattern: RegExp): string[] {
  return [...cell.matchAll(pattern)].map(([, name = '']) => name);
}

function rowOf({ title, said }: Item): Row {
  return {
    what: title,
    causes: links(said['cause'] ?? '', /\(runbooks\/([\w-]+)\.md\)/g),
    scenarios: links(said['shown by'] ?? '', /\(\.\.\/local\/scenarios\/([\w-]+)\.yaml\)/g),
    answer: said['answer'] ?? '',
  };
}

const rows = itemsOf(readFileSync('docs/coverage.md', 'utf8'))
  .filter(({ said }) => said['shown by'] !== undefined || said['cause'] !== undefined || said['answer'] !== undefined)
  .map(rowOf);

/** The causes that a scenario expects of any of its apps, and those of their incidents. */
function expectedBy(scenario: string): string[] {
  const file = readFileSync(`local/scenarios/${scenario}.yaml`, 'utf8');
  return [...file.matchAll(/^\s*(?:causes: \[([^\]]*)\]|incidentCause: ([\w-]+))/gm)].flatMap(
    ([, list = '', incident = '']) => `${list},${incident}`.split(/,\s*/),
  );
}

describe('the page of coverage', () => {
  it('has rows, and each says what is answered', () => {
    expect(rows.length).toBeGreaterThan(40);
    for (const row of rows) expect(row.answer).not.toBe('');
  });

  it('names every cause, and no cause that does not exist', () => {
    expect([...new Set(rows.flatMap((row) => row.causes))].toSorted()).toEqual([...causes].toSorted());
  });

  it('shows every row by a scenario', () => {
    expect(rows.filter((row) => row.scenarios.length === 0).map((row) => row.what)).toEqual([]);
  });
});

describe.each(rows)('$what', ({ causes: named, scenarios }) => {
  it.each(scenarios)('is shown by %s, a scenario that expects such a cause', (scenario) => {
    expect(existsSync(`local/scenarios/${scenario}.yaml`)).toBe(true);
    const expected = expectedBy(scenario);
    const shown = named.length === 0 || expected.some((cause) => named.includes(cause));
    expect(shown ? named : expected).toEqual(named);
  });
});
