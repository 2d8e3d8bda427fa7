// Starts a simulated Azure for one world, on loopback: tokens, network, control plane, logs, alerts, events.

import { startJobs } from './apps/jobs.ts';
import { deployLongAgo, deployRevision } from './apps/revisions.ts';
import { firstDenials } from './authorization/deny-assignments.ts';
import { firstAssignments } from './authorization/role-assignments.ts';
import { type Change, changeOf, lives, type ReplicaLife } from './changes.ts';
import { beginContainerGroups } from './container-groups/deployments.ts';
import { subscribe } from './event-grid/event-grid.ts';
import { faultFor, serviceOf } from './happenings/faults.ts';
import { happen, schedule } from './happenings/happenings.ts';
import { type IdentityEndpoint, startIdentity } from './identity/endpoint.ts';
import { answerArm } from './management/arm.ts';
import type { Assignment } from './model/assignments.ts';
import { createSim } from './model/create.ts';
import type { Call } from './model/records.ts';
import { realScheduler, type Scheduler } from './model/scheduler.ts';
import { note, type Sim } from './model/sim.ts';
import { startAlertRules } from './monitor/log-alerts.ts';
import { answerLogQuery } from './monitor/log-analytics.ts';
import { answerDataPlane, registryAt } from './registry/data-plane.ts';
import type { Authority } from './seam/certificates.ts';
import { type NetworkOptions, type Spoilt, startNetwork } from './seam/proxy.ts';
import type { Answer, SimAnswer } from './wire/answers.ts';
import { type Guest, guestFor } from './wire/guest.ts';
import type { SimRequest } from './wire/request.ts';
import type { WorldEvent } from './world/events.ts';
import type { World } from './world/world.ts';

const audiences: Readonly<Record<string, string>> = {
  'management.azure.com': 'https://management.azure.com',
  'api.loganalytics.io': 'https://api.loganalytics.io',
};

/** The world to simulate, and how fast it runs. */
export interface AzureOptions {
  readonly world: World;
  readonly events: readonly WorldEvent[];
  readonly speed: number;
  /** Makes ids and jitter; the same seed gives the same world. */
  readonly seed: string;
  /** What is played in it by others. */
  readonly guests?: readonly Guest[];
}

/** What a simulation on loopback needs besides. */
export interface SimulationOptions extends AzureOptions {
  readonly authority: Authority;
  /** Path of a file that holds the authority's certificate. */
  readonly authorityFile: string;
  /** Sees every request first and may spoil it. */
  readonly spoils?: ((request: SimRequest) => Spoilt | undefined) | undefined;
  /** Runs the world; by default with the clock of this process. */
  readonly scheduler?: Scheduler;
  /** An endpoint that outlives the simulation: the SDK remembers it, and its tokens, for the life of a process. */
  readonly identity?: IdentityEndpoint;
}

/** What is true in Azure now, for expectations. */
export interface AzureState {
  /** Role assignments that pullmedic made. */
  readonly assigned: readonly Assignment[];
  /** Role assignments that pullmedic removed. */
  readonly removed: readonly Assignment[];
  readonly restarts: number;
  readonly starts: number;
  /** Apps whose template was asked for again, under a new suffix. */
  readonly newRevisions: number;
  /** Alerts whose state pullmedic set, each as `app: state`. */
  readonly alerts: readonly string[];
  /** Every request of pullmedic except reads. */
  readonly writes: readonly Call[];
  /** What pullmedic changed, and what was true right before. */
  readonly changes: readonly Change[];
  /** Every replica that there was, for the judge of a recovery. */
  readonly replicas: readonly ReplicaLife[];
  /** Requests that the simulation does not model, and hosts outside of it. */
  readonly refused: readonly Call[];
  readonly apps: Readonly<Record<string, { readonly ready: number; readonly revisions: number }>>;
}

/** A simulated Azure without a network of its own: it answers requests that are handed to it. */
export interface SimulatedAzure extends Pick<NetworkOptions, 'plays' | 'answer' | 'refused'> {
  readonly sim: Sim;
  /** Connects alert rules and Event Grid to the app's endpoints. */
  deliverTo(urls: { readonly alerts: string; readonly events: string }): void;
  /** Time begins: what is deployed now is deployed, and events are due. */
  begin(): void;
  state(): AzureState;
}

