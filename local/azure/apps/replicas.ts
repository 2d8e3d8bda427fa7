// Replicas: they pull and start their containers, wait longer after each failure, and crash.
import type { App, Container, Replica, Revision } from '../model/apps.ts';
import { chance } from '../model/ids.ts';
import { note, type Sim } from '../model/sim.ts';
import { runToItsEnd } from './executions.ts';
import { pullTakesMs, sayDuration, sizeOf } from './pull-duration.ts';
import { type PullFailure, pullOutcome } from './pulls.ts';
import { writeRow } from './system-log.ts';

/** Gaps between tries of one replica: captured up to 160 s, then the usual cap of Kubernetes. */
const backoffMs = [10_000, 20_000, 40_000, 80_000, 160_000, 300_000];

/** How soon a pull that the registry refuses fails. Milliseconds. */
const failsAfterMs = 1000;

/** A new replica is scheduled on a node and pulls: the policy of the platform is always to pull. Where there is no room, a row says so. */
export function startReplica(sim: Sim, app: App, revision: Revision): void {
  if (app.notScheduled !== undefined) {
    revision.notScheduled += 1;
    note(sim, `${revision.name}: a replica is wanted, and none is made`);
    return writeRow(sim, app, { revision: revision.name, ...app.notScheduled });
  }
  const suffix = chance(`${sim.seed}|${revision.name}|${sim.scheduler.now()}|${revision.replicas.length}`)
    .toString(36)
    .slice(2, 7);
  const replica: Replica = {
    // Replicas of an execution are called like it, with one more part (recorded).
    name: app.job === undefined ? `${revision.name}-7d9c6b5f4-${suffix}` : `${revision.name}-${suffix}`,
    createdMs: sim.scheduler.now(),
    attempts: 0,
    ready: false,
    state: 'Waiting',
    details: '',
    removed: false,
  };
  revision.replicas.push(replica);
  revision.everyReplica.push(replica);
  writeRow(sim, app, {
    revision: revision.name,
    replica: replica.name,
    reason: 'AssigningReplica',
    type: 'Normal',
    text: `Replica '${replica.name}' has been scheduled to run on a node.`,
  });
  later(sim, 1000, replica, () => tryPull(sim, app, revision, replica));
}

/** Replaces every replica: a restart forces a fresh pull and begins a new back-off. It ends a pull that is under way. */
export function restart(sim: Sim, app: App, revision: Revision): void {
  const count = Math.max(revision.replicas.length, 1);
  removeReplicas(sim, revision, 0);
  for (let index = 0; index < count; index += 1) startReplica(sim, app, revision);
}

/** There is room again: the replicas that are wanted are made. */
export function makeRoom(sim: Sim, app: App): void {
  delete app.notScheduled;
  for (const revision of app.revisions.filter((one) => one.active)) {
    const wanted = revision.notScheduled;
    revision.notScheduled = 0;
    for (let count = 0; count < wanted; count += 1) startReplica(sim, app, revision);
  }
}

/** Takes away the newest replicas of a revision until `left` of them are left. */
export function removeReplicas(sim: Sim, revision: Revision, left: number): void {
  for (const replica of revision.replicas.slice(left)) {
    replica.removed = true;
    replica.removedMs = sim.scheduler.now();
  }
  revision.replicas = revision.replicas.slice(0, left);
}

/** Sets how many replicas the active revision has. */
export function scale(sim: Sim, app: App, replicas: number): void {
  const revision = app.revisions.findLast((one) => one.active);
  if (revision === undefined) return;
  removeReplicas(sim, revision, replicas);
  while (revision.replicas.length < replicas) startReplica(sim, app, revision);
}

/** The platform tries again before the back-off is over, for every replica that waits. */
export function pullNow(sim: Sim, app: App): void {
  for (const revision of app.revisions.filter((one) => one.active))
    for (const replica of revision.replicas.filter((one) => !one.ready && one.pullingSinceMs === undefined))
      tryPull(sim, app, revision, replica);
}

/** From now on the containers exit soon after they start; those that run exit now. */
export function beginCrashing(sim: Sim, app: App, text: string): void {
  app.crashText = text;
  for (const revision of app.revisions.filter((one) => one.active)) {
    for (const replica of revision.replicas) {
      if (!replica.ready) continue;
      replica.attempts = 1;
      crash(sim, app, revision, replica, text);
    }
  }
}

function tryPull(sim: Sim, app: App, revision: Revision, replica: Replica): void {
  replica.attempts += 1;
  replica.state = 'Waiting';
  replica.details = 'Container is waiting with reason: PullingImage on legion.';
  for (const { image } of revision.containers) {
    writeRow(sim, app, {
      revision: revision.name,
      replica: replica.name,
      reason: 'PullingImage',
      type: 'Normal',
      text: `Pulling image '${image}'`,
    });
  }
  // The registry says at the beginning of a pull who may pull what: a role that takes effect later does not help this pull.
  const failed = failedPulls(sim, app, revision);
  replica.failing = new Set(failed.map(({ container }) => container.name));
  tellOfInits(sim, app, revision, replica, failed);
  if (failed.length === 0) return pull(sim, app, revision, replica);
  return later(sim, failsAfterMs, replica, () => {
    const silent = failed.map((one) => onPullFailed(sim, app, revision, replica, one));
    waitAndRetry(sim, app, revision, replica, silent.includes(true) ? 'PullingImage' : 'ImagePullBackOff');
  });
}

