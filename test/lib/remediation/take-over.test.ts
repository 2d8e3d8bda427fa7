// Rows that an older version wrote are taken over while pullmedic runs: none is lost on the way, and each says more afterwards.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../local/engine/storage.ts';
import { type Storage, startStorage } from '../../../local/storage.ts';
import type { Table } from '../../../src/lib/azure/clients/table.ts';
import { indexOf } from '../../../src/lib/azure/store/index-rows.ts';
import { storageConnection } from '../../../src/lib/azure/store/storage-connection.ts';
import { connectTables, createTables } from '../../../src/lib/azure/store/store.ts';
import { UnreadableHistory } from '../../../src/lib/history/ledger.ts';
import { handleSignal } from '../../../src/lib/intake/intake.ts';
import type { IndexStore } from '../../../src/lib/ports/index-store.ts';
import type { Ports } from '../../../src/lib/ports/ports.ts';
import { handleStep } from '../../../src/lib/remediation/handle-step.ts';
import { sendOverdue } from '../../../src/lib/remediation/overdue.ts';
import { refreshIncidentRows, takeOverRows } from '../../../src/lib/remediation/take-over.ts';
import { known } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { appId, config, dnsUnlinked, minute, nowMs, pulledAgain, roleMissing, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

let azurite: Storage;
const accounts = Array.from({ length: 12 }, (_, at) => `over${at}`);

beforeAll(async () => {
  azurite = await startStorage(accounts);
});

afterAll(() => azurite.stop());

async function tableOver(connection: Parameters<typeof connectTables>[0]): Promise<Table> {
  const tables = connectTables(connection);
  await createTables(tables);
  return tables.index;
}

const everywhere: readonly [string, () => Promise<Table>][] = [
  ['in the account in memory', () => tableOver(memoryStorage(() => nowMs).connection)],
  ['in Azurite', () => tableOver(storageConnection({ S: azurite.connection(accounts.shift() ?? '') }, 'S'))],
];

/** A remediation that has ended, in this world, with its history. */
async function ended(): Promise<Memory> {
  const running = memory(config(), roleMissing, nowMs);
  await running.deliver(signal);
  running.world.evidence = pulledAgain(roleMissing, nowMs + 2 * minute);
  await running.pass(40 * minute);
  expect([...running.rows.values()]).toMatchObject([{ closed: true }]);
  return running;
}

/** The row as the version before wrote it. */
async function plantOld(table: Table, { rows }: Memory, more: Record<string, unknown> = {}): Promise<RemediationId> {
  const [row] = [...rows.values()];
  if (row === undefined) throw new Error('there is no row');
  const numbers = { dueAtMs: String(row.dueAtMs), updatedAtMs: String(row.updatedAtMs), openedAtMs: String(nowMs) };
  const flags = { closed: row.closed, needsPerson: false, asleep: false, asks: false, seq: row.seq };
  const keys = { partitionKey: 'remediations', rowKey: row.remediation };
  await table.upsertEntity({ ...keys, appId: row.appId, ...flags, ...numbers, ...more }, 'Replace');
  return row.remediation;
}

/** The pipeline over this index. */
function over({ ports }: Memory, index: IndexStore): Ports {
  return { ...ports, index };
}

async function endedIn(index: IndexStore): Promise<string[]> {
  return (await index.closed({ limit: 100 })).rows.map(({ remediation }) => remediation);
}

describe.each(everywhere)('rows of the version before, %s', (_where, make) => {
  it('are listed as ended before they are taken over, and say more afterwards', async () => {
    const [table, running] = [await make(), await ended()];
    const index = indexOf(table);
    const id = await plantOld(table, running);

    expect(await endedIn(index)).toEqual([id]);
    expect(await index.live()).toEqual([]);
    expect(await index.targetsOf(appId)).toHaveLength(1);
    expect(await takeOverRows(over(running, index))).toBe(1);

    const [row] = (await index.closed({ limit: 9 }, { app: 'ca-orders', causes: ['pull-role-missing'] })).rows;
    expect(row).toEqual(running.rows.get(id));
    expect(row?.closedAtMs).toBeLessThan(row?.updatedAtMs === undefined ? 0 : row.updatedAtMs + 1);
    expect(await endedIn(index)).toEqual([id]);
    expect(await index.targetsOf(appId)).toHaveLength(1);
    expect(await takeOverRows(over(running, index))).toBe(0);
  });

  it('move as they are where the history cannot be read', async () => {
    const [table, running] = [await make(), await ended()];
    const index = indexOf(table);
    const id = await plantOld(table, running);
    for (const [partition, rows] of running.histories.all)
      running.histories.all.set(
        partition,
        rows.map((row) => ({ ...row, hash: 'x' })),
      );
    await takeOverRows(over(running, index));

    expect(await index.leftAmongLive(9)).toEqual([]);
    expect(await endedIn(index)).toEqual([id]);
  });

  it('that cannot be read are skipped and counted on the page, and stop no other', async () => {
    const [table, running] = [await make(), await ended()];
    const index = indexOf(table);
    const id = await plantOld(table, running);
    await table.upsertEntity({ partitionKey: 'remediations', rowKey: 'a-newer-row', closed: true }, 'Replace');
    expect(await index.closed({ limit: 9 })).toMatchObject({ rows: [{ remediation: id }], skipped: 1 });
    await takeOverRows(over(running, index));

    expect(await index.closed({ limit: 9 })).toMatchObject({ rows: [{ remediation: id }], skipped: 1 });
    expect(await index.leftAmongLive(9)).toEqual([]);
  });

  it('are taken over 200 at a time', async () => {
    const [table, running] = [await make(), await ended()];
    const index = indexOf(table);
    for (let at = 1; at <= 201; at += 1)
      await plantOld(table, running, { rowKey: `t${String(at).padStart(24, '0')}.1` });

    expect(await takeOverRows(over(running, index))).toBe(200);
    expect(await takeOverRows(over(running, index))).toBe(1);
    expect(await endedIn(index)).toHaveLength(100);
  });

  it('that are live go on as before', async () => {
    const table = await make();
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);
    const index = indexOf(table);
    const id = await plantOld(table, running, { dueAtMs: String(nowMs) });
    running.world.nowMs += 10 * minute;
    expect(await takeOverRows(over(running, index))).toBe(0);

    expect((await index.overdue(running.world.nowMs)).map(({ remediation }) => remediation)).toEqual([id]);
  });
});

