// Old histories move from the table into the archive, some at a time. Nothing else changes: every reader of such a history reads all of it, so
// every decision rests on the same entries as before.

import { archivableUpTo } from '../history/archivable.ts';
import type { IndexRow } from '../history/index-row.ts';
import { UnreadableHistory } from '../history/ledger.ts';
import { endOf } from '../history/row-search.ts';
import type { ArchiveProgress } from '../ports/archive.ts';
import type { Archive, Clock, EventLog, Index } from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';

/**
 * Visits some of the remediations that ended before the instant that the settings say, and moves their entries into the archive. Each is visited
 * once: a pass visits what grew old since the pass before. A history that cannot be read or moved stays in the table, is counted and
 * logged. Without the setting it does nothing. Answers how many it visited. Throws when the store does not answer.
 */
export async function archiveOld(ports: Archive & Index & Clock & EventLog, { settings }: Config): Promise<number> {
  const { archiveAfterDays } = settings.history;
  if (archiveAfterDays === 0) return 0;
  const beforeMs = ports.now() - archiveAfterDays * day;
  const before = (await ports.archive.progress()) ?? { doneMs: 0, left: 0 };
  const pass = before.pass ?? (beforeMs - before.doneMs < betweenPassesMs ? undefined : { untilMs: beforeMs });
  if (pass === undefined) return 0;
  const page = await ports.index.closed(
    { limit: rowsAtOnce, ...('after' in pass ? { after: pass.after } : {}) },
    { fromMs: before.doneMs, untilMs: pass.untilMs },
  );
  const untilMs = ports.now() + longestMs;
  const moved: Visit[] = [];
  for (const row of page.rows) {
    // What is not visited, and what another instance has in hand, is visited with the same page in a minute. What has moved is quick then.
    if (ports.now() >= untilMs || moved.includes('busy')) return moved.length;
    moved.push(await archive(ports, row, pass.untilMs));
  }
  if (moved.includes('busy')) return moved.length;
  const left = before.left + moved.filter((visit) => visit === 'left').length;
  await ports.archive.noteProgress(after({ ...before, left }, pass.untilMs, page.next));
  if (moved.length > 0) ports.log('archived', { remediations: moved.length, left });
  return moved.length;
}

const day = 24 * 60 * 60_000;
/** How long between the beginnings of two passes. Milliseconds. */
const betweenPassesMs = 6 * 60 * 60_000;
/** How many remediations one run visits, and for how long (ms): the schedule runs every minute, and has other work. */
const rowsAtOnce = 20;
const longestMs = 20_000;

function after(
  before: ArchiveProgress,
  untilMs: number,
  next: NonNullable<ArchiveProgress['pass']>['after'],
): ArchiveProgress {
  const { left, doneMs } = before;
  return next === undefined ? { doneMs: untilMs, left } : { doneMs, left, pass: { untilMs, after: next } };
}

/** `left`: the history stays in the table. `busy`: another instance is moving it. */
type Visit = 'moved' | 'busy' | 'left';

async function archive(ports: Archive & EventLog, row: IndexRow, beforeMs: number): Promise<Visit> {
  try {
    const moved = await ports.archive.move(row.targetId, (entries) => archivableUpTo(entries, beforeMs));
    if (moved.kind === 'moved') await ports.archive.mark(row.remediation, endOf(row));
    return moved.kind;
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    ports.log('not-archived', { remediation: row.remediation, why: error.why });
    return 'left';
  }
}
