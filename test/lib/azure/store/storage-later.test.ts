// Storage whose SDK loads with the first request: once, for all tables and queues, and never while the app loads.
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../../local/engine/storage.ts';
import type { Answer } from '../../../../src/lib/azure/clients/table.ts';
import { storageLater } from '../../../../src/lib/azure/store/storage-later.ts';
import { nowMs } from '../../facts.ts';

const env = { S: 'UseDevelopmentStorage=true' };

function storage() {
  let loads = 0;
  const { connection } = memoryStorage(() => nowMs);
  const later = storageLater(env, 'S', async () => {
    loads += 1;
    return { connectTo: () => connection };
  });
  return { later, loads: () => loads };
}

async function listed(rows: AsyncIterable<Record<string, unknown>>): Promise<unknown[]> {
  const keys: unknown[] = [];
  for await (const row of rows) keys.push(row['rowKey']);
  return keys;
}

describe('storage', () => {
  it('loads nothing until a table or a queue is asked, and then once for all', async () => {
    const { later, loads } = storage();
    const [first, second] = [later.table('first'), later.table('second')];
    const queue = later.queues().getQueueClient('steps');
    expect(loads()).toBe(0);

    await Promise.all([first.createTable(), second.createTable(), queue.createIfNotExists()]);
    expect(loads()).toBe(1);
  });

  it('passes on what blobs answer, and has none where the settings do not say where they are', async () => {
    const { later, loads } = storage();
    const blobs = later.blobs?.('archive');
    expect(loads()).toBe(0);

    await blobs?.makeContainer();
    expect([await blobs?.create('a'), await blobs?.create('a')]).toEqual(['created', 'there']);
    expect([await blobs?.append('a', 0, 'x'), await blobs?.append('a', 0, 'y')]).toEqual(['appended', 'moved']);
    expect([await blobs?.read('a'), await blobs?.read('b')]).toEqual(['x', undefined]);
    const uris = { S__tableServiceUri: 'https://t.example', S__queueServiceUri: 'https://q.example' };
    expect(storageLater(uris, 'S').blobs).toBeUndefined();
  });

  it('passes on what a table answers', async () => {
    const table = storage().later.table('pulses');
    await table.createTable();
    await table.createEntity({ partitionKey: 'a', rowKey: '1', on: true });
    await table.upsertEntity({ partitionKey: 'a', rowKey: '2', on: true }, 'Replace');
    await table.upsertEntity({ partitionKey: 'b', rowKey: '3', on: true }, 'Replace');
    const { etag } = await table.getEntity('a', '1');
    await table.updateEntity({ partitionKey: 'a', rowKey: '1', on: false }, 'Replace', { etag });

    expect(await table.getEntity('a', '1')).toMatchObject({ on: false });
    expect(await listed(table.listEntities({ queryOptions: { filter: "PartitionKey eq 'a'" } }))).toEqual(['1', '2']);
    await table.deleteEntity('a', '1');
    await expect(table.getEntity('a', '1')).rejects.toMatchObject({ statusCode: 404 });
  });

  it('passes on the pages of a table, one answer each, and goes on where an answer stopped', async () => {
    const table = storage().later.table('pages');
    await table.createTable();
    for (const rowKey of ['1', '2', '3']) await table.upsertEntity({ partitionKey: 'a', rowKey }, 'Replace');
    const asked = { queryOptions: { filter: "PartitionKey eq 'a'" } };
    const first = await table.listEntities(asked).byPage({ maxPageSize: 2 })[Symbol.asyncIterator]().next();
    const answer = first.value as Answer;
    const settings = { maxPageSize: 2, continuationToken: answer.continuationToken ?? 'none' };
    const rest = await table.listEntities(asked).byPage(settings)[Symbol.asyncIterator]().next();

    expect(answer.map(({ rowKey }) => rowKey)).toEqual(['1', '2']);
    expect((rest.value as Answer).map(({ rowKey }) => rowKey)).toEqual(['3']);
  });

  it('passes on what a queue answers', async () => {
    const queue = storage().later.queues().getQueueClient('steps');
    await queue.createIfNotExists();
    const abortSignal = new AbortController().signal;
    await queue.sendMessage('text', { visibilityTimeout: 0, messageTimeToLive: -1, abortSignal });
    expect(await queue.getProperties({ abortSignal })).toMatchObject({ approximateMessagesCount: 1 });

    const taken = await queue.receiveMessages({ numberOfMessages: 1, visibilityTimeout: 30 });
    const [message] = taken.receivedMessageItems;
    expect(message?.messageText).toBe('text');
    await queue.deleteMessage(message?.messageId ?? '', message?.popReceipt ?? '');
    expect(await queue.getProperties({ abortSignal })).toMatchObject({ approximateMessagesCount: 0 });
  });

  it('that the settings do not name is missing at once, not with the first request', () => {
    expect(() => storageLater({}, 'S')).toThrow('S is missing');
    expect(() => storageLater({ S: 'AccountKey=secret' }, 'S')).toThrow('S is not a connection string.');
  });

  it('waits 15 seconds for an answer and half a second before a retry', () => {
    expect(storageLater(env, 'S').patience).toEqual({ answerMs: 15_000, pauseMs: 500 });
  });
});
