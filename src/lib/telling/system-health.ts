// Whether each incident system can be told, for health.

import type { OutboxRow, SystemStanding } from '../incidents/outbox.ts';
import type { Clock, Outbox } from '../ports/ports.ts';

export interface SystemHealth {
  readonly system: string;
  /**
   * `late`: something waits for longer than the system may be silent. `off`: it wants nothing from us any more. `unreadable`: whether it may
   * be asked cannot be read, so it is told nothing.
   */
  readonly state: 'well' | 'paused' | 'late' | 'key-refused' | 'off' | 'unreadable';
  /** Since when, where it is not well. */
  readonly sinceMs?: number;
  /** Incidents that it is to be told of. */
  readonly waiting: number;
  /** Incidents whose message it refused for good. */
  readonly dead: number;
  /** Incidents of which it is told nothing, because their row in the outbox cannot be read. */
  readonly unreadable: number;
  /** The status or the code of the last failure; never a text of the system. */
  readonly detail?: string;
}

/** How long a system may leave us without an answer before health says so. Milliseconds. */
const lateMs = 30 * 60_000;

/** The state of these systems. Throws when the store cannot be reached. */
export async function systemHealth(ports: Clock & Outbox, systems: readonly string[]): Promise<SystemHealth[]> {
  if (systems.length === 0) return [];
  const [rows, unreadable] = await Promise.all([ports.outbox.unfinished(), ports.outbox.unreadable()]);
  return Promise.all(
    systems.map(async (system) => {
      const standing = await ports.outbox.standing(system);
      return healthOf(
        standing === 'unreadable' ? standing : (standing?.value ?? { system }),
        system,
        rows.filter((row) => row.system === system),
        unreadable.filter((name) => name === system).length,
        ports.now(),
      );
    }),
  );
}

/** True if people hear of every incident through this system, or soon will. */
export function isWell({ state, dead, unreadable }: SystemHealth): boolean {
  return (state === 'well' || state === 'paused') && dead === 0 && unreadable === 0;
}

function healthOf(
  standing: SystemStanding | 'unreadable',
  system: string,
  rows: readonly OutboxRow[],
  unreadable: number,
  nowMs: number,
): SystemHealth {
  const dead = rows.filter((row) => row.dead === true).length;
  const detail = rows.find((row) => row.failure !== undefined)?.failure?.detail;
  const about = { system, waiting: rows.length - dead, dead, unreadable, ...(detail === undefined ? {} : { detail }) };
  if (standing === 'unreadable') return { ...about, state: 'unreadable' };
  if (standing.offSinceMs !== undefined) return { ...about, state: 'off', sinceMs: standing.offSinceMs };
  if (standing.refused !== undefined) {
    const { sinceMs, detail: why } = standing.refused;
    return { ...about, state: 'key-refused', sinceMs, detail: why };
  }
  const begunMs = rows.flatMap(({ begun }) => (begun === undefined ? [] : [begun.atMs]));
  const sinceMs = Math.min(...begunMs);
  if (nowMs - sinceMs > lateMs) return { ...about, state: 'late', sinceMs };
  return { ...about, state: (standing.pausedUntilMs ?? 0) > nowMs ? 'paused' : 'well' };
}
