// The state of container apps and their environments, as a world begins with it.
import type { World } from '../world/world.ts';
import type { GroupSettings } from './group-settings.ts';
import { guidFor, resourceId } from './ids.ts';
import { vnetId } from './networks.ts';

/** The environments of a world, by name. */
export function environmentsOf(world: World): Map<string, Environment> {
  return new Map(
    world.environments.map((one) => {
      const vnet = world.vnets.find((candidate) => candidate.name === one.vnet);
      const made: Environment = {
        id: resourceId(world, one.group, 'Microsoft.App/managedEnvironments', one.name),
        name: one.name,
        logs: one.logs,
        workspaceId: guidFor(`workspace|${world.subscription}|${one.name}`),
        egressIp: one.egressIp,
        subnet: one.subnet,
        express: one.express,
        region: one.region ?? world.location,
        domainLabel: domainLabelOf(world.subscription, one.name),
        ...(vnet === undefined
          ? {}
          : { vnetId: resourceId(world, vnet.group, 'Microsoft.Network/virtualNetworks', vnet.name) }),
        ...(one.systemIdentity ? { principalId: guidFor(`principal|environment|${one.name}`) } : {}),
      };
      return [one.name, made];
    }),
  );
}

/**
 * The first label of an environment's default domain, by which the system log names it. Source: a captured row has
 * `EnvironmentName_s` `victoriousmushroom-d79e9f76` (Azure Container Apps practical guide, labs/managed-identity-key-vault-failure).
 */
function domainLabelOf(subscription: string, name: string): string {
  const digits = guidFor(`domain|${subscription}|${name}`).slice(0, 8);
  const at = Number.parseInt(digits, 16);
  const [adjectives, nouns] = [
    ['brave', 'calm', 'proud', 'wonderful'],
    ['bay', 'forest', 'meadow', 'mushroom'],
  ] as const;
  return `${adjectives[at % 4]}${nouns[(at >>> 2) % 4]}-${digits}`;
}

/** The apps of a world, by name, without a revision yet. */
export function appsOf(world: World): Map<string, App> {
  return new Map(
    world.apps.map((one) => {
      const made: App = {
        id: resourceId(world, one.group, 'Microsoft.App/containerApps', one.name),
        name: one.name,
        environment: one.environment,
        revisionMode: one.revisionMode,
        minReplicas: one.minReplicas,
        pullCheckedOnWrite: one.validated,
        writesNoFailureRows: one.silent,
        restartable: one.restartable,
        ...(one.pullFails === undefined ? {} : { pullFails: one.pullFails }),
        ...(one.notScheduled === undefined ? {} : { notScheduled: one.notScheduled }),
        provisioningState: 'Succeeded',
        // Init containers come first: nothing starts before their images are pulled.
        containers: [...one.containers].sort((a, b) => Number(b.init) - Number(a.init)),
        revisions: [],
        revisionCount: 0,
        written: one.deployed !== 'later',
        ...(one.pullIdentity === undefined ? {} : { pullIdentity: one.pullIdentity }),
        secrets: one.secrets,
        identities: one.identities,
        pullIdentityAssigned: one.pullIdentityAssigned,
        ...(one.outbound === undefined
          ? {}
          : { outbound: { vnetId: vnetId(world, one.outbound.vnet), subnet: one.outbound.subnet } }),
        ...(one.registries === undefined ? {} : { registries: one.registries }),
        ...(one.systemIdentity || one.pullIdentity === 'system' || one.registries?.some(isSystem)
          ? { systemPrincipalId: guidFor(`principal|app|${one.name}`) }
          : {}),
      };
      return [one.name, made];
    }),
  );
}

function isSystem({ identity }: RegistryEntry): boolean {
  return identity === 'system';
}

/** A container of a template; an init container ends before the others start. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly init: boolean;
}

/** One replica of a revision. */
export interface Replica {
  readonly name: string;
  readonly createdMs: number;
  /** How often a pull or a start was tried: it sets the back-off. */
  attempts: number;
  ready: boolean;
  /** Since when it was last ready; none where it was from the beginning. */
  readySinceMs?: number;
  state: 'Running' | 'Waiting' | 'Terminated';
  /** What its container exited with; none where it did not run to its end. */
  exitCode?: number;
  details: string;
  /** The containers whose images cannot be pulled; the others wait for them without a complaint of their own. */
  failing?: ReadonlySet<string>;
  /** Whether its init containers have run to their end: the others pull only after that. */
  initsRan?: boolean;
  removed: boolean;
  /** Since when its images have been pulled; none where they were from the beginning. */
  pulledMs?: number;
  removedMs?: number;
  /** When a pull began that will succeed, until its containers run. One that fails does so within a second, and is not kept here. */
  pullingSinceMs?: number | undefined;
}

