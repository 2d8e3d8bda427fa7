// The ladder of retries after a grant or after a cause that was put right: when each retry is due, and when it is left out.

import type { Retry } from '../history/decision.ts';
import type { AnnouncedRestart } from '../history/restarts.ts';
import type { PlatformTries } from './platform-tries.ts';

const second = 1000;
const minute = 60 * second;

/**
 * The rungs: when to retry, after the role was assigned or the cause was put right. Each restart begins the platform's back-off anew (it
 * pulls after 1, 13, 35, 77 and 159 seconds), so a few restarts keep the tries close together for as long as roles take. Chosen with
 * `npm run bench -- recovery`; docs/decisions/0007-ladder-of-retries.md says why they are fixed. Milliseconds.
 */
export const rungs: readonly number[] = [20, 80, 190, 400, 680, 1080, 1380, 1680].map((seconds) => seconds * second);
/** The most retries that a setting may allow: one for each rung. */
export const mostRungs = rungs.length;
/** How soon the platform's own next try must be for a rung to be left to it. Milliseconds. */
export const patienceMs = 10 * second;
/** Remediations of one revision see the same cause go within this time of each other, so their ladders count as one. Milliseconds. */
const togetherMs = 2 * minute;

/** Where a ladder stands. `nextMs`: when its next rung is due, if there is one. */
export type Standing = { readonly nextMs?: number } & (
  | { readonly state: 'due'; readonly rung: number; readonly dueMs: number }
  /** The last rung that was due had its restart, by whichever remediation of the revision. */
  | { readonly state: 'restarted'; readonly rung: number; readonly restart: AnnouncedRestart }
  /** The platform has tried by itself since the last rung was due. */
  | { readonly state: 'tried'; readonly rung: number }
  /** No rung has been due yet. */
  | { readonly state: 'early' }
);

/**
 * Where the ladder that began at `sinceMs` stands. Only the last rung counts whose time has come: one that was missed is not made up for.
 * Rungs count from 1.
 */
export function standingOf(
  sinceMs: number,
  restarts: readonly AnnouncedRestart[],
  { lastMs }: PlatformTries,
  nowMs: number,
): Standing {
  const times = timesOf(sinceMs);
  const nextMs = times.find((time) => time > nowMs);
  const next = nextMs === undefined ? {} : { nextMs };
  const rung = times.filter((time) => time <= nowMs).length;
  const dueMs = times[rung - 1];
  if (dueMs === undefined) return { ...next, state: 'early' };
  const restart = restarts.findLast((one) => countsFor(one, sinceMs, rung));
  if (restart !== undefined) return { ...next, state: 'restarted', rung, restart };
  return lastMs !== undefined && lastMs >= dueMs
    ? { ...next, state: 'tried', rung }
    : { ...next, state: 'due', rung, dueMs };
}

/**
 * Whether a restart counts for this rung. One restart counts for every remediation of the revision, even for one that saw the cause go a
 * little earlier or later. A restart that came late, nearer to this rung than to the one before it, counts for this rung too.
 */
function countsFor(restart: AnnouncedRestart, sinceMs: number, rung: number): boolean {
  const due = rungs[rung - 1] ?? 0;
  const before = rungs[rung - 2] ?? 0;
  if (restart.atMs >= sinceMs + (before + due) / 2) return true;
  return restart.atMs >= sinceMs - togetherMs && (restart.rung ?? 0) >= rung;
}

/** True if a restart was made meanwhile that counts for the rung of this retry. */
export function hadRung({ rung, sinceMs }: Retry, restarts: readonly AnnouncedRestart[]): boolean {
  return restarts.some((one) => countsFor(one, sinceMs, rung));
}

function timesOf(sinceMs: number): readonly number[] {
  return rungs.map((offset) => sinceMs + offset);
}
