// A row of the index as it stands in its table, and rows that other versions wrote.
import { describe, expect, it } from 'vitest';
import { columnsOf, rowIn } from '../../../../src/lib/azure/store/index-entity.ts';
import type { IndexRow } from '../../../../src/lib/history/index-row.ts';
import { config, nowMs, roleMissing, signal } from '../../facts.ts';
import { memory } from '../../memory-ports.ts';

async function waitingRow(): Promise<IndexRow> {
  const running = memory(config({ PULLMEDIC_MODE: 'observe' }), roleMissing, nowMs);
  await running.deliver(signal);
  const [row] = [...running.rows.values()];
  if (row === undefined) throw new Error('nothing was opened');
  return row;
}

/** As the table gives it back. */
function entityOf(row: IndexRow, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { partitionKey: 'remediations', rowKey: row.remediation, etag: 'x', ...columnsOf(row), ...more };
}

describe('a row of the index', () => {
  it('is read back as it was written, whatever its key is', async () => {
    const row = await waitingRow();

    expect(rowIn(entityOf(row))).toEqual(row);
    expect(rowIn(entityOf(row, { rowKey: `0000000000001-${row.remediation}` }))).toEqual(row);
  });

  it('has the columns that a search asks for', async () => {
    expect(columnsOf(await waitingRow())).toMatchObject({
      appName: 'ca-orders',
      registry: 'acrshop.azurecr.io',
      cause0: 'pull-role-missing',
      sureness: 'confirmed',
      neededPerson: true,
    });
  });

  it('of an older version is read without what it lacks', async () => {
    const { remediation, appId, targetId } = await waitingRow();
    const old = {
      rowKey: remediation,
      appId,
      closed: true,
      needsPerson: false,
      dueAtMs: '5',
      seq: 3,
      updatedAtMs: '7',
    };

    expect(rowIn(old)).toEqual({
      remediation,
      targetId,
      appId,
      closed: true,
      needsPerson: false,
      asleep: false,
      dueAtMs: 5,
      seq: 3,
      updatedAtMs: 7,
    });
  });

  it.each([
    ['no JSON', '{'],
    ['a state of a newer version', JSON.stringify({ state: 'dreaming' })],
    ['a list', '[]'],
  ])('is read without its facts where they are %s', async (_what, facts) => {
    const row = await waitingRow();
    const read = rowIn(entityOf(row, { facts }));

    expect(read?.remediation).toBe(row.remediation);
    expect(read).not.toHaveProperty('facts');
  });

  it('keeps a cause that a newer version found', async () => {
    const row = await waitingRow();
    const facts = JSON.stringify({ ...row.facts, causes: ['cause-of-tomorrow'] });

    expect(rowIn(entityOf(row, { facts }))?.facts).toMatchObject({ causes: ['cause-of-tomorrow'] });
  });

  it.each([
    ['another key', { rowKey: 'x', remediation: 'x' }],
    ['no id of an app', { appId: '/no/id' }],
    ['another form', { closed: 'perhaps' }],
  ])('with %s is not read', async (_what, more) => {
    expect(rowIn(entityOf(await waitingRow(), more))).toBeUndefined();
  });
});
