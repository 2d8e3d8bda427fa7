// Days and weeks in UTC. Instants are milliseconds since 1970.

export const dayMs = 24 * 60 * 60_000;

/** The start of the day of an instant. */
export function dayStartOf(atMs: number): number {
  return Math.floor(atMs / dayMs) * dayMs;
}

/** The start of the week of an instant: Monday, 00:00. The first of January 1970 was a Thursday. */
export function weekStartOf(atMs: number): number {
  const day = Math.floor(atMs / dayMs);
  return (day - modulo(day + 3, 7)) * dayMs;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
