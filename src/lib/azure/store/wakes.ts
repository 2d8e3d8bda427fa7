// The plan of wake-ups in Azure Table Storage: one row that all instances share, written where it is still the one that was read.

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { mostPlannedLooks } from '../../intake/wake-plan.ts';
import type { PlannedLook, Ports } from '../../ports/ports.ts';
import { parseRemediationId } from '../../words/target.ts';
import { isNoRow, writeIfUnchanged } from '../clients/rows.ts';
import type { Table } from '../clients/table.ts';

const key = { partitionKey: 'controls', rowKey: 'wakes' } as const;

/** A string property holds 32 Ki UTF-16 units. */
const partLength = 30_000;
const mostParts = 10;

/** The plan of wake-ups. A row that cannot be read is an empty plan: then a change wakes once more than it has to. */
export function wakesOf(table: Table): Ports['wakes'] {
  return {
    async read() {
      try {
        const entity = await table.getEntity(key.partitionKey, key.rowKey);
        return { looks: looksIn(entity), version: entity.etag };
      } catch (error) {
        if (isNoRow(error)) return { looks: [] };
        throw error;
      }
    },
    async write(looks, version) {
      const entity = { ...key, ...partsOf(looks), writer: randomUUID() };
      return (await writeIfUnchanged(table, entity, version)) ? 'written' : 'taken';
    },
  };
}

const storedLooks = z.array(z.tuple([z.string(), z.number(), z.string()]));

function looksIn(entity: Record<string, unknown>): PlannedLook[] {
  const parts = Array.from({ length: mostParts }, (_, index) => entity[`part${index}`] ?? '');
  try {
    return storedLooks.parse(JSON.parse(parts.join(''))).flatMap(([id, dueAtMs, by]) => {
      const remediation = parseRemediationId(id)?.id;
      return remediation === undefined ? [] : [{ remediation, dueAtMs, by }];
    });
  } catch {
    return [];
  }
}

/** A look takes some 60 characters of a row that holds 512 Ki in all. A plan has no more looks than fit; the slice is a guard. */
function partsOf(looks: readonly PlannedLook[]): Record<string, string> {
  const sorted = [...looks].sort((a, b) => a.dueAtMs - b.dueAtMs);
  const rows = sorted.map(({ remediation, dueAtMs, by }) => [remediation, dueAtMs, by] as const);
  const text = JSON.stringify(rows.slice(0, mostPlannedLooks));
  const parts = Math.ceil(text.length / partLength);
  return Object.fromEntries(
    Array.from({ length: parts }, (_, index) => [
      `part${index}`,
      text.slice(index * partLength, (index + 1) * partLength),
    ]),
  );
}
