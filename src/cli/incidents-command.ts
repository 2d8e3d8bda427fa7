// The command `incidents`: the incidents that are open, each with its owner and the first command that mends it.
import * as z from 'zod';
import { readAs } from './answer-read.ts';
import type { Arguments } from './arguments.ts';
import { withApp } from './deployed-commands.ts';
import { blockLines, clock, linesOf, print, printJson } from './printed.ts';
import { UsageError } from './usage-error.ts';
import { type Seen, watch } from './watch.ts';

export function incidentsCommand(given: Arguments<'incidents'>): Promise<number> {
  const { json, watch: isWatched } = given.values;
  if (json === true && isWatched === true) throw new UsageError('--json and --watch exclude each other.');
  return withApp(given, async (deployed) => {
    if (isWatched === true) return watch(async () => seenIn(await deployed.get('incidents')), print);
    const answered = await deployed.get('incidents');
    const { lines } = seenIn(answered);
    if (json === true) printJson(answered);
    else print(lines);
    return 0;
  });
}

/** The open incidents in lines, and their number at the end. Throws {@link Declined} where the app answers something else. */
function seenIn(answered: unknown): Seen {
  const { incidents, skipped } = readAs(page, answered, 'a list of incidents');
  const open = incidents.filter(({ state }) => state === 'open');
  const none = skipped === 0 ? 'No incident is open.' : 'No incident that can be read is open.';
  const unread = skipped === 0 ? [] : linesOf(`Incidents that cannot be read, and may be open: ${skipped}.`);
  const isOver = open.length === 0;
  return {
    lines: [...open.flatMap(incidentLines), ...(isOver ? linesOf(none) : []), ...unread],
    state: [...linesOf(isOver ? none : `Incidents that are open: ${open.length}.`), ...unread],
    goesOn: !isOver || skipped > 0,
  };
}

const command = z.object({ title: z.string(), language: z.string(), text: z.string() });
const incident = z.object({
  id: z.string(),
  state: z.string(),
  title: z.string(),
  owner: z.string(),
  sureness: z.string(),
  apps: z.array(z.string()),
  openedAtMs: z.number(),
  commands: z.array(command),
});
// An older version of the app does not send `skipped`.
const page = z.object({ incidents: z.array(incident), skipped: z.number().default(0) });

function incidentLines(one: z.infer<typeof incident>): readonly string[] {
  const { id, title, owner, sureness, apps, openedAtMs, commands } = one;
  const head = linesOf(
    `${clock(openedAtMs)}  ${id}  ${title}  (for the ${owner}; ${sureness}; workloads: ${apps.length})`,
  );
  const [first] = commands;
  if (first === undefined) return head;
  const more = commands.length - 1;
  return [
    ...head,
    ...linesOf(`${first.title} (${first.language}):`, { indent: 2 }),
    ...blockLines(first.text, 4),
    ...(more > 0 ? linesOf(`and ${more} more: pullmedic show ${id}`, { indent: 2 }) : []),
  ];
}
