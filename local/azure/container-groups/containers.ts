// The containers of a group: each pulls and starts by itself, waits longer after each failure, and keeps a list of its events.
import { pullTakesMs } from '../apps/pull-duration.ts';
import type { App, Container, Replica, Revision } from '../model/apps.ts';
import type { ContainerEvent, GroupSettings } from '../model/group-settings.ts';
import { note, type Sim } from '../model/sim.ts';
import { addEvent, backOffMessage, failedMessage, heldOf, settingsOf } from './events.ts';
import { type GroupPull, groupPull } from './pulls.ts';

/** How long the service waits for the containers of a group (`provisioningTimeoutInSeconds` of recorded groups). Milliseconds. */
export const provisioningTimeoutMs = 1_800_000;

/** Gaps between the tries of one container: those of Kubernetes, whose events these are. Milliseconds. */
const backoffMs = [10_000, 20_000, 40_000, 80_000, 160_000, 300_000];

/** How soon a pull that the registry refuses fails. Milliseconds. */
const failsAfterMs = 1000;

/** Starts every container of the group: init containers one after the other, then the others at once. The time to provision begins. */
export function startContainers(sim: Sim, app: App): void {
  const group = settingsOf(app);
  delete group.stopped;
  enter(sim, group, 'Pending');
  const beganMs = group.stageSinceMs;
  startInOrder(
    sim,
    app,
    settingsOf(app).made.filter(({ init }) => init),
  );
  sim.scheduler.at(beganMs + provisioningTimeoutMs, () => {
    // Another start of the group has a time of its own.
    if (group.startedMs === beganMs && (group.stage === 'Pending' || group.stage === 'Creating')) giveUp(sim, app);
  });
  group.startedMs = beganMs;
}

/** Stops what runs of the group, and starts all of it again: every image is pulled anew. The events of before stay in the list. */
export function restartContainers(sim: Sim, app: App): void {
  for (const container of settingsOf(app).made) {
    const held = heldOf(app, container);
    const { current } = held;
    if (current?.state === 'Running') addEvent(sim, app, container, 'Killing', 'Killing container');
    if (current !== undefined && current.state !== 'Waiting')
      held.previous = {
        exitCode: 0,
        ...current,
        state: 'Terminated',
        finishMs: sim.scheduler.now(),
        detailStatus: 'Completed',
      };
    held.restarts += 1;
    held.current = { state: 'Waiting', detailStatus: '' };
  }
  stopContainers(sim, app);
  startContainers(sim, app);
}

/** Stops every container of the group, for good: nothing is tried again until it is started. What ended before keeps how it ended. */
export function haltContainers(sim: Sim, app: App): void {
  const group = settingsOf(app);
  for (const container of group.made) {
    const held = heldOf(app, container);
    const { current } = held;
    if (current?.state === 'Terminated') continue;
    if (current?.state === 'Running') addEvent(sim, app, container, 'Killing', 'Killing container');
    const ran = current?.state === 'Running' ? { ...current, exitCode: 0 } : {};
    held.current = { ...ran, state: 'Terminated', finishMs: sim.scheduler.now(), detailStatus: '' };
  }
  stopContainers(sim, app);
  // The time to provision does not go on.
  delete group.startedMs;
  group.stopped = true;
}

/** Takes away everything that runs of the group. */
export function stopContainers(sim: Sim, app: App): void {
  for (const replica of app.revisions.flatMap(({ replicas }) => replicas)) {
    replica.removed = true;
    replica.removedMs = sim.scheduler.now();
  }
  for (const revision of app.revisions) revision.replicas = [];
}

