// The archive of a deployment: how far it has come, and which rows say that their history is there.
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryBlobs } from '../../../../local/engine/memory-blobs.ts';
import { memoryStorage } from '../../../../local/engine/storage.ts';
import { archiveOf } from '../../../../src/lib/azure/store/archive-port.ts';
import { readRows } from '../../../../src/lib/azure/store/chain.ts';
import { archiveIn } from '../../../../src/lib/azure/store/history-archive.ts';
import { indexOf } from '../../../../src/lib/azure/store/index-rows.ts';
import { connectTables, createTables, ledger, type Tables } from '../../../../src/lib/azure/store/store.ts';
import type { Entry } from '../../../../src/lib/history/entries.ts';
import type { ArchiveProgress, HistoryArchive } from '../../../../src/lib/ports/archive.ts';
import type { PageKey } from '../../../../src/lib/ports/index-store.ts';
import type { RemediationId, TargetId } from '../../../../src/lib/words/target.ts';
import { nowMs } from '../../facts.ts';
import { indexRow } from '../../index-rows.ts';
import { kinds, wholeRemediation } from './chained.ts';

let tables: Tables;
let archive: HistoryArchive;

const idOf = (nth: number): RemediationId => `t${String(nth).padStart(24, '0')}.1` as RemediationId;
const remediation = idOf(1);

beforeEach(async () => {
  tables = connectTables(memoryStorage(() => nowMs).connection);
  await createTables(tables);
  archive = archiveOf(tables, memoryBlobs());
});

describe('the progress of the archive', () => {
  it.each<ArchiveProgress>([
    { doneMs: 0, left: 0 },
    { doneMs: nowMs, left: 3 },
    { doneMs: 5, left: 1, pass: { untilMs: nowMs } },
    { doneMs: 5, left: 1, pass: { untilMs: nowMs, after: '0.abc' as PageKey } },
    { doneMs: 5, left: 1, pass: { untilMs: nowMs, visited: remediation } },
    { doneMs: 5, left: 2, round: { sinceMs: nowMs } },
    { doneMs: 5, left: 2, round: { sinceMs: nowMs, after: remediation }, pass: { untilMs: nowMs } },
  ])('is read as it was noted: %o', async (progress) => {
    expect(await archive.progress()).toBeUndefined();
    const pass = { untilMs: 2, after: 'x' as PageKey, visited: remediation };
    await archive.noteProgress({ doneMs: 1, left: 9, pass, round: { sinceMs: 3, after: remediation } });

    await archive.noteProgress(progress);

    expect(await archive.progress()).toEqual(progress);
  });

  it('begins anew where its row cannot be understood', async () => {
    await tables.controls.upsertEntity({ partitionKey: 'controls', rowKey: 'archive', doneMs: 'x' }, 'Replace');

    expect(await archive.progress()).toBeUndefined();
  });
});

describe('the row of a remediation whose history was archived', () => {
  it('says so, and nothing else of it changes', async () => {
    const index = indexOf(tables.index);
    const row = indexRow({ closed: true, closedAtMs: nowMs });
    await index.put(row);

    await archive.mark(row.remediation, nowMs);

    expect((await index.closed({ limit: 5 })).rows).toEqual([{ ...row, archived: true }]);
  });

  it('need not be there', async () => {
    await archive.mark(`t${'0'.repeat(24)}.1` as RemediationId, nowMs);

    expect((await indexOf(tables.index).closed({ limit: 5 })).rows).toEqual([]);
  });
});

describe('histories that stay in the table for now', () => {
  it('are named once each, in the order of their ids, until they have moved', async () => {
    for (const nth of [3, 1, 2, 3]) await archive.leave({ remediation: idOf(nth), endedAtMs: nth }, 'no-answer', nowMs);
    const second = { remediation: idOf(2), endedAtMs: 2 };

    expect(await archive.countLeft()).toBe(3);
    expect(await archive.left({ limit: 2 })).toEqual([{ remediation: idOf(1), endedAtMs: 1 }, second]);
    expect(await archive.left({ limit: 1, after: idOf(1) })).toEqual([second]);

    await archive.noLongerLeft(idOf(2));
    await archive.noLongerLeft(idOf(2));

    expect(await archive.countLeft()).toBe(2);
    expect(await archive.left({ limit: 5, after: idOf(1) })).toEqual([{ remediation: idOf(3), endedAtMs: 3 }]);
  });

  it('say why, and when they were tried, for whoever looks into the table', async () => {
    await archive.leave({ remediation, endedAtMs: 5 }, 'archive-refused', nowMs);

    expect(await tables.controls.getEntity('archive-left', remediation)).toMatchObject({
      why: 'archive-refused',
      endedAtMs: '5',
      triedAtMs: String(nowMs),
    });
  });

  it('are gone on with behind a row that a person wrote', async () => {
    await tables.controls.upsertEntity({ partitionKey: 'archive-left', rowKey: 'a note' }, 'Replace');
    await archive.leave({ remediation, endedAtMs: 5 }, 'broken', nowMs);

    expect(await archive.left({ limit: 1 })).toEqual([{ remediation, endedAtMs: 5 }]);
  });
});

describe('an account whose blobs have no address', () => {
  it('has no archive: nothing of it is read, and nothing moves', async () => {
    const targetId = `t${'a'.repeat(24)}` as TargetId;
    for (const [at, entry] of wholeRemediation.entries())
      await ledger<Entry>(tables.history, kinds, () => 0).append(targetId, at, entry);

    expect(await archiveIn()(targetId)).toBeUndefined();
    await expect(archiveOf(tables).makePlace()).rejects.toThrow('do not say where the blobs');
    await expect(archiveOf(tables).move(targetId, () => 5)).rejects.toThrow('do not say where the blobs');
    expect(await readRows(tables.history, targetId)).toHaveLength(5);
  });
});
