// Old histories move from the table into the archive, some at a time. Nothing else changes: every reader of such a history reads all of it, so
// every decision rests on the same entries as before.

import { archivableUpTo } from '../history/archivable.ts';
import type { IndexRow } from '../history/index-row.ts';
import { UnreadableHistory } from '../history/ledger.ts';
import { endOf } from '../history/row-search.ts';
import type { ArchiveProgress } from '../ports/archive.ts';
import type { Archive, Clock, EventLog, Index } from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';
import type { TargetId } from '../words/target.ts';

/**
 * Visits some of the remediations that ended before the instant that the settings say, and moves their entries into the archive. Each is visited
 * once: a pass visits what grew old since the pass before. A history that cannot be read or moved stays in the table, is counted and
 * logged. Without the setting it does nothing. Answers how many it visited. Throws when the store does not answer.
 */
export async function archiveOld(ports: Archive & Index & Clock & EventLog, { settings }: Config): Promise<number> {
  const { archiveAfterDays } = settings.history;
  if (archiveAfterDays === 0) return 0;
  const beforeMs = ports.now() - archiveAfterDays * day;
  const noted = await ports.archive.progress();
  const before = noted ?? { doneMs: 0, left: 0 };
  const pass = before.pass ?? (beforeMs - before.doneMs < betweenPassesMs ? undefined : { untilMs: beforeMs });
  if (pass === undefined) return 0;
  // Before the first pass moves anything, health shows that it is under way. It might never get on: rights may be missing.
  if (noted === undefined) await ports.archive.noteProgress({ ...before, pass });
  const page = await ports.index.closed(
    { limit: rowsAtOnce, ...('after' in pass ? { after: pass.after } : {}) },
    { fromMs: before.doneMs, untilMs: pass.untilMs },
  );
  const untilMs = ports.now() + longestMs;
  const visits: Visit[] = [];
  const whole = new Set<TargetId>();
  for (const row of page.rows) {
    // What is not visited, and what another instance has in hand, is visited with the same page in a minute. The time ends a run only once
    // something has moved: otherwise a page of histories that are slow to read would begin anew each minute, and never end.
    const isLate = ports.now() >= untilMs && visits.some(({ removed }) => removed > 0);
    if (isLate || visits.some(isBusy)) return visits.length;
    visits.push(await archive(ports, row, pass.untilMs, whole));
  }
  if (visits.some(isBusy)) return visits.length;
  const left = before.left + visits.filter(({ kind }) => kind === 'left').length;
  await ports.archive.noteProgress(after({ ...before, left }, pass.untilMs, page.next));
  if (visits.length > 0) ports.log('archived', { remediations: visits.length, left });
  return visits.length;
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

/** `left`: the history stays in the table. `busy`: another instance is moving it. `removed`: how many rows left the table. */
interface Visit {
  readonly kind: 'moved' | 'busy' | 'left';
  readonly removed: number;
}

function isBusy({ kind }: Visit): boolean {
  return kind === 'busy';
}

/** `whole`: the targets that moved in this run, with all their old remediations. Their histories need not be read again for each of them. */
async function archive(
  ports: Archive & EventLog,
  row: IndexRow,
  beforeMs: number,
  whole: Set<TargetId>,
): Promise<Visit> {
  const { targetId } = row;
  try {
    const moved = whole.has(targetId)
      ? ({ kind: 'moved', removed: 0 } as const)
      : await ports.archive.move(targetId, (entries) => archivableUpTo(entries, beforeMs));
    if (moved.kind === 'busy') return { kind: 'busy', removed: 0 };
    whole.add(targetId);
    await ports.archive.mark(row.remediation, endOf(row));
    return moved;
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    ports.log('not-archived', { remediation: row.remediation, why: error.why, says: error.message });
    return { kind: 'left', removed: 0 };
  }
}
