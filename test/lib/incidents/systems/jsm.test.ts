import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Jsm, startJsm } from '../../../../local/incidents/jsm.ts';
import { outside } from '../../../../src/lib/azure/clients/outside.ts';
import type { IncidentSystem, Told } from '../../../../src/lib/incidents/system.ts';
import { jsm } from '../../../../src/lib/incidents/systems/jsm.ts';
import { Secret } from '../../../../src/lib/words/secret.ts';
import { minute, nowMs } from '../../facts.ts';
import { incidentContract } from '../incident-contract.ts';
import { factsOf, openIncident, telling } from '../incident-data.ts';

const apiKey = 'genie-key-secret';

incidentContract({
  name: 'Jira Service Management',
  start: (now) => startJsm(apiKey, now),
  make: (server, network) => jsm({ url: server.url, apiKey: new Secret(apiKey) }, network),
  afterReturn: 2,
});

const external = { id: telling.key };

describe('Jira Service Management', () => {
  let server: Jsm;
  let atMs = nowMs;
  let system: IncidentSystem;
  beforeAll(async () => {
    server = await startJsm(apiKey, () => atMs);
    const network = outside(
      async () => 'token',
      () => atMs,
    );
    system = jsm({ url: server.url, apiKey: new Secret(apiKey) }, network);
  });
  afterAll(() => server.stop());
  beforeEach(() => server.reset());
  const settled = async (told: Told, ms: number): Promise<Told> => {
    if (told.kind !== 'accepted' || system.settle === undefined) throw new Error('was not taken in');
    atMs += ms;
    return system.settle(told.receipt);
  };

  it('tells only once the request is done', async () => {
    const told = await system.open(telling);
    expect(await settled(told, 1000)).toMatchObject({ kind: 'accepted' });
    expect(await settled(told, 3000)).toEqual({ kind: 'told', external });
    expect(server.alerts()).toMatchObject([{ alias: telling.key, priority: 'P2', open: true }]);
  });

  it.each([
    ['failed', 'badly', minute, 'request failed'],
    ['was lost', 'never', 16 * minute, 'request lost'],
  ] as const)('says of a request that %s that it was refused', async (_case, how, ms, detail) => {
    server.processes(how);
    expect(await settled(await system.open(telling), ms)).toEqual({
      kind: 'failed',
      failure: { why: 'message-refused', detail },
    });
  });

  it('waits while a request that it cannot see may still be done', async () => {
    server.processes('never');
    expect(await settled(await system.open(telling), 14 * minute)).toMatchObject({ kind: 'accepted' });
  });

  it('meets the open alert of its alias, and never one that was closed', async () => {
    await settled(await system.open(telling), minute);
    await settled(await system.open({ ...telling, again: true }), minute);
    expect(server.alerts()).toMatchObject([{ count: 2 }]);

    await settled(await system.resolve(telling, external), minute);
    await settled(await system.open(telling), minute);
    expect(server.alerts().map(({ open }) => open)).toEqual([false, true]);
  });

  it('takes no refusal of its question for a refusal of the call, however late it comes', async () => {
    const told = await system.open(telling);
    const refusing = jsm(
      { url: server.url, apiKey: new Secret(apiKey) },
      {
        now: () => atMs,
        hmac: () => '',
        publish: async () => ({ kind: 'no-answer', code: 'x' }),
        send: async () => ({ kind: 'answer', status: 400, headers: {}, body: '{}' }),
      },
    );
    if (told.kind !== 'accepted') throw new Error('was not taken in');
    atMs += 40 * minute;
    expect(await refusing.settle?.(told.receipt)).toEqual({
      kind: 'failed',
      failure: { why: 'no-answer', detail: 'HTTP 400' },
    });
    expect(await system.settle?.(told.receipt)).toEqual({ kind: 'told', external });
  });

  it('finds no open alert to close where an earlier try or a person closed it: a note there is refused, a close is not', async () => {
    await settled(await system.open(telling), minute);
    await settled(await system.resolve(telling, external), minute);
    expect(await settled(await system.resolve({ ...telling, again: true }, external), minute)).toEqual({
      kind: 'failed',
      failure: { why: 'gone', detail: 'no open alert' },
    });
    expect(await settled(await system.update(telling, external), minute)).toMatchObject({
      failure: { why: 'message-refused' },
    });
  });

  it('stays within the lengths of the API', async () => {
    const runbook = { ...openIncident.runbook, title: 'x'.repeat(900), advice: 'y'.repeat(90_000) };
    const facts = factsOf({ runbook });
    expect(await settled(await system.open({ ...telling, facts }), minute)).toMatchObject({ kind: 'told' });
    expect(server.alerts()[0]?.message).toHaveLength(130);
    expect(await settled(await system.update({ ...telling, facts }, external), minute)).toEqual({
      kind: 'told',
      external,
    });
  });
});
