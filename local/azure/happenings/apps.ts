// Events about apps: writes of them, their configuration, their containers.

import { type WriteError, writeApp } from '../apps/deployments.ts';
import { startExecution } from '../apps/jobs.ts';
import { beginCrashing, makeRoom, pullNow, removeReplicas, scale } from '../apps/replicas.ts';
import { writeRow } from '../apps/system-log.ts';
import { stopContainers } from '../container-groups/containers.ts';
import { restartGroup, startGroup, stopGroup, writeGroup } from '../container-groups/deployments.ts';
import type { App } from '../model/apps.ts';
import { note, type Sim } from '../model/sim.ts';
import { publish } from '../monitor/activity-log.ts';
import type { WorldEvent } from '../world/events.ts';
import { appOf } from './named.ts';
import { callerOf, written } from './written.ts';

/** Writes, changes or stops an app, or lets its containers misbehave. */
export function changeApp(sim: Sim, event: AppEvent): void {
  switch (event.do) {
    case 'deploy':
      return deploy(sim, event);
    case 'reject-deploy':
      return deploy(sim, event, { code: event.code, message: event.text });
    case 'set-pull-failure': {
      const { text } = event;
      const failure = text === undefined ? undefined : { reason: 'ContainerTerminated', type: 'Warning', text };
      appOf(sim, event.app).pullFails = failure;
      return note(sim, `${event.app}: pulls ${failure === undefined ? 'end as the world says' : 'fail'}`);
    }
    case 'make-room':
      return makeRoom(sim, appOf(sim, event.app));
    case 'configure-app':
      return configureApp(sim, event);
    case 'delete-app':
      return deleteApp(sim, event);
    case 'deactivate':
      return deactivate(sim, event);
    case 'crash':
      return beginCrashing(sim, appOf(sim, event.app), event.text);
    case 'write-log-row':
      return writeRow(sim, appOf(sim, event.app), {
        revision: appOf(sim, event.app).revisions.at(-1)?.name ?? '',
        reason: event.reason,
        type: event.type,
        text: event.text,
      });
    case 'scale':
      return scale(sim, appOf(sim, event.app), event.replicas);
    case 'pull':
      return pullNow(sim, appOf(sim, event.app));
    case 'start-job':
      startExecution(sim, appOf(sim, event.app), callerOf(event));
      return undefined;
    case 'suspend-job':
      return suspendJob(sim, event);
    case 'restart-group':
      return restartGroup(sim, appOf(sim, event.app), { by: 'world', caller: callerOf(event) });
    case 'start-group':
      return startGroup(sim, appOf(sim, event.app), { by: 'world', caller: callerOf(event) });
    case 'stop-group':
      return stopGroup(sim, appOf(sim, event.app), { by: 'world', caller: callerOf(event) });
    case 'cancel-deploy':
      return cancelDeploy(sim, event);
  }
}

type AppEvent = Extract<
  WorldEvent,
  {
    do:
      | 'deploy'
      | 'reject-deploy'
      | 'set-pull-failure'
      | 'make-room'
      | 'configure-app'
      | 'delete-app'
      | 'deactivate'
      | 'crash'
      | 'write-log-row'
      | 'scale'
      | 'pull'
      | 'start-job'
      | 'suspend-job'
      | 'restart-group'
      | 'start-group'
      | 'stop-group'
      | 'cancel-deploy';
  }
>;

function suspendJob(sim: Sim, event: Extract<WorldEvent, { do: 'suspend-job' }>): void {
  const app = appOf(sim, event.app);
  app.suspended = event.on;
  note(sim, `${callerOf(event)} ${event.on ? 'suspends' : 'resumes'} ${app.name}`);
}

function deploy(sim: Sim, event: Extract<WorldEvent, { do: 'deploy' | 'reject-deploy' }>, rejected?: WriteError): void {
  const app = appOf(sim, event.app);
  const { image } = event;
  if (image !== undefined)
    app.containers = app.containers.map((container, index) => (index === 0 ? { ...container, image } : container));
  if (app.containerGroup === undefined) writeApp(sim, app, callerOf(event), rejected);
  else writeGroup(sim, app, callerOf(event), rejected);
}

/**
 * The configuration of an app is not part of its revisions, so the next pull uses the new one. That of a container group changes only with
 * a write of the whole group.
 */
function configureApp(sim: Sim, event: Extract<WorldEvent, { do: 'configure-app' }>): void {
  const app = appOf(sim, event.app);
  const before = { registries: app.registries, secrets: app.secrets };
  if (event.registries !== undefined) app.registries = event.registries;
  app.secrets = event.secrets ?? app.secrets;
  if (app.containerGroup !== undefined) return configureGroup(sim, app, event, before);
  app.writtenMs = sim.scheduler.now();
  note(sim, `${callerOf(event)} configures ${app.name}`);
  written(sim, event, `Microsoft.App/${app.job === undefined ? 'containerApps' : 'jobs'}/write`, app.id);
}

/** A group whose write is refused goes on with what it declared. */
function configureGroup(
  sim: Sim,
  app: App,
  event: Extract<WorldEvent, { do: 'configure-app' }>,
  before: Pick<App, 'secrets'> & { readonly registries: App['registries'] },
): void {
  if (writeGroup(sim, app, callerOf(event)) === 'made') return;
  app.secrets = before.secrets;
  if (before.registries === undefined) delete app.registries;
  else app.registries = before.registries;
}

function deactivate(sim: Sim, event: Extract<WorldEvent, { do: 'deactivate' }>): void {
  const app = appOf(sim, event.app);
  const active = app.revisions.filter((one) => one.active);
  stopRevisions(sim, app);
  const operation = 'Microsoft.App/containerApps/revisions/deactivate/action';
  for (const { name } of active) {
    note(sim, `${callerOf(event)} deactivates ${name}`);
    const resource = `${app.id}/revisions/${name}`;
    publish(sim, { type: 'ResourceActionSuccess', operation, resource, by: 'world', caller: callerOf(event) });
  }
}

function deleteApp(sim: Sim, event: Extract<WorldEvent, { do: 'delete-app' }>): void {
  const app = appOf(sim, event.app);
  if (app.containerGroup === undefined) stopRevisions(sim, app);
  else stopContainers(sim, app);
  app.revisions = [];
  app.written = false;
  note(sim, `${callerOf(event)} deletes ${app.name}`);
  const ofApps = app.job === undefined ? 'Microsoft.App/containerApps' : 'Microsoft.App/jobs';
  const type = app.containerGroup === undefined ? ofApps : 'Microsoft.ContainerInstance/containerGroups';
  written(sim, event, `${type}/delete`, app.id);
}

function stopRevisions(sim: Sim, app: App): void {
  for (const revision of app.revisions.filter((one) => one.active)) {
    removeReplicas(sim, revision, 0);
    revision.active = false;
  }
}

function cancelDeploy(sim: Sim, event: Extract<WorldEvent, { do: 'cancel-deploy' }>): void {
  const { id, name } = appOf(sim, event.app);
  note(sim, `${callerOf(event)} calls off a write of ${name}`);
  const operation = 'Microsoft.App/containerApps/write';
  publish(sim, { type: 'ResourceWriteCancel', operation, resource: id, by: 'world', caller: callerOf(event) });
}
