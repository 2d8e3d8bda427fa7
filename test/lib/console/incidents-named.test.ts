import { describe, expect, it } from 'vitest';
import { incidentsNamed } from '../../../src/lib/console/incidents-named.ts';
import { listIncidents } from '../../../src/lib/console/views.ts';
import type { IncidentId } from '../../../src/lib/words/target.ts';
import { config, dnsUnlinked, nowMs, signal } from '../facts.ts';
import { memory } from '../memory-ports.ts';

describe('the incidents that a page names', () => {
  it('are read once each, and one without an entry is left out', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    const [{ id } = { id: '' as IncidentId }] = await listIncidents(running.ports);

    const named = await incidentsNamed(running.ports, [id, id, `i${'0'.repeat(24)}` as IncidentId]);

    expect(named.map((incident) => incident.id)).toEqual([id]);
  });
});
