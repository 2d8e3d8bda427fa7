// Values, rows and tables of KQL, how values compare, and the error of a query.

/** A value of a column. */
export type Value = string | number | boolean | Date | null | { [key: string]: Value } | Value[];

/** A row, by the names of its columns. */
export type Row = Record<string, Value>;

/** Rows with the names of their columns, in order. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** The query asks for something that is not there or not modelled. */
export class KqlError extends Error {
  override readonly name = 'KqlError';
}

/** A value as text, as `tostring()` writes it. */
export function text(value: Value): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Negative, zero or positive: numbers and instants by their size, everything else as text. */
export function compare(a: Value, b: Value): number {
  const [x, y] = [comparable(a), comparable(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function comparable(value: Value): number | string {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'number' ? value : text(value);
}

/** Whether two values are equal; `caseless` for operators that end in `~`. */
export function same(a: Value, b: Value, caseless: boolean): boolean {
  return caseless ? text(a).toLowerCase() === text(b).toLowerCase() : compare(a, b) === 0;
}

/** `has` looks for whole terms: runs of letters and digits. */
export function hasTerm(value: Value, term: Value): boolean {
  const needle = text(term).toLowerCase();
  const hay = text(value).toLowerCase();
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1)) {
    const before = hay[at - 1] ?? ' ';
    const after = hay[at + needle.length] ?? ' ';
    if (!/[a-z0-9]/.test(before) && !/[a-z0-9]/.test(after)) return true;
  }
  return false;
}

/** A member of an object; null where there is none. */
export function member(value: Value, name: string): Value {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !Array.isArray(value)
    ? (value[name] ?? null)
    : null;
}
