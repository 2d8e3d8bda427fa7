import { EventGridDeserializer } from '@azure/eventgrid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys, type Running, run } from './harness.ts';

let running: Running;
let url: string;

beforeAll(async () => {
  running = await run('events');
  url = `${running.base}/runtime/webhooks/eventgrid?functionName=events&code=${keys.eventgrid}`;
});
afterAll(() => running.host.stop());

function post(body: unknown, type?: string, contentType = 'application/json'): Promise<Response> {
  const headers = { 'content-type': contentType, ...(type === undefined ? {} : { 'aeg-event-type': type }) };
  return fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });
}

function ids(): unknown[] {
  return (running.said('event') as { event: { id: string } }[]).map(({ event }) => event.id);
}

const eventGridEvent = {
  id: 'one',
  topic: '/subscriptions/x',
  subject: '/subscriptions/x/resourceGroups/y',
  eventType: 'Microsoft.Resources.ResourceWriteSuccess',
  eventTime: '2026-06-01T02:00:00.0000000Z',
  data: { OperationName: 'Microsoft.App/containerApps/write', Deep: { Key: 1 } },
  dataVersion: '2',
  metadataVersion: '1',
};

describe('handshakes', () => {
  it('the validation of Event Grid gets its code back', async () => {
    const response = await post([{ ...eventGridEvent, data: { validationCode: 'abc' } }], 'SubscriptionValidation');

    expect([response.status, await response.json()]).toEqual([200, { validationResponse: 'abc' }]);
  });

  it('the abuse protection of CloudEvents gets leave to send', async () => {
    const headers = { 'webhook-request-origin': 'eventgrid.azure.net' };
    const response = await fetch(url, { method: 'OPTIONS', headers });

    expect(response.status).toBe(200);
    expect(response.headers.get('webhook-allowed-origin')).toBe('eventgrid.azure.net');
    expect(response.headers.get('webhook-allowed-rate')).toBe('*');
  });

  it('the end of a subscription is accepted', async () => {
    expect((await post([], 'Unsubscribe')).status).toBe(202);
  });
});

describe('notifications', () => {
  it('34. the event comes as it is; its metadata has names with a small first letter', async () => {
    expect((await post([eventGridEvent], 'Notification')).status).toBe(202);

    const [heard] = running.said('event') as { event: Record<string, unknown>; metadata: unknown }[];
    expect(heard?.event).toEqual(eventGridEvent);
    expect(heard?.metadata).toEqual({
      data: { operationName: 'Microsoft.App/containerApps/write', deep: { key: 1 } },
    });
    expect(await new EventGridDeserializer().deserializeEventGridEvents(heard?.event ?? {})).toHaveLength(1);
  });

  it.each([
    ['an array of either schema', [{ id: 'a' }, { id: 'b' }], 'application/json', ['a', 'b']],
    ['one CloudEvent', { id: 'c', specversion: '1.0' }, 'application/cloudevents+json', ['c']],
    ['a batch of CloudEvents', [{ id: 'd' }, { id: 'e' }], 'application/cloudevents-batch+json', ['d', 'e']],
  ])('34. %s is one call an event', async (_what, body, contentType, expected) => {
    expect((await post(body, 'Notification', contentType)).status).toBe(202);

    expect(ids().slice(-expected.length)).toEqual(expected);
  });

  it('a throw is answered with an error, so that Event Grid delivers the request again', async () => {
    const status = (await post([{ id: 'good' }, { id: 'x', data: { fail: true } }], 'Notification')).status;

    expect(status).toBe(500);
    expect(ids()).toContain('good');
  });
});

describe('what is not from Event Grid is refused', () => {
  it.each([
    ['no header', [{}], undefined],
    ['another header', [{}], 'Surprise'],
    ['no JSON', '{', 'Notification'],
    ['a text', '"x"', 'Notification'],
    ['an array of texts', ['x'], 'Notification'],
    ['a validation without a code', [{ data: {} }], 'SubscriptionValidation'],
  ])('%s', async (_what, body, type) => {
    expect((await post(body, type)).status).toBe(400);
  });

  it.each([
    ['a wrong key', (address: string) => address.replace(keys.eventgrid, 'wrong'), 401],
    ['the key of functions', (address: string) => address.replace(keys.eventgrid, keys.function), 401],
    ['no key', (address: string) => address.replace(/&code=.*/, ''), 401],
    ['an unknown function', (address: string) => address.replace('=events', '=other'), 404],
    ['a function with another trigger', (address: string) => address.replace('=events', '=not-events'), 404],
    ['the name in another case', (address: string) => address.replace('=events', '=EVENTS'), 202],
    ['the master key', (address: string) => address.replace(keys.eventgrid, keys.master), 202],
  ])('%s', async (_what, change, status) => {
    const headers = { 'aeg-event-type': 'Notification' };

    expect((await fetch(change(url), { method: 'POST', body: '[]', headers })).status).toBe(status);
  });

  it('another method', async () => {
    expect((await fetch(url)).status).toBe(405);
  });

  it('a body above the limit', async () => {
    expect((await post(`"${'x'.repeat(10 * 1024 * 1024)}"`, 'Notification')).status).toBe(413);
  });
});
