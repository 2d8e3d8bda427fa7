// What it costs to archive a remediation, counted on storage in memory, and that Azurite takes the same requests.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../local/engine/storage.ts';
import { type Storage, startStorage } from '../../../local/storage.ts';
import { archiveOf } from '../../../src/lib/azure/store/archive-port.ts';
import { readRows } from '../../../src/lib/azure/store/chain.ts';
import { archiveIn } from '../../../src/lib/azure/store/history-archive.ts';
import { indexOf } from '../../../src/lib/azure/store/index-rows.ts';
import { storageConnection } from '../../../src/lib/azure/store/storage-connection.ts';
import type { StorageConnection } from '../../../src/lib/azure/store/storage-later.ts';
import { archiveContainer, connectTables, createTables, ledger } from '../../../src/lib/azure/store/store.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Ports } from '../../../src/lib/ports/ports.ts';
import { archiveOld } from '../../../src/lib/remediation/archive.ts';
import { kinds } from '../azure/store/chained.ts';
import { closed, looked, opened, waiting } from '../console-entries.ts';
import { config, minute, nowMs, roleMissing, targetId } from '../facts.ts';
import { indexRow } from '../index-rows.ts';
import { memory } from '../memory-ports.ts';

const day = 24 * 60 * minute;
const on = config({ PULLMEDIC_SETTINGS: '{"history":{"archiveAfterDays":30}}' });
/** As many entries as the remediation of docs/operations.md. */
const entries: readonly Entry[] = [
  opened,
  ...Array.from({ length: 33 }, (_, at) => (at % 2 ? waiting : looked)),
  closed,
];

let azurite: Storage;

beforeAll(async () => {
  azurite = await startStorage(['archive']);
});

afterAll(() => azurite.stop());

/** A remediation that ended forty days ago, in this account. */
async function planted(connection: StorageConnection) {
  const tables = connectTables(connection);
  await createTables(tables);
  const blobs = connection.blobs?.(archiveContainer);
  const history = ledger<Entry>(tables.history, kinds, () => nowMs - 40 * day, { readArchive: archiveIn(blobs) });
  for (const [at, entry] of entries.entries()) await history.append(targetId, at, entry);
  const index = indexOf(tables.index);
  await index.put(indexRow({ closed: true, closedAtMs: nowMs - 40 * day }));
  const ports: Ports = { ...memory(on, roleMissing, nowMs).ports, history, index, archive: archiveOf(tables, blobs) };
  return { ports, tables, before: await history.read(targetId) };
}

async function expectArchived({ ports, tables, before }: Awaited<ReturnType<typeof planted>>): Promise<void> {
  const read = await ports.history.read(targetId);

  expect(read.map(({ archived: _archived, ...entry }) => entry)).toEqual(before);
  expect(read.filter(({ archived }) => archived)).toHaveLength(entries.length - 1);
  expect(await readRows(tables.history, targetId)).toHaveLength(1);
  expect((await ports.index.closed({ limit: 5 })).rows).toMatchObject([{ archived: true }]);
}

describe('archiving a remediation of 35 entries', () => {
  it('takes 39 requests, and four more for a portion, and three for the first pass', async () => {
    const calls: string[] = [];
    const { connection } = memoryStorage(
      () => nowMs,
      () => undefined,
      (call) => calls.push(call),
    );
    const account = await planted(connection);
    calls.length = 0;

    expect(await archiveOld(account.ports, on)).toBe(1);

    const counted = Object.fromEntries(
      [...new Set(calls)].map((call) => [call, calls.filter((one) => one === call).length]),
    );
    expect(counted).toEqual({
      // How far the archive has come, and that its first pass has begun, in a container that is there.
      getEntity: 1,
      upsertEntity: 2,
      makeContainer: 1,
      // What was left before, the portion, of what has ended and of what an older version left among the live ones, and the rows of the history.
      listEntities: 4,
      create: 1,
      append: 1,
      read: 1,
      deleteEntity: 34,
      updateEntity: 1,
    });
    await expectArchived(account);
  });

  it('leaves the same in Azurite', async () => {
    const account = await planted(storageConnection({ S: azurite.connection('archive') }, 'S'));

    expect(await archiveOld(account.ports, on)).toBe(1);

    await expectArchived(account);
  });
});
