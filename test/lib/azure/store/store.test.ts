import { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Storage, startStorage } from '../../../../local/storage.ts';
import { indexOf } from '../../../../src/lib/azure/store/index-rows.ts';
import { storageConnection } from '../../../../src/lib/azure/store/storage-connection.ts';
import { connectTables, createTables, type Head, ledger, type Tables } from '../../../../src/lib/azure/store/store.ts';

import type { Ledger } from '../../../../src/lib/history/ledger.ts';
import type { RemediationId, TargetId } from '../../../../src/lib/words/target.ts';
import { appId } from '../../facts.ts';
import { memoryLedger } from '../../memory-ports.ts';

interface Word {
  readonly kind: 'said';
  readonly word: string;
}

let storage: Storage;
let tables: Tables<TableClient>;
let table: TableClient;

beforeAll(async () => {
  storage = await startStorage(['stores', 'empty']);
  tables = connectTables(storageConnection({ S: storage.connection('stores') }, 'S'));
  await createTables(tables);
  table = tables.history;
});

afterAll(() => storage.stop());

describe.each<[string, () => Ledger<Word>]>([
  ['in Azurite', () => ledger<Word>(table, ['said'], () => 1)],
  ['of many writers', () => ledger<Word>(table, ['said'], () => 1, { shared: true })],
  ['in memory', () => memoryLedger<Word>(() => 1)],
])('a ledger %s', (where, make) => {
  const partition = `p-${where.replace(' ', '-')}`;

  it('reads entries in the order in which they were appended', async () => {
    const words = make();

    await words.append(partition, 0, { kind: 'said', word: 'one' });
    await words.append(partition, 1, { kind: 'said', word: 'two' });

    expect((await words.read(partition)).map(({ seq, entry }) => [seq, entry.word])).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
  });

  it('takes one of two writers of the same number', async () => {
    const words = make();

    const answers = await Promise.all(
      ['left', 'right'].map((word) => words.append(`${partition}-race`, 0, { kind: 'said', word })),
    );

    expect(answers.toSorted()).toEqual(['appended', 'taken']);
    expect(await words.read(`${partition}-race`)).toHaveLength(1);
  });

  it('refuses to leave a gap', async () => {
    expect(await make().append(`${partition}-gap`, 3, { kind: 'said', word: 'late' })).toBe('taken');
  });
});

describe('the ledger in storage', () => {
  it('tells every new head, so that a history written anew as a whole does not add up with what was told', async () => {
    const heads: Head[] = [];
    const words = ledger<Word>(table, ['said'], () => 1, { onHead: (head) => heads.push(head) });
    await words.append('told', 0, { kind: 'said', word: 'true' });
    await words.append('told', 0, { kind: 'said', word: 'too late' });
    const [first] = heads;

    await table.deleteEntity('told', '0000000001');
    await words.append('told', 0, { kind: 'said', word: 'false' });

    expect(heads.map(({ partition, seq }) => [partition, seq])).toEqual([
      ['told', 1],
      ['told', 1],
    ]);
    expect(heads.at(1)?.hash).not.toBe(first?.hash);
  });

  it.each([
    ['large', 'x'.repeat(100_000)],
    ['large-and-not-ascii', 'ä\u{1f4a5}\u2028"\\'.repeat(12_000)],
  ])('stores an entry that is larger than one property (%s)', async (partition, word) => {
    const words = ledger<Word>(table, ['said'], () => 1);

    await words.append(partition, 0, { kind: 'said', word });

    // Compared by itself: the difference of two such texts is of no use to anybody.
    expect((await words.read(partition))[0]?.entry.word === word).toBe(true);
  });

  it.each<[string, (client: TableClient) => Promise<unknown>]>([
    [
      'edited',
      (client) =>
        client.updateEntity(
          { partitionKey: 'tampered', rowKey: '0000000001', part0: '{"kind":"said","word":"lie"}' },
          'Merge',
        ),
    ],
    ['removed', (client) => client.deleteEntity('tampered', '0000000001')],
  ])('does not read a history in which an entry was %s', async (_, tamper) => {
    const words = ledger<Word>(table, ['said'], () => 1);
    for (const row of ['0000000001', '0000000002']) await table.deleteEntity('tampered', row).catch(() => undefined);
    await words.append('tampered', 0, { kind: 'said', word: 'truth' });
    await words.append('tampered', 1, { kind: 'said', word: 'more' });

    await tamper(table);

    await expect(words.read('tampered')).rejects.toThrow('does not add up');
  });
});

