// The platform: replicas that pull and start their containers, the rows it writes about it, and its back-off.
import { conditionHolds } from '../authorization/conditions.ts';
import { isDenied } from '../authorization/deny-assignments.ts';
import { roleAllows } from '../authorization/role-definitions.ts';
import { findImage, referenceOf } from '../model/images.ts';
import type {
  App,
  Assignment,
  Container,
  Registry,
  RegistryEntry,
  RegistryToken,
  Replica,
  Revision,
  Sim,
} from '../model/sim.ts';
import { chance, note, principalIdOf, principalsOf, sameId } from '../model/sim.ts';
import { obstacle, reachesTokens, sayObstacle } from '../network/ways.ts';
import { hostOf, publicFailure } from '../registry/public-registries.ts';

/** Gaps between tries of one replica: captured up to 160 s, then the usual cap of Kubernetes. */
const backoffMs = [10_000, 20_000, 40_000, 80_000, 160_000, 300_000];
/** How long a revision may stay unready before the platform calls it failed. */
const provisioningDeadlineMs = 10 * 60_000;

export interface PullFailure {
  readonly ok: false;
  readonly reason: string;
  readonly type: string;
  readonly text: string;
  readonly companion: boolean;
  /** What the registry answered, where it is told. */
  readonly body?: string | undefined;
  /** What a client prints that got no answer from a registry. */
  readonly printed?: string;
  /** The pull hangs, and nobody writes a row about it. */
  readonly silent?: boolean;
}

type PullOutcome = { readonly ok: true } | PullFailure;

/** Writes a row of the system log. It can be queried only after the ingestion delay; one row in seven arrives twice. */
export function writeRow(
  sim: Sim,
  app: App,
  row: { revision?: string; replica?: string; reason: string; type: string; text: string },
): void {
  const environment = sim.environments.get(app.environment);
  if (environment === undefined || environment.logs === 'none') return;
  const atMs = sim.scheduler.now();
  const jitter = chance(`${sim.seed}|${sim.logs.length}`);
  const made = {
    // Rows of one burst share a time, as captured.
    atMs: Math.ceil((atMs + 1000) / 2000) * 2000,
    ingestedMs: atMs + sim.world.delays.logIngestion * (0.75 + jitter / 2),
    environment: environment.name,
    app: app.name,
    revision: row.revision ?? '',
    replica: row.replica ?? '',
    reason: row.reason,
    type: row.type,
    text: row.text,
  };
  sim.logs.push(made);
  if (jitter < 1 / 7) sim.logs.push({ ...made, ingestedMs: made.ingestedMs + 5000 });
}

export function registryOf(sim: Sim, image: string): Registry | undefined {
  return [...sim.registries.values()].find(({ hosts }) => hosts.includes(hostOf(image)));
}

const unauthorized: PullOutcome = {
  ok: false,
  reason: 'ImagePullUnauthorized',
  type: 'Normal',
  text: 'Container pull image failed with unauthorized error.',
  companion: false,
};

function failure(container: Container, body: string): PullFailure {
  const text = `Container '${container.name}' was terminated with exit code '' and reason 'ImagePullFailure'. Image ${container.image} not found in registry. ErrorMessage=Image not found or access denied. Error: ${body}, GenevaTraceId=00000000000000000000000000000000`;
  return { ok: false, reason: 'ContainerTerminated', type: 'Warning', text, companion: true, body };
}

/** What the network does to a pull. An address that the private zone does not lead to is logged as "unauthorized". */
function networkOutcome(sim: Sim, app: App, registry: Registry, container: Container): PullOutcome | undefined {
  const found = obstacle(sim, app, registry);
  if (found === undefined) return undefined;
  const said = sayObstacle(found, registry, container);
  switch (found.kind) {
    case 'public-refused':
      return unauthorized;
    case 'address-refused':
      return failure(container, said);
    case 'no-such-host':
    case 'dead-address':
      return { ...failure(container, said), body: undefined, printed: said };
    case 'swallowed':
      return { ...failure(container, said), body: undefined, printed: said, silent: true };
  }
}

/** The entry by which the app pulls from a registry; `undefined` where it declares none, and so does not sign in. */
export function entryFor(app: App, registry: Registry): RegistryEntry | undefined {
  if (app.registries !== undefined)
    return app.registries.find(({ server }) => registry.hosts.includes(server.toLowerCase()));
  return app.pullIdentity === undefined ? undefined : { server: registry.loginServer, identity: app.pullIdentity };
}

