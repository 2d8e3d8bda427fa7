// Finds remediations by a query, from the rows of the index alone: what is live first, then what has ended, page by page.

import type { IndexRow } from '../history/index-row.ts';
import { UnreadableHistory } from '../history/ledger.ts';
import { entriesOf } from '../history/queries.ts';
import { isFound, type RowSearch } from '../history/row-search.ts';
import type { Histories, Index } from '../ports/ports.ts';
import { parseRemediationId } from '../words/target.ts';
import type { Query } from './query.ts';

export interface SearchAsked {
  readonly query: Query;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  /** The most rows of the answer. */
  readonly limit: number;
}

export interface Found {
  /** What is live, the latest opening first; then what has ended, the latest end first. */
  readonly rows: readonly IndexRow[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
  /** Rows that cannot be read, or whose history cannot where the query asks for a person; they are left out. */
  readonly skipped: number;
}

/** One page of what the query finds. Throws when the store cannot be reached. */
export async function search(ports: Index & Histories, asked: SearchAsked): Promise<Found> {
  const found = await pageOf(ports, asked);
  const { by } = asked.query;
  if (by === undefined) return found;
  const named = await answeredBy(ports, found.rows, by);
  return { ...found, rows: named.rows, skipped: found.skipped + named.unread };
}

/** Begins the keys of pages within what is live; the keys of what has ended are those of the store. */
const livePrefix = 'live-';
/** The key of the first page of what has ended. */
const endedBegin = 'ended';

async function pageOf({ index }: Index, { query, after, limit }: SearchAsked): Promise<Found> {
  const rowSearch = rowSearchOf(query);
  const isLive = after === undefined || after.startsWith(livePrefix);
  // What is live is read first: a row that moves meanwhile is found in both places, and never in none.
  const readsLive = isLive && wantsLive(query);
  const list = after === undefined || readsLive ? await index.listLive() : { rows: [], skipped: 0 };
  const bad = after === undefined ? list.skipped : 0;
  const live = readsLive ? matching(list.rows, query, rowSearch) : [];
  const rest = after === undefined ? live : live.filter((row) => orderOf(row) > after);
  const shown = isLive ? rest.slice(0, limit) : [];
  const last = rest.length > limit ? shown.at(-1) : undefined;
  if (last !== undefined) return { rows: shown, skipped: bad, next: orderOf(last) };
  if (!wantsEnded(query)) return { rows: shown, skipped: bad };
  const room = limit - shown.length;
  const { rows, skipped, next } = await index.closed(
    { after: isLive ? undefined : after, limit: Math.max(1, room) },
    rowSearch,
  );
  if (room === 0)
    return {
      rows: shown,
      skipped: bad,
      ...(rows.length + skipped > 0 || next !== undefined ? { next: endedBegin } : {}),
    };
  const ids = new Set(shown.map(({ remediation }) => remediation));
  const ended = rows.filter((row) => !ids.has(row.remediation) && endsAs(row, query));
  return { rows: [...shown, ...ended], skipped: bad + skipped, ...(next === undefined ? {} : { next }) };
}

/** What is live and found, in the order of pages. */
function matching(rows: readonly IndexRow[], { live }: Query, rowSearch: RowSearch): readonly IndexRow[] {
  return rows
    .filter((row) => isFound(row, rowSearch) && (live === undefined || live.includes(stateOf(row))))
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

/** Rows of older versions say only that they wait for a person, or for nothing that is known. */
function stateOf({ facts, asks, needsPerson }: IndexRow): NonNullable<Query['live']>[number] {
  if (facts !== undefined) return facts.state;
  if (asks === true) return 'needs-approval';
  return needsPerson ? 'needs-person' : 'waiting';
}

function endsAs({ facts }: IndexRow, { ended }: Query): boolean {
  if (ended === undefined || ended.length === allEnds) return true;
  const how = facts?.closed?.how;
  return how !== undefined && ended.includes(how);
}

const allEnds = 3;

function wantsLive({ live }: Query): boolean {
  return live === undefined || live.length > 0;
}

function wantsEnded({ ended }: Query): boolean {
  return ended === undefined || ended.length > 0;
}

function rowSearchOf({ app, registry, causes, sureness, ended, fromMs, untilMs, by }: Query): RowSearch {
  const [how, ...others] = ended ?? [];
  return {
    ...(app === undefined ? {} : { app }),
    ...(registry === undefined ? {} : { registry }),
    ...(causes === undefined ? {} : { causes }),
    ...(sureness === undefined ? {} : { sureness }),
    ...(how === undefined || others.length > 0 ? {} : { closedHow: how }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(by === undefined ? {} : { neededPerson: true }),
  };
}

/** A text by which live rows are in order, the latest opening first. Until the year 2286 an instant in milliseconds has 13 digits. */
function orderOf({ openedAtMs = 0, remediation }: IndexRow): string {
  return `${livePrefix}${String(9_999_999_999_999 - openedAtMs).padStart(13, '0')}-${remediation}`;
}

/** How many histories are read at the same time. */
const sideBySide = 16;

/** Those of the rows in whose history this person answered, undid or asked. Only histories know that, so the rows of one page are read. */
async function answeredBy(
  { history }: Histories,
  rows: readonly IndexRow[],
  by: string,
): Promise<{ readonly rows: readonly IndexRow[]; readonly unread: number }> {
  const found: IndexRow[] = [];
  let unread = 0;
  for (let from = 0; from < rows.length; from += sideBySide) {
    const part = rows.slice(from, from + sideBySide);
    const named = await Promise.all(part.map((row) => isNamed(history, row, by)));
    found.push(...part.filter((_, at) => named[at] === true));
    unread += named.filter((one) => one === undefined).length;
  }
  return { rows: found, unread };
}

/** `undefined` where the history cannot be read. */
async function isNamed(history: Histories['history'], row: IndexRow, by: string): Promise<boolean | undefined> {
  try {
    const entries = await history.read(row.targetId);
    const { ordinal = 0 } = parseRemediationId(row.remediation) ?? {};
    const own = entriesOf(entries, row.targetId, ordinal);
    return own.some(({ entry }) => 'by' in entry && entry.by.toLowerCase().includes(by));
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    return undefined;
  }
}
