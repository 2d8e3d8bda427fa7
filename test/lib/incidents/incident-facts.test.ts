import { describe, expect, it } from 'vitest';
import { listIncidents } from '../../../src/lib/console/views.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { foldIncident } from '../../../src/lib/incidents/incident.ts';
import {
  environmentsIn,
  incidentFacts,
  severityOf,
  subscriptionsIn,
} from '../../../src/lib/incidents/incident-facts.ts';
import { alert, config, dnsUnlinked, minute, nowMs, signal } from '../facts.ts';
import { memory } from '../memory-ports.ts';
import {
  appNamed,
  closedIncident,
  factsOf,
  incidentId,
  openIncident,
  places,
  question,
  remediationOf,
} from './incident-data.ts';

describe('what is told of an incident', () => {
  it('says whose problem it is, since when, what it is and where the page is', () => {
    expect(factsOf()).toMatchObject({
      state: 'open',
      owner: 'network team',
      says: 'the private DNS zone is not linked to the network of the app',
      family: 'network',
      openedAtMs: openIncident.openedAtMs,
      links: {
        page: `https://pullmedic.example/api/incidents/${incidentId}`,
        runbook: 'https://docs.example/runbooks/private-dns-unlinked.md',
      },
    });
  });

  it('names the apps that fail and the ones that do not', () => {
    const facts = factsOf({
      comparison: {
        atMs: nowMs,
        ready: [
          { app: appNamed('ca-search'), sameEnvironment: true },
          { app: appNamed('ca-orders'), sameEnvironment: true },
        ],
        more: 3,
      },
    });

    expect(facts.affected.map(({ name, state }) => [name, state])).toEqual([
      ['ca-orders', 'failing'],
      ['ca-basket', 'failing'],
    ]);
    expect(facts.unaffected).toEqual([{ app: appNamed('ca-search'), sameEnvironment: true }]);
    expect(facts.moreUnaffected).toBe(3);
  });

  it('has what was observed and ruled out in the words of the page', () => {
    const diagnosis = {
      for: [{ code: 'network-blocks', detail: { vnet: 'vnet-shop' } }],
      against: [{ code: 'role-present', detail: {} }],
    } as unknown as Diagnosis;

    expect(incidentFacts(openIncident, places, diagnosis)).toMatchObject({
      observed: ['The network does not let the pull through (vnet: vnet-shop)'],
      ruledOut: ['A role of the identity lets it pull'],
    });
  });

  it('repeats no user name and no password that a finding quotes', () => {
    const detail = { text: 'failed to pull ada:hunter2secret@acrshop.azurecr.io/shop/orders:v1' };
    const diagnosis = { for: [{ code: 'log-says', detail }], against: [] } as unknown as Diagnosis;

    const facts = incidentFacts(openIncident, places, diagnosis);
    expect(facts.observed).toHaveLength(1);
    expect(JSON.stringify(facts)).not.toContain('hunter2secret');
  });

  it('says why and when it ended', () => {
    expect(factsOf(closedIncident)).toMatchObject({
      state: 'resolved',
      ended: { because: 'All its apps recovered, and the cause was not proved again.', atMs: nowMs },
    });
  });

  it('links no page where no address of it is known', () => {
    expect(incidentFacts({ ...openIncident, questions: [question] }, {})).toMatchObject({ links: {} });
    expect(factsOf({ questions: [question] }).questions[0]?.link).toBe(
      `https://pullmedic.example/api/history/${question.remediation}`,
    );
    expect(incidentFacts({ ...openIncident, questions: [question] }, {}).questions[0]?.link).toBeUndefined();
  });

  it('says the same as the page', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    const [view] = await listIncidents(running.ports);
    if (view === undefined) throw new Error('there is no incident');
    const { incident } = foldIncident(view.id, await running.ports.incidents.read(view.id));
    if (incident === undefined) throw new Error('there is no incident');
    const facts = incidentFacts(incident, places);

    for (const member of ['title', 'owner', 'advice', 'commands', 'verify', 'undo', 'registry', 'sinceMs'] as const)
      expect(facts[member]).toEqual(view[member]);
    expect(facts.affected.map(({ id }) => id)).toEqual(view.apps);
  });
});

describe('the alerts of an incident', () => {
  it('are those that its apps were found by', async () => {
    const running = memory(config({ PULLMEDIC_MODE: 'act' }), dnsUnlinked, nowMs);
    await running.deliver({ ...signal, alert });
    await running.pass(minute);
    const [view] = await listIncidents(running.ports);
    if (view === undefined) throw new Error('there is no incident');
    const { incident } = foldIncident(view.id, await running.ports.incidents.read(view.id));
    if (incident === undefined) throw new Error('there is no incident');

    expect(incidentFacts(incident, places).alerts).toEqual([alert.id]);
  });

  it('are none where an older version noted the apps', () => {
    expect(factsOf().alerts).toEqual([]);
  });
});

describe('how grave an incident is', () => {
  const members = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ remediation: remediationOf('b'), app: appNamed(`ca-${at}`) }));

  it.each([
    [10, 'critical'],
    [9, 'high'],
    [2, 'high'],
    [1, 'medium'],
  ] as const)('%s apps: %s', (count, severity) => {
    expect(severityOf({ ...openIncident, members: members(count) })).toBe(severity);
  });

  it('one app with a cause of its own is the least', () => {
    expect(severityOf({ ...openIncident, members: members(1), sure: 'suspected' })).toBe('low');
    expect(severityOf({ ...openIncident, members: members(1), cause: 'identity-not-assigned' })).toBe('low');
  });

  it('counts no app that has recovered', () => {
    expect(severityOf(closedIncident)).toBe('medium');
  });
});

describe('where the apps of an incident are', () => {
  const first = '5f0c1d2e-0000-4000-8000-000000000001';
  const second = '5f0c1d2e-0000-4000-8000-000000000002';

  it('is the subscriptions of all of them, and of the one that opened it before it has members', () => {
    expect(subscriptionsIn(openIncident)).toEqual([first]);
    expect(subscriptionsIn({ members: [] })).toEqual([]);
    const openedBy = openIncident.members[0]?.app.replace(/0001/, '0002') ?? '';
    expect(subscriptionsIn({ openedBy, members: [] })).toEqual([second]);
    expect(subscriptionsIn({ openedBy, members: openIncident.members })).toEqual([second, first]);
  });

  it('is the environments of all of them, as far as they were noted', () => {
    const members = openIncident.members.map((member, at) => (at === 0 ? { ...member, environment: 'b' } : member));
    expect(environmentsIn({ environment: 'a', members })).toEqual(['a', 'b']);
    expect(environmentsIn({ members: openIncident.members })).toEqual([]);
  });
});
