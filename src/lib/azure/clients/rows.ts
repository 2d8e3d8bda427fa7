// Reads answers of table storage.

import { isRestError } from './rest-error.ts';
import type { Table } from './table.ts';

/** True if the row is missing (ResourceNotFound). False if the table is missing (TableNotFound): then the read has failed. */
export function isNoRow(error: unknown): boolean {
  if (!isMissing(error) || !isRestError(error)) return false;
  return /ResourceNotFound/.test(`${error.code ?? ''} ${error.message}`);
}

export function isMissing(error: unknown): boolean {
  return isRestError(error) && error.statusCode === 404;
}

/** The insert found a row with the same keys. */
export function isConflict(error: unknown): boolean {
  return isRestError(error) && error.statusCode === 409;
}

/** The condition of a write does not hold: the row has another etag by now. */
function isChanged(error: unknown): boolean {
  return isRestError(error) && error.statusCode === 412;
}

/**
 * After a conflict: true if the existing row is our own. The client repeats an insert whose answer was lost, and the repeat conflicts
 * with its own first try, which must not count as the entry of another writer. Throws if the row does not exist.
 */
export async function isOurs(
  table: Table,
  entity: { readonly partitionKey: string; readonly rowKey: string; readonly writer: string },
): Promise<boolean> {
  const stored = await table.getEntity(entity.partitionKey, entity.rowKey);
  return stored['writer'] === entity.writer;
}

/**
 * Writes the row where it is still the one with this etag, or, without an etag, where there is none. The table compares and writes in one.
 * False if another writer was first. Each write needs a `writer` of its own. Throws when the store does not answer.
 */
export async function writeIfUnchanged(
  table: Table,
  entity: { readonly partitionKey: string; readonly rowKey: string; readonly writer: string },
  etag: string | undefined,
): Promise<boolean> {
  try {
    await (etag === undefined ? table.createEntity(entity) : table.updateEntity(entity, 'Replace', { etag }));
    return true;
  } catch (error) {
    if (isNoRow(error)) return false;
    if (!isConflict(error) && !isChanged(error)) throw error;
    return isOurs(table, entity);
  }
}

/** Removes the row where it is still the one with this etag. False if another writer was first. Throws when the store does not answer. */
export async function removeIfUnchanged(table: Table, partition: string, key: string, etag: string): Promise<boolean> {
  try {
    await table.deleteEntity(partition, key, { etag });
    return true;
  } catch (error) {
    if (isMissing(error)) return true;
    if (!isChanged(error)) throw error;
    return false;
  }
}
