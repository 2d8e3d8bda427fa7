// The history of an incident, where it can be read.

import { UnreadableHistory } from '../history/ledger.ts';
import { understood } from '../history/targets.ts';
import type { IncidentHistory } from '../incidents/incident.ts';
import { foldIncident } from '../incidents/incident.ts';
import type { EventLog, Incidents } from '../ports/ports.ts';
import type { IncidentId } from '../words/target.ts';

/** The incident; `undefined`, and a line in the log, where its history cannot be read. Throws when the store does not answer. */
export async function tryReadIncident(
  ports: Incidents & EventLog,
  id: IncidentId,
): Promise<IncidentHistory | undefined> {
  try {
    const entries = await ports.incidents.read(id);
    return understood(() => foldIncident(id, entries));
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    ports.log('history-unreadable', { incident: id, why: error.why });
    return undefined;
  }
}