/** Who pulls; nobody where the identity was deleted. */
export function pullPrincipal(sim: Sim, app: App, registry: Registry): string | undefined {
  const identity = entryFor(app, registry)?.identity;
  if (identity === undefined || sim.deleted.has(identity)) return undefined;
  if (identity === 'system') return app.systemPrincipalId;
  if (identity === 'system-environment') return sim.environments.get(app.environment)?.principalId;
  return app.pullIdentityAssigned ? principalIdOf(sim, identity) : undefined;
}

/** A token lets in while it is enabled and the password that the secret holds has not ended. */
function tokenWorks(sim: Sim, { enabled, passwords }: RegistryToken, held: string): boolean {
  const password = passwords.find(({ name }) => name === held);
  return enabled && password !== undefined && (password.expiresMs ?? Infinity) > sim.scheduler.now();
}

/** Whether a user name and a secret let the app in: the admin user only while it is enabled, a token by its own rules, everybody else by the secret alone. */
function passwordWorks(
  sim: Sim,
  app: App,
  registry: Registry,
  { username = '', passwordSecretRef }: RegistryEntry,
): boolean {
  const secret = app.secrets.find(({ name }) => name === passwordSecretRef);
  if (secret?.valid !== true) return false;
  if (sameId(username, registry.name)) return registry.adminUserEnabled;
  const token = registry.tokens.find(({ name }) => sameId(name, username));
  return token === undefined || tokenWorks(sim, token, secret.password);
}

/** Whether the registry lets the app pull now. Identities sign in with tokens of the ARM audience. */
function letsIn(sim: Sim, app: App, registry: Registry, repository: string): boolean {
  const entry = entryFor(app, registry);
  if (entry === undefined) return false;
  if (entry.identity === undefined) return passwordWorks(sim, app, registry, entry);
  return registry.armAudience === 'enabled' && mayPull(sim, app, registry, repository);
}

const pullActions = {
  LegacyRegistryPermissions: { kind: 'action', name: 'Microsoft.ContainerRegistry/registries/pull/read' },
  AbacRepositoryPermissions: {
    kind: 'dataAction',
    name: 'Microsoft.ContainerRegistry/registries/repositories/content/read',
  },
} as const;

/** Whether a condition lets the pull of a repository happen. Only registries with repository permissions know repositories. */
function conditionAllows(sim: Sim, registry: Registry, held: Assignment, repository: string): boolean {
  if (held.condition === undefined || registry.roleMode !== 'AbacRepositoryPermissions') return true;
  const { name } = pullActions.AbacRepositoryPermissions;
  const allowed = conditionHolds(held.condition, { action: name, repository });
  if (allowed === undefined)
    note(sim, `the condition of assignment ${held.name} is not modelled; it denies the pull of ${repository}`);
  return allowed ?? false;
}

/** Whether the identity may pull now: an assignment at or above the registry whose propagation is over, and no denial. */
export function mayPull(sim: Sim, app: App, registry: Registry, repository: string): boolean {
  const principal = pullPrincipal(sim, app, registry);
  const held = new Set(principal === undefined ? [] : principalsOf(sim, principal));
  const pull = pullActions[registry.roleMode];
  const nowMs = sim.scheduler.now();
  if (isDenied(sim, principal, registry.id, pull)) return false;
  return sim.assignments.some(
    (one) =>
      held.has(one.principalId) &&
      roleAllows(sim, one.roleId, pull) &&
      one.effectiveMs <= nowMs &&
      `${registry.id.toLowerCase()}/`.startsWith(`${one.scope.toLowerCase()}/`) &&
      conditionAllows(sim, registry, one, repository),
  );
}

function publicOutcome(sim: Sim, container: Container): PullOutcome {
  const failed = publicFailure(sim, container.image);
  if (failed === undefined) return { ok: true };
  const text = `Container '${container.name}' was terminated with exit code '' and reason 'ImagePullFailure'. ${failed}`;
  return { ok: false, reason: 'ContainerTerminated', type: 'Warning', text, companion: true };
}

