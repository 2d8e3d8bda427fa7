// The command `incidents`: the incidents that are open, each with its owner and the first command that mends it.
import * as z from 'zod';
import { readAs } from './answer-read.ts';
import type { Arguments } from './arguments.ts';
import type { Deployed } from './deployed.ts';
import { withApp } from './deployed-commands.ts';
import { blockLines, clock, print, printJson, say } from './printed.ts';

export function incidentsCommand(given: Arguments<'incidents'>): Promise<number> {
  return withApp(given, async (deployed) => {
    await listOpenIncidents(deployed, given.values.json === true);
    return 0;
  });
}

/** Prints the open incidents. Throws {@link Declined} where the app answers something else. */
export async function listOpenIncidents(deployed: Deployed, json: boolean): Promise<void> {
  const answered = await deployed.get('incidents');
  const { incidents, skipped } = readAs(page, answered, 'a list of incidents');
  if (json) return printJson(answered);
  const open = incidents.filter(({ state }) => state === 'open');
  for (const one of open) sayIncident(one);
  if (open.length === 0) say(skipped === 0 ? 'No incident is open.' : 'No incident that can be read is open.');
  if (skipped > 0) say(`Incidents that cannot be read, and may be open: ${skipped}.`);
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

function sayIncident({ id, title, owner, sureness, apps, openedAtMs, commands }: z.infer<typeof incident>): void {
  say(`${clock(openedAtMs)}  ${id}  ${title}  (for the ${owner}; ${sureness}; workloads: ${apps.length})`);
  const [first] = commands;
  if (first === undefined) return;
  say(`${first.title} (${first.language}):`, { indent: 2 });
  print(blockLines(first.text, 4));
  if (commands.length > 1) say(`and ${commands.length - 1} more: pullmedic show ${id}`, { indent: 2 });
}
