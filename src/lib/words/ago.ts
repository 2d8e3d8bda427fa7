// Says how long ago something was, as a person would say it.
const spans = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** Turns milliseconds into the largest whole unit that fits, at least a minute: "3 hours ago". */
export function sayAgo(ms: number): string {
  const [unit, length] = spans.find(([, span]) => ms >= span) ?? ['minute', 60_000];
  const count = Math.max(1, Math.floor(ms / length));
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}
