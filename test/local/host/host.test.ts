import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Host, startHost } from '../../../local/host/host.ts';
import { parseHostJson } from '../../../local/host/settings.ts';
import { type Storage, startStorage } from '../../../local/storage.ts';

const run = promisify(execFile);
const keys = { function: 'f'.repeat(20), master: 'm'.repeat(20), eventgrid: 'e'.repeat(20) };
const settings = parseHostJson(
  JSON.stringify({
    version: '2.0',
    extensions: { queues: { maxDequeueCount: 2, visibilityTimeout: '00:00:00', maxPollingInterval: '00:00:01' } },
  }),
);

let storage: Storage;
let host: Host;
let base: string;

function start(file: string): Promise<Host> {
  const env = { Storage: storage.connection('hosts'), EVERY: '* * * * * *' };
  return startHost({ file: `test/local/host/apps/${file}`, settings, env, keys, port: 0, log: () => undefined });
}

function seen(kind: string): unknown[][] {
  const all = (globalThis as { seenByTheApp?: unknown[][] }).seenByTheApp ?? [];
  return all.filter(([what]) => what === kind);
}

async function put(queue: string, text: string): Promise<void> {
  const client = QueueServiceClient.fromConnectionString(storage.connection('hosts')).getQueueClient(queue);
  await client.createIfNotExists();
  await client.sendMessage(Buffer.from(text).toString('base64'));
}

beforeAll(async () => {
  storage = await startStorage(['hosts']);
  host = await start('every-trigger.cjs');
  base = `http://127.0.0.1:${host.port}`;
});

afterAll(async () => {
  await host.stop();
  await storage.stop();
});

describe('HTTP', () => {
  it('gives parameters decoded, and leaves an absent optional one out', async () => {
    expect(await (await fetch(`${base}/api/open/a%20b?q=1&q=2`)).json()).toMatchObject({ name: 'a b', q: '1,2' });
    expect(await (await fetch(`${base}/api/open`)).json()).toMatchObject({ name: null, has: false });
  });

  it('answers 404, not 405, for a method that no route has', async () => {
    expect((await fetch(`${base}/api/keyed`)).status).toBe(404);
    expect((await fetch(`${base}/open`)).status).toBe(404);
  });

  it('demands the function key, and the master key for admin routes', async () => {
    const post = async (suffix: string, headers = {}): Promise<number> =>
      (await fetch(`${base}/api/keyed${suffix}`, { method: 'POST', headers })).status;

    expect(await post('')).toBe(401);
    expect(await post('?code=wrong')).toBe(401);
    expect(await post(`?code=${keys.function}`)).toBe(202);
    expect(await post('', { 'x-functions-key': keys.master })).toBe(202);
    expect((await fetch(`${base}/api/admin-only?code=${keys.function}`)).status).toBe(401);
    expect(await (await fetch(`${base}/api/admin-only?code=${keys.master}`)).text()).toBe('admin');
  });

  it('answers 204 for no result and 500 for a result that is no object or a throw', async () => {
    expect((await fetch(`${base}/api/nothing`)).status).toBe(204);
    expect((await fetch(`${base}/api/text`)).status).toBe(500);
    expect((await fetch(`${base}/api/fails`)).status).toBe(500);
  });

  it('drops the body of a chunked upload, which announces no length', async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('chunked'));
        controller.close();
      },
    });
    const chunked = await fetch(`${base}/api/open`, { method: 'POST', body, duplex: 'half' } as RequestInit);
    const whole = await fetch(`${base}/api/open`, { method: 'POST', body: 'whole' });

    expect(await chunked.json()).toMatchObject({ body: '' });
    expect(await whole.json()).toMatchObject({ body: 'whole' });
  });

  it('strips a principal that the caller sends, and signs everybody on loopback in', async () => {
    const response = await fetch(`${base}/api/open`, { headers: { 'x-ms-client-principal-name': 'somebody else' } });

    expect(await response.json()).toMatchObject({ who: 'local operator' });
  });
});