/** Makes a group that was deployed 30 days ago and serves. `failed` is a failure that stayed in the list of events. */
export function runsLongAgo(
  sim: Sim,
  app: App,
  failed: { readonly ago: number; readonly text: string } | undefined,
): void {
  const nowMs = sim.scheduler.now();
  const startMs = nowMs - 30 * 86_400_000;
  const pulledMs = failed === undefined ? startMs : nowMs - failed.ago + 60_000;
  for (const container of settingsOf(app).made) {
    const { revision, replica } = runOf(app, container, startMs);
    const held = heldOf(app, container);
    const add = (name: ContainerEvent['name'], atMs: number, message: string): void => {
      held.events.push({
        name,
        type: name === 'Failed' ? 'Warning' : 'Normal',
        message,
        firstMs: atMs,
        lastMs: atMs,
        count: 1,
      });
    };
    if (failed !== undefined) {
      add('Failed', nowMs - failed.ago, failedMessage(container, failed.text));
      add('BackOff', nowMs - failed.ago, backOffMessage(container));
    }
    add('Pulling', pulledMs, `pulling image "${container.image}"`);
    add('Pulled', pulledMs + 20_000, `Successfully pulled image "${container.image}"`);
    add('Created', pulledMs + 21_000, 'Created container');
    add('Started', pulledMs + 22_000, 'Started container');
    held.current = { state: 'Running', startMs: pulledMs + 22_000, detailStatus: '' };
    replica.ready = true;
    replica.state = 'Running';
    replica.pulledMs = pulledMs + 20_000;
    revision.wasReady = true;
  }
  enter(sim, settingsOf(app), 'Succeeded');
}

/** The state of the whole group, in the words of its instance view. */
export function groupStateOf(app: App): 'Pending' | 'Running' | 'Stopped' | 'Succeeded' | 'Failed' {
  const { containers, stage, policy, stopped } = settingsOf(app);
  if (stopped) return 'Stopped';
  const currents = settingsOf(app)
    .made.filter(({ init }) => !init)
    .map(({ name }) => containers.get(name)?.current);
  if (currents.every((one) => one?.state === 'Terminated'))
    return currents.every((one) => one?.exitCode === 0) ? 'Succeeded' : 'Failed';
  if (currents.some((one) => one?.state === 'Running')) return 'Running';
  return stage === 'Failed' && policy === 'Never' ? 'Failed' : 'Pending';
}

interface Run {
  readonly app: App;
  readonly container: Container;
  readonly revision: Revision;
  readonly replica: Replica;
  /** What happens when the container has ended well. */
  readonly ended: () => void;
}

/** Starts the first of these init containers, and the next when it has ended; after the last one all others. */
function startInOrder(sim: Sim, app: App, [next, ...rest]: readonly Container[]): void {
  if (next === undefined) {
    for (const container of settingsOf(app).made.filter(({ init }) => !init))
      startContainer(sim, app, container, () => undefined);
    return;
  }
  startContainer(sim, app, next, () => startInOrder(sim, app, rest));
}

function startContainer(sim: Sim, app: App, container: Container, ended: () => void): void {
  const run: Run = { app, container, ended, ...runOf(app, container, sim.scheduler.now()) };
  later(sim, 1000, run, () => tryPull(sim, run));
}

/** The revision that stands for a container, with a new replica. */
function runOf(app: App, container: Container, createdMs: number): Pick<Run, 'revision' | 'replica'> {
  const replica: Replica = {
    name: container.name,
    createdMs,
    attempts: 0,
    ready: false,
    state: 'Waiting',
    details: '',
    removed: false,
  };
  const before = app.revisions.find(
    ({ name, containers }) => name === container.name && containers.includes(container),
  );
  const revision = before ?? newRevision(container, createdMs);
  if (before === undefined) app.revisions.push(revision);
  revision.replicas = [replica];
  revision.everyReplica.push(replica);
  return { revision, replica };
}

function newRevision(container: Container, createdMs: number): Revision {
  return {
    name: container.name,
    suffix: '',
    createdMs,
    containers: [container],
    active: true,
    replicas: [],
    everyReplica: [],
    notScheduled: 0,
    wasReady: false,
  };
}

function tryPull(sim: Sim, run: Run): void {
  const { app, container, replica } = run;
  const group = settingsOf(app);
  const held = heldOf(app, container);
  if (group.stage === 'Pending') enter(sim, group, 'Creating');
  replica.attempts += 1;
  held.current = { state: 'Waiting', detailStatus: '' };
  const outcome = groupPull(sim, app, container);
  addEvent(sim, app, container, 'Pulling', `pulling image "${shownImage(app, container, outcome)}"`);
  if (!outcome.ok) return later(sim, failsAfterMs, run, () => pullFailed(sim, run, outcome.said));
  replica.pullingSinceMs = sim.scheduler.now();
  return later(sim, pullTakesMs(sim, container.image), run, () => pulled(sim, run, outcome));
}