/** What a pull of this image ends in, now. An image of a registry that the world does not hold is public and is pulled. */
export function pullOutcome(sim: Sim, app: App, container: Container): PullOutcome {
  const registry = registryOf(sim, container.image);
  if (registry === undefined) return publicOutcome(sim, container);
  const blocked = networkOutcome(sim, app, registry, container);
  if (blocked !== undefined) return blocked;
  const reference = referenceOf(container.image.slice(hostOf(container.image).length + 1));
  if (entryFor(app, registry)?.identity !== undefined && !reachesTokens(sim, app)) return unauthorized;
  if (!letsIn(sim, app, registry, reference.repository)) return unauthorized;
  const found = findImage(registry, reference);
  return 'missing' in found ? failure(container, JSON.stringify(found.missing)) : { ok: true };
}

function later(sim: Sim, delayMs: number, replica: Replica, task: () => void): void {
  sim.scheduler.at(sim.scheduler.now() + delayMs, () => {
    if (!replica.removed) task();
  });
}

function waitAndRetry(sim: Sim, app: App, revision: Revision, replica: Replica, why: string): void {
  replica.state = 'Waiting';
  replica.details = `Container is waiting with reason: ${why} on legion.`;
  const gap = backoffMs[Math.min(replica.attempts - 1, backoffMs.length - 1)] ?? 300_000;
  later(sim, gap, replica, () => tryPull(sim, app, revision, replica));
}

