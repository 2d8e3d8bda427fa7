import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTeams, type Teams } from '../../../../local/incidents/teams.ts';
import { outside } from '../../../../src/lib/azure/clients/outside.ts';
import type { IncidentSystem } from '../../../../src/lib/incidents/system.ts';
import { teams } from '../../../../src/lib/incidents/systems/teams.ts';
import { Secret } from '../../../../src/lib/words/secret.ts';
import { nowMs } from '../../facts.ts';
import { incidentContract } from '../incident-contract.ts';
import { appNamed, factsOf, openIncident, remediationOf, telling } from '../incident-data.ts';

const signature = 'sig-of-the-flow';
const addressOf = (url: string, sig = signature) =>
  new Secret(`${url}/workflows/1/triggers/manual/paths/invoke?sig=${sig}`);

incidentContract({
  name: 'Teams',
  start: () => startTeams(signature),
  make: (server, network) => teams({ url: addressOf(server.url) }, network),
  afterReturn: 1,
  afterLostAnswer: 2,
});

const external = { id: telling.key };

describe('Teams', () => {
  let server: Teams;
  let system: IncidentSystem;
  beforeAll(async () => {
    server = await startTeams(signature);
    system = teams({ url: addressOf(server.url) }, network);
  });
  afterAll(() => server.stop());
  beforeEach(() => server.reset());
  const network = outside(async () => 'token');

  it('shows a card within 28 KB, however long the values are: a longer one would be lost without a word', async () => {
    const members = Array.from({ length: 300 }, (_, at) => ({
      remediation: remediationOf('b'),
      app: appNamed(`ca-${at}-${'x'.repeat(60)}`),
    }));
    const runbook = { ...openIncident.runbook, title: 'ä'.repeat(9000), advice: 'ö'.repeat(50_000) };
    const facts = factsOf({ members, runbook });
    await system.open({ ...telling, facts });
    await system.update({ ...telling, facts }, external);

    expect(server.cards()).toHaveLength(2);
    expect(server.cards()[0]).toContain('az network private-dns link vnet create');
    expect(server.cards()[1]).toContain('and 280 more');
  });

  it('says with each card what happened, and leads to the page once', async () => {
    await system.open(telling);
    await system.update(telling, external);
    await system.resolve(
      { ...telling, facts: factsOf({ closed: { how: 'resolved', because: 'recovered', atMs: nowMs } }) },
      external,
    );
    await system.reopen(telling, external);

    expect(server.cards().map((card) => /^[\w ]+/.exec(card)?.[0])).toEqual([
      'Opened',
      'Changed',
      'Resolved',
      'Came back',
    ]);
    for (const card of server.cards()) expect(card.split('Page of the incident')).toHaveLength(2);
  });

  it.each([
    ['was deleted', { status: 404 }],
    ['is switched off', { status: 400, body: { error: { code: 'WorkflowTriggerIsNotEnabled' } } }],
  ])('takes a flow that %s for a refused key', async (_case, answer) => {
    server.answerWith(answer);
    expect(await system.open(telling)).toMatchObject({ failure: { why: 'key-refused' } });
  });

  it('takes any other refusal for a refused message', async () => {
    server.answerWith({ status: 400, body: { error: { code: 'TriggerInputSchemaMismatch' } } });
    expect(await system.open(telling)).toMatchObject({ failure: { why: 'message-refused' } });
    server.answerWith({ status: 400, body: 'null' });
    expect(await system.open(telling)).toMatchObject({ failure: { why: 'message-refused' } });
  });

  it('refuses an address with a wrong signature, and never shows it', async () => {
    const told = await teams({ url: addressOf(server.url, 'wrong-one') }, network).open(telling);
    expect(told).toEqual({ kind: 'failed', failure: { why: 'key-refused', detail: 'HTTP 401' } });
  });
});
