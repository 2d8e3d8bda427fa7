import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTopic, type Topic } from '../../../../local/incidents/eventgrid.ts';
import { outside } from '../../../../src/lib/azure/clients/outside.ts';
import type { IncidentSystem } from '../../../../src/lib/incidents/system.ts';
import { eventGrid } from '../../../../src/lib/incidents/systems/eventgrid.ts';
import { nowMs } from '../../facts.ts';
import { incidentContract } from '../incident-contract.ts';
import { appNamed, asking, factsOf, openIncident, resolving, telling } from '../incident-data.ts';
import { leadTo, topicUrl } from './topic-client.ts';

const token = 'token of a sender';

incidentContract({
  name: 'Event Grid topic',
  start: () => startTopic(token),
  make: (server) =>
    eventGrid(
      { url: topicUrl },
      outside(
        async () => token,
        () => nowMs,
        leadTo(() => server.url),
      ),
    ),
  afterReturn: 1,
});

describe('an Event Grid topic', () => {
  let server: Topic;
  let signedIn: string;
  const scopes: string[] = [];
  const systemAt = (url: string): IncidentSystem =>
    eventGrid(
      { url },
      outside(
        async (scope) => {
          scopes.push(scope);
          return signedIn;
        },
        () => nowMs,
        leadTo(() => server.url),
      ),
    );
  beforeAll(async () => {
    server = await startTopic(token);
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    server.reset();
    signedIn = token;
  });

  it('gets an event for each opening, question and end, with the token of pullmedic itself', async () => {
    const system = systemAt(topicUrl);
    const external = { id: telling.key };
    expect(await system.open(telling)).toEqual({ kind: 'told', external });
    await system.ask({ ...asking, delivery: 'asked' }, external);
    await system.answered({ ...asking, stage: 'expired', delivery: 'expired' }, external);
    await system.resolve({ ...resolving, delivery: 'resolved' }, external);

    expect(server.types()).toEqual([
      'pullmedic.incident.opened.v1',
      'pullmedic.question.asked.v1',
      'pullmedic.question.expired.v1',
      'pullmedic.incident.resolved.v1',
    ]);
    expect(server.events()[0]).toMatchObject({ subject: telling.key, source: 'https://pullmedic.example/api/history' });
    expect(new Set(scopes)).toEqual(new Set(['https://eventgrid.azure.net/.default']));
  });

  it('gets a repetition under the same id, so that a subscriber takes it once', async () => {
    const system = systemAt(topicUrl);
    await system.open(telling);
    await system.open({ ...telling, again: true });
    expect(server.requests()).toHaveLength(2);
    expect(server.types()).toHaveLength(1);
  });

  it('stops where the role is missing or the topic is gone, and not for one message alone', async () => {
    signedIn = 'token without the role';
    expect(await systemAt(topicUrl).open(telling)).toMatchObject({
      failure: { why: 'key-refused', detail: 'HTTP 401' },
    });
    signedIn = token;
    const gone = systemAt(topicUrl.replace('/api/events', '/api/gone'));
    expect(await gone.open(telling)).toMatchObject({ failure: { why: 'key-refused', detail: 'HTTP 404' } });
  });

  it('is sent to once a try: the outbox says when it is sent again', async () => {
    server.strike('down');
    expect(await systemAt(topicUrl).open(telling)).toMatchObject({ failure: { why: 'no-answer', detail: 'HTTP 503' } });
    expect(server.requests()).toHaveLength(1);
  });

  it('waits for as long as the topic asks', async () => {
    server.strike('throttled');
    expect(await systemAt(topicUrl).open(telling)).toMatchObject({ failure: { why: 'throttled', waitMs: 30_000 } });
  });

  it('gets events below 64 KB, which is what Event Grid bills as one', async () => {
    const members = Array.from({ length: 400 }, (_, at) => ({
      app: appNamed(`ca-${at}-${'x'.repeat(200)}`),
      remediation: openIncident.members[0]?.remediation ?? ('' as never),
    }));
    expect(await systemAt(topicUrl).open({ ...telling, facts: factsOf({ members }) })).toMatchObject({ kind: 'told' });
    expect(Buffer.byteLength(server.requests()[0]?.body ?? '')).toBeLessThan(64 * 1024);
    expect(server.events()[0]?.data.incident).toMatchObject({ affectedCount: 400 });
  });
});