describe('a ledger of many writers', () => {
  it('takes each of them once, in one chain, also when two hosts write', async () => {
    const hosts = [1, 2].map(() => ledger<Word>(table, ['said'], () => 1, { shared: true }));
    const write = async (host: Ledger<Word>, word: string): Promise<void> => {
      for (;;) {
        const entries = await host.read('crowd');
        if ((await host.append('crowd', entries.length, { kind: 'said', word })) === 'appended') return;
      }
    };

    await Promise.all(hosts.flatMap((host, at) => [1, 2, 3, 4, 5, 6].map((nth) => write(host, `${at}-${nth}`))));

    const read = await ledger<Word>(table, ['said'], () => 1).read('crowd');
    expect(new Set(read.map(({ entry }) => entry.word)).size).toBe(12);
    expect(read).toHaveLength(12);
  });

  it('verifies what follows, and all of it again after ten minutes', async () => {
    let nowMs = 1;
    const words = ledger<Word>(table, ['said'], () => nowMs, { shared: true });
    await words.append('kept', 0, { kind: 'said', word: 'one' });
    await words.append('kept', 1, { kind: 'said', word: 'two' });
    await words.read('kept');
    await table.updateEntity(
      { partitionKey: 'kept', rowKey: '0000000001', part0: '{"kind":"said","word":"lie"}' },
      'Merge',
    );

    nowMs += 11 * 60_000;

    await expect(words.read('kept')).rejects.toThrow('does not add up');
  });
});

describe('the index', () => {
  it('lists what waits for a person, and what was due before an instant', async () => {
    const index = indexOf(tables.index);
    const id = (ordinal: number): RemediationId => `t${'2'.repeat(24)}.${ordinal}` as RemediationId;
    const row = {
      targetId: `t${'2'.repeat(24)}` as TargetId,
      appId,
      closed: false,
      asleep: false,
      seq: 1,
      updatedAtMs: 1,
    };
    const atMs = 1_780_000_000_000;

    await index.put({ ...row, remediation: id(1), needsPerson: true, dueAtMs: atMs + 5, openedAtMs: 7, asks: true });
    await index.put({ ...row, remediation: id(2), needsPerson: false, dueAtMs: atMs - 5 });

    expect(await index.waiting()).toMatchObject([{ remediation: id(1), openedAtMs: 7, asks: true }]);
    expect((await index.overdue(atMs)).map((one) => one.remediation)).toEqual([id(2)]);
    await index.put({ ...row, remediation: id(1), needsPerson: false, dueAtMs: atMs, closed: true });
    await index.put({ ...row, remediation: id(2), needsPerson: false, dueAtMs: atMs, closed: true });
    expect(await index.liveOf(appId)).toEqual([]);
  });

  it('lists what is live apart from what is closed', async () => {
    const index = indexOf(tables.index);
    const row = {
      targetId: `t${'1'.repeat(24)}` as TargetId,
      appId,
      needsPerson: false,
      asleep: false,
      dueAtMs: 5,
      seq: 1,
      updatedAtMs: 1,
    };
    const id = (ordinal: number): RemediationId => `t${'1'.repeat(24)}.${ordinal}` as RemediationId;

    await index.put({ ...row, remediation: id(1), closed: true });
    await index.put({ ...row, remediation: id(2), closed: false });

    expect((await index.live()).map((one) => one.remediation)).toEqual([id(2)]);
    expect((await index.liveOf(appId)).map((one) => one.remediation)).toEqual([id(2)]);
    expect(await index.liveOf(`${appId}x` as typeof appId)).toEqual([]);
    expect((await index.all()).filter((one) => one.targetId === row.targetId)).toHaveLength(2);
  });
});
