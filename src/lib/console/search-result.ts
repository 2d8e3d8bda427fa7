// A search as the page History shows it: the rows of the page, those that the facets count, and the incidents beside them.

import type { IndexRow } from '../history/index-row.ts';
import type { IncidentRow } from '../incidents/incident-row.ts';
import type { Histories, Index } from '../ports/ports.ts';
import { parseQuery, type Query } from './query.ts';
import { type Found, search } from './search.ts';

export interface SearchResult {
  /** The search as it was written. */
  readonly text: string;
  readonly query: Query;
  readonly problems: readonly string[];
  /** The rows of this page. */
  readonly rows: readonly IndexRow[];
  /** The rows that the facets count and a table has: those of this page, and some that follow. */
  readonly found: readonly IndexRow[];
  /** There are more than `found`. */
  readonly more: boolean;
  readonly next?: string;
  /** Rows that cannot be read, of `found`. */
  readonly skipped: number;
  readonly isFirst: boolean;
  /** The open incidents, and those that ended last. */
  readonly incidents: readonly IncidentRow[];
  /** Whether more incidents have ended than are among them, and how many rows of incidents cannot be read. */
  readonly otherIncidents: { readonly more: boolean; readonly skipped: number };
}

export interface SearchRequest {
  readonly text: string;
  readonly after?: string | undefined;
  readonly nowMs: number;
  /** Who asks: what `by:me` means, in lower case. */
  readonly me?: string | undefined;
}

/** How many rows a page shows. */
export const rowsOfPage = 50;
/** How many rows the facets count, and a table has. */
const rowsCounted = 500;
/** How many incidents that have ended stand on the page. */
const endedIncidents = 20;

export async function searchResult(ports: Index & Histories, request: SearchRequest): Promise<SearchResult> {
  const { text, nowMs, me } = request;
  const after = request.after === '' ? undefined : request.after;
  const { query, problems } = parseQuery(text, nowMs);
  const meant = meantBy(query, me);
  const [page, open, ended] = await Promise.all([
    search(ports, { query: meant, after, limit: rowsOfPage }),
    ports.index.openIncidents(),
    ports.index.closedIncidents({ limit: endedIncidents }),
  ]);
  const rest = await following(ports, meant, page);
  return {
    text,
    query,
    problems: query.by === 'me' && me === undefined ? [...problems, noMe] : problems,
    rows: page.rows,
    found: [...page.rows, ...rest.rows],
    more: rest.next !== undefined,
    skipped: page.skipped + rest.skipped,
    isFirst: after === undefined,
    incidents: [...open.rows, ...ended.rows],
    otherIncidents: { more: ended.next !== undefined, skipped: open.skipped + ended.skipped },
    ...(page.next === undefined ? {} : { next: page.next }),
  };
}

/** Without an id of the person who asks, nothing is theirs: no person without one can answer. As a text, `me` would find names that have it in them. */
function meantBy(query: Query, me: string | undefined): Query {
  if (query.by !== 'me') return query;
  const { by: _me, ...others } = query;
  return me === undefined ? { ...others, live: [], ended: [] } : { ...others, by: me };
}

const noMe = 'by:me finds nothing: your sign-in names no object id, and without one nobody can answer.';

/** What follows the page, for the facets. A search for a person reads histories, so it counts only its page. */
async function following(ports: Index & Histories, query: Query, page: Found): Promise<Found> {
  if (page.next === undefined) return { rows: [], skipped: 0 };
  if (query.by !== undefined) return { rows: [], skipped: 0, next: page.next };
  return search(ports, { query, after: page.next, limit: rowsCounted - rowsOfPage });
}
