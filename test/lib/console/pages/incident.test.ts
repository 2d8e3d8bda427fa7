import { describe, expect, it } from 'vitest';
import { type IncidentStory, readIncidentStory } from '../../../../src/lib/console/incident-story.ts';
import { incidentMarkdown, incidentPage } from '../../../../src/lib/console/pages/incident.ts';
import { listIncidents } from '../../../../src/lib/console/views.ts';
import { markdown } from '../../../../src/lib/incidents/markdown.ts';
import { newRow, type OutboxRow, type OutboxState } from '../../../../src/lib/incidents/outbox.ts';
import { appId, config, dnsUnlinked, groupId, jobId, minute, nowMs, signal } from '../../facts.ts';
import { memory } from '../../memory-ports.ts';

const shell = { nowMs, address: '/api/incidents/i' };

async function story(): Promise<IncidentStory> {
  const running = memory(config(), dnsUnlinked, nowMs);
  await running.deliver(signal);
  const [incident] = await listIncidents(running.ports);
  const read = await readIncidentStory(running.ports, incident?.id ?? '');
  if (read === undefined) throw new Error('no incident');
  return read;
}

function row(incident: IncidentStory['incident'], more: Partial<OutboxState>): OutboxRow {
  return { ...newRow(incident.id, 'pager'), ...more };
}

describe('the page of an incident', () => {
  it('has the cause, the owner, the apps, the commands, the evidence and the openings', async () => {
    const page = incidentPage(await story(), shell);

    expect(page).toContain('network team');
    expect(page).toContain('/api/runbooks/private-dns-unlinked');
    expect(page).toContain('<strong>ca-orders</strong>');
    expect(page).toContain('az network private-dns link vnet create');
    expect(page).toContain('Shows the cause:');
    expect(page).toContain('and still open');
  });

  it.each([
    ['Apps', [appId]],
    ['Jobs', [jobId, `${jobId}-two`]],
    ['Workloads', [appId, jobId, groupId]],
  ])('calls those that fail “%s” where that is what they are', async (word, apps) => {
    const read = await story();
    const of = { ...read, incident: { ...read.incident, apps } };

    expect(incidentPage(of, shell)).toContain(`<h2>${word} that fail or failed</h2>`);
    expect(incidentMarkdown(of)).toContainEqual({ kind: 'heading', text: word });
  });

  it('does not ask for its commands to be run once it has ended', async () => {
    const open = await story();
    const ended = { ...open, incident: { ...open.incident, state: 'resolved' } } as const;

    expect(incidentPage(open, shell)).toContain('<h2>What to run</h2>');
    expect(incidentPage(ended, shell)).toContain('<h2>What there was to run</h2>');
    expect(markdown(incidentMarkdown(ended))).toContain('What there was to run');
  });

  it('says how each opening ended', async () => {
    const read = await story();
    const openings = [
      { openedAtMs: nowMs, closedAtMs: nowMs + minute, how: 'resolved', because: 'recovered' },
    ] as const;

    expect(incidentPage({ ...read, openings }, shell)).toContain('resolved after 1 min 00 s. All its apps recovered');
  });

  it('says of each app who deployed it, where that is known', async () => {
    const read = await story();
    const [member] = read.members;
    if (member === undefined) throw new Error('no member');
    const writes = { first: { by: 'ada@contoso.example', kind: 'User', atMs: nowMs } };
    const page = incidentPage({ ...read, members: [{ ...member, writes }] }, shell);

    expect(page).toContain('deployed by: ada@contoso.example (a person)');
    expect(incidentPage(read, shell)).toContain('deployed by: Azure does not say');
  });

  it('says where it was told, with a link only to an https address', async () => {
    const read = await story();
    const told = [
      row(read.incident, { state: 'open', toldAtMs: nowMs, external: { id: '1', url: 'https://pager.example/1' } }),
      row(read.incident, { dead: true, external: { id: '2', url: 'javascript:alert(1)' } }),
    ];
    const page = incidentPage({ ...read, told }, shell);

    expect(incidentPage(read, shell)).toContain('No incident system was told, as far as the notes');
    expect(page).toContain('<a href="https://pager.example/1">pager</a>');
    expect(page).toContain('It refuses the message for good.');
    expect(page).not.toContain('javascript:');
  });

  it('is there as Markdown', async () => {
    expect(markdown(incidentMarkdown(await story()))).toContain('az network private-dns link vnet create');
  });
});
