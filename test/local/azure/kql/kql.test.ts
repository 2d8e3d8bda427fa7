// The interpreter for KQL: what it answers, and that it refuses what it does not know.
import { describe, expect, it } from 'vitest';
import { runKql } from '../../../../local/azure/kql/kql.ts';
import { KqlError, type Table } from '../../../../local/azure/kql/values.ts';

describe('KQL', () => {
  const people: Table = {
    columns: ['name', 'age', 'born'],
    rows: [
      { name: 'Ada', age: 36, born: new Date('1815-12-10T00:00:00Z') },
      { name: 'Bob', age: 20, born: new Date('2000-01-01T00:00:00Z') },
      { name: 'ada', age: 5, born: new Date('2020-01-01T00:00:00Z') },
    ],
  };
  const ask = (query: string): unknown[] =>
    runKql(query, { table: (name) => (name === 'people' ? people : undefined), nowMs: 0 }).rows as unknown[];

  it.each<[string, unknown[]]>([
    ["people | where name == 'Ada' | project name", [{ name: 'Ada' }]],
    ["people | where name =~ 'ADA' | summarize n = count() by lower = tolower(name)", [{ lower: 'ada', n: 2 }]],
    ['people | where born > datetime(1999-01-01T00:00:00Z) and age >= 20 | project name', [{ name: 'Bob' }]],
    ['let least = 20; people | where not(age < least) | order by age desc | take 1 | project name', [{ name: 'Ada' }]],
    ['people | extend old = iff(age > 10, "yes", "no") | distinct old', [{ old: 'yes' }, { old: 'no' }]],
    ['union isfuzzy=true (nobody | project name), (people | where age < 10 | project name)', [{ name: 'ada' }]],
    ['union isfuzzy=true (datatable(name: string, age: long)[]), (nobody | project name)', []],
    ['people | where name has "ad" | project name', []],
    ['people | extend x = column_ifexists("none", "-") | take 1 | project x', [{ x: '-' }]],
  ])('%s', (query, rows) => {
    expect(ask(query)).toEqual(rows);
  });

  it.each([
    'people | where salary > 1',
    'nobody',
    'people | join x',
    'people | where magic(name)',
    'people | where name == "',
    'people extra',
    'datatable(name: string)["Eve"]',
  ])('refuses what it does not know: %s', (query) => {
    expect(() => ask(query)).toThrow(KqlError);
  });
});
