// What pullmedic changed in the simulated Azure, and what was true there right before: for the judge of its promises.

import { registryOf } from './apps/pulls.ts';
import { mayPull, pullPrincipal } from './apps/sign-in.ts';
import type { App } from './model/apps.ts';
import { roleIds } from './model/assignments.ts';
import type { Registry } from './model/registries.ts';
import type { Sim } from './model/sim.ts';
import type { SimRequest } from './wire/request.ts';

/** A role assignment that an app needs: who, which role, and on which registry. Ids are in lower case. */
export interface NeededGrant {
  readonly principalId: string;
  readonly roleId: string;
  readonly scope: string;
}

/** A change that pullmedic asked for. */
export type Change =
  | {
      readonly kind: 'grant';
      readonly atMs: number;
      readonly made: NeededGrant;
      /** The condition of the assignment, in lower case; empty where there is none. It names the repository. */
      readonly condition: string;
      /** What the apps that could not pull needed at that moment. */
      readonly needed: readonly NeededGrant[];
    }
  | {
      readonly kind: 'restart';
      readonly atMs: number;
      readonly app: string;
      readonly revision: string;
      /** Whether a replica of it was ready, and had been so for long enough to be seen. */
      readonly served: boolean;
      /** Whether a replica of it was pulling, had been so for long enough to be seen, and would have succeeded. */
      readonly pulled: boolean;
    }
  | {
      readonly kind: 'restart-group';
      readonly atMs: number;
      readonly app: string;
      /** The same of any of its containers: the restart of a group stops all of them. */
      readonly served: boolean;
      readonly pulled: boolean;
    }
  | { readonly kind: 'new-revision'; readonly atMs: number; readonly app: string }
  | {
      readonly kind: 'start';
      readonly atMs: number;
      readonly app: string;
      /** Whether people start the job; `undefined` for a job that is not there. */
      readonly manual: boolean | undefined;
      /** Whether the last execution waited for its image to the end: neither did it pull nor does it go on, and no person stopped it. */
      readonly unpulled: boolean;
    }
  | { readonly kind: 'removal'; readonly atMs: number; readonly scope: string }
  | { readonly kind: 'alert'; readonly atMs: number; readonly alert: string; readonly state: string };

/** From when to when a replica was there, and since when its images were pulled. Milliseconds since 1970; the name of the app in lower case. */
export interface ReplicaLife {
  /** Of an execution of a job: another one begins while the last one still runs. */
  readonly ofJob: boolean;
  readonly app: string;
  readonly images: readonly string[];
  readonly name: string;
  readonly createdMs: number;
  readonly pulledMs?: number | undefined;
  readonly removedMs?: number | undefined;
}

/** Every replica that there was. One of an app that was deleted is no longer known. */
export function lives(sim: Sim): ReplicaLife[] {
  return [...sim.apps.values()].flatMap((app) =>
    app.revisions.flatMap(({ containers, everyReplica }) =>
      everyReplica.map(({ name, createdMs, pulledMs, removedMs, initsRan }) => ({
        ofJob: app.job !== undefined,
        app: app.name.toLowerCase(),
        // An init container that ran has its image while the others still wait for theirs.
        images: containers.filter(({ init }) => !(init && initsRan === true)).map(({ image }) => image),
        name,
        createdMs,
        pulledMs,
        removedMs,
      })),
    ),
  );
}

const restarts = /\/containerapps\/([^/]+)\/revisions\/([^/]+)\/restart$/i;
const groupRestarts = /\/containergroups\/([^/]+)\/restart$/i;
const starts = /\/jobs\/([^/]+)\/start$/i;
const apps = /\/containerapps\/([^/]+)$/i;
const assignments = /^(.*)\/providers\/microsoft\.authorization\/roleassignments\/[^/]+$/i;
const alertStates = /^(.*\/alerts\/[^/]+)\/changestate$/i;

function textOf(body: unknown, name: string): string {
  const properties: unknown =
    typeof body === 'object' && body !== null && 'properties' in body ? body.properties : undefined;
  const found: unknown =
    typeof properties === 'object' && properties !== null ? Reflect.get(properties, name) : undefined;
  return typeof found === 'string' ? found.toLowerCase() : '';
}

