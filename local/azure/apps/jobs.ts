// Jobs: what starts their executions, and both as ARM shows them, in the shapes of recorded answers.
import type { Row } from '../kql/values.ts';
import type { App, Container, Replica, Revision } from '../model/apps.ts';
import { chance } from '../model/ids.ts';
import { shownRegion } from '../model/regions.ts';
import { note, regionOf, type Sim } from '../model/sim.ts';
import { publish } from '../monitor/activity-log.ts';
import { type Answer, notFound } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';
import { configuredOf, identityOf, templateOf } from './app-shape.ts';
import { findApp, listOf, onePage } from './containerapps.ts';
import { endAtDeadline } from './executions.ts';
import { streamAt } from './hosts.ts';
import { startReplica } from './replicas.ts';
import { waitsForOthers } from './revision-shape.ts';
import { addRevision } from './revisions.ts';
import { systemDataOf } from './system-data.ts';
import { writeRow } from './system-log.ts';

/** Starts the schedules of the world, and the executions that begin with it. */
export function startJobs(sim: Sim): void {
  for (const { name, started } of sim.world.jobs) {
    const app = sim.apps.get(name);
    if (app?.job === undefined) continue;
    if (started) startExecution(sim, app);
    if (app.job.trigger === 'schedule') startSchedule(sim, app, app.job.everyMs);
  }
}

function startSchedule(sim: Sim, app: App, everyMs: number): void {
  app.scheduledSinceMs = sim.scheduler.now();
  const round = (): void => {
    if (app.written && app.suspended !== true) startExecution(sim, app);
    sim.scheduler.at(sim.scheduler.now() + everyMs, round);
  };
  sim.scheduler.at(sim.scheduler.now() + everyMs, round);
}

/** Starts one execution: of a person who starts the job, of its schedule, or of an event that its rule counts. */
export function startExecution(sim: Sim, app: App, by?: string): Revision {
  const createdMs = sim.scheduler.now();
  const suffix = chance(`${sim.seed}|${app.name}|${createdMs}|${app.revisionCount}`).toString(36).slice(2, 9);
  app.revisionCount += 1;
  const execution = addRevision(app, { name: `${app.name}-${suffix}`, suffix: '', createdMs });
  note(sim, `${app.name}: execution ${execution.name} starts`);
  writeRow(sim, app, {
    revision: execution.name,
    reason: 'SuccessfulCreate',
    type: 'Normal',
    text: `Successfully created pod for Job Execution ${execution.name}`,
  });
  for (let count = 0; count < (app.job?.parallelism ?? 1); count += 1) startReplica(sim, app, execution);
  endAtDeadline(sim, app, execution);
  if (by !== undefined)
    publish(sim, {
      type: 'ResourceActionSuccess',
      operation: 'Microsoft.App/jobs/start/action',
      resource: app.id,
      by: 'world',
      caller: by,
    });
  return execution;
}

/** `POST …/jobs/{name}/start`: answers with the name of the execution (recorded start of a job, May 2025). */
export function startJob(sim: Sim, request: ArmRequest): Answer {
  const app = findApp(sim, request, 'Microsoft.App/jobs');
  if (app === undefined) return notFound('Microsoft.App/jobs', request);
  const { name } = startExecution(sim, app);
  return { status: 200, body: { id: `${app.id}/executions/${name}`, name } };
}

/** `GET …/jobs` of a subscription or a resource group. */
export function listJobs(sim: Sim, request: ArmRequest): Answer {
  return listOf(sim, request, 'Microsoft.App/jobs', (app) => wireJob(sim, app));
}

/** `GET …/jobs/{name}`. */
export function readJob(sim: Sim, request: ArmRequest): Answer {
  const app = findApp(sim, request, 'Microsoft.App/jobs');
  return app === undefined ? notFound('Microsoft.App/jobs', request) : { status: 200, body: wireJob(sim, app) };
}

/** `GET …/jobs/{name}/executions`: the last hundred. */
export function readExecutions(sim: Sim, request: ArmRequest): Answer {
  const app = findApp(sim, request, 'Microsoft.App/jobs');
  if (app === undefined) return notFound('Microsoft.App/jobs', request);
  const kept = app.revisions.slice(-keptExecutions).reverse();
  return onePage(
    sim,
    request,
    kept.map((execution) => wireExecution(app, execution)),
  );
}

