// The index in Azure Table Storage. What is live lies in one partition and what has ended in another, in the order of its end, so that the
// schedule reads what is live and a page of the past is one request. docs/decisions/0010-rows-for-what-is-asked.md says why.

import type { IndexRow } from '../../history/index-row.ts';
import type { RowSearch } from '../../history/row-search.ts';
import { endOf, isFound } from '../../history/row-search.ts';
import type { ClosedRows, IndexStore, LiveRows } from '../../ports/index-store.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { latest } from '../../words/latest.ts';
import type { RemediationId, TargetId } from '../../words/target.ts';
import { parseRemediationId, parseTargetId } from '../../words/target.ts';
import { sha256 } from '../clients/hash.ts';
import { isConflict, isMissing, isNoRow } from '../clients/rows.ts';
import type { Table } from '../clients/table.ts';
import { incidentRows } from './incident-rows.ts';
import { columnsOf, rowIn } from './index-entity.ts';
import { listWhere, pageWhere } from './index-pages.ts';
import { odata } from './odata.ts';
import { asksFacts, conditionsOf } from './row-filters.ts';
import { endedKey } from './row-keys.ts';

/** What is live, by remediation. Older versions left here what has ended, too, until the schedule has moved it. */
const livePartition = 'remediations';
/** What has ended, the latest end first. A row is never deleted here: its key follows from when it ended. */
const endedPartition = 'ended';
/** The key of the row of what ended last, by target. */
const lastEndedPartition = 'ended-targets';
/** Copies of what ended asleep and is still watched, by remediation. */
const asleepPartition = 'asleep';

/** How many written pointers this process remembers. A pointer never changes, so it is written once. */
const mostPointers = 5000;

/** The index of all instances. */
export function indexOf(table: Table): IndexStore {
  const pointers = latest<string, true>(mostPointers);
  return {
    put: (row) => (row.closed ? putEnded(table, row, pointers) : putLive(table, row, pointers)),
    async all() {
      // First what is live: a row that moves meanwhile is found in both places, and never in none.
      const live = await rowsWhere(table, odata`PartitionKey eq ${livePartition}`);
      const ended = await rowsWhere(table, odata`PartitionKey eq ${endedPartition}`);
      return latestOfEach([...live, ...ended]);
    },
    ...liveRows(table),
    ...closedRows(table),
    ...incidentRows(table),
  };
}

/** Where the row of an ended remediation stands. */
export function endedRowKeys(remediation: RemediationId, endedAtMs: number): { partitionKey: string; rowKey: string } {
  return { partitionKey: endedPartition, rowKey: endedKey(endedAtMs, remediation) };
}

interface Pointers {
  get(remediation: string): true | undefined;
  put(remediation: string, value: true): void;
  drop(remediation: string): void;
}

async function putLive(table: Table, row: IndexRow, pointers: Pointers): Promise<void> {
  if (pointers.get(row.remediation) === undefined) {
    await table.upsertEntity({ partitionKey: appPartition(row.appId), rowKey: row.remediation }, 'Replace');
    pointers.put(row.remediation, true);
  }
  await table.upsertEntity({ partitionKey: livePartition, rowKey: row.remediation, ...columnsOf(row) }, 'Replace');
}

/**
 * Each row is written where it belongs before it is deleted where it was. A host that dies on the way leaves the live row, which is overdue
 * some day.
 */
async function putEnded(table: Table, row: IndexRow, pointers: Pointers): Promise<void> {
  const { remediation, targetId, appId } = row;
  const columns = columnsOf(row);
  const ended = endedKey(endOf(row), remediation);
  const { ordinal = 0 } = parseRemediationId(remediation) ?? {};
  await Promise.all([
    table.upsertEntity({ partitionKey: endedPartition, rowKey: ended, ...columns }, 'Replace'),
    noteLast(table, targetId, ended, ordinal),
    table.upsertEntity({ partitionKey: appPartition(appId), rowKey: endedTarget(targetId) }, 'Replace'),
    ...(row.asleep
      ? [table.upsertEntity({ partitionKey: asleepPartition, rowKey: remediation, ...columns }, 'Replace')]
      : []),
  ]);
  await removeRow(table, livePartition, remediation);
  pointers.drop(remediation);
  await removeRow(table, appPartition(appId), remediation);
}

