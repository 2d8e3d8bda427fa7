// Letters and poison queues in real storage.
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Storage, startStorage } from '../../../../local/storage.ts';
import type { Clients } from '../../../../src/lib/azure/clients/clients.ts';
import { connectQueues } from '../../../../src/lib/azure/store/queue.ts';
import { storageConnection } from '../../../../src/lib/azure/store/storage-connection.ts';
import { connectTables, createTables } from '../../../../src/lib/azure/store/store.ts';
import { azureUpkeep } from '../../../../src/lib/azure/store/upkeep.ts';
import { dismiss, drainPoison, listDead, mostKept, replay } from '../../../../src/lib/intake/dead-letter.ts';
import type { DeadLetter, Upkeep } from '../../../../src/lib/ports/upkeep.ts';
import { config, roleMissing, signal } from '../../facts.ts';
import { memory } from '../../memory-ports.ts';

let storage: Storage;
let upkeep: Upkeep;
let without: Upkeep;
const answered = { last: undefined as ReturnType<Clients['lastLogsAnswer']>, signsIn: true };
const clients = {
  signIn: async () => {
    if (!answered.signsIn) throw new Error('no');
  },
  lastLogsAnswer: () => answered.last,
} as unknown as Clients;

function upkeepOf(account: string): { upkeep: Upkeep; create: () => Promise<unknown> } {
  const connection = storageConnection({ S: storage.connection(account) }, 'S');
  const [tables, queues] = [connectTables(connection), connectQueues(connection)];
  return {
    upkeep: azureUpkeep({ clients, tables, queues }),
    create: () => Promise.all([createTables(tables), queues.create()]),
  };
}

beforeAll(async () => {
  storage = await startStorage(['upkeep', 'nothing']);
  const made = upkeepOf('upkeep');
  await made.create();
  upkeep = made.upkeep;
  without = upkeepOf('nothing').upkeep;
});
afterAll(() => storage.stop());

const letter: DeadLetter = {
  id: `d${'1'.repeat(24)}`,
  kind: 'unreadable',
  queue: 'steps',
  message: 'x',
  state: 'dead',
  tries: 7,
  lastError: 'RestError 503',
  by: 'anna',
  firstAtMs: 1_780_000_000_000,
  lastAtMs: 1_780_000_060_000,
};

describe('letters', () => {
  it('come back as they were put, the largest too', async () => {
    const large = { ...letter, id: `d${'2'.repeat(24)}`, message: 'x'.repeat(mostKept) };
    await upkeep.letters.put(letter);
    await upkeep.letters.put(large);

    expect(await upkeep.letters.get(letter.id)).toEqual(letter);
    expect(await upkeep.letters.all()).toEqual([letter, large]);
  });

  it('lose a member that they no longer have, and go when they are removed, twice too', async () => {
    const { by: _by, lastError: _error, ...less } = letter;
    await upkeep.letters.put(less);
    expect(await upkeep.letters.get(letter.id)).toEqual(less);

    await upkeep.letters.remove(letter.id);
    await upkeep.letters.remove(letter.id);
    expect(await upkeep.letters.get(letter.id)).toBeUndefined();
  });

  it('that wait for a person come first, however many were handled', async () => {
    const tables = connectTables(storageConnection({ S: storage.connection('upkeep') }, 'S'));
    const handled = { ...letter, state: 'dismissed', partitionKey: 'dead-letters', rowKey: letter.id };
    const last = `d${'f'.repeat(24)}`;
    async function* entities() {
      for (let at = 0; at < 1500; at += 1) yield handled;
      yield { ...handled, state: 'dead', rowKey: last };
    }
    const letters = { listEntities: entities } as unknown as typeof tables.letters;
    const queues = connectQueues(storageConnection({ S: storage.connection('upkeep') }, 'S'));
    const full = azureUpkeep({ clients, tables: { ...tables, letters }, queues });

    expect((await listDead(full)).map(({ id }) => id)).toEqual([last]);
    expect(await full.letters.all()).toHaveLength(1001);
  });

  it('that this version cannot read hide no others, and a person can dismiss them', async () => {
    const tables = connectTables(storageConnection({ S: storage.connection('upkeep') }, 'S'));
    const id = `d${'3'.repeat(24)}`;
    await tables.letters.upsertEntity({ partitionKey: 'dead-letters', rowKey: id, kind: 'from-the-future', part0: 7 });
    await upkeep.letters.put(letter);
    const { ports } = memory(config(), roleMissing, Date.now());

    const dead = await listDead(upkeep);
    expect(dead.map((one) => one.id)).toEqual(expect.arrayContaining([id, letter.id]));
    expect(dead.find((one) => one.id === id)).toMatchObject({ kind: 'unreadable', message: '' });
    expect(await replay(upkeep, ports, id, { by: 'anna' })).toBe('unreadable');
    expect(await dismiss(upkeep, ports, id, { by: 'anna' })).toBe('dismissed');
    expect((await listDead(upkeep)).map((one) => one.id)).not.toContain(id);
    await upkeep.letters.remove(id);
    await upkeep.letters.remove(letter.id);
  });
});

