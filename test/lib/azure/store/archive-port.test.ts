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
  ])('is read as it was noted: %o', async (progress) => {
    expect(await archive.progress()).toBeUndefined();
    await archive.noteProgress({ doneMs: 1, left: 9, pass: { untilMs: 2, after: 'x' as PageKey } });

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

describe('an account whose blobs have no address', () => {
  it('has no archive: nothing of it is read, and nothing moves', async () => {
    const targetId = `t${'a'.repeat(24)}` as TargetId;
    for (const [at, entry] of wholeRemediation.entries())
      await ledger<Entry>(tables.history, kinds, () => 0).append(targetId, at, entry);

    expect(await archiveIn()(targetId)).toBeUndefined();
    await expect(archiveOf(tables).move(targetId, () => 5)).rejects.toThrow('do not say where the blobs');
    expect(await readRows(tables.history, targetId)).toHaveLength(5);
  });
});
