// When the platform tries to pull by itself: judged from a restart, whose back-off begins anew, or from the rows of its last tries.

import type { LogRow } from '../evidence/app-facts.ts';

const second = 1000;

/** The longest pause between two pulls of one replica: that of Kubernetes. */
const longestPauseMs = 300 * second;
/** The platform's back-off between pulls of one replica, as captured up to 160 s. */
const backoffMs = [10, 20, 40, 80, 160].map((seconds) => seconds * second).concat(longestPauseMs);
/** A new replica is scheduled first. A pull without the role is refused soon, and the back-off begins then. As captured, to the second. */
const scheduledMs = second;
const refusedMs = 2 * second;

/** When the platform tries next, as far as it can be told. An estimate. */
export interface PlatformTries {
  readonly nextMs?: number;
}

/**
 * When the platform tries next. `restartedAtMs`: the last restart of the revision, if there was one. Its rows come a minute late or more, so
 * until they are there the restart counts and older rows do not.
 */
export function platformTries(
  rows: readonly LogRow[],
  restartedAtMs: number | undefined,
  nowMs: number,
): PlatformTries {
  const known = knownTry(rows, restartedAtMs);
  if (known === undefined) return {};
  let [tryMs, step] = [known.atMs, known.step];
  // Rows come late, so the tries after a known one are worked out until one lies ahead.
  while (tryMs <= nowMs) [tryMs, step] = [afterTry(tryMs, step), step + 1];
  return { nextMs: tryMs };
}

/**
 * When the platform would try between two instants if nothing were restarted after `fromMs`; empty where that cannot be told.
 * `restartsMs`: the restarts of the revision, oldest first. Milliseconds.
 */
export function undisturbedTries(
  rows: readonly LogRow[],
  restartsMs: readonly number[],
  fromMs: number,
  untilMs: number,
): readonly number[] {
  const firstMs = restartsMs.find((restartMs) => restartMs >= fromMs) ?? Number.POSITIVE_INFINITY;
  const known = knownTry(
    rows.filter(({ atMs }) => atMs < firstMs),
    restartsMs.findLast((restartMs) => restartMs < fromMs),
  );
  const tries: number[] = [];
  if (known === undefined) return tries;
  for (let { atMs, step } = known; atMs <= untilMs; [atMs, step] = [afterTry(atMs, step), step + 1]) tries.push(atMs);
  return tries.filter((tryMs) => tryMs >= fromMs);
}

/** A try, and which pause of {@link backoffMs} comes after it. */
interface Try {
  readonly atMs: number;
  readonly step: number;
}

/** The last try that the rows tell of, or the first one after the restart where they tell of none since. */
function knownTry(rows: readonly LogRow[], restartedAtMs: number | undefined): Try | undefined {
  const tries = rows.filter((row) => row.reason === 'PullingImage');
  const last = tries.at(-1);
  if (restartedAtMs !== undefined && (last === undefined || last.atMs < restartedAtMs))
    return { atMs: restartedAtMs + scheduledMs, step: 0 };
  return last === undefined ? undefined : { atMs: last.atMs, step: nextStep(last, tries) };
}

function afterTry(tryMs: number, step: number): number {
  return tryMs + refusedMs + (backoffMs[step] ?? longestPauseMs);
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
