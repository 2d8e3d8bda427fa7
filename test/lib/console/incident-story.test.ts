import { describe, expect, it } from 'vitest';
import { readIncidentStory } from '../../../src/lib/console/incident-story.ts';
import { listIncidents } from '../../../src/lib/console/views.ts';
import { newRow } from '../../../src/lib/incidents/outbox.ts';
import { config, dnsUnlinked, nowMs, signal } from '../facts.ts';
import { memory } from '../memory-ports.ts';

describe('the story of an incident', () => {
  it('has its remediations, the evidence, each opening, and what each system was told', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    const [incident] = await listIncidents(running.ports);
    if (incident === undefined) throw new Error('no incident');
    await running.ports.outbox.write({ ...newRow(incident.id, 'pager'), state: 'open', toldAtMs: nowMs }, undefined);

    const story = await readIncidentStory(running.ports, incident.id);

    expect(story).toMatchObject({
      members: [{ target: { appName: 'ca-orders' } }],
      evidence: { app: 'ca-orders' },
      openings: [{ openedAtMs: incident.openedAtMs }],
      told: [{ system: 'pager', state: 'open' }],
    });
    expect(story?.evidence?.for.map(({ code }) => code)).toContain('network-blocks');
  });

  it('is none for an id of nothing', async () => {
    const { ports } = memory(config(), dnsUnlinked, nowMs);

    expect(await readIncidentStory(ports, '../history')).toBeUndefined();
    expect(await readIncidentStory(ports, `i${'0'.repeat(24)}`)).toBeUndefined();
  });
});
