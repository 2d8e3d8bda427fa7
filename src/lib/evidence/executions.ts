// What the executions of a job show of their pull, beyond what a container says of itself: one that cannot pull waits, and nothing fails.

import { valueOf } from '../words/fact.ts';
import type { Target } from '../words/target.ts';
import { kindOf } from '../workloads/workloads.ts';
import type { ContainerFacts, LogRow, ReplicaFacts, RevisionFacts } from './app-facts.ts';
import { activeRevisions, appOf, type Evidence, everyActiveRevision, imageReady, targetReplicas } from './evidence.ts';
import { imageOverdueMs } from './only-begun.ts';

/**
 * Whether an execution of the job lacks its image: it has run for minutes, or it failed and ARM shows that its container never ran, and
 * neither ARM nor the log says that the image was pulled.
 */
export function lacksImage(target: Target, evidence: Evidence): boolean {
  if (!failsByAbsence(target) || !evidence.replicas?.read) return false;
  const replicas = targetReplicas(target, evidence);
  return activeRevisions(target, evidence).some((execution) => {
    const own = replicas.filter(({ revision }) => revision === execution.name);
    if (own.some((replica) => imageReady(replica, target.image)) || wasPulled(target, evidence, execution))
      return false;
    return execution.ended ? failedUnpulled(execution, own) : evidence.atMs - execution.createdAtMs >= imageOverdueMs;
  });
}

/** An execution that ended counts only where ARM says what became of its containers: a crash would look the same otherwise. */
function failedUnpulled({ runningState }: RevisionFacts, own: readonly ReplicaFacts[]): boolean {
  const containers = own.flatMap((replica) => replica.containers);
  return runningState === 'Failed' && containers.length > 0 && containers.every((one) => !one.ready && !isUnseen(one));
}

/** Executions of the job that go on and have not begun to run their containers. */
export function waitingExecutions(target: Target, evidence: Evidence): RevisionFacts[] {
  const replicas = valueOf(evidence.replicas) ?? [];
  return everyActiveRevision(target, evidence).filter(
    ({ name, ended }) =>
      !ended && !replicas.some((replica) => replica.revision === name && imageReady(replica, target.image)),
  );
}

/** True if the executions were read and none of them waits for its image: nothing of the job would pull now. */
export function isBetweenExecutions(target: Target, evidence: Evidence): boolean {
  return evidence.replicas?.read === true && waitingExecutions(target, evidence).length === 0;
}

/** The execution of the job that was started last, whatever became of it; `undefined` where there is none, or none could be read. */
export function newestExecution(evidence: Evidence): RevisionFacts | undefined {
  const executions = valueOf(evidence.revisions) ?? [];
  return executions.toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0];
}

/**
 * Since when the template of a job asks for another image than this one: when it was last written, after its last execution began with this
 * image. `undefined` where it asks for this image, where a later execution shows how the other one fares, and where ARM does not tell. An
 * execution that a person started with a template of its own has an image that no template had: the job was not written since.
 */
export function correctedSince(target: Target, evidence: Evidence): number | undefined {
  const app = appOf(evidence);
  const newest = newestExecution(evidence);
  if (!failsByAbsence(target) || app?.lastWrite === undefined || newest === undefined) return undefined;
  const asksForIt = app.images.includes(target.image) || !newest.images.includes(target.image);
  if (asksForIt || app.provisioningState === 'Failed' || app.lastWrite.atMs < newest.createdAtMs) return undefined;
  return app.lastWrite.atMs;
}

/**
 * The evidence with what the log says of executions whose containers ARM does not show: a row that says that the image was pulled counts
 * then. Where ARM shows a container, a row alone counts for nothing, because rows can be forged.
 */
export function withPulledRows(target: Target, evidence: Evidence): Evidence {
  if (!failsByAbsence(target) || !evidence.replicas?.read) return evidence;
  const pulled = new Set(
    activeRevisions(target, evidence)
      .filter((execution) => !execution.ended && wasPulled(target, evidence, execution))
      .map(({ name }) => name),
  );
  const value = evidence.replicas.value.map((replica) =>
    pulled.has(replica.revision) && replica.containers.every(isUnseen)
      ? { ...replica, containers: replica.containers.map((container) => ({ ...container, ready: true })) }
      : replica,
  );
  return { ...evidence, replicas: { ...evidence.replicas, value } };
}

function failsByAbsence({ appId }: Target): boolean {
  return kindOf(appId).failureShows === 'by-absence';
}

/** ARM does not show what the container does. */
function isUnseen({ state }: ContainerFacts): boolean {
  return state === 'unknown';
}

function wasPulled(target: Target, evidence: Evidence, { name }: RevisionFacts): boolean {
  return (valueOf(evidence.logs) ?? []).some((row) => row.revision === name && saysPulled(row, target.image));
}

/**
 * Whether a row of the system log says that this image was pulled. The second reason is that of older environments. An image that its node had
 * was not pulled.
 */
export function saysPulled(row: LogRow, image: string): boolean {
  return /^(?:PulledImage|ImagePulled)$/.test(row.reason) && names(row.text, image) && !wasPresent(row.text);
}

/** Whether a row says that the node had this image, so that nothing was pulled. Words of the kubelet (`image_manager.go`), of any reason. */
export function saysPresent(row: LogRow, image: string): boolean {
  return wasPresent(row.text) && names(row.text, image);
}

function wasPresent(text: string): boolean {
  return /already present on machine/i.test(text);
}

/** The text has the image, and not only the beginning of a longer tag. */
function names(text: string, image: string): boolean {
  for (let at = text.indexOf(image); at >= 0; at = text.indexOf(image, at + 1))
    if (!/^(?:[\w-]|[.]\w)/.test(text.slice(at + image.length, at + image.length + 2))) return true;
  return false;
}
