// Old histories move from the table into the archive, some at a time. Nothing else changes: every reader of such a history reads all of it, so
// every decision rests on the same entries as before.

import { archivableUpTo } from '../history/archivable.ts';
import type { IndexRow } from '../history/index-row.ts';
import { UnreadableHistory } from '../history/ledger.ts';
import { endOf } from '../history/row-search.ts';
import type { ArchiveProgress, LeftHistory, WhyLeft } from '../ports/archive.ts';
import type { Archive, Clock, EventLog, Index } from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';
import type { RemediationId, TargetId } from '../words/target.ts';
import { parseRemediationId } from '../words/target.ts';

type Archiving = Archive & Index & Clock & EventLog;

/**
 * Visits some of the remediations that ended before the instant that the settings say, and moves their entries into the archive. Each is visited
 * once: a pass visits what grew old since the pass before. A history that cannot be read or moved stays in the table, is counted and
 * logged, and is tried again every hour. Without the setting it does nothing. Answers how many it visited. Throws when the store does not
 * answer.
 */
export async function archiveOld(ports: Archiving, { settings }: Config): Promise<number> {
  const { archiveAfterDays } = settings.history;
  if (archiveAfterDays === 0) return 0;
  const nowMs = ports.now();
  const run: Run = { ports, beforeMs: nowMs - archiveAfterDays * day, endsAtMs: nowMs + longestMs, whole: new Set() };
  const { visits, progress } = await goOn(run, await ports.archive.progress());
  // What was left a moment ago would be refused again.
  return visits.length + (visits.includes('left') ? 0 : await tryAgain(run, progress));
}

const hour = 60 * 60_000;
const day = 24 * hour;
/** How long between the beginnings of two passes. Milliseconds. */
const betweenPassesMs = 6 * hour;
/** How long between the beginnings of two rounds through what was left. Milliseconds. */
const betweenRoundsMs = hour;
/** How many remediations one run visits, and for how long (ms): the schedule runs every minute, and has other work. */
const rowsAtOnce = 20;
const longestMs = 20_000;
/**
 * By how much the clocks of two hosts may differ (ms). An entry that another host wrote just before a remediation ended may bear a later time
 * than its end, and moves with it.
 */
const skewMs = hour;

interface Run {
  readonly ports: Archiving;
  /** What ended before this instant is old. */
  readonly beforeMs: number;
  /** No visit begins after this instant, but the first. */
  readonly endsAtMs: number;
  /** The targets that moved in this run, with all their old remediations. Their histories need not be read again for each of them. */
  readonly whole: Set<TargetId>;
}

/** Visits the next page of the pass, or what the time did not suffice for in the run before. */
async function goOn(
  run: Run,
  noted: ArchiveProgress | undefined,
): Promise<{ readonly visits: readonly Visit[]; readonly progress: ArchiveProgress }> {
  const { archive, index } = run.ports;
  const before = noted ?? { doneMs: 0, left: await archive.countLeft() };
  const pass = passOf(before, run.beforeMs);
  if (pass === undefined) return { visits: [], progress: before };
  // Before the first pass moves anything, health shows that it is under way. It might never get on: rights may be missing.
  if (noted === undefined) await archive.noteProgress({ ...before, pass });
  // Later on, a container that is missing is one that somebody deleted. Made anew, it would stand in the way of restoring it.
  if (before.doneMs === 0 && pass.after === undefined) await archive.makePlace();
  const page = await index.closed(
    { limit: rowsAtOnce, ...(pass.after === undefined ? {} : { after: pass.after }) },
    { fromMs: before.doneMs, untilMs: pass.untilMs },
  );
  const rows = notVisited(page.rows, pass);
  const visits = await visitAll(run, rows, pass.untilMs);
  const last = rows[visits.length - 1];
  if (last === undefined && rows.length > 0) return { visits: [], progress: before };
  const left = visits.includes('left') ? await archive.countLeft() : before.left;
  const progress =
    visits.length === rows.length
      ? afterPage({ ...before, left }, pass.untilMs, page.next)
      : { ...before, left, pass: { ...pass, ...(last === undefined ? {} : { visited: last.remediation }) } };
  await archive.noteProgress(progress);
  if (visits.length > 0) run.ports.log('archived', { remediations: visits.length, left });
  return { visits, progress };
}

type Pass = NonNullable<ArchiveProgress['pass']>;

/** The pass under way, or a new one. One that began while a shorter time was set is given up: what it would visit is not old any more. */
function passOf({ doneMs, pass }: ArchiveProgress, beforeMs: number): Pass | undefined {
  if (pass !== undefined && pass.untilMs <= beforeMs + skewMs) return pass;
  return beforeMs - doneMs < betweenPassesMs ? undefined : { untilMs: beforeMs };
}

