// The guard of a pull that is under way: a restart would end it and begin it anew. And how long such a pull is waited for.

import { rowsOfTarget } from '../diagnosis/text-claims.ts';
import type { RevisionFacts } from '../evidence/app-facts.ts';
import { type Pulling, pullingOf, pullingReplicas } from '../evidence/pulling.ts';
import type { Refusal } from '../history/refusals.ts';
import type { DecisionInput } from './decision-input.ts';
import { refuse } from './guard.ts';

const minute = 60_000;

/**
 * How long one and the same pull is waited for before a person is told. Milliseconds. A large image takes minutes; how long the platform
 * lets a pull hang is not known (docs/unverified.md).
 */
export const longestPullMs = 15 * minute;

/** Refuses while a replica of this revision pulls, or may be pulling. Without a revision, as after a rejected write, nothing pulls. */
export function pullGuard(input: DecisionInput, revision: RevisionFacts | undefined): Refusal | undefined {
  if (revision === undefined) return undefined;
  const sinceMs = pullSinceMs(input, revision.name) ?? input.nowMs;
  if (input.nowMs - sinceMs >= longestPullMs) return refuse('pull-under-way', 'too-long');
  return pullRefusal(pullingOf(input.target, input.evidence, revision.name));
}

/** The refusal of {@link pullGuard} by itself: the last look asks it again right before the change. */
export function pullRefusal(pulling: Pulling): Refusal | undefined {
  switch (pulling) {
    case 'pulls':
      return refuse('pull-under-way', 'pulling');
    case 'unread':
      return refuse('pull-under-way', 'unreadable');
    case 'does-not-pull':
      return undefined;
  }
}

/**
 * Since when the pull that is under way has been seen; `undefined` where none is. The state of the replica says whether it pulls. The log
 * only says when it last began: its rows come a minute late or more, and an environment may keep none.
 */
export function pullSinceMs(
  { target, evidence, remediation, nowMs }: DecisionInput,
  revisionName: string,
): number | undefined {
  const pulling = pullingReplicas(target, evidence, revisionName);
  if (pulling.length === 0) return undefined;
  const names = new Set(pulling.map(({ name }) => name));
  const begun = rowsOfTarget(target, evidence).filter(
    ({ reason, replica }) => reason === 'PullingImage' && names.has(replica),
  );
  return Math.max(
    remediation.pullSeenSinceMs ?? nowMs,
    ...pulling.map(({ createdAtMs }) => createdAtMs),
    ...begun.map(({ atMs }) => atMs),
  );
}

/** When to look again at a pull that is under way: after 20 seconds at first, and every minute if it takes long. */
export function nextPullCheck(sinceMs: number, nowMs: number): number {
  return nowMs + Math.min(Math.max((nowMs - sinceMs) / 3, minute / 3), minute);
}
