// The ladder of retries after a grant or after a cause that was put right: when each retry is due, and which restart counts for it.

import type { Retry } from '../history/decision.ts';
import type { AnnouncedRestart } from '../history/restarts.ts';

const second = 1000;
const minute = 60 * second;

/**
 * When to retry where the log does not tell when the platform tries by itself: after the role was assigned, or after the cause was put
 * right. Each restart begins the platform's back-off anew (it pulls after 1, 13, 35, 77 and 159 seconds), so a few restarts keep the tries
 * close together for as long as roles take. Milliseconds.
 */
export const fixedRungs: readonly number[] = [32, 95, 200, 400, 680, 1080, 1380, 1680].map((time) => time * second);
/** The most retries that a setting may allow: one for each rung. */
export const mostRungs = fixedRungs.length;
/** How soon the platform's own next try must be for a rung to wait for it. Milliseconds. */
export const patienceMs = 5 * second;
/** Remediations of one revision see the same cause go within this time of each other, so their ladders count as one. Milliseconds. */
export const togetherMs = 2 * minute;

/** A rung that hangs on a moment at which the platform would have tried by itself. Milliseconds. */
interface HungRung {
  /** How long before that moment; after it where negative. */
  readonly leadMs: number;
  /** How long after the rung before it, at least and at most. */
  readonly afterMs: number;
  readonly withinMs?: number;
}

/**
 * The first two rungs lie as in {@link fixedRungs}. Each later one is placed so that one of the tries that its restart brings falls on a
 * moment at which the platform would have tried if nothing had been restarted, or at most half a minute after it. So no run is much slower
 * than the platform alone, and the tries between those moments are gained. Found with `npm run bench -- recovery`;
 * docs/decisions/0007-ladder-of-retries.md says how. The last one is for all further rungs.
 */
const hungRungs: readonly HungRung[] = [
  { leadMs: -8 * second, afterMs: 18 * second, withinMs: 280 * second },
  { leadMs: 31 * second, afterMs: 53 * second },
  { leadMs: 142 * second, afterMs: 188 * second },
  { leadMs: 19 * second, afterMs: 158 * second },
];
const firstRungs = fixedRungs.slice(0, 2);

/** How far a ladder has come. `nextMs`: when its next rung is due, if there is one. */
export type LadderState = { readonly nextMs?: number } & (
  | { readonly state: 'due'; readonly rung: number; readonly dueMs: number }
  /** The last rung that was due had its restart, by whichever remediation of the revision. */
  | { readonly state: 'restarted'; readonly rung: number; readonly restart: AnnouncedRestart }
  /** No rung has been due yet. */
  | { readonly state: 'early' }
);

/** A ladder: since when it stands, and when its rungs are due. */
export interface Ladder {
  readonly sinceMs: number;
  readonly timesMs: readonly number[];
}

/**
 * The ladder that begins at `sinceMs`. `ownTriesMs`: when the platform would try by itself if nothing were restarted, oldest first; empty
 * where that is not known.
 */
export function ladderFrom(sinceMs: number, ownTriesMs: readonly number[]): Ladder {
  const timesMs = firstRungs.map((offset) => sinceMs + offset);
  while (timesMs.length < mostRungs) {
    const before = timesMs.at(-1) ?? sinceMs;
    const hung = hungRungs[Math.min(timesMs.length - firstRungs.length, hungRungs.length - 1)];
    const time = hung === undefined ? undefined : hangingAt(hung, before, ownTriesMs);
    timesMs.push(time ?? Math.max(sinceMs + (fixedRungs[timesMs.length] ?? 0), before + minute));
  }
  return { sinceMs, timesMs };
}

function hangingAt(
  { leadMs, afterMs, withinMs = Number.POSITIVE_INFINITY }: HungRung,
  before: number,
  ownTriesMs: readonly number[],
): number | undefined {
  const tryMs = ownTriesMs.find((own) => own - leadMs >= before + afterMs);
  return tryMs === undefined ? undefined : Math.min(tryMs - leadMs, before + withinMs);
}

/** How far a ladder has come. Only the last rung counts whose time has come: one that was missed is not made up for. Rungs count from 1. */
export function ladderStateOf(ladder: Ladder, restarts: readonly AnnouncedRestart[], nowMs: number): LadderState {
  const { timesMs } = ladder;
  const nextMs = timesMs.find((time) => time > nowMs);
  const next = nextMs === undefined ? {} : { nextMs };
  const rung = timesMs.filter((time) => time <= nowMs).length;
  const dueMs = timesMs[rung - 1];
  if (dueMs === undefined) return { ...next, state: 'early' };
  const retry = { rung, sinceMs: ladder.sinceMs, countsFromMs: countsFromMs(ladder, rung) };
  const restart = restarts.findLast((one) => countsFor(one, retry));
  return restart === undefined
    ? { ...next, state: 'due', rung, dueMs }
    : { ...next, state: 'restarted', rung, restart };
}

/** A restart counts for a rung if it came nearer to this rung than to the one before it. */
export function countsFromMs({ sinceMs, timesMs }: Ladder, rung: number): number {
  return ((timesMs[rung - 2] ?? sinceMs) + (timesMs[rung - 1] ?? sinceMs)) / 2;
}

/** True if a restart was made meanwhile that counts for the rung of this retry. */
export function hadRung(retry: Retry, restarts: readonly AnnouncedRestart[]): boolean {
  return restarts.some((one) => countsFor(one, retry));
}

/**
 * Whether a restart counts for this rung. One restart counts for every remediation of the revision, even for one that saw the cause go a
 * little earlier or later. A restart that came late counts for this rung too, if it came nearer to it than to the one before it.
 */
function countsFor(
  restart: AnnouncedRestart,
  { rung, sinceMs, countsFromMs: fromMs = Number.POSITIVE_INFINITY }: Pick<Retry, 'rung' | 'sinceMs' | 'countsFromMs'>,
): boolean {
  if (restart.atMs >= fromMs) return true;
  return restart.atMs >= sinceMs - togetherMs && (restart.rung ?? 0) >= rung;
}
