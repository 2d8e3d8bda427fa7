// Says how an incident came back and how it ended.

import { shortName } from '../history/finding-words.ts';
import { nounFor } from '../workloads/sentences.ts';
import type { IncidentReason } from './incident.ts';

/** How often an incident was opened, if it came back; `undefined` the first time. */
export function sayRecurrence(occurrences: number, since: string): string | undefined {
  return occurrences < 2 ? undefined : `It came back: opened ${occurrences} times since ${since}.`;
}

/** `noun`: the word for its workloads, of which there may be one. */
const incidentWords: Readonly<Record<IncidentReason, (noun: string) => string>> = {
  recovered: (noun) => `All its ${noun}s recovered, and the cause was not proved again.`,
  'no-members': (noun) => `It concerns no ${noun} any more.`,
  'cause-not-clear': (noun) => `Its ${noun}s recovered, but the cause does not read clear.`,
};

/** Why an incident about these workloads ended. Lists those that left without recovering, and how each one left. `ids`: all of them. */
export function sayIncidentEnd(
  because: IncidentReason,
  left: readonly { app: string; how: string }[],
  ids: readonly string[],
): string {
  const said = incidentWords[because](nounFor(ids));
  const others = left.filter(({ how }) => how !== 'recovered').map(({ app, how }) => `${shortName(app)}: ${how}`);
  return others.length === 0 ? said : `${said} (${others.join(', ')})`;
}
