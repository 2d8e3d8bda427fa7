// Whether a revision pulls an image at the moment of a read: a restart would end that pull and begin it anew.

import type { Target } from '../words/target.ts';
import type { ContainerFacts, ReplicaFacts } from './app-facts.ts';
import type { Evidence } from './evidence.ts';
import { readReplicasOf } from './serving.ts';

/** `unread`: no replica was read, or one of them does not say what it waits for, so it may be pulling. */
export type Pulling = 'pulls' | 'does-not-pull' | 'unread';

/** Whether at least one replica of this very revision pulls an image. What the replicas of other revisions do does not count. */
export function pullingOf(target: Target, evidence: Evidence, revisionName: string): Pulling {
  const said = readReplicasOf(target, evidence, revisionName)?.map(pullingOfReplica) ?? ['unread'];
  if (said.includes('pulls')) return 'pulls';
  return said.includes('unread') ? 'unread' : 'does-not-pull';
}

/** The replicas of a revision that pull an image. */
export function pullingReplicas(target: Target, evidence: Evidence, revisionName: string): readonly ReplicaFacts[] {
  const replicas = readReplicasOf(target, evidence, revisionName) ?? [];
  return replicas.filter((replica) => pullingOfReplica(replica) === 'pulls');
}

/**
 * A container that waits for another one of its replica states no reason of its own, so one waiting container that states why it does not
 * pull is enough for the replica. A replica without containers states nothing.
 */
function pullingOfReplica({ containers }: ReplicaFacts): Pulling {
  if (containers.some(saysItPulls)) return 'pulls';
  const waiting = containers.filter((container) => !hasItsImage(container));
  if (waiting.length === 0) return containers.length === 0 ? 'unread' : 'does-not-pull';
  return waiting.some(saysWhatFailed) ? 'does-not-pull' : 'unread';
}

/**
 * `runningState` is `Waiting` and `runningStateDetails` is `Container is waiting with reason: PullingImage on legion.` while a container
 * pulls: recorded by the tests `test_containerapp_replica_commands` of Azure/azure-cli-extensions (May 2025) and
 * `test_containerapp_scale_revision_copy` of Azure/azure-cli (October 2023).
 */
function saysItPulls({ ready, state, details = '' }: ContainerFacts): boolean {
  return !ready && /PullingImage/i.test(`${state} ${details}`);
}

function hasItsImage({ ready, state }: ContainerFacts): boolean {
  return ready || /^(?:Running|Terminated)$/i.test(state);
}

/** It failed, and the platform tries again later: `ImagePullBackOff`, `ErrImagePull`, `CrashLoopBackOff` and the like. */
function saysWhatFailed({ details = '' }: ContainerFacts): boolean {
  return /ImagePull|ErrImage|BackOff|Error|InvalidImage/i.test(details);
}