/** Where only containers fail that come after them, the init containers have pulled and run: the rows of their pulls are written once. */
function tellOfInits(sim: Sim, app: App, revision: Revision, replica: Replica, failed: readonly FailedPull[]): void {
  if (replica.initsRan === true || failed.length === 0 || failed.some(({ container }) => container.init)) return;
  const inits = revision.containers.filter(({ init }) => init);
  for (const { image } of inits) {
    const text = `Successfully pulled image "${image}" in ${sayDuration(failsAfterMs)}. Image size: ${sizeOf(sim, image)} bytes.`;
    const where = { revision: revision.name, replica: replica.name };
    writeRow(sim, app, { ...where, reason: 'PulledImage', type: 'Normal', text });
  }
  replica.initsRan = true;
}

/** Pulls all images of a replica at once; the replica starts when the largest is there. */
function pull(sim: Sim, app: App, revision: Revision, replica: Replica): void {
  replica.pullingSinceMs = sim.scheduler.now();
  for (const { image } of revision.containers) {
    const takesMs = pullTakesMs(sim, image);
    later(sim, takesMs, replica, () =>
      writeRow(sim, app, {
        revision: revision.name,
        replica: replica.name,
        reason: 'PulledImage',
        type: 'Normal',
        text: `Successfully pulled image "${image}" in ${sayDuration(takesMs)}. Image size: ${sizeOf(sim, image)} bytes.`,
      }),
    );
  }
  const takesMs = Math.max(...revision.containers.map(({ image }) => pullTakesMs(sim, image)));
  later(sim, takesMs, replica, () => onPulled(sim, app, revision, replica));
}

interface FailedPull {
  readonly container: Container;
  readonly failure: PullFailure;
}

/**
 * The containers of a replica that cannot pull now. Kubernetes starts each container of a pod by itself, so each fails on its own; but
 * none of them before the init containers have run, one after the other (`SyncPod` in kubernetes/pkg/kubelet/kuberuntime).
 */
function failedPulls(sim: Sim, app: App, { containers }: Revision): FailedPull[] {
  const failed = containers.flatMap((container): FailedPull[] => {
    const outcome = pullOutcome(sim, app, container);
    return outcome.ok ? [] : [{ container, failure: outcome }];
  });
  const init = failed.find(({ container }) => container.init);
  return init === undefined ? failed : [init];
}

/** What a container says that has its image and does not run yet. */
const startsItsContainers = 'Container is waiting with reason: ContainerCreating on legion.';

function onPulled(sim: Sim, app: App, revision: Revision, replica: Replica): void {
  replica.pulledMs = sim.scheduler.now();
  replica.details = startsItsContainers;
  const where = { revision: revision.name, replica: replica.name, type: 'Normal' };
  for (const { name } of revision.containers) {
    writeRow(sim, app, { ...where, reason: 'ContainerCreated', text: `Created container '${name}'` });
    writeRow(sim, app, { ...where, reason: 'ContainerStarted', text: `Started container '${name}'` });
  }
  later(sim, 3000, replica, () => {
    replica.pullingSinceMs = undefined;
    if (app.crashText !== undefined) return crash(sim, app, revision, replica, app.crashText);
    replica.ready = true;
    replica.readySinceMs = sim.scheduler.now();
    replica.state = 'Running';
    replica.details = '';
    replica.attempts = 0;
    revision.wasReady = true;
    note(sim, `${revision.name}: ${replica.name} is ready`);
    runToItsEnd(sim, app, revision, replica, () => startReplica(sim, app, revision));
    return retireOthers(sim, app, revision);
  });
}

/** Writes the rows of one container that could not pull. True where the platform writes none: the replica seems to go on pulling. */
function onPullFailed(
  sim: Sim,
  app: App,
  revision: Revision,
  replica: Replica,
  { container, failure }: FailedPull,
): boolean {
  note(sim, `${revision.name}: pull of ${container.image} failed (${failure.reason})`);
  if (app.writesNoFailureRows || failure.writesNoFailureRows === true) return true;
  const where = { revision: revision.name, replica: replica.name };
  writeRow(sim, app, { ...where, reason: failure.reason, type: failure.type, text: failure.text });
  if (!failure.companion)
    writeRow(sim, app, {
      ...where,
      reason: 'ContainerTerminated',
      type: 'Warning',
      text: `Container '${container.name}' was terminated with exit code '' and reason 'ImagePullFailure'`,
    });
  return false;
}

function crash(sim: Sim, app: App, revision: Revision, replica: Replica, text: string): void {
  replica.ready = false;
  writeRow(sim, app, {
    revision: revision.name,
    replica: replica.name,
    reason: 'ContainerTerminated',
    type: 'Warning',
    text: `Container 'app' was terminated with exit code '1' and reason 'ProcessExited'. ${text}`,
  });
  note(sim, `${revision.name}: the container exited`);
  waitAndRetry(sim, app, revision, replica, 'CrashLoopBackOff');
}

function waitAndRetry(sim: Sim, app: App, revision: Revision, replica: Replica, why: string): void {
  replica.state = 'Waiting';
  replica.details = `Container is waiting with reason: ${why} on legion.`;
  const gap = backoffMs[Math.min(replica.attempts - 1, backoffMs.length - 1)] ?? 300_000;
  const tried = replica.attempts;
  later(sim, gap, replica, () => {
    // It may have been tried before its time.
    if (replica.attempts === tried) tryPull(sim, app, revision, replica);
  });
}

function later(sim: Sim, delayMs: number, replica: Replica, task: () => void): void {
  sim.scheduler.at(sim.scheduler.now() + delayMs, () => {
    if (!replica.removed) task();
  });
}

/** In single mode the old revision serves until the new one is ready. */
function retireOthers(sim: Sim, app: App, revision: Revision): void {
  if (app.revisionMode !== 'Single') return;
  for (const other of app.revisions) {
    if (other === revision || other.createdMs > revision.createdMs) continue;
    other.active = false;
    removeReplicas(sim, other, 0);
  }
}
