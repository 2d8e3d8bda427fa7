// Messages that did not arrive: those of our own queues, and those to incident systems.

import { aboutOf, namesOf, type OutboxRow } from '../incidents/outbox.ts';

import type { Clock, Outbox } from '../ports/ports.ts';
import type { DeadLetter, Upkeep } from '../ports/upkeep.ts';
import { type SystemHealth, systemHealth } from '../telling/system-health.ts';

export interface Messages {
  /** Messages of the queues that wait for a person, the latest first. */
  readonly dead: readonly DeadLetter[];
  /** How many are on their way once more. */
  readonly retrying: number;
  /** About how many lie in the poison queues, before pullmedic has handled them. */
  readonly poison: number | 'unreadable';
  readonly systems: readonly SystemHealth[];
  /** What systems could not be told at the last try, those that were refused for good first. A page shows only the first of them. */
  readonly untold: readonly Untold[];
  /** How many they are. */
  readonly untoldInAll: number;
}

/** A message to an incident system that could not be sent. */
export interface Untold {
  /** What it is about: an incident, or a remediation in a system that hears of remediations. */
  readonly incident?: string;
  readonly remediation?: string;
  readonly system: string;
  /** `refused`: it waits for a person, or for the next change of the incident. `trying`: it is tried again by itself. */
  readonly state: 'refused' | 'trying';
  readonly tries: number;
  /** A code; never a text of the system. */
  readonly why: string;
  readonly detail: string;
  readonly failedAtMs: number;
  readonly nextAtMs?: number;
}

/** `systems` are the names of the incident systems. Throws when the store cannot be reached. */
export async function readMessages(
  ports: Clock & Outbox,
  upkeep: Upkeep,
  systems: readonly string[],
): Promise<Messages> {
  const [letters, poison, health, rows] = await Promise.all([
    upkeep.letters.all(),
    upkeep.poison.waiting(),
    systemHealth(ports, systems),
    systems.length === 0 ? [] : ports.outbox.unfinished(),
  ]);
  const untold = rows.flatMap(untoldIn).sort(refusedFirst);
  return {
    dead: letters.filter(({ state }) => state === 'dead').sort((a, b) => b.lastAtMs - a.lastAtMs),
    retrying: letters.filter(({ state }) => state === 'retrying').length,
    poison: poison.read ? poison.value : 'unreadable',
    systems: health,
    untold,
    untoldInAll: untold.length,
  };
}

/** A row without a failure only waits for its turn. */
function untoldIn(row: OutboxRow): Untold[] {
  const { system, dead, tries, failure, dueAtMs } = row;
  if (failure === undefined) return [];
  const { why, detail, atMs: failedAtMs } = failure;
  const state = dead === true ? 'refused' : 'trying';
  const next = state === 'refused' || dueAtMs === undefined ? {} : { nextAtMs: dueAtMs };
  return [{ ...namesOf(aboutOf(row)), system, state, tries, why, detail, failedAtMs, ...next }];
}

function refusedFirst(a: Untold, b: Untold): number {
  if (a.state !== b.state) return a.state === 'refused' ? -1 : 1;
  return b.failedAtMs - a.failedAtMs;
}
