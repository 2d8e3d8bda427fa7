// The row of an incident, derived from its entries.
import { describe, expect, it } from 'vitest';
import { foldIncident } from '../../../src/lib/incidents/incident.ts';
import { incidentRowOf } from '../../../src/lib/incidents/incident-row.ts';
import { config, nowMs, roleMissing, signal } from '../facts.ts';
import { memory } from '../memory-ports.ts';

describe('the row of an incident', () => {
  it('knows nothing before the first entry', () => {
    const id = `i${'1'.repeat(24)}` as Parameters<typeof foldIncident>[0];

    expect(incidentRowOf(id, foldIncident(id, []))).toEqual({ id });
  });

  it('says what the entries say, and when it ended', async () => {
    const running = memory(config({ PULLMEDIC_MODE: 'observe' }), roleMissing, nowMs);
    await running.deliver(signal);
    const [id] = await running.ports.index.incidents();
    if (id === undefined) throw new Error('no incident was opened');
    const entries = await running.ports.incidents.read(id);
    const row = incidentRowOf(id, foldIncident(id, entries));
    const end = {
      seq: 9,
      atMs: nowMs + 5,
      entry: { kind: 'incident-closed', how: 'resolved', because: 'recovered' },
    } as const;

    expect(row).toMatchObject({
      id,
      facts: { seq: entries.length, cause: 'pull-role-missing', state: 'open', members: 1, apps: 1, openedAtMs: nowMs },
    });
    expect(row.facts).not.toHaveProperty('closedAtMs');
    expect(incidentRowOf(id, foldIncident(id, [...entries, end])).facts).toMatchObject({
      seq: 9,
      state: 'resolved',
      closedAtMs: nowMs + 5,
    });
  });
});
