// Revisions and their replicas as ARM shows them. Their ids say `containerApps`, their types `containerapps`, as recorded.
import type { App, Container, Replica, Revision } from '../model/apps.ts';
import type { Sim } from '../model/sim.ts';
import { appHost, streamAt } from './hosts.ts';
import { revisionState } from './revisions.ts';

/** A revision as ARM shows it. */
export function wireRevision(sim: Sim, app: App, revision: Revision): unknown {
  const newest = app.revisions.findLast((one) => one.active) === revision;
  return {
    id: `${app.id}/revisions/${revision.name}`,
    name: revision.name,
    type: 'Microsoft.App/containerapps/revisions',
    properties: {
      createdTime: `${wholeSeconds(revision.createdMs)}+00:00`,
      fqdn: appHost(sim, app, revision.name),
      template: templateOf(app, revision),
      active: revision.active,
      replicas: revision.replicas.length,
      trafficWeight: newest ? 100 : 0,
      ...revisionState(sim, revision),
    },
  };
}

/** A replica as ARM shows it, with its containers. */
export function wireReplica(sim: Sim, app: App, revision: Revision, replica: Replica): unknown {
  const { name, createdMs, ready, failing } = replica;
  const at = { sim, app, revision, replica };
  return {
    id: `${app.id}/revisions/${revision.name}/replicas/${name}`,
    name,
    type: 'Microsoft.App/containerapps/revisions/replicas',
    properties: {
      createdTime: `${wholeSeconds(createdMs)}Z`,
      runningState: ready ? 'Running' : 'NotRunning',
      runningStateDetails: '',
      containers: revision.containers
        .filter((container) => !container.init)
        .map((container) => ({
          name: container.name,
          ...(ready ? { containerId: `containerd://${name.slice(-5).padStart(32, '0')}` } : {}),
          ready,
          started: ready,
          restartCount: Math.max(0, replica.attempts - 1),
          runningState: replica.state,
          runningStateDetails:
            (failing?.size ?? 0) === 0 || failing?.has(container.name) ? saidOf(replica) : waitsForOthers,
          ...endpointsOf(at, container),
        })),
      initContainers: revision.containers
        .filter((container) => container.init)
        .map((container) => ({ ...wireInit(replica, container.name), ...endpointsOf(at, container) })),
    },
  };
}

/** Container Apps writes times of revisions and replicas in whole seconds. */
function wholeSeconds(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19);
}

/** The template of a revision: with less in it than that of the app, and null for the suffix that nobody chose. */
function templateOf(app: App, revision: Revision): unknown {
  const inits = revision.containers.filter((container) => container.init);
  return {
    revisionSuffix: revision.suffix === '' ? null : revision.suffix,
    terminationGracePeriodSeconds: null,
    containers: revision.containers.filter((container) => !container.init).map(containerOf),
    initContainers: inits.length === 0 ? null : inits.map(containerOf),
    scale: {
      minReplicas: app.minReplicas,
      maxReplicas: 10,
      cooldownPeriod: null,
      pollingInterval: null,
      rules: null,
    },
    volumes: null,
    serviceBinds: null,
  };
}

function containerOf({ name, image }: Container): unknown {
  return { image, name, resources: { cpu: 0.5, memory: '1Gi' }, probes: [] };
}

/** What a container says while another one of its replica cannot start. */
export const waitsForOthers = 'Container is waiting with reason: ContainerCreating on legion.';

/** What a container says of its state: always something, as recorded. */
function saidOf({ ready, details, readySinceMs, createdMs }: Replica): string {
  if (ready) return `Container started at: ${asSpoken(readySinceMs ?? createdMs)}.`;
  return details === '' ? waitsForOthers : details;
}

/** An instant as the platform writes it in sentences: `5/24/2025 5:42:29 PM`. */
function asSpoken(atMs: number): string {
  const at = new Date(atMs);
  const hour = at.getUTCHours();
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()}`;
  return `${day} ${hour % 12 || 12}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} ${hour < 12 ? 'AM' : 'PM'}`;
}

interface Place {
  readonly sim: Sim;
  readonly app: App;
  readonly revision: Revision;
  readonly replica: Replica;
}

function endpointsOf({ sim, app, revision, replica }: Place, { name }: Container): Readonly<Record<string, string>> {
  const path = `/revisions/${revision.name}/replicas/${replica.name}`;
  return {
    logStreamEndpoint: `${streamAt(sim, app)}${path}/containers/${name}/logstream`,
    execEndpoint: `${streamAt(sim, app, 'wss')}${path}/containers/${name}/exec`,
    debugEndpoint: `${streamAt(sim, app, 'wss')}${path}/debug?targetContainer=${name}`,
  };
}

/** An init container that has run is terminated; it is never "ready". */
function wireInit(replica: Replica, name: string): Readonly<Record<string, unknown>> {
  if (replica.ready || replica.initsRan === true)
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
