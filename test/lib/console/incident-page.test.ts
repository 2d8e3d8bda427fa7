// Incidents a page at a time: all that are open, and those that ended, the latest end first.
import { describe, expect, it } from 'vitest';
import { pageOfIncidents } from '../../../src/lib/console/views.ts';
import { foldIncident, type IncidentEntry } from '../../../src/lib/incidents/incident.ts';
import { incidentRowOf } from '../../../src/lib/incidents/incident-row.ts';
import type { Ports } from '../../../src/lib/ports/ports.ts';
import type { IncidentId } from '../../../src/lib/words/target.ts';
import { config, nowMs, roleMissing, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

/** The entry that opened an incident of the pipeline. */
async function opening(): Promise<{ running: Memory; entry: IncidentEntry }> {
  const running = memory(config({ PULLMEDIC_MODE: 'observe' }), roleMissing, nowMs);
  await running.deliver(signal);
  const [id] = await running.ports.index.incidents();
  const [first] = id === undefined ? [] : await running.ports.incidents.read(id);
  if (first === undefined) throw new Error('no incident was opened');
  return { running, entry: first.entry };
}

/** Incidents that ended one after the other, so many of them, beside the one that is open. */
async function many(count: number): Promise<Ports> {
  const { running, entry } = await opening();
  const end: IncidentEntry = { kind: 'incident-closed', how: 'withdrawn', because: 'no-members' };
  for (let at = 0; at < count; at += 1) {
    const id = `i${String(at).padStart(24, '0')}` as IncidentId;
    running.world.nowMs += 1000;
    for (const [seq, one] of [entry, end].entries()) await running.ports.incidents.append(id, seq, one);
    await running.ports.index.putIncident(incidentRowOf(id, foldIncident(id, await running.ports.incidents.read(id))));
  }
  return running.ports;
}

describe('the list of incidents', () => {
  it('has what is open and the 50 that ended last, and goes on with what ended before', async () => {
    const ports = await many(60);
    const first = await pageOfIncidents(ports);
    const second = await pageOfIncidents(ports, first.next);

    expect(first.incidents.filter(({ state }) => state === 'open')).toHaveLength(1);
    expect([first.incidents.length, second.incidents.length]).toEqual([51, 10]);
    expect(first.incidents[0]?.id).toBe(`i${'59'.padStart(24, '0')}`);
    expect(second.incidents.every(({ state }) => state === 'withdrawn')).toBe(true);
    expect(second).not.toHaveProperty('next');
  });

  it('says how many rows cannot be read, of both kinds', async () => {
    const { index, ...others } = await many(1);
    const spoilt: Ports['index'] = {
      ...index,
      openIncidents: async () => ({ ...(await index.openIncidents()), skipped: 1 }),
      closedIncidents: async (asked) => ({ ...(await index.closedIncidents(asked)), skipped: 2 }),
    };

    expect(await pageOfIncidents({ ...others, index: spoilt })).toMatchObject({ skipped: 3 });
  });
});
