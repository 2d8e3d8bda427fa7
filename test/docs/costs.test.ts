// The table of costs is derived from measured runs: it has every cause, and the scenario that it names shows it within the budget.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../local/scenarios/schema.ts';

import { causes } from '../../src/lib/causes/causes.ts';
import { costPage, documentedCosts, exceeded } from '../../tools/costs.ts';

const page = readFileSync('docs/costs.md', 'utf8');
const rows = documentedCosts(page);

describe('the table of costs', () => {
  it('has a row for every cause that a diagnosis names; what is left to do for a person is an incident of its own', () => {
    expect(rows.flatMap((row) => row.causes)).toEqual(
      causes.filter((cause) => !['write-rejected', 'execution-ended', 'group-ended'].includes(cause)).toSorted(),
    );
  });

  it('is what the tool writes', () => {
    expect(costPage(rows)).toBe(page);
  });

  it.each(rows.map((row) => [row.causes[0] ?? '', row] as const))(
    '%s is within the budget, and shown by its scenario',
    async (cause, row) => {
      const { world, expect: expected } = await readScenario(`local/scenarios/${row.scenario}.yaml`);
      const closed = world.registries.some((registry) => registry.privateEndpoint !== undefined);

      expect(expected.remediations.flatMap((one) => one.causes)).toContain(cause);
      expect(expected.remediations.map((one) => one.sure ?? row.sure)).toContain(row.sure);
      expect(row.control).toBeLessThanOrEqual(closed ? 25 : 12);
      expect(row.logs).toBeLessThanOrEqual(2);
      expect(row.asked).toEqual(expect.arrayContaining(['app', 'revisions']));
    },
  );
});

describe('a run', () => {
  const [row] = rows;
  if (row === undefined) throw new Error('no rows');

  it('that took what the page says is right, and one that took less', () => {
    expect(exceeded(rows, rows)).toEqual([]);
    expect(exceeded([row], [{ ...row, control: row.control - 1 }])).toEqual([]);
  });

  it.each([
    ['took more', { ...row, control: row.control + 1 }, /requests \(control\), the page says/],
    ['was sure otherwise', { ...row, sure: 'guessed' }, /guessed, the page says/],
    ['named another cause', { ...row, causes: ['custom-dns'] }, /no run named/],
  ])('that %s is told of', (_, run, sentence) => {
    expect(exceeded([row], [run])).toEqual([expect.stringMatching(sentence)]);
  });
});
