// Messages as the real client of the queue sends them: readable for the host, never expiring, hidden until they are due.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  connectQueues,
  type Queues,
  signalQueue,
  stepQueue,
  tellQueue,
} from '../../../../src/lib/azure/store/queue.ts';
import { storageConnection } from '../../../../src/lib/azure/store/storage-connection.ts';
import { nowMs, signal, targetId } from '../../facts.ts';

interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly text: string;
}

let server: Server;
let queues: Queues;
let sent: Sent[] = [];

const taken =
  '<?xml version="1.0" encoding="utf-8"?><QueueMessagesList><QueueMessage><MessageId>m</MessageId><PopReceipt>p</PopReceipt></QueueMessage></QueueMessagesList>';

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      sent.push({ method: request.method ?? '', url: new URL(request.url ?? '', 'http://x'), text });
      response.writeHead(201, { 'content-type': 'application/xml' });
      response.end(request.method === 'POST' ? taken : '');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/st`;
  const key = Buffer.from('key').toString('base64');
  const text = `DefaultEndpointsProtocol=http;AccountName=st;AccountKey=${key};TableEndpoint=${address};QueueEndpoint=${address};`;
  queues = connectQueues(storageConnection({ S: text }, 'S', { answerMs: 5000, pauseMs: 1 }), () => nowMs);
});
beforeEach(() => {
  sent = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function bodyOf({ text }: Sent): unknown {
  const encoded = /<MessageText>([^<]*)</.exec(text)?.[1] ?? '';
  return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
}

const step = { targetId, seq: 3, wake: false };

describe('a message', () => {
  it('is JSON in base64 and never expires', async () => {
    await queues.sendSignal(signal, nowMs);

    expect(sent[0]?.url.pathname).toBe(`/st/${signalQueue}/messages`);
    expect(sent[0]?.url.searchParams.get('messagettl')).toBe('-1');
    expect(sent.map(bodyOf)).toEqual([signal]);
  });

  it.each([
    ['was due before', -5000, 0],
    ['is due now', 0, 0],
    ['is due in a part of a second', 1, 1],
    ['is due in a minute', 60_000, 60],
    ['is due later than the service can hide it', 30 * 24 * 3_600_000, 7 * 24 * 3600 - 60],
  ])('of a step that %s is hidden so long', async (_, delayMs, seconds) => {
    await queues.sendStep(step, nowMs + delayMs);

    expect(sent[0]?.url.pathname).toBe(`/st/${stepQueue}/messages`);
    expect(Number(sent[0]?.url.searchParams.get('visibilitytimeout'))).toBe(seconds);
  });
});

describe('the queues', () => {
  it('are made with those that the host moves failed messages to', async () => {
    await queues.create();

    expect(sent.map(({ url }) => url.pathname.slice('/st/'.length)).toSorted()).toEqual([
      signalQueue,
      `${signalQueue}-poison`,
      stepQueue,
      `${stepQueue}-poison`,
      tellQueue,
    ]);
  });
});
