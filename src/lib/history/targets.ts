// The history of a target, by the name that the store gives it.

import type { Target, TargetId } from '../words/target.ts';
import { targetKey } from '../words/target.ts';
import type { Entry } from './entries.ts';
import { foldTarget } from './fold.ts';
import type { Ledger } from './ledger.ts';
import type { TargetHistory } from './state.ts';

/** The store's name for a target's history. */
export function targetIdOf(ports: { hash(text: string): string }, target: Target): TargetId {
  return `t${ports.hash(targetKey(target))}` as TargetId;
}

export async function readTarget(
  ports: { readonly history: Ledger<Entry> },
  targetId: TargetId,
): Promise<TargetHistory> {
  return foldTarget(targetId, await ports.history.read(targetId));
}
