import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Jira, startJira } from '../../../../local/incidents/jira.ts';
import { outside } from '../../../../src/lib/azure/clients/outside.ts';
import { basicAuth } from '../../../../src/lib/incidents/basic-auth.ts';
import type { External, IncidentSystem } from '../../../../src/lib/incidents/system.ts';
import { type JiraOptions, jira } from '../../../../src/lib/incidents/systems/jira.ts';
import { Secret } from '../../../../src/lib/words/secret.ts';
import { minute, nowMs } from '../../facts.ts';
import { incidentContract } from '../incident-contract.ts';
import { asking, factsOf, openedIn, openIncident, resolving, telling } from '../incident-data.ts';

const token = new Secret('ATATT-secret');
const user = 'pullmedic@shop.example';
const optionsFor = (url: string): JiraOptions => ({
  url,
  user,
  token,
  project: 'OPS',
  issueType: 'Task',
  resolveBy: 'Done',
  reopenBy: 'Reopen',
  wontFix: "Won't Do",
});
const start = (now: () => number) => startJira(basicAuth(user, token), 'OPS', now);

incidentContract({
  name: 'Jira',
  start,
  make: (server, network) => jira(optionsFor(server.url), network),
  afterReturn: 1,
});

const network = outside(async () => 'token');

describe('Jira', () => {
  let server: Jira;
  let atMs = nowMs;
  let system: IncidentSystem;
  beforeAll(async () => {
    server = await start(() => atMs);
    system = jira(optionsFor(server.url), network);
  });
  afterAll(() => server.stop());
  beforeEach(() => server.reset());
  const opened = (): Promise<External> => openedIn(system);

  it('is found only once the index has it, and asked no sooner', async () => {
    const external = await opened();
    expect(await system.find?.(telling)).toEqual({ kind: 'nothing' });
    atMs += system.findLagMs;
    expect(await system.find?.(telling)).toMatchObject({ kind: 'found', external: { id: external.id } });
    expect(await system.find?.({ ...telling, key: 'other' })).toEqual({ kind: 'nothing' });
  });

  it('leaves what people closed as they closed it', async () => {
    const external = await opened();
    server.personSets(0, { done: true, resolution: 'Duplicate' });
    const before = server.changes();
    expect(await system.update(telling, external)).toEqual({ kind: 'told' });
    expect(await system.resolve(resolving, external)).toEqual({ kind: 'told' });
    expect(server.changes()).toBe(before);
  });

  it('opens another issue where people do not want to fix this one, and reopens any other', async () => {
    const external = await opened();
    server.personSets(0, { done: true, resolution: "Won't Do" });
    expect(await system.reopen(telling, external)).toMatchObject({ failure: { why: 'gone' } });
    server.personSets(0, { resolution: 'Done' });
    expect(await system.reopen(telling, external)).toEqual({ kind: 'told' });
    expect(server.issues()[0]).toMatchObject({ done: false });
  });

  it('says that the workflow has no transition of this name', async () => {
    const external = await opened();
    const other = jira({ ...optionsFor(server.url), resolveBy: 'Erledigt' }, network);
    expect(await other.resolve(resolving, external)).toEqual({
      kind: 'failed',
      failure: { why: 'message-refused', detail: 'no such transition' },
    });
  });

  it('comments once, although the message comes again', async () => {
    const external = await opened();
    await system.ask(asking, external);
    await system.ask({ ...asking, again: true }, external);
    expect(server.issues()[0]?.comments).toHaveLength(1);
  });

  it('says that a deleted issue is gone', async () => {
    const external = await opened();
    server.personDeletes(0);
    expect(await system.resolve(resolving, external)).toMatchObject({ failure: { why: 'gone' } });
  });

  it('stays within the lengths of Jira', async () => {
    atMs += minute;
    const runbook = { ...openIncident.runbook, title: 'x'.repeat(900), advice: 'y'.repeat(90_000) };
    expect(await system.open({ ...telling, facts: factsOf({ runbook }) })).toMatchObject({ kind: 'told' });
    expect(server.issues()[0]?.summary).toHaveLength(250);
  });
});
