import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PagerDuty, startPagerDuty } from '../../../../local/incidents/pagerduty.ts';
import { outside } from '../../../../src/lib/azure/clients/outside.ts';
import type { IncidentSystem } from '../../../../src/lib/incidents/system.ts';
import { pagerDuty } from '../../../../src/lib/incidents/systems/pagerduty.ts';
import { Secret } from '../../../../src/lib/words/secret.ts';
import { incidentContract } from '../incident-contract.ts';
import { factsOf, openIncident, telling } from '../incident-data.ts';

const key = '0123456789abcdef0123456789abcdef';
const made = (server: { readonly url: string }, routingKey = key): IncidentSystem =>
  pagerDuty(
    { url: server.url, routingKey: new Secret(routingKey) },
    outside(async () => 'token'),
  );

incidentContract({
  name: 'PagerDuty',
  start: () => startPagerDuty(key),
  make: (server, network) => pagerDuty({ url: server.url, routingKey: new Secret(key) }, network),
  afterReturn: 2,
});

describe('PagerDuty', () => {
  let server: PagerDuty;
  beforeAll(async () => {
    server = await startPagerDuty(key);
  });
  afterAll(() => server.stop());
  beforeEach(() => server.reset());

  it('keeps the title within 1,024 units and the event within 512 KB, whatever the values are', async () => {
    const runbook = { ...openIncident.runbook, title: '"'.repeat(5000), advice: '"'.repeat(600_000) };
    expect(await made(server).open({ ...telling, facts: factsOf({ runbook }) })).toMatchObject({ kind: 'told' });

    expect(server.alerts()[0]?.log[0]?.payload?.summary).toHaveLength(1024);
  });

  it('takes a routing key of the wrong form for a refused key', async () => {
    expect(await made(server, 'short').open(telling)).toEqual({
      kind: 'failed',
      failure: { why: 'key-refused', detail: 'HTTP 400' },
    });
  });

  it('cannot see that a key of the right form belongs to no integration: 202 is not delivery', async () => {
    expect(await made(server, 'f'.repeat(32)).open(telling)).toMatchObject({ kind: 'told' });
    expect(server.seen()).toEqual([]);
  });

  it('resolves the alert of its own key only', async () => {
    const system = made(server);
    await system.open(telling);
    await system.open({ ...telling, key: 'pullmedic-other-1' });
    await system.resolve(telling, { id: telling.key });

    expect(server.alerts().map(({ key: of, open }) => [of, open])).toEqual([
      [telling.key, false],
      ['pullmedic-other-1', true],
    ]);
  });

  it('marks a test, and grades how grave it is', async () => {
    await made(server).open({ ...telling, test: true });

    expect(server.alerts()[0]?.log[0]?.payload).toMatchObject({
      summary: expect.stringMatching(/^Test: /) as string,
      severity: 'error',
    });
  });

  it('holds the routing key in the body of its requests, never in an address or a header', async () => {
    await made(server).open(telling);
    const [request] = server.requests();

    expect(JSON.stringify([request?.url, request?.headers])).not.toContain(key);
  });
});
