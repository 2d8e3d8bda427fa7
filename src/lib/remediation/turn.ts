// One step under way: the history that it acts on, and the two ways to write to it.

import type { Entry } from '../history/entries.ts';
import { liveOf } from '../history/queries.ts';
import type { Remediation, TargetHistory } from '../history/state.ts';
import { readTarget } from '../history/targets.ts';
import type { Histories, Ports } from '../ports/ports.ts';
import { appendTries, Busy, Overtaken } from '../ports/steering.ts';
import type { Config } from '../settings/config.ts';
import type { TargetId } from '../words/target.ts';

/**
 * One step of one target, from its message to the next one. `history` is what this host read last; it is replaced by {@link refresh} and
 * by nothing else, and each record ends with one. So take what you need from `turn.history` after a record, not before it.
 */
export interface Turn extends Writing {
  readonly ports: Ports;
  readonly config: Config;
}

/** The history of a target that entries are appended to. `history` is what this host read last; each append reads it again. */
export interface Writing {
  readonly ports: Histories;
  readonly targetId: TargetId;
  readonly history: TargetHistory;
}

/** Throws when the store cannot be reached. */
export async function beginTurn(ports: Ports, config: Config, targetId: TargetId): Promise<Turn> {
  return { ports, config, targetId, history: await readTarget(ports, targetId) };
}

/** Reads the history again: the one place where that of a turn is replaced. */
export async function refresh(writing: Writing): Promise<void> {
  const open: { history: TargetHistory } = writing;
  open.history = await readTarget(writing.ports, writing.targetId);
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
  const appended = await appendUnless(turn, entry, (now) => now.staleBelowSeq !== before);
  if (appended === 'unwanted') throw new Overtaken('Another step wrote first.');
}

/**
 * Appends to the target's history. Use this for facts that hold even if another step wrote meanwhile: the outcome of a change, an
 * incident that counts us as a member. Throws {@link Busy} when too many others write at once.
 */
export async function recordAnyway(writing: Writing, entry: Entry): Promise<void> {
  await appendUnless(writing, entry, () => false);
}

/**
 * Appends to the target's history. Where another writer was first, the history is read again, and the entry is not appended if
 * `isUnwanted` says so of what it holds now. Throws {@link Busy} when too many others write at once.
 */
export async function appendUnless(
  writing: Writing,
  entry: Entry,
  isUnwanted: (now: TargetHistory) => boolean,
): Promise<'appended' | 'unwanted'> {
  for (let attempt = 0; attempt < appendTries; attempt += 1) {
    const appended = await writing.ports.history.append(writing.targetId, writing.history.lastSeq, entry);
    await refresh(writing);
    if (appended === 'appended') return 'appended';
    if (isUnwanted(writing.history)) return 'unwanted';
  }
  throw new Busy('The history is too busy.');
}
