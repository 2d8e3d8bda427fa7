// Reads answers of table storage.
import { RestError } from '@azure/data-tables';

/** True if the row is missing (ResourceNotFound). False if the table is missing (TableNotFound): then the read has failed. */
export function isNoRow(error: unknown): boolean {
  if (!isMissing(error) || !(error instanceof RestError)) return false;
  return /ResourceNotFound/.test(`${error.code ?? ''} ${error.message}`);
}

export function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}
