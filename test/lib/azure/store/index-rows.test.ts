// The index in storage: a row that cannot be read hides no other, and a mark of a history that cannot be read is kept.
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../../local/engine/storage.ts';
import { indexOf } from '../../../../src/lib/azure/store/index-rows.ts';
import { connectTables, createTables, type Tables } from '../../../../src/lib/azure/store/store.ts';
import type { IndexRow } from '../../../../src/lib/history/index-row.ts';
import type { TargetId } from '../../../../src/lib/words/target.ts';
import { remediationIdOf } from '../../../../src/lib/words/target.ts';
import { appId, nowMs } from '../../facts.ts';

async function tables(): Promise<Tables> {
  const made = connectTables(memoryStorage(() => nowMs).connection);
  await createTables(made);
  return made;
}

function row(digit: string, more: Partial<IndexRow> = {}): IndexRow {
  const targetId = `t${digit.repeat(24)}` as TargetId;
  return {
    remediation: remediationIdOf(targetId, 1),
    targetId,
    appId,
    closed: false,
    needsPerson: true,
    asleep: false,
    dueAtMs: nowMs - 1000,
    seq: 1,
    updatedAtMs: nowMs,
    ...more,
  };
}

describe('a row of the index that cannot be read', () => {
  it('is skipped and counted, and every list has the others', async () => {
    const { index: table } = await tables();
    const index = indexOf(table);
    await index.put(row('a'));
    await index.put(row('c'));
    await index.put(row('b'));
    const bad = { partitionKey: 'remediations', rowKey: row('b').remediation, appId: '/no/id' };
    await table.updateEntity(bad, 'Merge');
    const others = [row('a').remediation, row('c').remediation];

    for (const rows of [index.live(), index.waiting(), index.overdue(nowMs), index.all()])
      expect((await rows).map(({ remediation }) => remediation).sort()).toEqual(others);
    expect((await index.listLive()).skipped).toBe(1);
  });

  it('and where all can be read, none is counted', async () => {
    const { index: table } = await tables();
    const index = indexOf(table);
    await index.put(row('a'));

    expect((await index.listLive()).skipped).toBe(0);
  });
});

describe('the mark of a history that cannot be read', () => {
  it('is read back as it was written, and is gone once the row is written without it', async () => {
    const { index: table } = await tables();
    const index = indexOf(table);
    await index.put(row('a', { unreadable: 'newer-version' }));
    expect(await index.live()).toMatchObject([{ unreadable: 'newer-version' }]);
    await index.put(row('a'));

    expect((await index.live())[0]?.unreadable).toBeUndefined();
  });
});
