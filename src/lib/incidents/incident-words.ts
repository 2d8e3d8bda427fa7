// Says how an incident came back and how it ended.

import { shortName } from '../history/finding-words.ts';
import type { IncidentReason } from './incident.ts';

/** How often an incident was opened, if it came back; `undefined` the first time. */
export function sayRecurrence(occurrences: number, since: string): string | undefined {
  return occurrences < 2 ? undefined : `It came back: opened ${occurrences} times since ${since}.`;
}

const incidentWords: Readonly<Record<IncidentReason, string>> = {
  recovered: 'All its apps recovered, and the cause was not proved again.',
  'no-members': 'It concerns no app any more.',
  'cause-not-clear': 'Its apps recovered, but the cause does not read clear.',
};

/** Why an incident ended. Lists the apps that left without recovering, and how each one left. */
export function sayIncidentEnd(because: IncidentReason, left: readonly { app: string; how: string }[]): string {
  const others = left.filter(({ how }) => how !== 'recovered').map(({ app, how }) => `${shortName(app)}: ${how}`);
  return others.length === 0 ? incidentWords[because] : `${incidentWords[because]} (${others.join(', ')})`;
}
