import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GitHub, startGitHub } from '../../../../local/incidents/github.ts';
import { outside } from '../../../../src/lib/azure/clients/outside.ts';
import type { External, IncidentSystem, Outside } from '../../../../src/lib/incidents/system.ts';
import { gitHub } from '../../../../src/lib/incidents/systems/github.ts';
import { Secret } from '../../../../src/lib/words/secret.ts';
import { nowMs } from '../../facts.ts';
import { incidentContract } from '../incident-contract.ts';
import { asking, factsOf, openedIn, openIncident, resolving, telling } from '../incident-data.ts';

const repository = 'shop/operations';
const token = 'github_pat_secret';
const network = outside(
  async () => 'token',
  () => nowMs,
);
const made = (url: string, through: Outside = network): IncidentSystem =>
  gitHub({ url, repository, label: 'pullmedic', token: new Secret(token) }, through);

incidentContract({
  name: 'GitHub issues',
  start: () => startGitHub(repository, token),
  make: (server, through) => made(server.url, through),
  afterReturn: 1,
});

describe('GitHub issues', () => {
  let server: GitHub;
  let system: IncidentSystem;
  beforeAll(async () => {
    server = await startGitHub(repository, token);
    system = made(server.url);
  });
  afterAll(() => server.stop());
  beforeEach(() => server.reset());
  const opened = (): Promise<External> => openedIn(system);

  it('closes as completed, with a comment that says why', async () => {
    await system.resolve(resolving, await opened());

    expect(server.issues()[0]).toMatchObject({ state: 'closed', state_reason: 'completed', labels: ['pullmedic'] });
    expect(server.issues()[0]?.comments[0]).toContain('All its apps recovered');
  });

  it('leaves an issue that a person closed as it is, and opens another one for what they did not plan', async () => {
    const external = await opened();
    server.personSets(1, { state: 'closed', state_reason: 'not_planned' });
    expect(await system.resolve(resolving, external)).toEqual({ kind: 'told' });
    expect(server.issues()[0]).toMatchObject({ state_reason: 'not_planned', comments: [] });

    expect(await system.reopen(telling, external)).toMatchObject({ failure: { why: 'gone' } });
    server.personSets(1, { state: 'closed', state_reason: 'completed' });
    expect(await system.reopen(telling, external)).toEqual({ kind: 'told' });
    expect(server.issues()[0]).toMatchObject({ state: 'open' });
  });

  it('finds its issue by label and marker: no pull request, none without the label, none of another opening', async () => {
    const marked = { body: `<!-- pullmedic: ${telling.key} -->` };
    server.personOpens(marked);
    server.personOpens({ ...marked, labels: ['pullmedic'], pull_request: {} });
    server.personOpens({ body: `<!-- pullmedic: ${telling.key}1 -->`, labels: ['pullmedic'] });
    expect(await system.find?.(telling)).toEqual({ kind: 'nothing' });

    const external = await opened();
    for (let count = 0; count < 120; count += 1) server.personOpens({ labels: ['pullmedic'] });
    expect(await system.find?.(telling)).toEqual({ kind: 'found', external });
    for (let count = 0; count < 500; count += 1) server.personOpens({ labels: ['pullmedic'] });
    expect(await system.find?.(telling)).toMatchObject({ kind: 'failed', failure: { why: 'no-answer' } });
  });

  it('comments once, although the message comes again', async () => {
    const external = await opened();
    await system.ask(asking, external);
    await system.ask({ ...asking, again: true }, external);

    expect(server.issues()[0]?.comments).toHaveLength(1);
  });

  it('opens another issue where the first one was deleted', async () => {
    const external = await opened();
    server.personDeletes(1);
    for (const told of [
      await system.update(telling, external),
      await system.resolve(resolving, external),
      await system.ask(asking, external),
    ])
      expect(told).toMatchObject({ failure: { why: 'gone' } });
  });

  it('says of a repository that it cannot see that the key is refused', async () => {
    const other = gitHub({ url: server.url, repository: 'shop/other', label: 'l', token: new Secret(token) }, network);
    expect(await other.open(telling)).toMatchObject({ failure: { why: 'key-refused', detail: 'HTTP 404' } });
  });

  it.each([
    [
      'until its hour is over',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(nowMs / 1000 + 90) },
      90_000,
    ],
    ['a minute where it does not say how long', { 'x-ratelimit-remaining': '0' }, 60_000],
  ])('waits %s when all calls are spent', async (_case, headers, waitMs) => {
    const spent: Outside = { ...network, send: async () => ({ kind: 'answer', status: 403, headers, body: '' }) };
    expect(await made(server.url, spent).open(telling)).toEqual({
      kind: 'failed',
      failure: { why: 'throttled', waitMs, detail: 'HTTP 403' },
    });
  });

  it('takes a 403 that speaks of no limit for a refused key', async () => {
    const refused: Outside = { ...network, send: async () => ({ kind: 'answer', status: 403, headers: {}, body: '' }) };
    expect(await made(server.url, refused).open(telling)).toMatchObject({ failure: { why: 'key-refused' } });
  });

  it('stays within the lengths of GitHub, and lets no value end the marker or call a person', async () => {
    const advice = `--> @octocat <b>${'*'.repeat(70_000)}`;
    await system.open({ ...telling, facts: factsOf({ runbook: { ...openIncident.runbook, advice } }) });
    expect(server.issues()).toHaveLength(1);

    await system.open({
      ...telling,
      facts: factsOf({ runbook: { ...openIncident.runbook, advice: '--> @octocat <b>' } }),
    });
    expect(server.issues()[1]?.body).not.toMatch(/@octocat|<b>/);
    expect(server.seen()[1]?.text).toContain('--> @octocat <b>');
  });
});
