// The index in Azure Table Storage: derived rows for lists, and for finding what is overdue. A row that cannot be read hides no other.

import * as z from 'zod';
import type { IndexRow } from '../../history/index-row.ts';
import { historyTroubles } from '../../history/ledger.ts';
import type { WaitsFor } from '../../history/waits-for.ts';
import type { Ports } from '../../ports/ports.ts';
import { parseArmId, parsePrincipalId } from '../../words/arm-id.ts';
import { latest } from '../../words/latest.ts';
import type { IncidentId } from '../../words/target.ts';
import { parseIncidentId, parseRemediationId } from '../../words/target.ts';
import { sha256 } from '../clients/hash.ts';
import { isMissing } from '../clients/rows.ts';
import type { Table } from '../clients/table.ts';
import { odata } from './odata.ts';

const indexPartition = 'remediations';
const incidentPartition = 'incidents';

const indexEntity = z
  .object({
    rowKey: z.string(),
    appId: z.string(),
    closed: z.boolean(),
    needsPerson: z.boolean(),
    asleep: z.boolean().default(false),
    dueAtMs: z.coerce.number(),
    seq: z.number(),
    updatedAtMs: z.coerce.number(),
    openedAtMs: z.coerce.number().optional(),
    asks: z.boolean().optional(),
    waitsFor: z.string().optional(),
    unreadable: z.enum(historyTroubles).optional().catch('not-understood'),
  })
  .transform((entity, context): IndexRow => {
    const id = parseRemediationId(entity.rowKey);
    const appId = parseArmId(entity.appId);
    if (id === undefined || appId === undefined) {
      context.addIssue({ code: 'custom', message: 'not an index row' });
      return z.NEVER;
    }
    const { rowKey: _key, appId: _app, openedAtMs, asks, waitsFor, unreadable, ...fields } = entity;
    const waits = waitsFor === undefined ? undefined : waitsForIn(waitsFor);
    return {
      remediation: id.id,
      targetId: id.target,
      appId,
      ...fields,
      ...(openedAtMs === undefined ? {} : { openedAtMs }),
      ...(asks === undefined ? {} : { asks }),
      ...(waits === undefined ? {} : { waitsFor: waits }),
      ...(unreadable === undefined ? {} : { unreadable }),
    };
  });

const storedWaitsFor = z
  .object({
    image: z.string(),
    registry: z.string(),
    registryId: z.string().optional(),
    principalId: z.string().optional(),
    blind: z.boolean(),
    confirmed: z.array(z.string()),
  })
  .transform(({ registryId, principalId, confirmed, ...fields }): WaitsFor => {
    const registry = parseArmId(registryId ?? '');
    const principal = parsePrincipalId(principalId ?? '');
    return {
      ...fields,
      // A cause that this version does not know is only looked up by its name.
      confirmed: confirmed as WaitsFor['confirmed'],
      ...(registry === undefined ? {} : { registryId: registry }),
      ...(principal === undefined ? {} : { principalId: principal }),
    };
  });

/** `undefined` where it cannot be read: then the history says it. */
function waitsForIn(text: string): WaitsFor | undefined {
  try {
    return storedWaitsFor.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The rows that can be read, and how many others there are: one bad row never hides the others. */
async function rowsWhere(table: Table, filter: string): Promise<{ rows: IndexRow[]; skipped: number }> {
  const rows: IndexRow[] = [];
  let skipped = 0;
  for await (const entity of table.listEntities({ queryOptions: { filter } })) {
    const read = indexEntity.safeParse(entity);
    if (read.success) rows.push(read.data);
    else skipped += 1;
  }
  return { rows, skipped };
}

async function readableRows(table: Table, filter: string): Promise<IndexRow[]> {
  return (await rowsWhere(table, filter)).rows;
}

const liveRows = odata`PartitionKey eq ${indexPartition} and closed eq false`;

/** Live remediations of one app have their own partition, so that a signal does not make storage scan all rows. */
function appPartition(appId: string): string {
  return `app-${sha256(appId).slice(0, 24)}`;
}

/** Deletes a pointer to a live remediation. A pointer that is left behind does no harm: its history shows no live remediation. */
async function removePointer(table: Table, appId: string, remediation: string): Promise<void> {
  try {
    await table.deleteEntity(appPartition(appId), remediation);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function pointersOf(table: Table, appId: string): Promise<Pick<IndexRow, 'remediation' | 'targetId'>[]> {
  const found: Pick<IndexRow, 'remediation' | 'targetId'>[] = [];
  const filter = odata`PartitionKey eq ${appPartition(appId)}`;
  for await (const entity of table.listEntities({ queryOptions: { filter } })) {
    const id = parseRemediationId(entity.rowKey ?? '');
    if (id !== undefined) found.push({ remediation: id.id, targetId: id.target });
  }
  return found;
}

/** How many written pointers this process remembers. A pointer never changes, so it is written once. */
const mostPointers = 5000;

/** The index: derived rows for lists and for finding what is overdue. */
export function indexOf(table: Table): Ports['index'] {
  const pointers = latest<string, true>(mostPointers);
  return {
    async put({ remediation, targetId: _target, openedAtMs, waitsFor, ...fields }) {
      const texts = {
        ...(waitsFor === undefined ? {} : { waitsFor: JSON.stringify(waitsFor) }),
        dueAtMs: String(fields.dueAtMs),
        updatedAtMs: String(fields.updatedAtMs),
        ...(openedAtMs === undefined ? {} : { openedAtMs: String(openedAtMs) }),
      };
      if (!fields.closed && pointers.get(remediation) === undefined) {
        await table.upsertEntity({ partitionKey: appPartition(fields.appId), rowKey: remediation }, 'Replace');
        pointers.put(remediation, true);
      }
      await table.upsertEntity({ partitionKey: indexPartition, rowKey: remediation, ...fields, ...texts }, 'Replace');
      if (fields.closed) {
        pointers.drop(remediation);
        await removePointer(table, fields.appId, remediation);
      }
    },
    live: () => readableRows(table, liveRows),
    unreadableRows: async () => (await rowsWhere(table, liveRows)).skipped,
    waiting: () =>
      readableRows(table, odata`PartitionKey eq ${indexPartition} and closed eq false and needsPerson eq true`),
    // Until the year 2286 an instant in milliseconds has 13 digits, so the texts compare in the order of the numbers.
    overdue: (beforeMs) =>
      readableRows(
        table,
        odata`PartitionKey eq ${indexPartition} and closed eq false and dueAtMs lt ${String(Math.floor(beforeMs))}`,
      ),
    liveOf: (appId) => pointersOf(table, appId),
    all: () => readableRows(table, odata`PartitionKey eq ${indexPartition}`),
    asleep: () => readableRows(table, odata`PartitionKey eq ${indexPartition} and closed eq true and asleep eq true`),
    async noteIncident(id) {
      await table.upsertEntity({ partitionKey: incidentPartition, rowKey: id }, 'Replace');
    },
    async incidents() {
      const ids: IncidentId[] = [];
      for await (const entity of table.listEntities({
        queryOptions: { filter: odata`PartitionKey eq ${incidentPartition}` },
      })) {
        const id = parseIncidentId(entity.rowKey ?? '');
        if (id !== undefined) ids.push(id);
      }
      return ids;
    },
  };
}
