// Rows of incidents in storage: a row that cannot be read is counted and hides no other, and a host that dies loses none.
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../../local/engine/storage.ts';
import type { Table } from '../../../../src/lib/azure/clients/table.ts';
import { incidentRows } from '../../../../src/lib/azure/store/incident-rows.ts';
import { connectTables, createTables } from '../../../../src/lib/azure/store/store.ts';
import type { IncidentRow, IncidentRowFacts } from '../../../../src/lib/incidents/incident-row.ts';
import type { IncidentId } from '../../../../src/lib/words/target.ts';
import { nowMs } from '../../facts.ts';

async function indexTable(): Promise<Table> {
  const tables = connectTables(memoryStorage(() => nowMs).connection);
  await createTables(tables);
  return tables.index;
}

function id(digit: string): IncidentId {
  return `i${digit.repeat(24)}` as IncidentId;
}

function row(digit: string, more: Partial<IncidentRowFacts> = {}): IncidentRow {
  return {
    id: id(digit),
    facts: {
      seq: 1,
      cause: 'custom-dns',
      sureness: 'suspected',
      registry: 'acrshop.azurecr.io',
      owner: 'network',
      title: 'Ask the DNS team',
      state: 'open',
      members: 1,
      apps: 1,
      occurrences: 1,
      openedAtMs: nowMs,
      ...more,
    },
  };
}

const over = { seq: 3, state: 'resolved', closedAtMs: nowMs + 1 } as const;

describe('rows of incidents', () => {
  it('that cannot be read are counted, in each list, and the others are there', async () => {
    const table = await indexTable();
    const rows = incidentRows(table);
    await rows.putIncident(row('a'));
    await rows.putIncident(row('b', over));
    for (const [partitionKey, rowKey] of [
      ['incidents', id('c')],
      ['ended-incidents', `0000000000001-${id('c')}`],
    ] as const)
      await table.upsertEntity({ partitionKey, rowKey, facts: '{"state":"dreaming"}' }, 'Replace');

    expect(await rows.openIncidents()).toEqual({ rows: [row('a')], skipped: 1 });
    expect(await rows.closedIncidents({ limit: 9 })).toEqual({ rows: [row('b', over)], skipped: 1 });
  });

  it('are in one place at least, whenever the host dies on the way', async () => {
    const table = await indexTable();
    const dies = new Error('the host dies');
    const dying = new Proxy(table, {
      get: (target, name) => (name === 'deleteEntity' ? () => Promise.reject(dies) : Reflect.get(target, name)),
    });
    await incidentRows(table).putIncident(row('a'));

    await expect(incidentRows(dying).putIncident(row('a', over))).rejects.toBe(dies);

    const rows = incidentRows(table);
    expect((await rows.closedIncidents({ limit: 9 })).rows).toEqual([row('a', over)]);
    expect((await rows.openIncidents()).rows).toEqual([row('a')]);
    await rows.putIncident(row('a', over));
    expect((await rows.openIncidents()).rows).toEqual([]);
  });

  it('of an older version know nothing but their id', async () => {
    const table = await indexTable();
    await table.upsertEntity({ partitionKey: 'incidents', rowKey: id('a') }, 'Replace');

    expect(await incidentRows(table).openIncidents()).toEqual({ rows: [{ id: id('a') }], skipped: 0 });
  });
});
