import { describe, expect, it } from 'vitest';
import { commandsOf, comparisonOf, courseOf } from '../../../src/lib/console/incident-parts.ts';
import { type IncidentView, listIncidents } from '../../../src/lib/console/views.ts';
import { config, dnsUnlinked, nowMs, signal } from '../facts.ts';
import { memory } from '../memory-ports.ts';

async function view(): Promise<IncidentView> {
  const running = memory(config(), dnsUnlinked, nowMs);
  await running.deliver(signal);
  const [incident] = await listIncidents(running.ports);
  if (incident === undefined) throw new Error('no incident');
  return incident;
}

describe('the parts of an incident', () => {
  it('have every command with its language, how to verify, and how to undo', async () => {
    const incident = await view();
    const { text } = commandsOf(incident);

    for (const { title } of incident.commands) expect(text).toContain(`<p>${title}`);
    expect(text).toContain('<p>Verify:</p>');
    expect(text).toContain('<p>Undo of these commands:</p>');
  });

  it('say that it came back, and how it ended', async () => {
    const incident = await view();
    const ended = {
      ...incident,
      occurrences: 3,
      because: 'no-members',
      left: [{ app: '/subscriptions/a/ca-x', how: 'withdrawn' }],
    } as const;

    expect(courseOf(incident).text).toBe('');
    expect(courseOf(ended).text).toContain('It came back: opened 3 times');
    expect(courseOf(ended).text).toContain('It concerns no app any more. (ca-x: withdrawn)');
  });

  it('say that the apps recovered, and claim nothing of a cause that could not be read', async () => {
    const ended = { ...(await view()), because: 'recovered' } as const;

    expect(courseOf(ended, [{ causeReads: 'clear' }]).text).toBe(
      '<p>All its apps recovered, and the cause was not proved again.</p>',
    );
    expect(courseOf(ended, [{ causeReads: 'clear' }, { causeReads: 'cannot-tell' }]).text).toContain(
      'Whether the cause is gone could not be read.',
    );
  });

  it('name the apps that do not fail', async () => {
    const incident = await view();
    const ready = { atMs: nowMs, ready: [{ app: '/a/ca-tax', sameEnvironment: true }], more: 2 };

    expect(comparisonOf({ ...incident, ready })?.text).toContain('ca-tax (same environment) and 2 more.');
    expect(comparisonOf({ ...incident, ready: { ...ready, ready: [] } })?.text).toContain('no other workload');
  });
});
