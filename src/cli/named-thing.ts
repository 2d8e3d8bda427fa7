// Finds what a person names where a remediation or an incident will do.
import * as z from 'zod';
import { readAs } from './answer-read.ts';
import { Declined } from './declined.ts';
import type { Deployed } from './deployed.ts';
import { remediationNamed } from './named-remediation.ts';
import { UsageError } from './usage-error.ts';

export interface Named {
  readonly kind: 'remediation' | 'incident';
  readonly id: string;
}

/**
 * The remediation that `text` names as {@link remediationNamed} says; or the incident with this id, or the open one whose id begins so. An app
 * may have a name that looks like the beginning of an incident's id: it goes first.
 */
export async function namedThing(deployed: Deployed, text: string | undefined): Promise<Named> {
  if (text !== undefined && isIncidentId(text)) return { kind: 'incident', id: text };
  try {
    return { kind: 'remediation', id: (await remediationNamed(deployed, text, 'all')).id };
  } catch (error) {
    const begins = error instanceof Declined && text !== undefined && /^i[0-9a-f]{1,23}$/.test(text);
    if (!begins) throw error;
    return { kind: 'incident', id: await openIncident(deployed, text) };
  }
}

/** True for the whole id of an incident. */
export function isIncidentId(text: string): boolean {
  return /^i[0-9a-f]{24}$/.test(text);
}

const listed = z.object({ incidents: z.array(z.object({ id: z.string(), state: z.string() })) });

async function openIncident(deployed: Deployed, start: string): Promise<string> {
  const { incidents } = readAs(listed, await deployed.get('incidents'), 'a list of incidents');
  const [only, ...others] = incidents.filter(({ id, state }) => state === 'open' && id.startsWith(start));
  if (only === undefined || !isIncidentId(only.id))
    throw new Declined(
      `No remediation and no open incident has an id that begins with ${start}, or a workload of this name.`,
    );
  if (others.length > 0)
    throw new UsageError(`${start} is the beginning of ${others.length + 1} ids of open incidents: give more of it.`);
  return only.id;
}
