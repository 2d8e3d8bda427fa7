// Keys by which rows lie in the order of their end, the latest first: tables are read in the order of their keys.

/** The largest number of 13 digits. Until the year 2286 an instant in milliseconds has 13 of them. */
const last = 9_999_999_999_999;

/** The beginning of the keys of what ended at this instant. */
function reversed(atMs: number): string {
  return String(last - Math.min(Math.max(0, Math.floor(atMs)), last)).padStart(13, '0');
}

/** The key of what ended at this instant. */
export function endedKey(atMs: number, id: string): string {
  return `${reversed(atMs)}-${id}`;
}

/** Every key of what ended at this instant or later is below this text. */
export function belowKey(fromMs: number): string {
  return `${reversed(fromMs)}.`;
}

/** Every key of what ended before this instant is this text or above it. */
export function aboveKey(untilMs: number): string {
  return `${reversed(untilMs)}.`;
}

/** The id in a key; `undefined` where it is no key of this kind. */
export function idOfKey(key: string): string | undefined {
  return /^\d{13}-(.+)$/.exec(key)?.[1];
}
