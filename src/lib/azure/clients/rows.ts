// Answers of table storage.
import { RestError } from '@azure/data-tables';

/** A missing row answers ResourceNotFound; a missing table answers TableNotFound, and that is no answer. */
export function isNoRow(error: unknown): boolean {
  if (!isMissing(error) || !(error instanceof RestError)) return false;
  return /ResourceNotFound/.test(`${error.code ?? ''} ${error.message}`);
}

export function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}
