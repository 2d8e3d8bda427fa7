// What stands in the way of a whole system: it refuses our key, it asked us to wait, or it wants nothing from us any more. It holds up no
// other system.

import type { SystemStanding } from '../incidents/outbox.ts';
import type { Failure } from '../incidents/system.ts';
import type { Clock, EventLog, Outbox } from '../ports/ports.ts';

/** A system that refuses our key is tried again this often, once for everything that waits for it. Milliseconds. */
export const keyRetryMs = 30 * 60_000;
/** The shortest and the longest pause that a system can ask for, and the one where it does not say how long. Milliseconds. */
const shortestPauseMs = 1000;
const longestPauseMs = 3_600_000;
const usualPauseMs = 60_000;
/** When to look again at a standing that cannot be read. Milliseconds. */
const unreadableMs = 30 * 60_000;

/**
 * Until when the system may not be asked; `undefined` if it may be asked now. While its standing cannot be read it is not asked: it may have
 * refused our key, or want nothing more.
 */
export async function heldUp(ports: Clock & Outbox & EventLog, system: string): Promise<number | 'off' | undefined> {
  const stored = await ports.outbox.standing(system);
  if (stored === undefined) return undefined;
  const nowMs = ports.now();
  if (stored === 'unreadable') {
    ports.log('system-standing-unreadable', { system });
    return nowMs + unreadableMs;
  }
  const { value, version } = stored;
  if (value.offSinceMs !== undefined) return 'off';
  if (value.pausedUntilMs !== undefined && value.pausedUntilMs > nowMs) return value.pausedUntilMs;
  if (value.refused === undefined) return undefined;
  if (value.refused.nextTryAtMs > nowMs) return value.refused.nextTryAtMs;
  // Who writes the next time first has this try.
  const next = { ...value, refused: { ...value.refused, nextTryAtMs: nowMs + keyRetryMs } };
  return (await ports.outbox.writeStanding(next, version)) === 'written' ? undefined : nowMs + keyRetryMs;
}

/** Notes what a failed call says about the whole system. Returns until when the system is not asked; `undefined` if that says nothing of it. */
export async function holdUp(
  ports: Clock & Outbox & EventLog,
  system: string,
  failure: Failure,
): Promise<number | undefined> {
  const stored = await ports.outbox.standing(system);
  // What a newer version wrote is not written over: the row of the incident waits by itself.
  if (stored === 'unreadable') return undefined;
  const next = standingAfter(stored?.value ?? { system }, failure, ports.now());
  if (next === undefined) return undefined;
  // Another host writes the same or learns it with its next call.
  await ports.outbox.writeStanding(next, stored?.version);
  if (failure.why !== 'throttled') ports.log('system-stopped', { system, why: failure.why, detail: failure.detail });
  return failure.why === 'throttled' ? next.pausedUntilMs : next.refused?.nextTryAtMs;
}

function standingAfter(before: SystemStanding, failure: Failure, nowMs: number): SystemStanding | undefined {
  switch (failure.why) {
    case 'key-refused': {
      const sinceMs = before.refused?.sinceMs ?? nowMs;
      return { ...before, refused: { sinceMs, nextTryAtMs: nowMs + keyRetryMs, detail: failure.detail } };
    }
    case 'throttled': {
      const waitMs = Math.min(Math.max(failure.waitMs ?? usualPauseMs, shortestPauseMs), longestPauseMs);
      return { ...before, pausedUntilMs: Math.max(before.pausedUntilMs ?? 0, nowMs + waitMs) };
    }
    case 'switched-off':
      return { ...before, offSinceMs: before.offSinceMs ?? nowMs };
    case 'message-refused':
    case 'no-answer':
    case 'gone':
      return undefined;
  }
}

/** The system takes our calls: nothing stands in its way any more, except a pause that is not over. */
export async function noteTaken(ports: Clock & Outbox, system: string): Promise<void> {
  const stored = await ports.outbox.standing(system);
  if (stored === undefined || stored === 'unreadable') return;
  const { refused, offSinceMs, ...kept } = stored.value;
  if (refused !== undefined || offSinceMs !== undefined) await ports.outbox.writeStanding(kept, stored.version);
}
