// Says whether the app serves, and whether the facts show trouble with the pull at all.

import type { Suspicion } from '../classify/classify.ts';
import { saysPullFailed } from '../classify/classify.ts';
import type { ContainerFacts, ReplicaFacts, RevisionFacts } from '../evidence/app-facts.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { activeRevisions, appOf, imageReady, isWriteRejected, targetReplicas } from '../evidence/evidence.ts';
import { lacksImage } from '../evidence/executions.ts';
import { saysImagePull } from '../evidence/serving.ts';
import { writeErrors } from '../evidence/write-errors.ts';
import type { Target } from '../words/target.ts';
import { policyRefusal } from './policy-refusal.ts';
import { hasBrokenEntry } from './record-fault.ts';
import { vaultSays } from './vault-reference.ts';
import { waitsForAnother } from './whose-pull.ts';

/** True if the target has replicas and each of them has its image and is ready. */
export function isServing(target: Target, evidence: Evidence): boolean {
  const replicas = targetReplicas(target, evidence);
  return (
    appOf(evidence) !== undefined &&
    replicas.length > 0 &&
    replicas.every((replica) => imageReady(replica, target.image))
  );
}

/**
 * Whether nothing is failing: the app serves, and no revision with the image has trouble with the pull. A revision whose replicas are
 * ready may still carry the words of the failure; one without a replica that carries them fails.
 */
export function servesWithoutTrouble(target: Target, evidence: Evidence): boolean {
  const withReplicas = new Set(targetReplicas(target, evidence).map(({ revision }) => revision));
  return (
    isServing(target, evidence) &&
    activeRevisions(target, evidence).every(({ name, details }) => withReplicas.has(name) || !saysImagePull(details))
  );
}

/** Whether ARM shows a container of the target stuck in pulling its image. */
export function showsPullTrouble(target: Target, evidence: Evidence): boolean {
  if (isWriteRejected(target, evidence)) return true;
  if (lacksImage(target, evidence) && !waitsForAnother(target, evidence)) return true;
  const containers = targetReplicas(target, evidence).flatMap((replica) => replica.containers);
  const waiting = containers.filter(({ ready, image }) => !ready && (image === undefined || image === target.image));
  if (waiting.some((container) => /ImagePull|ErrImagePull|PullingImage/i.test(container.details ?? ''))) return true;
  return activeRevisions(target, evidence).some((revision) => speaksOf(revision, evidence));
}

/** A revision does not say which of its images it means. */
function speaksOf(revision: RevisionFacts, evidence: Evidence): boolean {
  const alone = new Set(revision.images).size === 1 || !evidence.replicas?.read;
  return alone && saysImagePull(revision.details);
}

/**
 * Whether the logs give a reason to stand down: text was read, none of it speaks of a pull, and every replica is either ready or
 * failing for another stated reason.
 */
export function isSomethingElse(target: Target, evidence: Evidence, suspicions: readonly Suspicion[]): boolean {
  if (!evidence.logs?.read || !evidence.replicas?.read || suspicions.length === 0) return false;
  if (suspicions.some((suspicion) => saysPullFailed(suspicion))) return false;
  // A write that was rejected has no replicas: its own error has to be read, and to be about something else.
  if (policyRefusal(target, evidence) !== undefined) return true;
  // An entry that cannot work makes Azure reject the write in many words, and most of them name no pull.
  if (isWriteRejected(target, evidence))
    return (
      writeErrors(evidence).length > 0 && !hasBrokenEntry(target, evidence) && vaultSays(target, evidence) === undefined
    );
  const replicas = targetReplicas(target, evidence);
  return (
    replicas.length > 0 && replicas.every((replica) => imageReady(replica, target.image) || failsOtherwise(replica))
  );
}

/**
 * Whether each container of the replica that is not ready states another reason than a pull; with an image, whether each container with that
 * image does. A replica that lists no such container states nothing.
 */
export function failsOtherwise({ containers }: ReplicaFacts, image?: string): boolean {
  const waiting = containers.filter((one) => !one.ready && (image === undefined || one.image === image));
  return waiting.length > 0 && waiting.every(statesAnotherReason);
}

function statesAnotherReason({ state, details }: ContainerFacts): boolean {
  const said = [state, details].join(' ');
  return !saysImagePull(said) && /CrashLoopBackOff|Terminated|Error|Completed|ProcessExited/i.test(said);
}
