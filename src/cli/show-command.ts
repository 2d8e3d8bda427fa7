// The command `show`: one remediation as a timeline, and what fixes it.
import * as z from 'zod';
import { sayRepeats } from '../lib/words/say-repeats.ts';
import { withoutUserinfo } from '../lib/words/userinfo.ts';
import type { Deployed } from './deployed.ts';
import { sayFix } from './fix-commands.ts';
import { clock, printJson, say } from './printed.ts';

/** Prints the timeline of the remediation with this id; of one that is live, the commands of its incident too. */
export async function show(deployed: Deployed, id: string, json: boolean): Promise<void> {
  const answered = await deployed.get(`remediations/${id}`);
  if (json) return printJson(answered);
  const { remediation: one, entries } = shown.parse(answered);
  say(withoutUserinfo(one.target.image));
  say(lineOf(one));
  for (const { atMs, says, withheld, unreadable } of entries) {
    say(`${clock(atMs)}  ${says}`);
    if (unreadable.length > 0) say(`${clock(atMs)}  could not read: ${unreadable.join(', ')}`);
    for (const why of withheld) say(`${clock(atMs)}  withheld, because ${why}`);
  }
  if (one.closed === undefined && one.incident !== undefined) await sayFix(deployed, one.incident);
}

/** A remediation as the JSON of the app has it. */
export const remediationShape = z.object({
  id: z.string(),
  target: z.object({ appName: z.string(), image: z.string() }),
  state: z.string(),
  openedAtMs: z.number(),
  causes: z.array(z.string()),
  incident: z.string().optional(),
  actions: z.array(z.object({ action: z.string(), outcome: z.string() })),
  closed: z.object({ how: z.string() }).optional(),
});

const sentences = z.array(z.string()).default([]);
// An older version of the app sends neither `withheld` nor `unreadable`.
const said = z.object({ atMs: z.number(), says: z.string(), withheld: sentences, unreadable: sentences });
const shown = z.object({ remediation: remediationShape, entries: z.array(said) });

/** One line: when, id, state, app, causes, actions. Not yet safe to print. */
export function lineOf(one: z.infer<typeof remediationShape>): string {
  const causes = one.causes.join(' and ') || 'no cause named';
  const actions =
    sayRepeats(one.actions.map(({ action, outcome }) => `${action}: ${outcome}`)).join(', ') ||
    'pullmedic changed nothing';
  return `${clock(one.openedAtMs)}  ${one.id}  ${one.closed?.how ?? one.state}  ${one.target.appName}  ${causes}; ${actions}`;
}
