// Reads rows of the index: whole lists, or a page at a time. A row that cannot be read hides no other: it is counted.

import * as z from 'zod';
import type { ListOf, PageKey, PageOf } from '../../ports/index-store.ts';
import type { Answer, Table } from '../clients/table.ts';

/** `undefined`: it cannot be read. `not-asked`: it can, and it is not asked for. */
type ReadRow<Row> = (entity: unknown) => Row | 'not-asked' | undefined;

/** As many rows as storage gives in one answer. */
const mostRowsOfPage = 1000;

/** All rows that a filter selects. */
export async function listWhere<Row>(table: Table, filter: string, readRow: ReadRow<Row>): Promise<ListOf<Row>> {
  const rows: Row[] = [];
  let skipped = 0;
  for await (const entity of table.listEntities({ queryOptions: { filter } })) {
    const row = readRow(entity);
    if (row === undefined) skipped += 1;
    else if (row !== 'not-asked') rows.push(row);
  }
  return { rows, skipped };
}

/**
 * How many requests one page may take. Storage answers a filter after 1,000 rows or five seconds at the latest, with or without rows:
 * https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination
 */
const mostRequests = 5;

/**
 * One page of the rows that the filters select, those of the first filter first. Each request takes as many rows as are missing, so the key
 * of the next page is where storage stopped.
 */
export async function pageWhere<Row>(
  table: Table,
  filters: readonly string[],
  readRow: ReadRow<Row>,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<PageOf<Row>> {
  const most = Math.min(Math.max(1, Math.floor(limit)), mostRowsOfPage);
  const rows: Row[] = [];
  let skipped = 0;
  let place: Place | undefined = placeIn(after, filters.length) ?? { at: 0 };
  for (let request = 0; request < mostRequests && place !== undefined; request += 1) {
    const missing = most - rows.length - skipped;
    if (missing <= 0) break;
    const answer: Answer = await oneAnswer(table, filters[place.at] ?? '', missing, place.token);
    for (const entity of answer) {
      const row = readRow(entity);
      if (row === undefined) skipped += 1;
      else if (row !== 'not-asked') rows.push(row);
    }
    const token = answer.continuationToken;
    place = token === undefined ? nextFilter(place.at, filters.length) : { at: place.at, token };
  }
  return { rows, skipped, ...(place === undefined ? {} : { next: keyOf(place) }) };
}

/** Where to go on: the filter, and the token with which storage stopped in it. */
interface Place {
  readonly at: number;
  readonly token?: string | undefined;
}

function nextFilter(at: number, filters: number): Place | undefined {
  return at + 1 < filters ? { at: at + 1 } : undefined;
}

/** One request. */
async function oneAnswer(table: Table, filter: string, most: number, token: string | undefined): Promise<Answer> {
  const settings = { maxPageSize: most, ...(token === undefined ? {} : { continuationToken: token }) };
  for await (const answer of table.listEntities({ queryOptions: { filter } }).byPage(settings)) return answer;
  return [];
}

function keyOf({ at, token = '' }: Place): PageKey {
  return `${at}.${Buffer.from(token).toString('base64url')}` as PageKey;
}

/** The parts of storage's own token. It is only a position: the filter still selects the rows. */
const storedToken = z.object({ nextPartitionKey: z.string(), nextRowKey: z.string().optional() });

/** The place that a key names; `undefined` where it names none: it comes from a link, so it may be any text. */
function placeIn(key: string | undefined, filters: number): Place | undefined {
  const [, filter = '', text = ''] = /^(\d)\.([A-Za-z0-9_-]{0,4000})$/.exec(key ?? '') ?? [];
  const at = Number(filter);
  if (filter === '' || at >= filters) return undefined;
  if (text === '') return { at };
  const token = Buffer.from(text, 'base64url').toString('utf8');
  try {
    return storedToken.safeParse(JSON.parse(Buffer.from(token, 'base64').toString('utf8'))).success
      ? { at, token }
      : undefined;
  } catch {
    return undefined;
  }
}
