// A grant that pullmedic made and that is not in effect yet: a person is told not to make it a second time.
import { describe, expect, it } from 'vitest';
import { adviceOf, commandsTitle, commandsToRun, sayGrantPending } from '../../../src/lib/console/grant-words.ts';
import {
  type IncidentView,
  listIncidents,
  type RemediationView,
  viewRemediation,
} from '../../../src/lib/console/views.ts';
import { looked, waiting } from '../console-entries.ts';
import { config, dnsUnlinked, history, nowMs, signal } from '../facts.ts';
import { memory } from '../memory-ports.ts';

const grant = { action: 'grant', outcome: 'done', atMs: Date.parse('2026-06-01T02:25:50Z') } as const;
const sentence =
  'pullmedic granted the role at 2026-06-01 02:25:50 UTC; it is not in effect yet. Do not grant it again.';

function granted(members: Partial<RemediationView> = {}): RemediationView {
  const [remediation] = history(looked, waiting).remediations;
  if (remediation === undefined) throw new Error('no remediation');
  return { ...viewRemediation(remediation), actions: [grant], ...members };
}

async function open(): Promise<IncidentView> {
  const running = memory(config(), dnsUnlinked, nowMs);
  await running.deliver(signal);
  const [incident] = await listIncidents(running.ports);
  if (incident === undefined) throw new Error('no incident');
  return incident;
}

describe('a grant that waits for its effect', () => {
  it('is said with its instant, and that it need not be made again', () => {
    expect(sayGrantPending([granted()])).toBe(sentence);
  });

  it('is not said where one of several apps has none, and counts no app that has ended', () => {
    const without = granted({ actions: [] });
    expect(sayGrantPending([granted(), without])).toBeUndefined();
    expect(sayGrantPending([])).toBeUndefined();
    const ended = { ...without, closed: { how: 'recovered', because: 'pulled-and-ready', atMs: nowMs } } as const;
    expect(sayGrantPending([granted(), ended])).toBe(sentence);
  });

  it.each<[string, Partial<RemediationView>]>([
    ['failed', { actions: [{ ...grant, outcome: 'failed' }] }],
    ['was taken back', { undo: { state: 'removed', assignment: '/a', because: [] } }],
    ['was waited for too long', { decision: { do: 'incident', because: 'needs-a-person' } }],
    ['is not what is missing now', { causes: ['registry-firewall'] }],
    ['is in effect', { decision: { do: 'wait', because: 'proving-stability' } }],
    ['is not decided on', { decision: { do: 'ask', because: 'needs-approval' } }],
  ])('is not said of one that %s', (_what, members) => {
    expect(sayGrantPending([granted(members)])).toBeUndefined();
  });
});

describe('the commands of its incident', () => {
  it('are folded away, with the grant in the place of the advice', async () => {
    const incident = await open();

    expect(adviceOf(incident, [granted()]).text).toBe(`<strong>${sentence}</strong>`);
    expect(commandsToRun(incident, [granted()]).text).toMatch(
      /^<details><summary>From before the grant: \d commands?</,
    );
    expect(commandsTitle(incident, [granted()])).toContain('From before the grant');
  });

  it('stand open where the grant was not made, and where the incident has ended', async () => {
    const incident = await open();

    expect(adviceOf(incident, [granted({ actions: [] })]).text).not.toContain('granted');
    expect(commandsToRun(incident, []).text).toMatch(/^<p>/);
    expect(commandsTitle({ ...incident, state: 'resolved' }, [granted()])).toContain('What to run');
  });
});