/** A revision, which keeps the containers of its template. */
export interface Revision {
  readonly name: string;
  /** The suffix of its template; empty where the platform chose the name. */
  readonly suffix: string;
  readonly createdMs: number;
  readonly containers: readonly Container[];
  active: boolean;
  replicas: Replica[];
  /** All replicas that it ever had, those included that were removed. */
  readonly everyReplica: Replica[];
  /** How many replicas are wanted and were not made, because there was no room. */
  notScheduled: number;
  wasReady: boolean;
  /** Only of an execution that is over. */
  ended?: { readonly status: 'Succeeded' | 'Failed'; readonly atMs: number };
}

/** What an app says about one registry. */
export interface RegistryEntry {
  readonly server: string;
  readonly identity?: string | undefined;
  readonly username?: string | undefined;
  readonly passwordSecretRef?: string | undefined;
}

/** A secret of an app. */
export interface Secret {
  readonly name: string;
  readonly valid: boolean;
  /** Which password of a token it holds. */
  readonly password: string;
  /** The Key Vault that holds it, and the identity that reads it there. */
  readonly keyVault?: { readonly vault: string; readonly identity: string } | undefined;
}

/** What only a job has. Milliseconds. */
export interface JobSettings {
  readonly trigger: 'manual' | 'schedule' | 'event';
  readonly everyMs: number;
  readonly timeoutMs: number;
  readonly runsForMs: number;
  readonly exitCode: number;
  /** How often a replica whose container failed is started again. */
  readonly retryLimit: number;
  readonly parallelism: number;
}

/** A container app, a job, or a container group. */
export interface App {
  /** Only of a container group: each of its containers stands in `revisions`. */
  readonly containerGroup?: GroupSettings;
  /** Only of a job: its executions stand in `revisions`. */
  readonly job?: JobSettings;
  readonly id: string;
  readonly name: string;
  readonly environment: string;
  readonly pullIdentity?: string;
  readonly systemPrincipalId?: string;
  /** What it declares of registries where that is said; else the pull identity counts for each of its images. */
  registries?: readonly RegistryEntry[];
  secrets: readonly Secret[];
  /** Names of user-assigned identities that it has besides those that pull. */
  readonly identities: readonly string[];
  readonly pullIdentityAssigned: boolean;
  /** The subnet that it leaves by, in an Express environment. */
  readonly outbound?: { readonly vnetId: string; readonly subnet: string };
  readonly revisionMode: string;
  readonly minReplicas: number;
  /** Whether the control plane tries the pull of a new image reference before it makes a revision; `validated` in scenario files. */
  readonly pullCheckedOnWrite: boolean;
  /** Whether its pull failures leave the system log empty; `silent` in scenario files. */
  readonly writesNoFailureRows: boolean;
  readonly restartable: boolean;
  /** The row of each pull that fails without a cause in the world. */
  pullFails?: { readonly reason: string; readonly type: string; readonly text: string } | undefined;
  /** The row that says why no replica of it is made. */
  notScheduled?: { readonly reason: string; readonly type: string; readonly text: string };
  provisioningState: 'InProgress' | 'Succeeded' | 'Failed';
  /** Why its last write failed, and when. */
  writeError?: { readonly message: string; readonly atMs: number };
  containers: readonly Container[];
  revisions: Revision[];
  revisionCount: number;
  /** Whether a deployment has written the resource yet: before that it cannot be read, and its own identity does not exist. */
  written: boolean;
  /** Only of a job with a schedule: when its first distance began. */
  scheduledSinceMs?: number;
  /** Only of a job that a person has suspended. */
  suspended?: boolean;
  /** When it was written last; none where it was written before the world began. */
  writtenMs?: number;
  /** Text that the container writes as it exits; none means that it runs. */
  crashText?: string;
}

/** A managed environment. */
export interface Environment {
  readonly id: string;
  readonly name: string;
  readonly logs: 'log-analytics' | 'azure-monitor' | 'none';
  readonly workspaceId: string;
  readonly vnetId?: string;
  readonly subnet: string;
  readonly express: boolean;
  readonly principalId?: string;
  readonly egressIp: string;
  readonly region: string;
  /** The first label of its default domain. Rows of the system log name the environment by it, and never by `name`. */
  readonly domainLabel: string;
}
