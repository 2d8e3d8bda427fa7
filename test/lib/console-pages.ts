// Pages of the console in tests: as HTML, from what a test has at hand.
import { incidentPage } from '../../src/lib/console/pages/incident.ts';
import { remediationPage } from '../../src/lib/console/pages/remediation.ts';
import { storyOf } from '../../src/lib/console/story.ts';
import type { IncidentView, RemediationView } from '../../src/lib/console/views.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import type { StoredEntry } from '../../src/lib/history/ledger.ts';
import { nowMs } from './facts.ts';

/** The page of one remediation. */
export function pageOf(view: RemediationView, entries: readonly StoredEntry<Entry>[]): string {
  return remediationPage(storyOf(view, entries), { cloud: 'public' }, { nowMs, address: `/api/history/${view.id}` });
}

/** The page of one incident, with these remediations. */
export function pageOfIncident(incident: IncidentView, members: readonly RemediationView[] = []): string {
  const story = { incident, members, openings: [], told: [] };
  return incidentPage(story, { nowMs, address: `/api/incidents/${incident.id}` });
}
