// When the platform tries to pull by itself: judged from a restart, whose back-off begins anew, or from the rows of its last tries.

import type { LogRow } from '../evidence/app-facts.ts';

const second = 1000;

/** The platform's back-off between pulls of one replica, as captured: 10, 20, 40, 80, 160 s; capped at 5 minutes. */
const firstBackoffMs = 10 * second;
const longestBackoffMs = 300 * second;
/** A new replica is scheduled first. A pull without the role is refused soon, and the back-off begins then. As captured, to the second. */
const scheduledMs = second;
const refusedMs = 2 * second;

/** The last try before now and the next one, as far as they can be told. Both are estimates. */
export interface PlatformTries {
  readonly lastMs?: number;
  readonly nextMs?: number;
}

/** `restartedAtMs`: the last restart of the revision, where there was one; its rows come a minute late or more. */
export function platformTries(
  rows: readonly LogRow[],
  restartedAtMs: number | undefined,
  nowMs: number,
): PlatformTries {
  const tries = rows.filter((row) => row.reason === 'PullingImage');
  const last = tries.at(-1);
  if (restartedAtMs !== undefined && (last === undefined || last.atMs < restartedAtMs))
    return goOn(restartedAtMs + scheduledMs, firstBackoffMs, nowMs);
  return last === undefined ? {} : goOn(last.atMs, gapAfter(last, tries), nowMs);
}

/** The try after this one comes twice as late as this one came after the one before. */
function gapAfter(last: LogRow, tries: readonly LogRow[]): number {
  const before = tries.filter((row) => row.replica === last.replica && row.atMs < last.atMs - second).at(-1);
  return before === undefined ? firstBackoffMs : limited((last.atMs - before.atMs) * 2);
}

function limited(gapMs: number): number {
  return Math.min(Math.max(gapMs, firstBackoffMs), longestBackoffMs);
}

/** Rows come late, so the tries after the last known one are worked out until one lies ahead. */
function goOn(tryMs: number, gapMs: number, nowMs: number): PlatformTries {
  if (tryMs > nowMs) return { nextMs: tryMs };
  let [lastMs, nextMs, gap] = [tryMs, tryMs + refusedMs + gapMs, gapMs];
  while (nextMs <= nowMs) {
    gap = limited(gap * 2);
    [lastMs, nextMs] = [nextMs, nextMs + refusedMs + gap];
  }
  return { lastMs, nextMs };
}
