// One step under way: the history that it acts on, and the two ways to write to it.

import type { Entry } from '../history/entries.ts';
import { liveOf } from '../history/queries.ts';
import type { Remediation, TargetHistory } from '../history/state.ts';
import { readTarget } from '../history/targets.ts';
import type { Ports } from '../ports/ports.ts';
import { appendTries, Busy, Overtaken } from '../ports/steering.ts';
import type { Config } from '../settings/config.ts';
import type { TargetId } from '../words/target.ts';

/**
 * One step of one target, from its message to the next one. `history` is what this host read last; it is replaced by {@link refresh} and
 * by nothing else, and each record ends with one. So take what you need from `turn.history` after a record, not before it.
 */
export interface Turn {
  readonly ports: Ports;
  readonly config: Config;
  readonly targetId: TargetId;
  readonly history: TargetHistory;
}

/** Throws when the store cannot be reached. */
export async function beginTurn(ports: Ports, config: Config, targetId: TargetId): Promise<Turn> {
  return { ports, config, targetId, history: await readTarget(ports, targetId) };
}

/** Reads the history of the turn again: the one place where it is replaced. */
export async function refresh(turn: Turn): Promise<void> {
  const open: { history: TargetHistory } = turn;
  open.history = await readTarget(turn.ports, turn.targetId);
}

/** The remediation that goes on. Throws {@link Overtaken} when another step closed it. */
export function live(turn: Turn): Remediation {
  const remediation = liveOf(turn.history);
  if (remediation === undefined) throw new Overtaken('The remediation was closed meanwhile.');
  return remediation;
}

/**
 * Appends to the target's history. Use this for what was decided from the history as it was: it throws {@link Overtaken} when another
 * step was first. Signals that join overtake nothing. Throws {@link Busy} when too many others write at once.
 */
export async function record(turn: Turn, entry: Entry): Promise<void> {
  const before = turn.history.staleBelowSeq;
  for (let attempt = 0; attempt < appendTries; attempt += 1) {
    const appended = await appendAndRefresh(turn, entry);
    if (appended === 'appended') return;
    if (turn.history.staleBelowSeq !== before) throw new Overtaken('Another step wrote first.');
  }
  throw new Busy('The history is too busy.');
}

/**
 * Appends to the target's history. Use this for facts that hold even if another step wrote meanwhile: the outcome of a change, an
 * incident that counts us as a member. Throws {@link Busy} when too many others write at once.
 */
export async function recordAnyway(turn: Turn, entry: Entry): Promise<void> {
  for (let attempt = 0; attempt < appendTries; attempt += 1)
    if ((await appendAndRefresh(turn, entry)) === 'appended') return;
  throw new Busy('The history is too busy.');
}

async function appendAndRefresh(turn: Turn, entry: Entry): Promise<'appended' | 'taken'> {
  const appended = await turn.ports.history.append(turn.targetId, turn.history.lastSeq, entry);
  await refresh(turn);
  return appended;
}
