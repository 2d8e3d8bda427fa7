// The archive of a running function app: blobs for what moves, the table of the controls for how far it has come, the index for the mark.

import * as z from 'zod';
import type { ArchiveProgress, HistoryArchive } from '../../ports/archive.ts';
import type { PageKey } from '../../ports/index-store.ts';
import type { AppendBlobs } from '../clients/append-blobs.ts';
import { isMissing, isNoRow } from '../clients/rows.ts';
import { moveToArchive, noBlobs } from './history-archive.ts';
import { endedRowKeys } from './index-rows.ts';
import type { Tables } from './store.ts';

const keys = { partitionKey: 'controls', rowKey: 'archive' } as const;

/** The archive that these tables and blobs make up. */
export function archiveOf(
  { history, index, controls }: Pick<Tables, 'history' | 'index' | 'controls'>,
  blobs: AppendBlobs = noBlobs,
): HistoryArchive {
  return {
    move: (target, upTo) => moveToArchive(history, blobs, target, upTo),
    async mark(remediation, endedAtMs) {
      try {
        await index.updateEntity({ ...endedRowKeys(remediation, endedAtMs), archived: true }, 'Merge');
      } catch (error) {
        // A row that is not there has nothing to say.
        if (!isMissing(error)) throw error;
      }
    },
    async progress() {
      try {
        return storedProgress.safeParse(await controls.getEntity(keys.partitionKey, keys.rowKey)).data;
      } catch (error) {
        if (isNoRow(error)) return undefined;
        throw error;
      }
    },
    async noteProgress({ doneMs, left, pass }) {
      const under = pass === undefined ? {} : { untilMs: String(pass.untilMs), after: pass.after ?? '' };
      await controls.upsertEntity({ ...keys, doneMs: String(doneMs), left, ...under }, 'Replace');
    },
  };
}

const storedProgress = z
  .object({
    doneMs: z.coerce.number(),
    left: z.number(),
    untilMs: z.coerce.number().optional(),
    after: z.string().optional(),
  })
  .transform(({ doneMs, left, untilMs, after }): ArchiveProgress => {
    if (untilMs === undefined) return { doneMs, left };
    return { doneMs, left, pass: { untilMs, ...(after ? { after: after as PageKey } : {}) } };
  });
