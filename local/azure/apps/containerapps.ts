// Container Apps: app, revisions, replicas, restart, managed environment, in the shapes of the real API. The room is the platform: it
// deploys, pulls, logs and restarts.
// Not here: the router that leads to these operations (`management/`), and events of a scenario (`happenings/`).
import type { Row } from '../kql/values.ts';
import type { App, Container, Environment, RegistryEntry, Replica, Revision } from '../model/apps.ts';
import { sameId } from '../model/ids.ts';
import { hostOf } from '../model/images.ts';
import { note, regionOf, type Sim } from '../model/sim.ts';
import { publish } from '../monitor/activity-log.ts';
import { type Answer, armError, notFound } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';
import { pullOutcome } from './pulls.ts';
import { restart } from './replicas.ts';
import { revisionState } from './revisions.ts';

/** The app that a request names; `undefined` where no write of it has arrived yet. */
export function findApp(sim: Sim, { parts }: ArmRequest): App | undefined {
  const [subscription = '', group = '', name = ''] = parts;
  return [...sim.apps.values()].find(
    (app) =>
      sameId(
        app.id,
        `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.App/containerApps/${name}`,
      ) && app.written,
  );
}

function containersOf(containers: readonly Container[]): unknown[] {
  return containers.map(({ name, image }) => ({ name, image, resources: { cpu: 0.5, memory: '1Gi' }, probes: [] }));
}

function template(containers: readonly Container[], minReplicas: number, revisionSuffix: string): unknown {
  return {
    containers: containersOf(containers.filter((container) => !container.init)),
    initContainers: containersOf(containers.filter((container) => container.init)),
    revisionSuffix,
    scale: { minReplicas, maxReplicas: 10, rules: null },
    volumes: null,
  };
}

/** User-assigned identities of the app; one that was deleted keeps its place here. */
function userIdentitiesOf(sim: Sim, app: App): Record<string, Row> {
  const entries = (app.registries ?? []).map((entry) => entry.identity);
  const pulling = app.pullIdentityAssigned ? [app.pullIdentity, ...entries] : [];
  return shownIdentities(sim, [...pulling, ...app.identities]);
}

/** User-assigned identities as a resource that holds them shows them: each id once, with its principal and its client. */
export function shownIdentities(sim: Sim, names: readonly (string | undefined)[]): Record<string, Row> {
  const held = [...new Set(names)].flatMap((name) => (name === undefined ? [] : (sim.identities.get(name) ?? [])));
  // The real service changes the case of this segment.
  return Object.fromEntries(
    held.map(({ id, principalId, clientId }) => [
      id.replace('resourceGroups', 'resourcegroups'),
      { principalId, clientId },
    ]),
  );
}

/** The identities of an app as ARM shows them. */
export function identityOf(sim: Sim, app: App): Row {
  const users = userIdentitiesOf(sim, app);
  const types = [
    ...(app.systemPrincipalId === undefined ? [] : ['SystemAssigned']),
    ...(Object.keys(users).length === 0 ? [] : ['UserAssigned']),
  ];
  return {
    type: types.join(',') || 'None',
    ...(app.systemPrincipalId === undefined ? {} : { principalId: app.systemPrincipalId, tenantId: sim.world.tenant }),
    ...(Object.keys(users).length === 0 ? {} : { userAssignedIdentities: users }),
  };
}

function registriesOf(sim: Sim, app: App): unknown[] {
  const { pullIdentity } = app;
  const known = new Set([...sim.registries.values()].flatMap(({ hosts }) => hosts));
  const used = [...new Set(app.containers.map(({ image }) => hostOf(image)))].filter((host) => known.has(host));
  const declared =
    app.registries ?? (pullIdentity === undefined ? [] : used.map((server) => ({ server, identity: pullIdentity })));
  return declared.map(({ server, identity = '', username, passwordSecretRef }: RegistryEntry) => ({
    server,
    username: username ?? '',
    passwordSecretRef: passwordSecretRef ?? '',
    identity: sim.identities.get(identity)?.id ?? identity,
  }));
}