const keptExecutions = 100;

function wireJob(sim: Sim, app: App): unknown {
  const { trigger = 'manual', timeoutMs = 0, everyMs = 0, retryLimit = 0, parallelism = 1 } = app.job ?? {};
  const environment = sim.environments.get(app.environment);
  const once = { replicaCompletionCount: parallelism, parallelism };
  return {
    id: app.id,
    name: app.name,
    type: 'Microsoft.App/jobs',
    location: shownRegion(regionOf(sim, app)),
    systemData: systemDataOf(sim, app.writtenMs),
    properties: {
      provisioningState: app.provisioningState,
      runningStatus: app.suspended === true ? 'Suspended' : 'Ready',
      environmentId: environment?.id,
      workloadProfileName: 'Consumption',
      configuration: {
        ...configuredOf(sim, app),
        triggerType: { manual: 'Manual', schedule: 'Schedule', event: 'Event' }[trigger],
        replicaTimeout: Math.round(timeoutMs / 1000),
        replicaRetryLimit: retryLimit,
        manualTriggerConfig: trigger === 'manual' ? once : null,
        scheduleTriggerConfig: trigger === 'schedule' ? { ...once, cronExpression: cronOf(sim, app, everyMs) } : null,
        eventTriggerConfig: trigger === 'event' ? { ...once, scale: { minExecutions: 0, maxExecutions: 10 } } : null,
        identitySettings: [],
        dapr: null,
      },
      template: { ...templateOf(app), volumes: null },
      // Recorded with the type of an app in it, also for a job.
      eventStreamEndpoint: `${streamAt(sim, app).replace('/jobs/', '/containerApps/')}/eventstream`,
    },
    identity: identityOf(sim, app),
  };
}

/**
 * The schedule of a world that begins with a full hour, from whose beginning its distances count. A distance that no expression has is written as
 * one that cannot be read.
 */
function cronOf(sim: Sim, app: App, everyMs: number): string {
  const minutes = Math.max(1, Math.round(everyMs / minute));
  const began = new Date(app.scheduledSinceMs ?? sim.scheduler.now());
  const time = `${began.getUTCMinutes()} ${began.getUTCHours()}`;
  if (minutes === hour) return '0 * * * *';
  if (minutes === day) return `${time} * * *`;
  return minutes === 7 * day ? `${time} * * ${began.getUTCDay()}` : `*/${minutes} * * * *`;
}

const minute = 60_000;
/** In minutes. */
const hour = 60;
const day = 24 * hour;

/** An execution as recorded: its template as it ran, and what became of the containers. */
function wireExecution(app: App, execution: Revision): unknown {
  const { name, createdMs, ended } = execution;
  return {
    id: `${app.id}/executions/${name}`,
    name,
    type: 'Microsoft.App/jobs/executions',
    properties: {
      status: ended?.status ?? 'Running',
      startTime: instant(createdMs),
      ...(ended === undefined ? {} : { endTime: instant(ended.atMs) }),
      template: templateOf({ containers: execution.containers }),
      detailedStatus: {
        replicas: execution.everyReplica.map((replica) => ({
          name: replica.name,
          containers: execution.containers.map((one) => ({ name: one.name, ...wireStatus(replica, one) })),
        })),
      },
    },
  };
}

/**
 * The status of one container. What one that waits looks like was not recorded: a code that no process has, and the words of a container of an
 * app. Each container says what became of its own image: beside one that cannot be pulled, the others wait without a complaint.
 */
function wireStatus(replica: Replica, { name, init }: Container): Row {
  const { ready, state, details, failing, initsRan, exitCode = 0 } = replica;
  if (ready || state === 'Terminated')
    return { code: state === 'Terminated' ? exitCode : -1, additionalInformation: '', status: state };
  if (init && initsRan === true) return { code: 0, additionalInformation: '', status: 'Terminated' };
  const complains = (failing?.size ?? 0) === 0 || failing?.has(name);
  return { code: -1, additionalInformation: complains ? details : waitsForOthers, status: state };
}

function instant(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}+00:00`;
}
