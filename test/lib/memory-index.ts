// The index in memory: the same rules as in storage, over one row a remediation.
import type { IndexRow } from '../../src/lib/history/index-row.ts';
import { endOf, isFound } from '../../src/lib/history/row-search.ts';
import type { IncidentRow } from '../../src/lib/incidents/incident-row.ts';
import type {
  ClosedRows,
  IncidentRows,
  IndexStore,
  LiveRows,
  PageAsked,
  PageKey,
  PageOf,
} from '../../src/lib/ports/index-store.ts';
import type { IncidentId } from '../../src/lib/words/target.ts';

/** The index over rows that a test may hold too. What ended asleep is watched as long as its row says so. */
export function memoryIndex(rows: Map<string, IndexRow>): IndexStore {
  return {
    put: async (row) => void rows.set(row.remediation, row),
    all: async () => [...rows.values()],
    ...liveRows(rows),
    ...closedRows(rows),
    ...incidentRows(),
  };
}

function liveRows(rows: Map<string, IndexRow>): LiveRows {
  const live = (): IndexRow[] => [...rows.values()].filter((row) => !row.closed);
  return {
    live: async () => live(),
    listLive: async () => ({ rows: live(), skipped: 0 }),
    waiting: async () => live().filter((row) => row.needsPerson),
    overdue: async (beforeMs) => live().filter((row) => row.dueAtMs < beforeMs),
    liveOf: async (appId) => live().filter((row) => row.appId === appId),
    liveOfTarget: async (targetId) => live().filter((row) => row.targetId === targetId),
  };
}

function closedRows(rows: Map<string, IndexRow>): ClosedRows {
  // One whose undo is under way is live, and has ended all the same.
  const ended = (): IndexRow[] =>
    [...rows.values()]
      .filter((row) => row.closed || row.closedAtMs !== undefined)
      .map((row) => ({ ...row, closed: true }))
      .sort((a, b) => endOf(b) - endOf(a) || (a.remediation < b.remediation ? -1 : 1));
  return {
    closed: async (asked, search = {}) =>
      pageOf(
        ended().filter((row) => isFound(row, search)),
        ({ remediation }) => remediation,
        asked,
      ),
    lastClosed: async (targetId) => ended().find((row) => row.targetId === targetId),
    targetsOf: async (appId) => [
      ...new Set([...rows.values()].filter((row) => row.appId === appId).map((row) => row.targetId)),
    ],
    asleep: async () => [...rows.values()].filter((row) => row.asleep),
    async stopWatching(remediation) {
      const row = rows.get(remediation);
      if (row !== undefined) rows.set(remediation, { ...row, asleep: false });
    },
    leftAmongLive: async () => [],
  };
}

function incidentRows(): IncidentRows {
  const open = new Map<IncidentId, IncidentRow>();
  const ended = new Map<string, IncidentRow>();
  const key = ({ id, facts }: IncidentRow): string => `${facts?.closedAtMs ?? 0} ${id}`;
  return {
    async noteIncident(id) {
      if (!open.has(id)) open.set(id, { id });
    },
    async putIncident(row) {
      const later = (open.get(row.id)?.facts?.seq ?? 0) > (row.facts?.seq ?? 0);
      if (row.facts?.closedAtMs === undefined) return later ? undefined : void open.set(row.id, row);
      ended.set(key(row), row);
      if (!later) open.delete(row.id);
    },
    openIncidents: async () => ({ rows: [...open.values()], skipped: 0 }),
    closedIncidents: async (asked) =>
      pageOf(
        [...ended.values()].sort((a, b) => (b.facts?.closedAtMs ?? 0) - (a.facts?.closedAtMs ?? 0)),
        key,
        asked,
      ),
    incidents: async () => [...new Set([...open.keys(), ...[...ended.values()].map(({ id }) => id)])],
  };
}

function pageOf<Row>(rows: readonly Row[], keyOf: (row: Row) => string, { after, limit }: PageAsked): PageOf<Row> {
  const from = rows.findIndex((row) => keyOf(row) === after) + 1;
  const shown = rows.slice(from, from + limit);
  const last = rows.length > from + limit ? shown.at(-1) : undefined;
  return { rows: shown, skipped: 0, ...(last === undefined ? {} : { next: keyOf(last) as PageKey }) };
}
