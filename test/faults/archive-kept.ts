// What the archive holds: every history that grew old, whole and once, whatever failed while it moved.
import { entryKinds } from '../../src/lib/azure/ports.ts';
import { archiveOf } from '../../src/lib/azure/store/archive-port.ts';
import { blobOf, linksIn } from '../../src/lib/azure/store/archive-text.ts';
import { readRows } from '../../src/lib/azure/store/chain.ts';
import { archiveIn } from '../../src/lib/azure/store/history-archive.ts';
import { ledger } from '../../src/lib/azure/store/store.ts';
import { archivableUpTo } from '../../src/lib/history/archivable.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import type { Model } from './model.ts';
import type { Store } from './store.ts';

/**
 * One sentence for each history that should have moved and did not, and for each trace that a fault left. `mayLeave`: storage was silent for so
 * long that a history may still wait to be tried again.
 */
export async function archiveViolations(
  { archive, view }: Pick<Store, 'archive' | 'view'>,
  { archives }: Pick<Model, 'archives'>,
  mayLeave: boolean,
): Promise<string[]> {
  if (archives === undefined || archive === undefined) return [];
  const { history, blobs } = archive.view;
  const kept = archiveOf(archive.view, blobs);
  const progress = await kept.progress();
  // A blob for which storage was silent each time is tried again in an hour. Until then its history is whole in the table, and named.
  const left = mayLeave ? await kept.left({ limit: 1000 }) : [];
  const isLeft = (target: string): boolean => left.some(({ remediation }) => remediation.startsWith(`${target}.`));
  const untilMs = progress?.doneMs ?? 0;
  const found: string[] = [];
  if (untilMs === 0 || progress?.pass !== undefined) found.push('archive: its pass is not over');
  if (progress?.left !== left.length)
    found.push(`archive: ${progress?.left} histories are left, and ${left.length} may be`);
  // A host that remembers nothing verifies every entry.
  const fresh = ledger<Entry>(history, entryKinds, () => 0, { readArchive: archiveIn(blobs) });
  const rows = await view.index.all();
  let moved = 0;
  for (const target of new Set(rows.map(({ targetId }) => targetId))) {
    const last = archivableUpTo(await fresh.read(target), untilMs);
    if (last === 0 || isLeft(target)) continue;
    moved += 1;
    const links = linksIn(target, (await blobs.read(blobOf(target))) ?? '');
    const [first] = await readRows(history, target);
    if (links.length !== last) found.push(`archive: the blob of ${target} holds ${links.length} of ${last} entries`);
    if (first?.link.seq !== last) found.push(`archive: the table holds ${target} from entry ${first?.link.seq} on`);
  }
  if (moved === 0 && left.length === 0) found.push('archive: nothing moved');
  const unmarked = rows.filter(
    ({ closed, closedAtMs, archived, targetId }) =>
      closed && (closedAtMs ?? 0) < untilMs && archived !== true && !isLeft(targetId),
  );
  found.push(
    ...unmarked.map(({ remediation }) => `archive: the row of ${remediation} does not say where its history is`),
  );
  return found;
}
