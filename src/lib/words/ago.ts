// How long ago something was, in the words of a person.
const spans = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** The largest whole unit that fits, at least a minute: "3 hours ago". Milliseconds. */
export function sayAgo(ms: number): string {
  const [unit, length] = spans.find(([, span]) => ms >= span) ?? ['minute', 60_000];
  const count = Math.max(1, Math.floor(ms / length));
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}