/** A simulated Azure on loopback; `env` is what the app needs in its environment to reach it. */
export interface Simulation extends Pick<SimulatedAzure, 'sim' | 'deliverTo' | 'begin' | 'state'> {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

function isRead(call: Call): boolean {
  const question =
    call.method === 'POST' &&
    (call.host === 'api.loganalytics.io' ||
      call.path.toLowerCase().endsWith('/microsoft.resourcegraph/resources') ||
      call.path.startsWith('/oauth2/'));
  return call.method === 'GET' || call.method === 'HEAD' || question;
}

const badToken: Answer = {
  status: 401,
  body: {
    error: { code: 'InvalidAuthenticationToken', message: 'The access token is invalid or is for another audience.' },
  },
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
};

type Accepts = IdentityEndpoint['accepts'];

function answerHost(sim: Sim, accepts: Accepts, request: SimRequest): Answer {
  const fault = faultFor(sim, serviceOf(request.host, request.url.pathname));
  if (fault !== undefined) return fault;
  const registry = registryAt(sim, request.host);
  if (registry !== undefined)
    return answerDataPlane(sim, registry, request, (token, audience) => accepts(`Bearer ${token}`, audience));
  if (!accepts(request.authorization, audiences[request.host] ?? '')) return badToken;
  if (request.host === 'api.loganalytics.io')
    return answerLogQuery(sim, decodeURIComponent(request.url.pathname), request.body);
  const path = decodeURIComponent(request.url.pathname).replaceAll('//', '/');
  return answerArm(sim, { method: request.method, path, query: request.url.searchParams, body: request.body });
}

/** An assignment that was there already, and an answer that refuses, change nothing. */
function took({ kind }: Change, { status }: Answer): boolean {
  return kind === 'grant' ? status === 201 : status < 300 && status !== 204;
}

function record(sim: Sim, request: SimRequest, status: number, refused?: string): void {
  const call = {
    atMs: sim.scheduler.now(),
    method: request.method,
    host: request.host,
    path: request.url.pathname,
    status,
  };
  sim.calls.push(refused === undefined ? call : { ...call, refused });
  if (refused !== undefined) note(sim, `refused: ${refused}`);
}

function stateOf(sim: Sim, changes: readonly Change[]): AzureState {
  const apps = [...sim.apps.values()].map((app) => {
    const replicas = app.revisions.filter((revision) => revision.active).flatMap((revision) => revision.replicas);
    return [
      app.name,
      { ready: replicas.filter((replica) => replica.ready).length, revisions: app.revisions.length },
    ] as const;
  });
  return {
    assigned: sim.assignments.filter((one) => one.by === 'pullmedic'),
    removed: sim.removed,
    restarts: sim.calls.filter((call) => call.method === 'POST' && call.path.endsWith('/restart') && call.status < 300)
      .length,
    starts: sim.calls.filter(
      (call) => call.method === 'POST' && /\/jobs\/[^/]+\/start$/i.test(call.path) && call.status < 300,
    ).length,
    newRevisions: sim.calls.filter((call) => call.method === 'PATCH' && call.status === 202).length,
    alerts: sim.managedAlerts.filter((one) => one.setBy === 'pullmedic').map(({ app, state }) => `${app}: ${state}`),
    writes: sim.calls.filter((call) => !isRead(call) && call.host !== ''),
    changes,
    replicas: lives(sim),
    refused: sim.calls.filter((call) => call.refused !== undefined),
    apps: Object.fromEntries(apps),
  };
}

function begin(sim: Sim, events: readonly WorldEvent[]): void {
  sim.assignments = firstAssignments(sim);
  sim.denials = firstDenials(sim);
  for (const app of sim.apps.values()) {
    const deployed = sim.world.apps.find((one) => one.name === app.name)?.deployed;
    if (deployed === 'now' && app.pullCheckedOnWrite) happen(sim, { at: 0, do: 'deploy', app: app.name });
    else if (deployed === 'running') deployLongAgo(sim, app);
    else if (deployed === 'now') deployRevision(sim, app);
  }
  startJobs(sim);
  beginContainerGroups(sim);
  schedule(sim, events);
}

/** Makes a simulated Azure. Nothing happens in it until {@link SimulatedAzure.begin}. `accepts` knows the tokens of its identities. */
export function simulateAzure(options: AzureOptions, scheduler: Scheduler, accepts: Accepts): SimulatedAzure {
  const sim = createSim(options.world, scheduler, options.speed, options.seed);
  const changes: Change[] = [];
  const { guests = [] } = options;
  return {
    sim,
    plays: (host) =>
      audiences[host] !== undefined || registryAt(sim, host) !== undefined || guests.some((one) => one.host === host),
    refused(host) {
      sim.calls.push({
        atMs: scheduler.now(),
        method: 'CONNECT',
        host: '',
        path: host,
        status: 403,
        refused: `the host ${host} is outside of the simulation`,
      });
    },
    answer(request): SimAnswer {
      const guest = guestFor(guests, request);
      if (guest !== undefined) return accepts(request.authorization, guest.audience) ? guest.answer(request) : badToken;
      const change = changeOf(sim, request);
      const answer = answerHost(sim, accepts, request);
      if (change !== undefined && took(change, answer)) changes.push(change);
      record(sim, request, answer.status, answer.refused);
      return answer;
    },
    deliverTo({ alerts, events }) {
      startAlertRules(sim, alerts);
      subscribe(sim, events);
    },
    begin: () => begin(sim, options.events),
    state: () => stateOf(sim, changes),
  };
}

/** Starts the simulation on loopback. Nothing happens in it until {@link Simulation.begin}. */
export async function startSimulatedAzure(options: SimulationOptions): Promise<Simulation> {
  const scheduler = options.scheduler ?? realScheduler(options.speed);
  const azure = simulateAzure(options, scheduler, (authorization, audience) =>
    identity.accepts(authorization, audience),
  );
  const { sim } = azure;
  const identity = options.identity ?? (await startIdentity(sim.self.clientId, () => faultFor(sim, 'identity')));
  const network = await startNetwork({ ...azure, authority: options.authority, spoils: options.spoils });
  return {
    ...azure,
    env: {
      HTTPS_PROXY: network.proxyUrl,
      NO_PROXY: '127.0.0.1,localhost',
      NODE_USE_ENV_PROXY: '1',
      NODE_EXTRA_CA_CERTS: options.authorityFile,
      IDENTITY_ENDPOINT: identity.url,
      IDENTITY_HEADER: identity.header,
      AZURE_CLIENT_ID: sim.self.clientId,
    },
    async stop() {
      scheduler.stop();
      await network.stop();
      if (options.identity === undefined) await identity.stop();
    },
  };
}
