// The pages as an operator gets them, written out: what is measured is what goes over the wire.
import { readBoard } from '../../src/lib/console/board.ts';
import { readIncidentStory } from '../../src/lib/console/incident-story.ts';
import type { Shell } from '../../src/lib/console/layout.ts';
import { readMeasuredRows } from '../../src/lib/console/measured-rows.ts';
import { measuresOf } from '../../src/lib/console/measures.ts';
import { historyPage } from '../../src/lib/console/pages/history.ts';
import { incidentPage } from '../../src/lib/console/pages/incident.ts';
import { measuresPage } from '../../src/lib/console/pages/measures.ts';
import { nowPage } from '../../src/lib/console/pages/now.ts';
import { remediationPage } from '../../src/lib/console/pages/remediation.ts';
import { searchResult } from '../../src/lib/console/search-result.ts';
import { readStory } from '../../src/lib/console/story.ts';
import type { Ports } from '../../src/lib/ports/ports.ts';
import { minute, nowMs } from '../../test/lib/facts.ts';
import { memoryUpkeep } from '../../test/lib/memory-upkeep.ts';
import { longIncident, longRemediation } from './plant.ts';

const viewer = { mayAnswer: true, name: 'Ada Lovelace', id: '0a1b2c3d-0000-4000-8000-000000000001' } as const;
const shellAt = (address: string): Shell => ({ nowMs, address, viewer });

/** Each page: reads what it shows and answers its HTML. */
export function pagesOf(ports: Ports): Readonly<Record<string, () => Promise<string>>> {
  return {
    'the page Now': async () => nowPage(await readBoard(ports, memoryUpkeep().upkeep, 'act'), shellAt('/api/now')),
    'the first page of History': async () => {
      const found = await searchResult(ports, { text: '', nowMs, me: undefined });
      return historyPage(found, shellAt('/api/history'));
    },
    'a remediation of 200 entries': async () => {
      const story = await readStory(ports, longRemediation);
      if (story === undefined) throw new Error('The long remediation was not planted.');
      return remediationPage(story, { cloud: 'public', undo: true }, shellAt(`/api/history/${longRemediation}`));
    },
    'an incident of 50 apps': async () => {
      const story = await readIncidentStory(ports, longIncident);
      if (story === undefined) throw new Error('The long incident was not planted.');
      return incidentPage(story, shellAt(`/api/incidents/${longIncident}`));
    },
    'Measures of 90 days': async () => {
      const measures = measuresOf(await readMeasuredRows(ports), { nowMs, days: 90, awakeSinceMs: 0 });
      return measuresPage(measures, 5 * minute, shellAt('/api/measures?days=90'));
    },
  };
}
