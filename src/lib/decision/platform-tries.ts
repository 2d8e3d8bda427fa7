// When the platform tries to pull by itself: judged from a restart, whose back-off begins anew, or from the rows of its last tries.

import type { LogRow } from '../evidence/app-facts.ts';

const second = 1000;

/** The platform's back-off between pulls of one replica, as captured up to 160 s; the cap is that of Kubernetes. */
const backoffMs = [10, 20, 40, 80, 160, 300].map((seconds) => seconds * second);
/** A new replica is scheduled first. A pull without the role is refused soon, and the back-off begins then. As captured, to the second. */
const scheduledMs = second;
const refusedMs = 2 * second;

/** The last try before now and the next one, as far as they can be told. Both are estimates. */
export interface PlatformTries {
  readonly lastMs?: number;
  readonly nextMs?: number;
}

/**
 * When the platform tried last and when it tries next. `restartedAtMs`: the last restart of the revision, if there was one. Its rows come a
 * minute late or more, so until they are there the restart counts and older rows do not.
 */
export function platformTries(
  rows: readonly LogRow[],
  restartedAtMs: number | undefined,
  nowMs: number,
): PlatformTries {
  const tries = rows.filter((row) => row.reason === 'PullingImage');
  const last = tries.at(-1);
  if (restartedAtMs !== undefined && (last === undefined || last.atMs < restartedAtMs))
    return triesFrom(restartedAtMs + scheduledMs, 0, nowMs);
  return last === undefined ? {} : triesFrom(last.atMs, nextStep(last, tries), nowMs);
}

/**
 * Which pause of {@link backoffMs} comes after the last try: the one after the pause that came before it. Times in rows are rounded, so the
 * pause that is nearest counts.
 */
function nextStep(last: LogRow, tries: readonly LogRow[]): number {
  const before = tries.filter((row) => row.replica === last.replica && row.atMs < last.atMs - second).at(-1);
  if (before === undefined) return 0;
  const pauseMs = last.atMs - before.atMs - refusedMs;
  const off = backoffMs.map((pause) => Math.abs(pause - pauseMs));
  return off.indexOf(Math.min(...off)) + 1;
}

/** Rows come late, so the tries after a known one are worked out until one lies ahead. */
function triesFrom(tryMs: number, firstStep: number, nowMs: number): PlatformTries {
  if (tryMs > nowMs) return { nextMs: tryMs };
  let [lastMs, step] = [tryMs, firstStep];
  for (;;) {
    const nextMs = lastMs + refusedMs + (backoffMs[step] ?? Math.max(...backoffMs));
    if (nextMs > nowMs) return { lastMs, nextMs };
    [lastMs, step] = [nextMs, step + 1];
  }
}