describe('Event Grid', () => {
  const url = (): string => `${base}/runtime/webhooks/eventgrid?functionName=events&code=${keys.eventgrid}`;
  const post = (body: unknown, type: string, contentType = 'application/json'): Promise<Response> =>
    fetch(url(), {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'aeg-event-type': type, 'content-type': contentType },
    });

  it('answers the validation handshake', async () => {
    const response = await post([{ data: { validationCode: 'abc' } }], 'SubscriptionValidation');

    expect(await response.json()).toEqual({ validationResponse: 'abc' });
  });

  it('answers the handshake of CloudEvents', async () => {
    const response = await fetch(url(), {
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': 'eventgrid.azure.net' },
    });

    expect(response.headers.get('webhook-allowed-origin')).toBe('eventgrid.azure.net');
  });

  it('gives the function one event a call, of either schema', async () => {
    await post([{ id: 'one' }, { id: 'two' }], 'Notification');
    await post({ id: 'three', specversion: '1.0' }, 'Notification', 'application/cloudevents+json');

    expect(seen('event').map(([, event]) => (event as { id: string }).id)).toEqual(['one', 'two', 'three']);
  });

  it('answers an error when the function throws, so that the event is delivered again', async () => {
    expect((await post([{ id: 'x', fail: true }], 'Notification')).status).toBe(500);
  });

  it('refuses a wrong key and an unknown function', async () => {
    expect((await fetch(url().replace(keys.eventgrid, 'wrong'), { method: 'POST', body: '[]' })).status).toBe(401);
    expect((await fetch(url().replace('=events', '=other'), { method: 'POST', body: '[]' })).status).toBe(404);
  });
});

describe('queues', () => {
  it.each([
    ['123', 123],
    ['"x"', 'x'],
    ['null', null],
    ['{"a":1}', { a: 1 }],
    ['not json', 'not json'],
  ])('parse the text %s always', async (text, value) => {
    await put('good', text);

    await vi.waitFor(() => expect(seen('good').map(([, message]) => message)).toContainEqual(value), 5000);
  });

  it('deliver a failing message again and move it to the poison queue after the last try', async () => {
    await put('bad', '{"b":2}');

    await vi.waitFor(() => expect(seen('poisoned')).toEqual([['poisoned', { b: 2 }]]), 8000);
    expect(seen('bad').map(([, , count]) => count)).toEqual([1, 2]);
  });
});

describe('timers', () => {
  it('run on a schedule from a setting, without a status', async () => {
    await vi.waitFor(() => expect(seen('tick').length).toBeGreaterThan(0), 5000);
    expect(seen('tick')[0]).toEqual(['tick', false, null]);
  });
});

describe('an app that cannot be loaded', () => {
  it.each([
    ['broken.cjs', /before it registered a function.*broken at import/],
    ['twice.cjs', /already been registered/],
    ['unmodelled.cjs', /cosmosDBTrigger is not modelled/],
  ])('ends the process with code 1 and the reason: %s', async (file, reason) => {
    // A process of its own: one process loads one app, as in Azure.
    const env = { PATH: process.env['PATH'], PULLMEDIC_BUNDLE: `test/local/host/apps/${file}` };

    const ended = await run(process.execPath, ['local/host/main.ts'], { env }).catch((error: unknown) => error);

    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(reason) as string });
  });

  it('ends with one sentence when its port is taken', async () => {
    const env = {
      ...process.env,
      PULLMEDIC_BUNDLE: 'test/local/host/apps/every-trigger.cjs',
      PULLMEDIC_PORT: String(host.port),
      Storage: storage.connection('hosts'),
      EVERY: '0 0 0 1 1 *',
    };

    const ended = await run(process.execPath, ['local/host/main.ts'], { env }).catch((error: unknown) => error);

    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining(`Port ${host.port} is taken`) as string });
  });
});
