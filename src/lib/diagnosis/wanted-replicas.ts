// How many replicas the app wants of what the target is about, and how many of them run its image.

import type { ReplicaFacts, RevisionFacts } from '../evidence/app-facts.ts';
import { activeRevisions, type Evidence, imageReady } from '../evidence/evidence.ts';
import { revisionsToRead, saysImagePull } from '../evidence/serving.ts';
import type { ReplicaCount } from '../history/replica-count.ts';
import { valueOf } from '../words/fact.ts';
import type { Target } from '../words/target.ts';
import { failsOtherwise } from './trouble.ts';

/**
 * Counts the replicas of the target's active revisions; `undefined` where they could not be read. Each revision wants the replicas that Azure
 * shows, and at least as many as its scale rule. One that fails for another stated reason is not counted: its image is there. A revision
 * whose replicas were not read counts as one that is missing if Azure says of the revision that it cannot pull.
 */
export function countReplicas(target: Target, evidence: Evidence): ReplicaCount | undefined {
  const replicas = valueOf(evidence.replicas);
  const read = revisionsToRead(target, evidence);
  if (replicas === undefined || read === undefined) return undefined;
  const counts = activeRevisions(target, evidence).map((revision) =>
    read.includes(revision) ? countOf(target, revision, replicas) : unreadCount(revision),
  );
  return counts.reduce((sum, { ready, wanted }) => ({ ready: sum.ready + ready, wanted: sum.wanted + wanted }), {
    ready: 0,
    wanted: 0,
  });
}

function countOf(target: Target, revision: RevisionFacts, replicas: readonly ReplicaFacts[]): ReplicaCount {
  const own = replicas.filter((replica) => replica.revision === revision.name);
  const ready = own.filter((replica) => imageReady(replica, target.image)).length;
  const otherwise = own.filter(
    (replica) => !imageReady(replica, target.image) && failsOtherwise(replica, target.image),
  ).length;
  // An execution that is over pulls nothing any more.
  if (revision.ended) return { ready, wanted: ready };
  return { ready, wanted: Math.max(own.length, revision.minReplicas ?? 0) - otherwise };
}

function unreadCount({ details }: RevisionFacts): ReplicaCount {
  return { ready: 0, wanted: saysImagePull(details) ? 1 : 0 };
}
