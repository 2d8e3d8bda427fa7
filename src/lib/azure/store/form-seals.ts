// The key of the seals of forms, and the seals that were used up, in Azure Table Storage beside the kill switch.

import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { FormSeals } from '../../ports/form-seals.ts';
import { type Fact, known, mapFact, unreadable } from '../../words/fact.ts';
import { isNoRow, writeIfUnchanged } from '../clients/rows.ts';
import type { Table } from '../clients/table.ts';
import { odata } from './odata.ts';

/**
 * Seals with HMAC-SHA-256. The key is read anew for each form, so that removing its row makes every form on every instance worthless at
 * once; the next form makes another key.
 */
export function formSealsOf(table: Table): FormSeals['seals'] {
  return {
    async seal(text) {
      const key = await keyIn(table, 'make');
      return key.read && key.value !== undefined ? known(sealWith(key.value, text)) : unreadable('unavailable');
    },
    async isSealOf(text, seal) {
      // Without a key every form was made with one that a person has removed since.
      return mapFact(await keyIn(table, 'only-read'), (key) => key !== undefined && isSame(sealWith(key, text), seal));
    },
    async useUp(seal, untilMs) {
      await forgetOver(table, untilMs);
      const rowKey = `${timeKey(untilMs)}-${seal}`;
      const entity = { partitionKey: usedUp, rowKey, writer: randomUUID() };
      return (await writeIfUnchanged(table, entity, undefined)) ? 'used-up' : 'used-before';
    },
  };
}

const keyRow = { partitionKey: 'form-seals', rowKey: 'key' } as const;
const usedUp = 'form-seals-used-up';

/** 256 random bits. A row that was written by hand and holds less is no key: then no form is made, and none acts. */
const storedKey = z.object({ key: z.string().regex(/^[0-9a-f]{64}$/) });

async function keyIn(table: Table, whenMissing: 'make' | 'only-read'): Promise<Fact<string | undefined>> {
  try {
    const key = await readKey(table);
    return known(key === undefined && whenMissing === 'make' ? await makeKey(table) : key);
  } catch {
    return unreadable('unavailable');
  }
}

/** `undefined` where there is none. Throws where it cannot be read. */
async function readKey(table: Table): Promise<string | undefined> {
  try {
    return storedKey.parse(await table.getEntity(keyRow.partitionKey, keyRow.rowKey)).key;
  } catch (error) {
    if (isNoRow(error)) return undefined;
    throw error;
  }
}

/** Made once: where two instances make one at the same moment, the key of the first insert holds for both. */
async function makeKey(table: Table): Promise<string | undefined> {
  const entity = { ...keyRow, key: randomBytes(32).toString('hex'), writer: randomUUID() };
  await writeIfUnchanged(table, entity, undefined);
  return readKey(table);
}

function sealWith(key: string, text: string): string {
  return createHmac('sha256', Buffer.from(key, 'hex')).update(text, 'utf8').digest('hex');
}

/** Compares in a time that does not depend on where the texts differ. */
function isSame(own: string, other: string): boolean {
  const [a, b] = [Buffer.from(own), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Sorts as text in the order of time. */
function timeKey(atMs: number): string {
  return String(atMs).padStart(16, '0');
}

/** Forms that expired this long before the form at hand are refused by their time alone, on any instance's clock. Milliseconds. */
const longOverMs = 60 * 60_000;
/** How many rows one answer of a person removes at most. */
const mostRemoved = 20;

/** Removes a few used-up seals that no clock needs any more. That it fails stops no answer: the next one tries again. */
async function forgetOver(table: Table, untilMs: number): Promise<void> {
  const filter = odata`PartitionKey eq ${usedUp} and RowKey lt ${timeKey(untilMs - longOverMs)}`;
  try {
    let left = mostRemoved;
    for await (const { partitionKey, rowKey } of table.listEntities({ queryOptions: { filter } })) {
      if (left === 0 || partitionKey === undefined || rowKey === undefined) break;
      left -= 1;
      await table.deleteEntity(String(partitionKey), String(rowKey));
    }
  } catch {
    // The rows are small, and an expired form is refused by its time alone.
  }
}
