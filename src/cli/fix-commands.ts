// The commands that fix a remediation: those of its incident, as long as the incident is open.
import * as z from 'zod';
import { readAs } from './answer-read.ts';
import { Declined } from './declined.ts';
import type { Deployed } from './deployed.ts';
import { say, sayBlock } from './printed.ts';

/**
 * Prints what to run, how to verify it and how to take it back. An incident that cannot be read is said so, and is no error: the timeline above
 * it was asked for too.
 */
export async function sayFix(deployed: Deployed, incidentId: string): Promise<void> {
  try {
    sayIncident(readAs(story, await deployed.get(pathOf(incidentId)), 'an incident').incident);
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    say(`What fixes it could not be read from its incident: ${error.message}`);
  }
}

/** The id comes from an answer and goes into an address, so it has to be one. */
function pathOf(id: string): string {
  if (!/^i[0-9a-f]{24}$/.test(id)) throw new Declined('The app answered an id that is none of an incident.');
  return `incidents/${id}?as=json`;
}

const story = z.object({
  incident: z.object({
    id: z.string(),
    state: z.string(),
    title: z.string(),
    owner: z.string(),
    advice: z.string(),
    commands: z.array(z.object({ title: z.string(), language: z.string(), text: z.string() })),
    verify: z.string(),
    undo: z.string(),
  }),
});

function sayIncident({ id, state, title, owner, ...plan }: z.infer<typeof story>['incident']): void {
  say(`Incident ${id}, ${state}: ${title} (for the ${owner})`);
  if (state !== 'open') return;
  say(plan.advice, 2);
  for (const { title: what, language, text } of plan.commands) {
    say(`${what} (${language}):`, 2);
    sayBlock(text, 4);
  }
  if (plan.commands.length === 0) return;
  sayTitled('To verify:', plan.verify);
  sayTitled('To undo:', plan.undo);
}

function sayTitled(title: string, text: string): void {
  if (text === '') return;
  say(title, 2);
  sayBlock(text, 4);
}
