// The counted signals of a remediation in Azure Table Storage: one row for each remediation, written where it is still the one that was read.

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { CountedSignal, CountedSignals } from '../../history/counted-signals.ts';
import { mostRecent, noneCounted } from '../../history/counted-signals.ts';
import type { Ports } from '../../ports/ports.ts';
import { isNoRow, writeIfUnchanged } from '../clients/rows.ts';
import type { Table } from '../clients/table.ts';

/** Beside the rows of the index, in a partition that no list reads. */
const partitionKey = 'counted-signals';

/** The counted signals. A row without readable details keeps its number; then a signal that comes again is counted again. */
export function countedSignalsOf(table: Table): Ports['counted'] {
  return {
    async read(remediation) {
      try {
        const entity = await table.getEntity(partitionKey, remediation);
        return { counted: countedIn(entity), version: entity.etag };
      } catch (error) {
        if (isNoRow(error)) return { counted: noneCounted };
        throw error;
      }
    },
    async write(remediation, counted, version) {
      const entity = { partitionKey, rowKey: remediation, ...rowOf(counted), writer: randomUUID() };
      return (await writeIfUnchanged(table, entity, version)) ? 'written' : 'taken';
    },
  };
}

const storedCount = z.int().min(0);
const storedRecent = z
  .array(z.tuple([z.string(), z.number(), z.number(), z.string().nullable(), z.boolean()]))
  .max(mostRecent);

function countedIn(entity: Record<string, unknown>): CountedSignals {
  const count = storedCount.safeParse(entity['count']);
  return { count: count.data ?? 0, recent: recentIn(entity['recent']) };
}

function recentIn(text: unknown): CountedSignal[] {
  try {
    return storedRecent.parse(JSON.parse(String(text))).map(([id, atMs, countedAtMs, revision, joinOnly]) => ({
      id,
      atMs,
      countedAtMs,
      ...(revision === null ? {} : { revision }),
      ...(joinOnly ? { joinOnly } : {}),
    }));
  } catch {
    return [];
  }
}

/** A signal takes some 120 characters of a string property that holds 32 Ki UTF-16 units: a name of a revision has 62 at most. */
function rowOf({ count, recent }: CountedSignals): { count: number; recent: string } {
  const rows = recent.map(({ id, atMs, countedAtMs, revision, joinOnly }) => [
    id,
    atMs,
    countedAtMs,
    revision ?? null,
    joinOnly === true,
  ]);
  return { count, recent: JSON.stringify(rows) };
}
