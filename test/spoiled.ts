// What somebody else may send in place of what was meant.
import fc from 'fast-check';

/** A payload in which one member, found by these steps, is something else. */
export function spoiled(value: unknown, path: readonly number[], by: unknown): unknown {
  const [at = 0, ...rest] = path;
  if (typeof value !== 'object' || value === null || path.length === 0) return by;
  const keys = Object.keys(value);
  const key = keys[at % Math.max(1, keys.length)];
  if (key === undefined) return by;
  const copy: Record<string, unknown> = Array.isArray(value) ? (Array.from<unknown>(value) as never) : { ...value };
  copy[key] = spoiled(copy[key], rest, by);
  return copy;
}

export const nasty = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom<unknown>(
    '__proto__',
    '../../x',
    '" | drop table',
    '<script>',
    '${7*7}',
    '\u0000',
    '9'.repeat(400),
    Number.NaN,
    -1,
    null,
    [],
    {},
  ),
);

/** A payload in which the member of this path is something else. */
export function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = Array.isArray(value) ? (Array.from<unknown>(value) as never) : { ...value };
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}
