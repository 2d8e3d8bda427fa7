import { describe, expect, it } from 'vitest';
import { facetsOf, stateOfRow } from '../../../src/lib/console/facets.ts';
import { endedRow, liveRow } from '../found.ts';

describe('the facets of a search', () => {
  it('count values, the most frequent first, and leave out what has only one value', () => {
    const facets = facetsOf([liveRow(1), endedRow(2), endedRow(3, 'recovered', { causes: ['tag-missing'] })]);

    expect(facets.map(({ term }) => term)).toEqual(['state', 'cause', 'app']);
    expect(facets[0]?.values).toEqual([
      { value: 'recovered', count: 2 },
      { value: 'waiting', count: 1 },
    ]);
    expect(facets[1]?.values[0]).toEqual({ value: 'pull-role-missing', count: 2 });
  });

  it('show the eight most frequent values', () => {
    const rows = Array.from({ length: 20 }, (_, at) => liveRow(at));

    expect(facetsOf(rows).find(({ term }) => term === 'app')?.values).toHaveLength(8);
  });

  it('know the state of a row of an older version as far as it says', () => {
    const { facts: _, ...older } = endedRow(1);

    expect(stateOfRow(older)).toBe('closed');
    expect(stateOfRow({ ...older, closed: false, needsPerson: true })).toBe('needs-person');
  });
});