/** The rows of a page after the last one that was visited; all of them where that one is not among them. */
function notVisited(rows: readonly IndexRow[], { visited }: Pass): readonly IndexRow[] {
  return rows.slice(rows.findIndex(({ remediation }) => remediation === visited) + 1);
}

function afterPage(before: ArchiveProgress, untilMs: number, next: Pass['after']): ArchiveProgress {
  const { pass: _pass, ...others } = before;
  return next === undefined ? { ...others, doneMs: untilMs } : { ...others, pass: { untilMs, after: next } };
}

/** `left`: the history stays in the table for now. `busy`: another instance is moving it. */
type Visit = 'moved' | 'busy' | 'left';

/** Visits the rows in their order, until the time is over or another instance has one of them in hand: that is visited in a minute. */
async function visitAll(run: Run, rows: readonly IndexRow[], untilMs: number): Promise<Visit[]> {
  const visits: Visit[] = [];
  for (const row of rows) {
    if (visits.length > 0 && run.ports.now() >= run.endsAtMs) break;
    const one = { remediation: row.remediation, endedAtMs: endOf(row) };
    const answer = await visit(run, one, row.targetId, untilMs);
    if (answer === 'busy') break;
    visits.push(answer);
  }
  return visits;
}

async function visit({ ports, whole }: Run, one: LeftHistory, targetId: TargetId, untilMs: number): Promise<Visit> {
  try {
    const moved = whole.has(targetId)
      ? ({ kind: 'moved' } as const)
      : await ports.archive.move(targetId, (entries) => archivableUpTo(entries, untilMs + skewMs));
    if (moved.kind === 'busy') return 'busy';
    if (moved.kind === 'not-now') return await leave(ports, one, 'no-answer', moved.says);
    whole.add(targetId);
    await ports.archive.mark(one.remediation, one.endedAtMs);
    return 'moved';
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    return leave(ports, one, error.why, error.message);
  }
}

async function leave(ports: Archiving, left: LeftHistory, why: WhyLeft, says: string): Promise<'left'> {
  await ports.archive.leave(left, why, ports.now());
  ports.log('not-archived', { remediation: left.remediation, why, says });
  return 'left';
}

/**
 * Goes on with the round through what was left, or begins one. It goes on as long as they move: one that is left again is enough for a run, so
 * that a thousand of them cost no more than one a minute.
 */
async function tryAgain(run: Run, before: ArchiveProgress): Promise<number> {
  const { archive, now } = run.ports;
  const round = before.left === 0 || now() >= run.endsAtMs ? undefined : roundOf(before, now());
  if (round === undefined) return 0;
  const rows = await archive.left({ limit: rowsAtOnce, after: round.after });
  const { visits, last } = await tryEach(run, rows);
  const { sinceMs } = round;
  const isOver = rows.length < rowsAtOnce && last === rows.at(-1)?.remediation;
  // Another instance has the first of them in hand.
  if (!isOver && last === undefined) return 0;
  const left = await archive.countLeft();
  await archive.noteProgress({
    ...before,
    left,
    round: isOver || last === undefined ? { sinceMs } : { sinceMs, after: last },
  });
  const moved = visits.filter((one) => one === 'moved').length;
  if (moved > 0) run.ports.log('archived', { remediations: moved, left });
  return visits.length;
}

type Round = NonNullable<ArchiveProgress['round']>;

function roundOf({ round }: ArchiveProgress, nowMs: number): Round | undefined {
  if (round?.after !== undefined) return round;
  return round === undefined || nowMs - round.sinceMs >= betweenRoundsMs ? { sinceMs: nowMs } : undefined;
}

/** Visits what was left, in its order. `last` is the last one that need not be looked at again in this round. */
async function tryEach(
  run: Run,
  rows: readonly LeftHistory[],
): Promise<{ readonly visits: readonly Visit[]; readonly last?: RemediationId }> {
  const { archive, now } = run.ports;
  const visits: Visit[] = [];
  let last: RemediationId | undefined;
  for (const row of rows) {
    const target = parseRemediationId(row.remediation)?.target;
    // A longer time may have been set since it was left.
    if (target !== undefined && row.endedAtMs < run.beforeMs) {
      if (visits.includes('left') || (visits.length > 0 && now() >= run.endsAtMs)) break;
      const answer = await visit(run, row, target, run.beforeMs);
      if (answer === 'busy') break;
      visits.push(answer);
      if (answer === 'moved') await archive.noLongerLeft(row.remediation);
    }
    last = row.remediation;
  }
  return { visits, ...(last === undefined ? {} : { last }) };
}
