// Where an incident was sent, for pages and programs.

import type { OutboxRow } from '../incidents/outbox.ts';
import type { Outbox } from '../ports/ports.ts';
import type { IncidentId } from '../words/target.ts';

export interface SentTo {
  /** The name of the system in the settings. */
  readonly system: string;
  /** How it stands there. `waiting`: it was not told yet. `refused`: the system refuses the last message for good. */
  readonly state: 'open' | 'resolved' | 'waiting' | 'refused';
  /** Where people see it, for a system that says so. Only `https`. */
  readonly url?: string;
  /** When the system was told last. */
  readonly toldAtMs?: number;
}

/** The systems that were told of this incident or are to be told, in the order of their names. Throws when the store cannot be reached. */
export async function sentTo({ outbox }: Outbox, incident: IncidentId): Promise<readonly SentTo[]> {
  const rows = await outbox.of(incident);
  return rows.map(({ value }) => sent(value)).sort((a, b) => (a.system < b.system ? -1 : 1));
}

function sent({ system, state, dead, external, toldAtMs }: OutboxRow): SentTo {
  const url = external?.url;
  return {
    system,
    state: dead === true ? 'refused' : state === 'new' ? 'waiting' : state,
    ...(url?.startsWith('https://') === true ? { url } : {}),
    ...(toldAtMs === undefined ? {} : { toldAtMs }),
  };
}
