// The history of a target, by the name that the store gives it.

import type { Target, TargetId } from '../words/target.ts';
import { parseRemediationId, targetKey } from '../words/target.ts';
import type { Entry } from './entries.ts';
import { foldTarget } from './fold.ts';
import type { HistoryTrouble, Ledger } from './ledger.ts';
import { UnreadableHistory } from './ledger.ts';
import type { Remediation, TargetHistory } from './state.ts';

/** The store's name for a target's history. */
export function targetIdOf(ports: { hash(text: string): string }, target: Target): TargetId {
  return `t${ports.hash(targetKey(target))}` as TargetId;
}

/** Throws {@link UnreadableHistory} when this one history cannot be read, and any other error when the store does not answer. */
export async function readTarget(ports: Reading, targetId: TargetId): Promise<TargetHistory> {
  const entries = await ports.history.read(targetId);
  return understood(() => foldTarget(targetId, entries));
}

interface Reading {
  readonly history: Ledger<Entry>;
}

/** A remediation, and the history of its target. */
export interface FoundRemediation {
  readonly history: TargetHistory;
  readonly remediation: Remediation;
}

/** The remediation of this id; `undefined` where there is none, or the text is no such id. Throws as {@link readTarget} does. */
export async function readRemediation(ports: Reading, id: string): Promise<FoundRemediation | undefined> {
  const parsed = parseRemediationId(id);
  if (parsed === undefined) return undefined;
  const history = await readTarget(ports, parsed.target);
  const remediation = history.remediations[parsed.ordinal - 1];
  return remediation === undefined ? undefined : { history, remediation };
}

/** For readers of several histories: one that cannot be read is an answer and stops no other. Throws when the store does not answer. */
export async function tryReadTarget(ports: Reading, targetId: TargetId): Promise<TargetRead> {
  try {
    return { read: true, history: await readTarget(ports, targetId) };
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    return { read: false, why: error.why };
  }
}

export type TargetRead =
  | { readonly read: true; readonly history: TargetHistory }
  | { readonly read: false; readonly why: HistoryTrouble };

/** Works on entries that the store has vouched for. A newer version may have written contents that nothing here can work with. */
export function understood<T>(work: () => T): T {
  try {
    return work();
  } catch {
    throw new UnreadableHistory('not-understood', 'An entry of the history is not understood.');
  }
}
