// Written instants. The core has no clock of its own, and no `Date`.

/** Milliseconds since 1970 of an ISO 8601 instant with a zone. NaN if the text is not such an instant. */
export function epochMs(text: string): number {
  const match = instantPattern.exec(text);
  if (match === null) return Number.NaN;
  const part = (index: number): number => Number(match[index] ?? 0);
  const days = daysFromCivil(part(1), part(2), part(3));
  const millis = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const offset = (match[8] === '-' ? -1 : 1) * (part(9) * 60 + part(10));
  return ((days * 24 + part(4)) * 60 + part(5) - offset) * 60_000 + part(6) * 1000 + millis;
}

const instantPattern =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):?(\d{2}))$/;

/** Days since 1970-01-01 of a proleptic Gregorian date: the core has no clock and needs no `Date` to read a written instant. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}
