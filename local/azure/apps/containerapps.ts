// Container Apps: app, revisions, replicas, restart, managed environment, in the shapes of the real API. The room is the platform: it
// deploys, pulls, logs and restarts.
// Not here: the router that leads to these operations (`management/`), and events of a scenario (`happenings/`).
import type { App, Revision } from '../model/apps.ts';
import { sameId } from '../model/ids.ts';
import { note, type Sim } from '../model/sim.ts';
import { publish } from '../monitor/activity-log.ts';
import { type Answer, armError, groupNotFound, notFound, notModelled } from '../wire/answers.ts';
import { pageOfList, skipParameter } from '../wire/pages.ts';
import type { ArmRequest } from '../wire/request.ts';
import { wireApp } from './app-shape.ts';
import { wireEnvironment } from './environment-shape.ts';
import { pullOutcome } from './pulls.ts';
import { restart } from './replicas.ts';
import { wireReplica, wireRevision } from './revision-shape.ts';

/** The app that a request names; `undefined` where no write of it has arrived yet. */
export function findApp(sim: Sim, { parts }: ArmRequest, type = 'Microsoft.App/containerApps'): App | undefined {
  const [subscription = '', group = '', name = ''] = parts;
  return [...sim.apps.values()].find(
    (app) =>
      sameId(app.id, `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`) && app.written,
  );
}

/** `GET …/containerApps/{name}`. */
export function readApp(sim: Sim, request: ArmRequest): Answer {
  const app = findApp(sim, request);
  if (app === undefined) return notFound('Microsoft.App/containerApps', request);
  return { status: 200, body: wireApp(sim, app) };
}

/** Groups exist because something lies in them. */
function groupExists(sim: Sim, id: string): boolean {
  const resources = [sim.apps, sim.environments, sim.registries, sim.vnets, sim.identities].flatMap((kind) =>
    [...kind.values()].map((one) => one.id),
  );
  return [...resources, ...sim.zones.map((zone) => zone.id)].some((one) => isBelow(one, id));
}

function isBelow(id: string, scope: string): boolean {
  return id.toLowerCase().startsWith(`${scope.toLowerCase()}/`);
}

/** The apps of a subscription, or of one of its resource groups. */
export function listApps(sim: Sim, request: ArmRequest): Answer {
  return listOf(sim, request, 'Microsoft.App/containerApps', (app) => wireApp(sim, app));
}

/** The workloads of one type, of a subscription or of one of its resource groups. */
export function listOf(sim: Sim, request: ArmRequest, type: string, shown: (app: App) => unknown): Answer {
  const [subscription = '', group] = request.parts;
  if (!sameId(subscription, sim.world.subscription))
    return armError(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  const scope = `/subscriptions/${subscription}${group === undefined ? '' : `/resourceGroups/${group}`}`;
  if (group !== undefined && !groupExists(sim, scope)) return groupNotFound(group);
  const apps = [...sim.apps.values()].filter(
    (app) => app.written && isBelow(app.id, scope) && app.id.includes(`/${type}/`),
  );
  return onePage(sim, request, apps.map(shown));
}

/** One page of a list. */
export function onePage(sim: Sim, request: ArmRequest, items: readonly unknown[]): Answer {
  return (
    pageOfList(items, sim.world.pageSize, request) ?? notModelled(`a ${skipParameter} that no link of the list has`)
  );
}

/** `GET …/revisions`: all of them, inactive ones too, in pages. */
export function readRevisions(sim: Sim, request: ArmRequest): Answer {
  const app = findApp(sim, request);
  if (app === undefined) return notFound('Microsoft.App/containerApps', request);
  return onePage(
    sim,
    request,
    app.revisions.map((revision) => wireRevision(sim, app, revision)),
  );
}

function findRevision(sim: Sim, request: ArmRequest): { app: App; revision: Revision } | undefined {
  const app = findApp(sim, request);
  const revision = app?.revisions.find((one) => one.name.toLowerCase() === request.parts[3]?.toLowerCase());
  return app === undefined || revision === undefined ? undefined : { app, revision };
}

/** Worded by hand: no revision that is unknown was recorded. */
function revisionNotFound({ parts }: ArmRequest): Answer {
  return armError(404, 'RevisionNotFound', `Revision '${parts[3] ?? ''}' was not found.`);
}

/** `GET …/revisions/{name}`. */
export function readRevision(sim: Sim, request: ArmRequest): Answer {
  const found = findRevision(sim, request);
  return found === undefined
    ? revisionNotFound(request)
    : { status: 200, body: wireRevision(sim, found.app, found.revision) };
}

/** `GET …/replicas`: one entry for each replica, with its containers. */
export function readReplicas(sim: Sim, request: ArmRequest): Answer {
  const found = findRevision(sim, request);
  if (found === undefined) return revisionNotFound(request);
  const { app, revision } = found;
  const body = { value: revision.replicas.map((replica) => wireReplica(sim, app, revision, replica)) };
  if (isStuckForNothing(sim, app, revision)) sim.onMoment('pullmedic-sees-it-stuck');
  return { status: 200, body };
}

/** Whether a revision waits for its images and could pull them by now: it only has to try again. */
function isStuckForNothing(sim: Sim, app: App, { active, replicas, containers }: Revision): boolean {
  const waits =
    active &&
    replicas.length > 0 &&
    replicas.every(({ ready, pullingSinceMs }) => !ready && pullingSinceMs === undefined);
  return waits && containers.every((container) => pullOutcome(sim, app, container).ok);
}

/** `POST …/restart`: replaces every replica; 400 for an app that is not `restartable`. */
export function restartRevision(sim: Sim, request: ArmRequest): Answer {
  const found = findRevision(sim, request);
  if (found === undefined) return revisionNotFound(request);
  if (!found.app.restartable) {
    note(sim, `Azure refuses to restart ${found.revision.name}`);
    return armError(400, 'BadRequest', 'The revision cannot be restarted.');
  }
  note(sim, `pullmedic restarts ${found.revision.name}`);
  restart(sim, found.app, found.revision);
  publish(sim, {
    type: 'ResourceActionSuccess',
    operation: 'Microsoft.App/containerApps/revisions/restart/action',
    resource: `${found.app.id}/revisions/${found.revision.name}`,
    by: 'pullmedic',
  });
  return { status: 200, body: 'Restart succeeded' };
}

/** `GET …/managedEnvironments/{name}`. */
export function readEnvironment(sim: Sim, request: ArmRequest): Answer {
  const environment = [...sim.environments.values()].find((one) =>
    sameId(one.id, request.path.startsWith('/') ? request.path : `/${request.path}`),
  );
  return environment === undefined
    ? notFound('Microsoft.App/managedEnvironments', request)
    : { status: 200, body: wireEnvironment(sim, environment) };
}