/** Notes the row as the last one of its target, unless a later remediation is noted. */
async function noteLast(table: Table, target: TargetId, ended: string, ordinal: number): Promise<void> {
  const row = { partitionKey: lastEndedPartition, rowKey: target, ended, ordinal };
  if (ordinal > 1) {
    if ((await lastOf(table, target)).ordinal <= ordinal) await table.upsertEntity(row, 'Replace');
    return;
  }
  // Most targets fail once: for them one request will do.
  try {
    await table.createEntity(row);
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

async function lastOf(table: Table, target: TargetId): Promise<{ ended?: string; ordinal: number }> {
  const row = await oneRow(table, lastEndedPartition, target);
  const [ended, ordinal] = [row?.['ended'], row?.['ordinal']];
  return typeof ended === 'string' && typeof ordinal === 'number' ? { ended, ordinal } : { ordinal: 0 };
}

function liveRows(table: Table): LiveRows {
  const live = odata`PartitionKey eq ${livePartition} and closed eq false`;
  return {
    live: () => rowsWhere(table, live),
    listLive: () => listWhere(table, live, rowIn),
    waiting: () => rowsWhere(table, `${live} and needsPerson eq true`),
    overdue: (beforeMs) => rowsWhere(table, `${live} and ${odata`dueAtMs lt ${String(Math.floor(beforeMs))}`}`),
    async liveOf(appId) {
      const ids = await remediationsIn(table, appPartition(appId));
      return ids.map(({ id, target }) => ({ remediation: id, targetId: target }));
    },
    liveOfTarget: (targetId) => rowsWhere(table, `${live} and ${keysOfTarget(targetId)}`),
  };
}

function closedRows(table: Table): ClosedRows {
  const left = odata`PartitionKey eq ${livePartition} and closed eq true`;
  return {
    closed(asked, search = {}) {
      const filters = [conditionsOf(odata`PartitionKey eq ${endedPartition}`, search), left];
      // A row that an older version wrote has no facts, so a search for facts cannot find it.
      return pageWhere(table, asksFacts(search) ? filters.slice(0, 1) : filters, foundBy(search), asked);
    },
    async lastClosed(targetId) {
      const [old] = (await rowsWhere(table, `${left} and ${keysOfTarget(targetId)}`)).sort(byEnd);
      const { ended } = await lastOf(table, targetId);
      const row = ended === undefined ? undefined : rowIn(await oneRow(table, endedPartition, ended));
      return [...(row === undefined ? [] : [row]), ...(old === undefined ? [] : [old])].sort(byEnd)[0];
    },
    async targetsOf(appId) {
      // First what is live or left there: a row that moves meanwhile is found in both places, and never in none.
      const live = await keysWhere(table, odata`PartitionKey eq ${livePartition} and appId eq ${appId}`);
      const noted = await keysWhere(table, odata`PartitionKey eq ${appPartition(appId)}`);
      return [...new Set([...live, ...noted].flatMap(targetOfKey))];
    },
    asleep: () => rowsWhere(table, odata`PartitionKey eq ${asleepPartition}`),
    stopWatching: (remediation) => removeRow(table, asleepPartition, remediation),
    leftAmongLive: (limit) => firstWhere(table, left, limit),
  };
}

/** Reads a row that the search finds. One that is read and not found is no row of the page. */
function foundBy(search: RowSearch): (entity: unknown) => IndexRow | 'not-asked' | undefined {
  return (entity) => {
    const row = rowIn(entity);
    return row === undefined || isFound(row, search) ? row : 'not-asked';
  };
}

async function rowsWhere(table: Table, filter: string): Promise<IndexRow[]> {
  return [...(await listWhere(table, filter, rowIn)).rows];
}

async function firstWhere(table: Table, filter: string, limit: number): Promise<IndexRow[]> {
  const rows: IndexRow[] = [];
  for await (const entity of table.listEntities({ queryOptions: { filter } })) {
    const row = rowIn(entity);
    if (row !== undefined) rows.push(row);
    if (rows.length >= limit) break;
  }
  return rows;
}

/** Of several rows of one remediation the one of the latest entry. */
function latestOfEach(rows: readonly IndexRow[]): IndexRow[] {
  const found = new Map<RemediationId, IndexRow>();
  for (const row of rows) {
    const before = found.get(row.remediation);
    if (before === undefined || row.seq > before.seq) found.set(row.remediation, row);
  }
  return [...found.values()];
}

function byEnd(a: IndexRow, b: IndexRow): number {
  return endOf(b) - endOf(a);
}

/** The keys of a target's remediations lie between `TARGET.` and `TARGET/`, the next character. */
function keysOfTarget(target: TargetId): string {
  return odata`RowKey ge ${`${target}.`} and RowKey lt ${`${target}/`}`;
}

/** Remediations and targets of one app have their own partition, so that a signal does not make storage scan all rows. */
function appPartition(appId: ArmId): string {
  return `app-${sha256(appId).slice(0, 24)}`;
}

/** Beside the pointers to live remediations, and after all of them in the order of keys: their ids begin with `t`. */
const endedTargetPrefix = 'was-';

function endedTarget(target: TargetId): string {
  return `${endedTargetPrefix}${target}`;
}

function targetOfKey(key: string): TargetId[] {
  const target = key.startsWith(endedTargetPrefix)
    ? parseTargetId(key.slice(endedTargetPrefix.length))
    : parseRemediationId(key)?.target;
  return target === undefined ? [] : [target];
}

/** A pointer to a live remediation that was left behind does no harm: its history shows no live remediation. */
async function remediationsIn(table: Table, partition: string): Promise<{ id: RemediationId; target: TargetId }[]> {
  const keys = await keysWhere(table, odata`PartitionKey eq ${partition} and RowKey lt ${endedTargetPrefix}`);
  return keys.flatMap((key) => parseRemediationId(key) ?? []);
}

async function keysWhere(table: Table, filter: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { rowKey } of table.listEntities({ queryOptions: { filter } })) keys.push(rowKey ?? '');
  return keys;
}

async function oneRow(table: Table, partition: string, key: string): Promise<Record<string, unknown> | undefined> {
  try {
    return await table.getEntity(partition, key);
  } catch (error) {
    if (isNoRow(error)) return undefined;
    throw error;
  }
}

async function removeRow(table: Table, partition: string, key: string): Promise<void> {
  try {
    await table.deleteEntity(partition, key);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