/** What the images of all apps that may not pull now need, and the entries that an app writes down, by the identity that it declares there. */
function neededNow(sim: Sim): NeededGrant[] {
  return [...sim.apps.values()].flatMap((app) => [
    ...app.containers.flatMap(({ image }): NeededGrant[] => {
      const registry = registryOf(sim, image);
      const [, repository = ''] = /^[^/]+\/(.+?)(?::[^:/]+|@.+)?$/.exec(image) ?? [];
      return registry === undefined ? [] : neededFor(sim, app, registry, repository);
    }),
    ...(app.registries ?? []).flatMap(({ server, identity }): NeededGrant[] => {
      const registry = [...sim.registries.values()].find(({ hosts }) => hosts.includes(server.toLowerCase()));
      return registry === undefined || identity === undefined ? [] : neededFor(sim, app, registry, '');
    }),
  ]);
}

function neededFor(sim: Sim, app: App, registry: Registry, repository: string): NeededGrant[] {
  const principalId = pullPrincipal(sim, app, registry);
  if (principalId === undefined || mayPull(sim, app, registry, repository)) return [];
  const role = registry.roleMode === 'AbacRepositoryPermissions' ? 'Container Registry Repository Reader' : 'AcrPull';
  const roleId = roleIds[role] ?? '';
  return [{ principalId: principalId.toLowerCase(), roleId, scope: registry.id.toLowerCase() }];
}

/**
 * The time between the last read and the restart, in real milliseconds; a faster clock stretches it. The platform's own next try may
 * succeed in that time, and pullmedic cannot exclude that.
 */
const unseenMs = 1000;

/** What the replicas of a revision, or without one those of the whole workload, did that pullmedic could see before it sent a restart. */
function seenOf(
  sim: Sim,
  appName: string,
  revisionName?: string,
): { readonly served: boolean; readonly pulled: boolean } {
  const app = [...sim.apps.values()].find(({ name }) => name.toLowerCase() === appName.toLowerCase());
  const replicas = (app?.revisions ?? [])
    .filter(({ name }) => revisionName === undefined || name.toLowerCase() === revisionName.toLowerCase())
    .flatMap((revision) => revision.replicas)
    .filter(({ removed }) => !removed);
  const seenMs = sim.scheduler.now() - unseenMs * sim.speed;
  return {
    served: replicas.some(({ ready, readySinceMs = 0 }) => ready && readySinceMs < seenMs),
    pulled: replicas.some(({ pullingSinceMs = Infinity }) => pullingSinceMs < seenMs),
  };
}

function lastExecution(
  sim: Sim,
  jobName: string,
): { readonly manual: boolean | undefined; readonly unpulled: boolean } {
  const app = [...sim.apps.values()].find(
    ({ name, job }) => job !== undefined && name.toLowerCase() === jobName.toLowerCase(),
  );
  const last = app?.revisions.at(-1);
  const pulled = last?.everyReplica.some(({ pulledMs }) => pulledMs !== undefined) ?? false;
  return { manual: app?.job && app.job.trigger === 'manual', unpulled: last?.ended?.status === 'Failed' && !pulled };
}

/** The change that a request asks for, with what is true before it is answered; `undefined` for everything else. */
export function changeOf(sim: Sim, { method, url, body }: SimRequest): Change | undefined {
  const atMs = sim.scheduler.now();
  const path = decodeURIComponent(url.pathname);
  const restart = method === 'POST' ? restarts.exec(path) : null;
  if (restart !== null) {
    const [, app = '', revision = ''] = restart;
    return { kind: 'restart', atMs, app, revision, ...seenOf(sim, app, revision) };
  }
  const group = method === 'POST' ? groupRestarts.exec(path)?.[1] : undefined;
  if (group !== undefined) return { kind: 'restart-group', atMs, app: group, ...seenOf(sim, group) };
  const started = method === 'POST' ? starts.exec(path)?.[1] : undefined;
  if (started !== undefined) return { kind: 'start', atMs, app: started, ...lastExecution(sim, started) };
  const alert = method === 'POST' ? alertStates.exec(path)?.[1] : undefined;
  if (alert !== undefined)
    return { kind: 'alert', atMs, alert: alert.toLowerCase(), state: url.searchParams.get('newState') ?? '' };
  const app = method === 'PATCH' ? apps.exec(path)?.[1] : undefined;
  if (app !== undefined) return { kind: 'new-revision', atMs, app };
  const scope = assignments.exec(path)?.[1]?.toLowerCase();
  if (scope !== undefined && method === 'DELETE') return { kind: 'removal', atMs, scope };
  if (scope === undefined || method !== 'PUT') return undefined;
  const roleId = textOf(body, 'roleDefinitionId').split('/').at(-1) ?? '';
  const made = { principalId: textOf(body, 'principalId'), roleId, scope };
  return { kind: 'grant', atMs, made, condition: textOf(body, 'condition'), needed: neededNow(sim) };
}