describe('the poison queues', () => {
  it('hand out what lies there, in whatever encoding, and forget what is removed', async () => {
    const service = QueueServiceClient.fromConnectionString(storage.connection('upkeep'));
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const signals = service.getQueueClient('pullmedic-signals-poison');
    await signals.sendMessage(base64('{"id":"1"}'));
    await signals.sendMessage('*not base64*');
    await signals.sendMessage(base64('no json'));
    await service.getQueueClient('pullmedic-steps-poison').sendMessage(base64('{"seq":1}'));
    expect(await upkeep.poison.waiting()).toEqual({ read: true, value: 4 });

    const taken = await upkeep.poison.take();

    expect(taken.map(({ queue, body }) => [queue, body])).toEqual([
      ['signals', { id: '1' }],
      ['signals', undefined],
      ['signals', undefined],
      ['steps', { seq: 1 }],
    ]);
    expect(taken[1]?.raw).toBe('*not base64*');
    expect(await upkeep.poison.take()).toEqual([]);
    for (const message of taken) await upkeep.poison.remove(message);
    expect(await upkeep.poison.waiting()).toEqual({ read: true, value: 0 });
  });

  it('are emptied into letters, and what can be read lies in its queue again, later', async () => {
    const connection = storage.connection('upkeep');
    const queues = connectQueues(storageConnection({ S: connection }, 'S'));
    const running = memory(config(), roleMissing, Date.now());
    const ports = { ...running.ports, now: () => Date.now(), queue: queues };
    const service = QueueServiceClient.fromConnectionString(connection);
    const poison = service.getQueueClient('pullmedic-signals-poison');
    await poison.sendMessage(Buffer.from(JSON.stringify(signal)).toString('base64'));
    await poison.sendMessage('*not base64*');

    expect(await drainPoison(upkeep, ports)).toBe(2);

    const kept = await upkeep.letters.all();
    const sent = kept.find((one) => one.kind === 'signal');
    expect(sent).toMatchObject({ state: 'retrying', tries: 1 });
    expect(JSON.parse(sent?.message ?? '')).toEqual(signal);
    expect(kept.find((one) => one.message === '*not base64*')).toMatchObject({ kind: 'unreadable', state: 'dead' });
    const again = service.getQueueClient('pullmedic-signals');
    expect((await again.getProperties()).approximateMessagesCount).toBe(1);
    expect((await again.receiveMessages()).receivedMessageItems).toEqual([]);
    expect(await upkeep.poison.waiting()).toEqual({ read: true, value: 0 });
  });

  it('that are not there cannot be counted', async () => {
    expect((await without.poison.waiting()).read).toBe(false);
  });
});

describe('dependencies', () => {
  it.each([
    ['up as far as anybody asked', undefined, true, { queues: 'up', signIn: 'up', logs: 'not-asked' }],
    ['down where nobody can sign in', undefined, false, { queues: 'up', signIn: 'down', logs: 'not-asked' }],
    ['up where the logs answered', { atMs: Date.now(), answered: true }, true, { logs: 'up' }],
    ['down where the logs did not', { atMs: Date.now(), answered: false }, true, { logs: 'down' }],
    ['not known from long ago', { atMs: Date.now() - 3_600_000, answered: false }, true, { logs: 'not-asked' }],
  ])('are %s', async (_what, last, signsIn, states) => {
    Object.assign(answered, { last, signsIn });

    expect(await upkeep.dependencies()).toMatchObject(states);
  });

  it('are down where the queues are not there', async () => {
    expect(await without.dependencies()).toMatchObject({ queues: 'down' });
  });
});
