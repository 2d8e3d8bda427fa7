// The storage account of the settings, as the Functions host reads it, and how long we wait for it.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { storageConnection } from '../../../../src/lib/azure/store/storage-connection.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

describe('a storage account', () => {
  it.each([
    ['its name', { S__accountName: 'stshop' }],
    [
      'its addresses',
      {
        S__tableServiceUri: 'https://stshop.table.core.windows.net',
        S__queueServiceUri: 'https://stshop.queue.core.windows.net',
        S__clientId: '33333333-3333-4333-8333-333333333333',
      },
    ],
  ])('is reached with an identity by %s', (_, env) => {
    const connection = storageConnection(env, 'S');

    expect(connection.table('pulses').url).toBe('https://stshop.table.core.windows.net');
    expect(connection.queues().url).toMatch(/^https:\/\/stshop\.queue\.core\.windows\.net\/?$/);
  });

  it('is reached with a connection string, which counts before an identity', () => {
    const connection = storageConnection({ S: 'UseDevelopmentStorage=true', S__accountName: 'stshop' }, 'S');

    expect(connection.queues().url).toContain('devstoreaccount1');
  });

  it.each([{}, { S: ' ' }, { S__tableServiceUri: 'https://stshop.table.core.windows.net' }])(
    'is missing in %j, and the sentence names the settings',
    (env) => {
      expect(() => storageConnection(env, 'S')).toThrow('S is missing: set a connection string, or S__tableServiceUri');
    },
  );

  it('that is broken is asked four times, then the read fails', async () => {
    let requests = 0;
    const started = createServer((_, response) => {
      requests += 1;
      response.writeHead(503).end();
    });
    server = started;
    await new Promise<void>((done) => started.listen(0, '127.0.0.1', done));
    const address = `http://127.0.0.1:${(started.address() as AddressInfo).port}/st`;
    const key = Buffer.from('key').toString('base64');
    const text = `DefaultEndpointsProtocol=http;AccountName=st;AccountKey=${key};TableEndpoint=${address};QueueEndpoint=${address};`;
    const connection = storageConnection({ S: text }, 'S', { answerMs: 5000, pauseMs: 1 });

    await expect(connection.table('pulses').getEntity('a', 'b')).rejects.toMatchObject({ statusCode: 503 });
    expect(requests).toBe(4);
  });
});
