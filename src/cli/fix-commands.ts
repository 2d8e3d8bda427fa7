// The commands that fix a remediation: those of its incident, as long as the incident is open.
import * as z from 'zod';
import { readAs } from './answer-read.ts';
import { Declined } from './declined.ts';
import type { Deployed } from './deployed.ts';
import { isIncidentId } from './named-thing.ts';
import { blockLines, linesOf } from './printed.ts';

/**
 * What to run, how to verify it and how to take it back. An incident that cannot be read is said so, and is no error: the timeline above it was
 * asked for too. `granted`: the sentence that the grant is made; the commands from before it are then not printed.
 */
export async function fixLines(deployed: Deployed, incidentId: string, granted?: string): Promise<readonly string[]> {
  try {
    const { incident } = readAs(incidentAnswer, await deployed.get(pathOf(incidentId)), 'an incident');
    return granted === undefined || incident.state !== 'open'
      ? incidentLines(incident)
      : grantedLines(incident, granted);
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    return linesOf(`What fixes it could not be read from its incident: ${error.message}`);
  }
}

/** The id comes from an answer and goes into an address, so it has to be one. */
function pathOf(id: string): string {
  if (!isIncidentId(id)) throw new Declined('The app answered an id that is none of an incident.');
  return `incidents/${id}?as=json`;
}

export const incidentAnswer = z.object({
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

type Incident = z.infer<typeof incidentAnswer>['incident'];

/** What an incident is; of an open one, what fixes it. */
export function incidentLines(incident: Incident): readonly string[] {
  const { id, state, title, owner, advice, commands, verify, undo } = incident;
  const head = linesOf(`Incident ${id}, ${state}: ${title} (for the ${owner})`);
  if (state !== 'open') return head;
  return [
    ...head,
    ...linesOf(advice, { indent: 2 }),
    ...commands.flatMap((one) => titled(`${one.title} (${one.language}):`, one.text)),
    ...(commands.length === 0 ? [] : [...titled('To verify:', verify), ...titled('To undo:', undo)]),
  ];
}

/** Where pullmedic granted the role already: a person who ran the commands from before would grant it a second time. */
function grantedLines({ id, title, owner }: Incident, granted: string): readonly string[] {
  return [
    ...linesOf(`Incident ${id}, open: ${title} (for the ${owner})`),
    ...linesOf(granted, { indent: 2 }),
    ...linesOf(`The commands from before the grant: pullmedic show ${id}`, { indent: 2 }),
  ];
}

function titled(title: string, text: string): readonly string[] {
  return text === '' ? [] : [...linesOf(title, { indent: 2 }), ...blockLines(text, 4)];
}
