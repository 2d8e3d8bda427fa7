// A message of a queue trigger, as the host hands it over.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deliveriesOf, lastDelivery, textOf } from '../../src/functions/message.ts';
import { contextOf } from './doors.ts';

describe('a message', () => {
  it('says how often it was delivered; without a word it is the first time', () => {
    expect(deliveriesOf(contextOf(3))).toBe(3);
    expect(deliveriesOf(contextOf())).toBe(1);
  });

  it('has its last delivery when the host gives up', () => {
    const host = JSON.parse(readFileSync('host.json', 'utf8')) as {
      extensions: { queues: { maxDequeueCount: number } };
    };

    expect(lastDelivery).toBe(host.extensions.queues.maxDequeueCount);
  });

  it.each<[string, unknown, string]>([
    ['a text', 'ü <b>', 'ü <b>'],
    ['parsed JSON', { a: 1 }, '{"a":1}'],
    ['bytes', Buffer.from([0xff, 0x00]), '\u00ff\u0000'],
    ['nothing', undefined, ''],
  ])('that is %s is kept as the queue encodes it', (_, message, text) => {
    const encoding = Buffer.isBuffer(message) ? 'latin1' : 'utf8';

    expect(Buffer.from(textOf(message), 'base64').toString(encoding)).toBe(text);
  });
});