function pullFailed(sim: Sim, run: Run, said: string): void {
  const { app, container, replica } = run;
  const held = heldOf(app, container);
  note(sim, `${app.name}: pull of ${container.image} failed`);
  addEvent(sim, app, container, 'Failed', failedMessage(container, said));
  addEvent(sim, app, container, 'BackOff', backOffMessage(container));
  held.current = { state: 'Waiting', detailStatus: `ImagePullBackOff: ${backOffMessage(container)}` };
  if (settingsOf(app).stage === 'Failed') return undefined;
  const gap = backoffMs[Math.min(replica.attempts - 1, backoffMs.length - 1)] ?? 300_000;
  return later(sim, gap, run, () => {
    if (settingsOf(app).stage !== 'Failed') tryPull(sim, run);
  });
}

function pulled(sim: Sim, run: Run, outcome: GroupPull): void {
  const { app, container, replica } = run;
  addEvent(sim, app, container, 'Pulled', `Successfully pulled image "${shownImage(app, container, outcome)}"`);
  addEvent(sim, app, container, 'Created', 'Created container');
  replica.pulledMs = sim.scheduler.now();
  later(sim, 1000, run, () => {
    addEvent(sim, app, container, 'Started', 'Started container');
    replica.pullingSinceMs = undefined;
    runs(sim, run);
  });
}

function runs(sim: Sim, run: Run): void {
  const { app, container, revision, replica } = run;
  const group = settingsOf(app);
  const startMs = sim.scheduler.now();
  replica.ready = true;
  replica.readySinceMs = startMs;
  replica.state = 'Running';
  replica.attempts = 0;
  revision.wasReady = true;
  heldOf(app, container).current = { state: 'Running', startMs, detailStatus: '' };
  note(sim, `${app.name}: container ${container.name} runs`);
  const started = settingsOf(app).made.every((one) => hasStarted(group, one));
  if (started && group.stage !== 'Succeeded') enter(sim, group, 'Succeeded');
  const forMs = container.init ? initRunsForMs : group.runsForMs;
  if (forMs !== undefined) later(sim, forMs, run, () => endsWell(sim, run, startMs));
}

/** How long an init container runs. Milliseconds. */
const initRunsForMs = 1000;

function endsWell(sim: Sim, { app, container, replica, ended }: Run, startMs: number): void {
  const finishMs = sim.scheduler.now();
  replica.state = 'Terminated';
  heldOf(app, container).current = { state: 'Terminated', startMs, exitCode: 0, finishMs, detailStatus: 'Completed' };
  ended();
}

function hasStarted({ containers }: GroupSettings, { name }: Container): boolean {
  const state = containers.get(name)?.current?.state;
  return state === 'Running' || state === 'Terminated';
}

/** "If the image pull operation continues to fail, ACI eventually fails the deployment" (its documentation of troubleshooting). */
function giveUp(sim: Sim, app: App): void {
  note(sim, `${app.name}: the time to provision is over, and the platform pulls no more`);
  enter(sim, settingsOf(app), 'Failed');
}

function enter(sim: Sim, group: GroupSettings, stage: GroupSettings['stage']): void {
  group.stage = stage;
  group.stageSinceMs = sim.scheduler.now();
}

/** A group whose images were tried at its write names them by their digest once they can be pulled; both forms were recorded. */
function shownImage({ pullCheckedOnWrite }: App, { image }: Container, outcome: GroupPull): string {
  if (!outcome.ok || !pullCheckedOnWrite || image.includes('@')) return image;
  const [, path = ''] = /^(.*?)(?::[^:/]*)?$/.exec(image) ?? [];
  return `${path}@${outcome.digest}`;
}

function later(sim: Sim, delayMs: number, { replica }: Run, task: () => void): void {
  sim.scheduler.at(sim.scheduler.now() + delayMs, () => {
    if (!replica.removed) task();
  });
}
