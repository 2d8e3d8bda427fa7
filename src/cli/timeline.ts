// The timeline of a remediation in lines. Looks that say the same again become one line, as on the page.
import * as z from 'zod';
import { clock, linesOf } from './printed.ts';

const sentences = z.array(z.string()).default([]);
/** An entry as the app answers it. An older version of the app sends neither `withheld` nor `unreadable`. */
export const timelineEntry = z.object({
  kind: z.string().default(''),
  atMs: z.number(),
  says: z.string(),
  withheld: sentences,
  unreadable: sentences,
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

/** All entries, in their order. With `all` none is folded. */
export function timelineLines(entries: readonly TimelineEntry[], all: boolean): readonly string[] {
  const lines: string[] = [];
  const said = new Set<string>();
  let repeats: TimelineEntry[] = [];
  for (const entry of entries) {
    const what = JSON.stringify([entry.says, entry.withheld, entry.unreadable]);
    if (!all && isLook(entry) && said.has(what)) {
      repeats.push(entry);
      continue;
    }
    // After a change or an answer, the next look is shown again: it says what that changed.
    if (!changesNothing.has(entry.kind)) said.clear();
    said.add(what);
    lines.push(...repeatLines(repeats), ...entryLines(entry));
    repeats = [];
  }
  return [...lines, ...repeatLines(repeats)];
}

/** Entries after which a look that says the same tells a reader nothing new. */
const changesNothing: ReadonlySet<string> = new Set([
  'looked',
  'decided',
  'signal-joined',
  'incident-linked',
  'put-off',
  'alert-decided',
  'alert-outcome',
]);

/** What a look saw and what was decided on it. Changes, answers and their outcomes are never folded. */
function isLook({ kind }: TimelineEntry): boolean {
  return kind === 'looked' || kind === 'decided';
}

function repeatLines(repeats: readonly TimelineEntry[]): readonly string[] {
  const [first, last] = [repeats[0], repeats.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (repeats.length === 1) return entryLines(first);
  return linesOf(`${clock(first.atMs)}  until ${clock(last.atMs)}: ${repeats.length} entries that say the same again`);
}

function entryLines({ atMs, says, withheld, unreadable }: TimelineEntry): readonly string[] {
  return [
    says,
    ...(unreadable.length > 0 ? [`could not read: ${unreadable.join(', ')}`] : []),
    ...withheld.map((why) => `withheld, because ${why}`),
  ].flatMap((line) => linesOf(`${clock(atMs)}  ${line}`));
}
