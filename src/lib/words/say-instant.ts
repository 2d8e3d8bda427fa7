// Writes an instant for people. The core has no `Date`, so the calendar is computed here.

/** An instant to the minute, in UTC: `2026-06-01 02:00 UTC`. Takes milliseconds since 1970. */
export function sayInstant(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const days = Math.floor(minutes / minutesOfDay);
  const ofDay = minutes - days * minutesOfDay;
  const { year, month, day } = civilFromDays(days);
  return `${year}-${two(month)}-${two(day)} ${two(Math.floor(ofDay / 60))}:${two(ofDay % 60)} UTC`;
}

/** An instant to the second as RFC 3339 writes it: `2026-06-01T02:00:00Z`. Takes milliseconds since 1970. */
export function instantOf(ms: number): string {
  const seconds = Math.floor(ms / 1000) % 60;
  return sayInstant(ms).replace(/^(\S+) (\S+) UTC$/, `$1T$2:${two(seconds)}Z`);
}

const minutesOfDay = 24 * 60;

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/**
 * The date of a number of days since 1970-01-01, by the algorithm `civil_from_days` of Howard Hinnant ("chrono-Compatible Low-Level Date
 * Algorithms"): years begin in March, so that the leap day is the last of a year.
 */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