/** An app as ARM shows it. */
export function wireApp(sim: Sim, app: App): unknown {
  const latest = app.revisions.at(-1);
  const ready = app.revisions.findLast((revision) => revision.wasReady);
  return {
    id: app.id,
    name: app.name,
    type: 'Microsoft.App/containerApps',
    location: regionOf(sim, app),
    identity: identityOf(sim, app),
    properties: {
      provisioningState: app.provisioningState,
      ...(latest === undefined ? {} : { runningStatus: 'Running' }),
      managedEnvironmentId: sim.environments.get(app.environment)?.id,
      environmentId: sim.environments.get(app.environment)?.id,
      latestRevisionName: latest?.name ?? '',
      latestReadyRevisionName: ready?.name ?? null,
      configuration: {
        activeRevisionsMode: app.revisionMode,
        registries: registriesOf(sim, app),
        secrets: app.secrets.length === 0 ? null : app.secrets.map(({ name }) => ({ name })),
        ingress: null,
      },
      template: template(app.containers, app.minReplicas, latest?.suffix ?? ''),
      ...(app.outbound === undefined
        ? {}
        : { networking: { outboundVnetSubnetId: `${app.outbound.vnetId}/subnets/${app.outbound.subnet}` } }),
    },
  };
}

/** `GET …/containerApps/{name}`. */
export function readApp(sim: Sim, request: ArmRequest): Answer {
  const app = findApp(sim, request);
  if (app === undefined) return notFound(`Microsoft.App/containerApps/${request.parts[2] ?? ''}`);
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
  const [subscription = '', group] = request.parts;
  if (!sameId(subscription, sim.world.subscription))
    return armError(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
  const scope = `/subscriptions/${subscription}${group === undefined ? '' : `/resourceGroups/${group}`}`;
  if (group !== undefined && !groupExists(sim, scope))
    return armError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  const apps = [...sim.apps.values()].filter((app) => app.written && isBelow(app.id, scope));
  return { status: 200, body: { value: apps.map((app) => wireApp(sim, app)) } };
}

function wireRevision(sim: Sim, app: App, revision: Revision): unknown {
  const newest = app.revisions.findLast((one) => one.active) === revision;
  return {
    id: `${app.id}/revisions/${revision.name}`,
    name: revision.name,
    type: 'Microsoft.App/containerapps/revisions',
    properties: {
      active: revision.active,
      createdTime: new Date(revision.createdMs).toISOString().replace('.000Z', '+00:00'),
      replicas: revision.replicas.length,
      trafficWeight: newest ? 100 : 0,
      template: template(revision.containers, app.minReplicas, revision.suffix),
      ...revisionState(sim, revision),
    },
  };
}

/** `GET …/revisions`: all of them, inactive ones too. */
export function readRevisions(sim: Sim, request: ArmRequest): Answer {
  const app = findApp(sim, request);
  if (app === undefined) return notFound(`Microsoft.App/containerApps/${request.parts[2] ?? ''}`);
  return { status: 200, body: { value: app.revisions.map((revision) => wireRevision(sim, app, revision)) } };
}

function findRevision(sim: Sim, request: ArmRequest): { app: App; revision: Revision } | undefined {
  const app = findApp(sim, request);
  const revision = app?.revisions.find((one) => one.name.toLowerCase() === request.parts[3]?.toLowerCase());
  return app === undefined || revision === undefined ? undefined : { app, revision };
}

/** `GET …/revisions/{name}`. */
export function readRevision(sim: Sim, request: ArmRequest): Answer {
  const found = findRevision(sim, request);
  return found === undefined
    ? notFound('revision')
    : { status: 200, body: wireRevision(sim, found.app, found.revision) };
}

/** What a container says while another one of its replica cannot start. */
const waitsForOthers = 'Container is waiting with reason: ContainerCreating on legion.';

/** An init container that has run is terminated; it is never "ready". */
function wireInit(replica: Replica, name: string): unknown {
  if (replica.ready)
    return { name, ready: false, started: false, restartCount: 0, runningState: 'Terminated', runningStateDetails: '' };
  return {
    name,
    ready: false,
    started: false,
    restartCount: 0,
    runningState: 'Waiting',
    runningStateDetails: replica.failing?.has(name) ? replica.details : waitsForOthers,
  };
}

function wireReplica(app: App, revision: Revision, replica: Replica): unknown {
  return {
    id: `${app.id}/revisions/${revision.name}/replicas/${replica.name}`,
    name: replica.name,
    type: 'Microsoft.App/containerapps/revisions/replicas',
    properties: {
      createdTime: new Date(replica.createdMs).toISOString(),
      runningState: replica.ready ? 'Running' : 'NotRunning',
      runningStateDetails: '',
      containers: revision.containers
        .filter((container) => !container.init)
        .map(({ name }) => ({
          name,
          ready: replica.ready,
          started: replica.ready,
          restartCount: Math.max(0, replica.attempts - 1),
          runningState: replica.state,
          runningStateDetails:
            (replica.failing?.size ?? 0) === 0 || replica.failing?.has(name) ? replica.details : waitsForOthers,
        })),
      initContainers: revision.containers
        .filter((container) => container.init)
        .map(({ name }) => wireInit(replica, name)),
    },
  };
}

/** `GET …/replicas`: one entry for each replica, with its containers. */
export function readReplicas(sim: Sim, request: ArmRequest): Answer {
  const found = findRevision(sim, request);
  if (found === undefined) return notFound('revision');
  const { app, revision } = found;
  const body = { value: revision.replicas.map((replica) => wireReplica(app, revision, replica)) };
  if (isStuckForNothing(sim, app, revision)) sim.onMoment('pullmedic-sees-it-stuck');
  return { status: 200, body };
}

/** Whether a revision waits for its images and could pull them by now: it only has to try again. */
function isStuckForNothing(sim: Sim, app: App, { active, replicas, containers }: Revision): boolean {
  const waits = active && replicas.length > 0 && replicas.every(({ ready }) => !ready);
  return waits && containers.every((container) => pullOutcome(sim, app, container).ok);
}

/** `POST …/restart`: replaces every replica; 409 for an app that is not `restartable`. */
export function restartRevision(sim: Sim, request: ArmRequest): Answer {
  const found = findRevision(sim, request);
  if (found === undefined) return notFound('revision');
  if (!found.app.restartable) {
    note(sim, `Azure refuses to restart ${found.revision.name}`);
    return armError(409, 'Conflict', 'The operation cannot be performed on the revision at this time.');
  }
  note(sim, `pullmedic restarts ${found.revision.name}`);
  restart(sim, found.app, found.revision);
  publish(sim, {
    type: 'ResourceActionSuccess',
    operation: 'Microsoft.App/containerApps/revisions/restart/action',
    resource: `${found.app.id}/revisions/${found.revision.name}`,
    by: 'pullmedic',
  });
  return { status: 200 };
}

/** The domain of an environment's apps. */
export function defaultDomainOf({ domainLabel, region }: Environment): string {
  return `${domainLabel}.${region}.azurecontainerapps.io`;
}

/** `GET …/managedEnvironments/{name}`. */
export function readEnvironment(sim: Sim, request: ArmRequest): Answer {
  const [, , name = ''] = request.parts;
  const environment = [...sim.environments.values()].find((one) =>
    sameId(one.id, request.path.startsWith('/') ? request.path : `/${request.path}`),
  );
  if (environment === undefined) return notFound(`Microsoft.App/managedEnvironments/${name}`);
  const logs = {
    'log-analytics': {
      destination: 'log-analytics',
      logAnalyticsConfiguration: { customerId: environment.workspaceId },
    },
    'azure-monitor': { destination: 'azure-monitor' },
    none: { destination: null },
  }[environment.logs];
  return {
    status: 200,
    body: {
      id: environment.id,
      name: environment.name,
      type: 'Microsoft.App/managedEnvironments',
      location: environment.region,
      ...(environment.principalId === undefined
        ? {}
        : { identity: { type: 'SystemAssigned', principalId: environment.principalId, tenantId: sim.world.tenant } }),
      properties: {
        provisioningState: 'Succeeded',
        defaultDomain: defaultDomainOf(environment),
        appLogsConfiguration: logs,
        environmentMode: environment.express ? 'Express' : 'WorkloadProfiles',
        ...(environment.vnetId === undefined
          ? {}
          : {
              vnetConfiguration: {
                infrastructureSubnetId: `${environment.vnetId}/subnets/${environment.subnet}`,
                internal: false,
              },
            }),
        staticIp: '20.42.33.145',
      },
    },
  };
}
