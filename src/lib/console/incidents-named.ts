// Reads only the incidents that a page names, so that a page does not grow with the number of past ones.

import type { IncidentId } from '../words/target.ts';
import { type IncidentView, incidentView, type Reading } from './views.ts';

/** These incidents, each once; one that cannot be read is left out. */
export async function incidentsNamed(ports: Reading, ids: readonly IncidentId[]): Promise<readonly IncidentView[]> {
  const views = await Promise.all([...new Set(ids)].map((id) => incidentView(ports, id)));
  return views.filter((view) => view !== undefined);
}
