// The archive of a running function app: blobs for what moves, the table of the controls for how far it has come and for what stays in the table
// of histories, the index for the mark.

import * as z from 'zod';
import type { ArchiveProgress, HistoryArchive, LeftHistories, LeftHistory } from '../../ports/archive.ts';
import type { PageKey } from '../../ports/index-store.ts';
import { parseRemediationId, type RemediationId } from '../../words/target.ts';
import type { AppendBlobs } from '../clients/append-blobs.ts';
import { isMissing, isNoRow } from '../clients/rows.ts';
import type { Table } from '../clients/table.ts';
import { moveToArchive, noBlobs } from './history-archive.ts';
import { endedRowKeys } from './index-rows.ts';
import { odata } from './odata.ts';
import type { Tables } from './store.ts';

const keys = { partitionKey: 'controls', rowKey: 'archive' } as const;
/** One row for each history that stays in the table for now. */
const leftPartition = 'archive-left';

/** The archive that these tables and blobs make up. */
export function archiveOf(
  { history, index, controls }: Pick<Tables, 'history' | 'index' | 'controls'>,
  blobs: AppendBlobs = noBlobs,
): HistoryArchive {
  return {
    makePlace: () => blobs.makeContainer(),
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
    async noteProgress({ doneMs, left, pass, round }) {
      const under =
        pass === undefined
          ? {}
          : { untilMs: String(pass.untilMs), after: pass.after ?? '', visited: pass.visited ?? '' };
      const again = round === undefined ? {} : { roundSinceMs: String(round.sinceMs), roundAfter: round.after ?? '' };
      await controls.upsertEntity({ ...keys, doneMs: String(doneMs), left, ...under, ...again }, 'Replace');
    },
    ...leftIn(controls),
  };
}

function leftIn(controls: Table): LeftHistories {
  return {
    async leave({ remediation, endedAtMs }, why, atMs) {
      const times = { endedAtMs: String(endedAtMs), triedAtMs: String(atMs) };
      await controls.upsertEntity({ partitionKey: leftPartition, rowKey: remediation, why, ...times }, 'Replace');
    },
    async noLongerLeft(remediation) {
      try {
        await controls.deleteEntity(leftPartition, remediation);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
    async left({ after = '', limit }) {
      const found: LeftHistory[] = [];
      for await (const entity of rowsLeft(controls, after)) {
        const left = storedLeft.safeParse(entity).data;
        if (left !== undefined) found.push(left);
        if (found.length >= limit) break;
      }
      return found;
    },
    async countLeft() {
      const found: unknown[] = [];
      for await (const entity of rowsLeft(controls)) found.push(entity);
      return found.length;
    },
  };
}

function rowsLeft(controls: Table, after = ''): AsyncIterable<unknown> {
  const filter = odata`PartitionKey eq ${leftPartition} and RowKey gt ${after}`;
  return controls.listEntities({ queryOptions: { filter } });
}

const storedLeft = z
  .object({ rowKey: z.string(), endedAtMs: z.coerce.number() })
  .transform(({ rowKey, endedAtMs }, context): LeftHistory => {
    const id = parseRemediationId(rowKey)?.id;
    if (id !== undefined) return { remediation: id, endedAtMs };
    context.addIssue({ code: 'custom', message: 'not a history that was left' });
    return z.NEVER;
  });

const storedProgress = z
  .object({
    doneMs: z.coerce.number(),
    left: z.number(),
    untilMs: z.coerce.number().optional(),
    after: z.string().optional(),
    visited: z.string().optional(),
    roundSinceMs: z.coerce.number().optional(),
    roundAfter: z.string().optional(),
  })
  .transform(({ doneMs, left, untilMs, after, visited, roundSinceMs, roundAfter }): ArchiveProgress => {
    const progress = {
      doneMs,
      left,
      ...(roundSinceMs === undefined ? {} : { round: roundIn(roundSinceMs, roundAfter) }),
    };
    if (untilMs === undefined) return progress;
    const pages = after ? { after: after as PageKey } : {};
    return { ...progress, pass: { untilMs, ...pages, ...(visited ? { visited: visited as RemediationId } : {}) } };
  });

function roundIn(sinceMs: number, after: string | undefined): NonNullable<ArchiveProgress['round']> {
  return after ? { sinceMs, after: after as RemediationId } : { sinceMs };
}
