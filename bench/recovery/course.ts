// What a run came to, and the two simple ways to recover that pullmedic is compared with.
import { patienceMs } from '../../src/lib/decision/ladder.ts';
import type { Draw } from './draws.ts';
import { oracleMs, Platform } from './platform.ts';

const minute = 60_000;
/** A run counts as never recovered if it takes longer than this after the grant. Milliseconds. */
export const longestMs = 60 * minute;

/** One run, measured from the grant. */
export interface Course {
  readonly seed: number;
  /** From the grant to the end of the pull that succeeded; absent where none did. Milliseconds. */
  readonly recoveredMs?: number;
  /** The same for the oracle. */
  readonly oracleMs: number;
  readonly restarts: number;
  readonly interrupted: number;
  /** Of each good pull that a restart threw away: for how long it had been under way. Milliseconds. */
  readonly interruptedAfterMs: readonly number[];
  readonly servingRestarted: number;
  /** Looks from the grant to the recovery, where there is one who looks. */
  readonly looks: number;
  /** A person was asked before the app recovered. */
  readonly leftToAPerson: boolean;
}

/** Restarts at these times after the grant, whatever the replica does. Without any, the platform recovers alone. Milliseconds. */
export function playFixed(draw: Draw, grantMs: number, restartsMs: readonly number[]): Course {
  const platform = new Platform(draw);
  platform.roleWorksAt(grantMs + draw.propagationMs);
  for (const afterMs of restartsMs) {
    platform.advance(grantMs + afterMs);
    if (platform.replica().state === 'ready') break;
    platform.restart(grantMs + afterMs);
  }
  platform.advance(grantMs + longestMs);
  return courseOf(draw, platform, grantMs, { looks: 0, leftToAPerson: false });
}

/** How long after the time of a rung its restart comes: a message, a look and the reads right before the write. Milliseconds. */
const reactsMs = 6000;

/**
 * Restarts on the rungs of any ladder, for ladders that pullmedic does not have. It keeps the rules of pullmedic in a simple form: it restarts
 * nothing that pulls or serves, and leaves a rung to the platform if that tries by itself in a moment. `rungsMs`: milliseconds after the grant.
 * `most`: the most restarts.
 */
export function playLadder(draw: Draw, grantMs: number, rungsMs: readonly number[], most: number): Course {
  const platform = new Platform(draw);
  platform.roleWorksAt(grantMs + draw.propagationMs);
  for (const rungMs of rungsMs) {
    const nowMs = grantMs + rungMs + reactsMs;
    platform.advance(nowMs);
    const soon = (platform.nextTryMs() ?? Number.POSITIVE_INFINITY) <= nowMs + patienceMs;
    if (platform.restarts < most && platform.replica().state === 'waiting' && !soon) platform.restart(nowMs);
  }
  platform.advance(grantMs + longestMs);
  return courseOf(draw, platform, grantMs, { looks: 0, leftToAPerson: false });
}

export function courseOf(
  draw: Draw,
  platform: Platform,
  grantMs: number,
  told: Pick<Course, 'looks' | 'leftToAPerson'>,
): Course {
  const pulledMs = platform.pulledMs();
  const { restarts, interrupted, interruptedAfterMs, servingRestarted } = platform;
  return {
    seed: draw.seed,
    ...(pulledMs === undefined ? {} : { recoveredMs: pulledMs - grantMs }),
    oracleMs: oracleMs(draw),
    restarts,
    interrupted,
    interruptedAfterMs,
    servingRestarted,
    ...told,
  };
}
