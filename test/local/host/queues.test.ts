import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Storage, startStorage } from '../../../local/storage.ts';
import { aWhile, countOf, patience, put, queueOf, type Running, run } from './harness.ts';

let storage: Storage;
let connection: string;
let running: Running;

const extensions = { queues: { maxDequeueCount: 3, maxPollingInterval: '00:00:01', visibilityTimeout: '00:00:00' } };

beforeAll(async () => {
  storage = await startStorage(['queues']);
  connection = storage.connection('queues');
  running = await run('queues', { env: { Storage: connection, GOOD_QUEUE: 'GOOD' }, extensions });
});
afterAll(async () => {
  await running.host.stop();
  await storage.stop();
});

interface Heard {
  readonly message: unknown;
  readonly type: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

async function next(text: string): Promise<Heard> {
  const before = running.said('good').length;
  await put(connection, 'good', text);
  return (await running.hears('good', before + 1)).at(-1) as Heard;
}

describe('26. the text of a message', () => {
  it.each([
    ['123', 123],
    ['true', true],
    ['"x"', 'x'],
    ['null', null],
    ['[1]', [1]],
    ['{"a":{"B":1}}', { a: { B: 1 } }],
    ['not json', 'not json'],
    ['9007199254740993', 9007199254740992],
  ])('%s is parsed', async (text, value) => {
    expect((await next(text)).message).toEqual(value);
  });
});

describe('the metadata of a message', () => {
  it('27. names begin with a small letter, deeply; the count is a number, times are text', async () => {
    const { metadata } = await next('{"Key":{"Inner":1}}');

    expect(metadata['dequeueCount']).toBe(1);
    expect(metadata['queueTrigger']).toEqual({ key: { inner: 1 } });
    expect(metadata['insertionTime']).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\+00:00$/);
  });

  it('28. members of a JSON message are added and win over the host; booleans and dates become text', async () => {
    const { metadata } = await next('{"id":"mine","yes":true,"at":"2026-06-01T02:00:00Z","none":null,"list":[1]}');

    expect(metadata).toMatchObject({ id: 'mine', yes: 'True', at: '06/01/2026 02:00:00' });
    expect(Object.keys(metadata)).not.toEqual(expect.arrayContaining(['none']));
    expect(Object.keys(metadata)).not.toEqual(expect.arrayContaining(['list']));
  });
});

describe('a message that fails', () => {
  it('comes back until the limit, then moves to the poison queue', async () => {
    await put(connection, 'bad', '{"b":2}');

    expect(await running.hears('poisoned')).toEqual([{ b: 2 }]);
    expect(running.said('bad')).toEqual([1, 2, 3]);
    expect(await countOf(connection, 'bad')).toBe(0);
  });

  it('in a poison queue stays there, hidden, and gets no poison queue of its own', async () => {
    await running.hears('poisoned');
    await aWhile();

    expect(running.said('poisoned')).toHaveLength(1);
    expect(await countOf(connection, 'bad-poison')).toBe(1);
    expect(await queueOf(connection, 'bad-poison-poison').exists()).toBe(false);
  });

  it('32. by `throw null` counts as done', async () => {
    await put(connection, 'null', 'x');
    await running.hears('null');

    await vi.waitFor(async () => expect(await countOf(connection, 'null')).toBe(0), patience);
    expect(running.said('null')).toEqual(['x']);
  });

  it('32. by `throw "text"` fails', async () => {
    await put(connection, 'words', 'x');

    expect((await running.hears('words', 3)).slice(0, 3)).toEqual([1, 2, 3]);
    await vi.waitFor(async () => expect(await countOf(connection, 'words-poison')).toBe(1), patience);
  });

  it('35. because it is not base64 goes to the poison queue unseen', async () => {
    const before = running.said('good').length;
    await queueOf(connection, 'good').sendMessage('*not base64*');

    await vi.waitFor(async () => expect(await countOf(connection, 'good-poison')).toBe(1), patience);
    expect(running.said('good')).toHaveLength(before);
  });

  it('because it ended the process before goes to the poison queue unseen', async () => {
    const queue = queueOf(connection, 'slow');
    await running.host.stop();
    await queue.createIfNotExists();
    await queue.sendMessage(Buffer.from('{"n":0,"ms":1}').toString('base64'));
    // Three tries that ended without a word, as when the process dies.
    for (let tries = 0; tries < 3; tries += 1) {
      const [taken] = (await queue.receiveMessages()).receivedMessageItems;
      if (taken !== undefined) await queue.updateMessage(taken.messageId, taken.popReceipt, undefined, 0);
    }
    running = await run('queues', { env: { Storage: connection, GOOD_QUEUE: 'GOOD' }, extensions });

    await vi.waitFor(async () => expect(await countOf(connection, 'slow-poison')).toBe(1), patience);
    expect(running.said('slow')).toEqual([]);
  });
});

describe('40. messages', () => {
  it('run side by side, and the host waits for them when it stops', async () => {
    for (const n of [1, 2, 3]) await put(connection, 'slow', JSON.stringify({ n, ms: 200 }));
    await running.hears('slow', 3);
    await running.host.stop();

    expect(Math.max(...(running.said('slow') as number[]))).toBeGreaterThan(1);
    expect(running.said('slow-done')).toHaveLength(3);
    expect(await countOf(connection, 'slow')).toBe(0);
    running = await run('queues', { env: { Storage: connection, GOOD_QUEUE: 'GOOD' }, extensions });
  });
});

describe('a storage connection', () => {
  it.each([
    ['that is missing', {}, /needs the setting Storage/],
    ['that is no connection string', { Storage: 'AccountKey=secret' }, /is not a connection string\.$/],
  ])('%s is refused without quoting it', async (_what, env, reason) => {
    await expect(run('queues', { env: { GOOD_QUEUE: 'good', ...env }, extensions })).rejects.toThrow(reason);
  });
});