describe.each(everywhere)('a move of a row on which the host dies, %s', (_where, make) => {
  it.each(['remediations', 'app-'])('before it deletes in %s is made up for by the schedule', async (dies) => {
    const table = await make();
    const running = memory(config(), dnsUnlinked, nowMs);
    const dying: Table = {
      ...bound(table),
      deleteEntity: (partition, key, options) =>
        partition.startsWith(dies)
          ? Promise.reject(new Error('the host dies'))
          : table.deleteEntity(partition, key, ...(options === undefined ? [] : [options])),
    };
    await handleSignal(over(running, indexOf(table)), config(), signal);
    const [first] = running.world.steps.splice(0);
    if (first === undefined) throw new Error('no step was sent');
    running.world.evidence = { ...dnsUnlinked, app: known('gone') };
    await expect(handleStep(over(running, indexOf(dying)), config(), first.step, false)).rejects.toThrow('dies');

    const index = indexOf(table);
    const ports = over(running, index);
    expect(await endedIn(index)).toHaveLength(1);
    // The message is lost, too.
    running.world.nowMs += 30 * minute;
    await sendOverdue(ports);
    for (const { step } of running.world.steps.splice(0)) await handleStep(ports, config(), step, false);
    expect(await index.live()).toEqual([]);
    expect(await endedIn(index)).toHaveLength(1);
  });
});

/** The methods of a client, which is a class. */
function bound(table: Table): Table {
  return {
    createTable: () => table.createTable(),
    getEntity: (...asked) => table.getEntity(...asked),
    createEntity: (entity) => table.createEntity(entity),
    updateEntity: (...asked) => table.updateEntity(...asked),
    upsertEntity: (...asked) => table.upsertEntity(...asked),
    deleteEntity: (...asked) => table.deleteEntity(...asked),
    listEntities: (asked) => table.listEntities(asked),
  };
}

describe('rows of incidents', () => {
  async function opened(): Promise<{ running: Memory; table: Table; index: IndexStore; ports: Ports }> {
    const table = await tableOver(memoryStorage(() => nowMs).connection);
    const running = memory(config({ PULLMEDIC_MODE: 'observe' }), roleMissing, nowMs);
    await running.deliver(signal);
    const [id] = await running.ports.index.incidents();
    await table.upsertEntity({ partitionKey: 'incidents', rowKey: id ?? '' }, 'Replace');
    const index = indexOf(table);
    return { running, table, index, ports: over(running, index) };
  }

  it('of the version before say what their histories say, once they are taken over', async () => {
    const { index, ports } = await opened();
    expect((await index.openIncidents()).rows).toMatchObject([{ id: expect.any(String) as string }]);
    expect(await refreshIncidentRows(ports)).toBe(1);

    expect((await index.openIncidents()).rows).toMatchObject([
      { facts: { cause: 'pull-role-missing', state: 'open' } },
    ]);
    expect(await refreshIncidentRows(ports)).toBe(0);
  });

  it('of incidents that have ended move, also where the host died before it could', async () => {
    const { index, ports, running } = await opened();
    await refreshIncidentRows(ports);
    const [open] = (await index.openIncidents()).rows;
    running.world.evidence = { ...roleMissing, app: known('gone') };
    await running.pass(90 * minute);
    expect(await refreshIncidentRows(ports)).toBe(1);

    expect((await index.openIncidents()).rows).toEqual([]);
    expect((await index.closedIncidents({ limit: 9 })).rows).toMatchObject([
      { id: open?.id, facts: { state: 'withdrawn' } },
    ]);
  });

  it('whose histories cannot be read stay, and stop no other', async () => {
    const { index, ports, table } = await opened();
    await table.upsertEntity({ partitionKey: 'incidents', rowKey: `i${'0'.repeat(24)}` }, 'Replace');
    const { incidents } = ports;
    const broken: Ports['incidents'] = {
      ...incidents,
      read: (id) =>
        id.endsWith('000')
          ? Promise.reject(new UnreadableHistory('broken', 'It does not add up.'))
          : incidents.read(id),
    };
    expect(await refreshIncidentRows({ ...ports, incidents: broken })).toBe(1);

    expect((await index.openIncidents()).rows).toHaveLength(2);
  });
});
