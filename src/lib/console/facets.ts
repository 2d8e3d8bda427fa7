// Counts what a search found by state, cause, registry and app, so that a reader sees what else to ask for.

import type { IndexRow } from '../history/index-row.ts';

export interface Facet {
  /** The term of the query, such as `cause`. */
  readonly term: 'state' | 'cause' | 'registry' | 'app';
  /** The values, the most frequent first; at most {@link mostValues}. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
}

/** How many values of a facet are shown. */
const mostValues = 8;

/** The facets of these rows; one with a single value tells nothing and is left out. */
export function facetsOf(rows: readonly IndexRow[]): readonly Facet[] {
  const facets = [
    facet('state', rows.map(stateOfRow)),
    facet(
      'cause',
      rows.flatMap(({ facts }) => facts?.causes ?? []),
    ),
    facet(
      'registry',
      rows.flatMap(({ facts }) => facts?.registry ?? []),
    ),
    facet(
      'app',
      rows.flatMap(({ facts }) => facts?.appName ?? []),
    ),
  ];
  return facets.filter(({ values }) => values.length > 1);
}

/** The end of what has ended, the state of what is live. Rows of older versions say less. */
export function stateOfRow({ closed, facts, asks, needsPerson }: IndexRow): string {
  if (closed) return facts?.closed?.how ?? 'closed';
  return facts?.state ?? (asks === true ? 'needs-approval' : needsPerson ? 'needs-person' : 'live');
}

function facet(term: Facet['term'], found: readonly string[]): Facet {
  const counts = new Map<string, number>();
  for (const value of found) counts.set(value, (counts.get(value) ?? 0) + 1);
  const values = [...counts].map(([value, count]) => ({ value, count }));
  const sorted = values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return { term, values: sorted.slice(0, mostValues) };
}
