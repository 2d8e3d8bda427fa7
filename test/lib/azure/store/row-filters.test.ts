// The filter of a search: quoted, and never with more comparisons than storage takes.
import { describe, expect, it } from 'vitest';
import { asksFacts, conditionsOf } from '../../../../src/lib/azure/store/row-filters.ts';

const partition = "PartitionKey eq 'ended'";

function comparisons(filter: string): number {
  return filter.split(/ and | or /).length;
}

describe('the filter of a search', () => {
  it('is the partition where nothing is asked', () => {
    expect(conditionsOf(partition, {})).toBe(partition);
  });

  it('quotes every text, so that none of them is read as a condition', () => {
    const filter = conditionsOf(partition, { app: "x' or RowKey ge '", registry: "'" });

    expect(filter).toBe(
      `${partition} and appName ge 'x'' or RowKey ge ''' and appName lt 'x'' or RowKey ge ''~' and registry ge '''' and registry lt '''~'`,
    );
  });

  it('asks for causes where there is room for them, and never for more than storage takes', () => {
    expect(conditionsOf(partition, { causes: ['tag-missing'] })).toBe(
      `${partition} and (cause0 eq 'tag-missing' or cause1 eq 'tag-missing' or cause2 eq 'tag-missing')`,
    );
    const everything = { app: 'a', registry: 'b', sureness: 'confirmed', closedHow: 'recovered' } as const;
    const times = { neededPerson: true, fromMs: 1, untilMs: 2 };
    const causes = ['tag-missing', 'digest-missing', 'custom-dns', 'name-wrong', 'no-space'] as const;
    for (let many = 0; many <= causes.length; many += 1)
      expect(
        comparisons(conditionsOf(partition, { ...everything, ...times, causes: causes.slice(0, many) })),
      ).toBeLessThanOrEqual(15);
  });

  it('asks for facts unless it asks for times alone', () => {
    expect([asksFacts({}), asksFacts({ fromMs: 1, untilMs: 2 }), asksFacts({ app: undefined } as never)]).toEqual([
      false,
      false,
      false,
    ]);
    expect([asksFacts({ app: '' }), asksFacts({ neededPerson: false }), asksFacts({ causes: [] })]).toEqual([
      true,
      true,
      true,
    ]);
  });
});