function onPullFailed(
  sim: Sim,
  app: App,
  revision: Revision,
  replica: Replica,
  container: Container,
  failed: PullFailure,
): void {
  note(sim, `${revision.name}: pull of ${container.image} failed (${failed.reason})`);
  if (app.silent || failed.silent) return waitAndRetry(sim, app, revision, replica, 'PullingImage');
  const where = { revision: revision.name, replica: replica.name };
  writeRow(sim, app, { ...where, reason: failed.reason, type: failed.type, text: failed.text });
  if (!failed.companion)
    writeRow(sim, app, {
      ...where,
      reason: 'ContainerTerminated',
      type: 'Warning',
      text: `Container '${container.name}' was terminated with exit code '' and reason 'ImagePullFailure'`,
    });
  return waitAndRetry(sim, app, revision, replica, 'ImagePullBackOff');
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

function onPulled(sim: Sim, app: App, revision: Revision, replica: Replica): void {
  const where = { revision: revision.name, replica: replica.name, type: 'Normal' };
  for (const { name, image } of revision.containers) {
    writeRow(sim, app, {
      ...where,
      reason: 'PulledImage',
      text: `Successfully pulled image "${image}" in 1.92s. Image size: 49283072 bytes.`,
    });
    writeRow(sim, app, { ...where, reason: 'ContainerCreated', text: `Created container '${name}'` });
    writeRow(sim, app, { ...where, reason: 'ContainerStarted', text: `Started container '${name}'` });
  }
  later(sim, 3000, replica, () => {
    if (app.crashText !== undefined) return crash(sim, app, revision, replica, app.crashText);
    replica.ready = true;
    replica.state = 'Running';
    replica.details = '';
    replica.attempts = 0;
    revision.wasReady = true;
    note(sim, `${revision.name}: ${replica.name} is ready`);
    return retireOthers(app, revision);
  });
}

/** In single mode the old revision serves until the new one is ready. */
function retireOthers(app: App, revision: Revision): void {
  if (app.revisionMode !== 'Single') return;
  for (const other of app.revisions) {
    if (other === revision || other.createdMs > revision.createdMs) continue;
    other.active = false;
    for (const replica of other.replicas) replica.removed = true;
    other.replicas = [];
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
  later(sim, 1000, replica, () => {
    for (const container of revision.containers) {
      const outcome = pullOutcome(sim, app, container);
      replica.failing = outcome.ok ? undefined : container.name;
      if (!outcome.ok) return onPullFailed(sim, app, revision, replica, container, outcome);
    }
    return onPulled(sim, app, revision, replica);
  });
}

/** A new replica is scheduled on a node and pulls: the policy of the platform is always to pull. */
export function startReplica(sim: Sim, app: App, revision: Revision): void {
  const suffix = chance(`${sim.seed}|${revision.name}|${sim.scheduler.now()}|${revision.replicas.length}`)
    .toString(36)
    .slice(2, 7);
  const replica: Replica = {
    name: `${revision.name}-7d9c6b5f4-${suffix}`,
    createdMs: sim.scheduler.now(),
    attempts: 0,
    ready: false,
    state: 'Waiting',
    details: '',
    removed: false,
  };
  revision.replicas.push(replica);
  writeRow(sim, app, {
    revision: revision.name,
    replica: replica.name,
    reason: 'AssigningReplica',
    type: 'Normal',
    text: `Replica '${replica.name}' has been scheduled to run on a node.`,
  });
  later(sim, 1000, replica, () => tryPull(sim, app, revision, replica));
}

function newRevision(app: App, createdMs: number, suffix: string): Revision {
  app.revisionCount += 1;
  const revision: Revision = {
    name: `${app.name}--${suffix === '' ? String(app.revisionCount).padStart(7, '0') : suffix}`,
    suffix,
    createdMs,
    containers: app.containers,
    active: true,
    replicas: [],
    wasReady: false,
  };
  app.revisions.push(revision);
  return revision;
}

/** Deploys the app's template. "Successfully provisioned" is logged before anything is pulled, as captured. */
export function deployRevision(sim: Sim, app: App, suffix = ''): Revision {
  app.written = true;
  app.provisioningState = 'Succeeded';
  const revision = newRevision(app, sim.scheduler.now(), suffix);
  writeRow(sim, app, {
    revision: revision.name,
    reason: 'RevisionReady',
    type: 'Normal',
    text: `Successfully provisioned revision '${revision.name}'`,
  });
  note(sim, `${app.name}: revision ${revision.name} is deployed`);
  for (let count = 0; count < app.minReplicas; count += 1) startReplica(sim, app, revision);
  return revision;
}

/** A revision that was deployed long ago and serves: its rows are older than anybody asks for. */
export function deployLongAgo(sim: Sim, app: App): void {
  const revision = newRevision(app, sim.scheduler.now() - 30 * 86_400_000, '');
  revision.wasReady = true;
  for (let count = 0; count < app.minReplicas; count += 1) {
    revision.replicas.push({
      name: `${revision.name}-7d9c6b5f4-old${count}`,
      createdMs: revision.createdMs,
      attempts: 0,
      ready: true,
      state: 'Running',
      details: '',
      removed: false,
    });
  }
}

/** Replaces every replica: a restart forces a fresh pull and begins a new back-off. */
export function restart(sim: Sim, app: App, revision: Revision): void {
  const count = Math.max(revision.replicas.length, 1);
  for (const replica of revision.replicas) replica.removed = true;
  revision.replicas = [];
  for (let index = 0; index < count; index += 1) startReplica(sim, app, revision);
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

export function scale(sim: Sim, app: App, replicas: number): void {
  const revision = app.revisions.findLast((one) => one.active);
  if (revision === undefined) return;
  while (revision.replicas.length > replicas) {
    const removed = revision.replicas.pop();
    if (removed !== undefined) removed.removed = true;
  }
  while (revision.replicas.length < replicas) startReplica(sim, app, revision);
}

export interface RevisionState {
  readonly provisioningState: string;
  readonly healthState: string;
  readonly runningState: string;
  readonly provisioningError?: string;
  readonly runningStateDetails?: string;
}

/** What the platform says of a revision. A revision that serves is green even while another replica of it is stuck. */
export function revisionState(sim: Sim, revision: Revision): RevisionState {
  if (!revision.active) return { provisioningState: 'Provisioned', healthState: 'Healthy', runningState: 'Stopped' };
  if (revision.replicas.length === 0)
    return { provisioningState: 'Provisioned', healthState: 'None', runningState: 'ScaledToZero' };
  if (revision.replicas.some((replica) => replica.ready))
    return { provisioningState: 'Provisioned', healthState: 'Healthy', runningState: 'RunningAtMaxScale' };
  const waiting = revision.replicas.find((replica) => replica.details.includes('ImagePullBackOff'));
  const crashing = revision.replicas.find((replica) => replica.details.includes('CrashLoopBackOff'));
  const details =
    waiting === undefined
      ? crashing === undefined
        ? undefined
        : 'Container crashing: app'
      : 'Pending:ImagePullBackOff on legion';
  if (details === undefined)
    return { provisioningState: 'Provisioning', healthState: 'None', runningState: 'Activating' };
  const overdue = sim.scheduler.now() - revision.createdMs > provisioningDeadlineMs && !revision.wasReady;
  const counted = `${revision.replicas.length}/${revision.replicas.length} ${details}`;
  return overdue
    ? {
        provisioningState: 'Failed',
        healthState: 'Unhealthy',
        runningState: 'Failed',
        provisioningError: details,
        runningStateDetails: counted,
      }
    : {
        provisioningState: 'Provisioning',
        healthState: 'Unhealthy',
        runningState: 'Processing',
        runningStateDetails: counted,
      };
}
