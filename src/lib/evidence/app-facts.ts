// Facts of an app and of the environment that it runs in.

import type { ArmId, PrincipalId } from '../words/arm-id.ts';
import type { GroupLife } from '../workloads/container-group/group-life.ts';
import type { JobTrigger } from '../workloads/job/trigger.ts';
import type { LastWrite } from './last-write.ts';

/** A registry entry of the app: `identity` is an ARM id, `system` or `system-environment` (REST specification of `RegistryCredentials`). */
export interface RegistryEntry {
  readonly server: string;
  readonly identity?: string;
  readonly username?: string;
  /** The name of the app's secret that holds the password. */
  readonly secret?: string;
}

/** A secret of the app that is a reference to Key Vault (REST specification of the app's `Secret`). */
export interface VaultSecret {
  readonly name: string;
  readonly url: string;
  /** The identity that reads it: an ARM id or `system`. */
  readonly identity?: string;
}

/** Why a write failed, and when the app was last written. */
export interface WriteError {
  readonly text: string;
  readonly atMs: number;
}

/** A container of a template. */
export interface DeclaredContainer {
  readonly name: string;
  readonly image: string;
  /** It runs before the others, and ends. */
  readonly init?: true;
}

export interface AppFacts {
  readonly id: ArmId;
  readonly environmentId?: ArmId;
  readonly revisionMode: string;
  readonly provisioningState: string;
  readonly latestRevision?: string;
  readonly latestReadyRevision?: string;
  readonly systemPrincipalId?: PrincipalId;
  readonly userIdentities: readonly {
    readonly id: ArmId;
    readonly principalId?: PrincipalId;
    /** The application id: people take it for the object id when they assign roles. */
    readonly clientId?: PrincipalId;
  }[];
  readonly registries: readonly RegistryEntry[];
  /** Names of the app's secrets; ARM never tells their values. Absent where it lists none at all. */
  readonly secrets?: readonly string[];
  /** Those of its secrets that Key Vault holds. Absent if there are none. */
  readonly vaultSecrets?: readonly VaultSecret[];
  readonly images: readonly string[];
  /** The containers of its template that have a name. */
  readonly containers?: readonly DeclaredContainer[];
  /** A subnet of its own that it leaves by, in an Express environment; `unreadable` if the id that ARM names is not that of a subnet. */
  readonly subnet?: ArmId | 'unreadable';
  /** The receiver of the traffic: the latest revision, or revisions that a person pinned. Absent if it is not known. */
  readonly traffic?: 'latest' | 'pinned' | 'several-revisions';
  /** A short name for the whole template but its revision suffix: the same name, the same template. */
  readonly template?: string;
  /** Only where its last write failed, and where it says why itself. */
  readonly writeError?: WriteError;
  /** Absent where ARM does not name the writer. */
  readonly lastWrite?: LastWrite;
  /** Only of a job. */
  readonly job?: JobFacts;
  /** Only of a container group. */
  readonly group?: GroupFacts;
}

/** What only a job has (REST specification of `JobConfiguration`). */
export interface JobFacts {
  readonly trigger: JobTrigger;
  /** How long a replica of an execution may run, the time in which it cannot pull included. Seconds. */
  readonly timeoutSeconds?: number;
  /** The cron expression of a schedule. */
  readonly schedule?: string;
  /** A person suspended it, so that nothing starts it. Absent where ARM says otherwise, or nothing. */
  readonly suspended?: true;
}

/** What only a container group has (REST specification of `ContainerGroup`). */
export interface GroupFacts {
  readonly life: GroupLife;
  /** Only where the Activity Log was asked, and holds neither a write nor a removal of the group within its whole reach. */
  readonly lastWrite?: 'not-in-log';
}

/** A revision of an app, or an execution of a job: what runs of a workload, with its own template. */
export interface RevisionFacts {
  readonly name: string;
  readonly active: boolean;
  readonly createdAtMs: number;
  readonly images: readonly string[];
  /** The image of each container by the container's name. */
  readonly imageOf?: Readonly<Record<string, string>>;
  readonly provisioningState: string;
  readonly runningState: string;
  readonly healthState: string;
  readonly details?: string;
  readonly trafficWeight: number;
  /** How many replicas its scale rule wants at least; absent where Azure does not say. */
  readonly minReplicas?: number;
  /** Only of an execution: it is over, so it pulls nothing any more. */
  readonly ended?: true;
}

export interface ContainerFacts {
  readonly name: string;
  /** From the revision's template: the replica itself does not name its images. */
  readonly image?: string;
  readonly ready: boolean;
  readonly state: string;
  readonly details?: string;
}

export interface ReplicaFacts {
  readonly name: string;
  readonly revision: string;
  readonly createdAtMs: number;
  readonly containers: readonly ContainerFacts[];
}

export type LogPlace =
  | { readonly kind: 'workspace'; readonly workspaceId: string }
  | { readonly kind: 'resource' }
  | { readonly kind: 'none' };

export interface EnvironmentFacts {
  readonly id: ArmId;
  readonly logs: LogPlace;
  /** The first label of its default domain, lower case: rows of the system log name the environment by it. */
  readonly domainLabel?: string;
  readonly subnetId?: ArmId;
  readonly systemPrincipalId?: PrincipalId;
  /** Why its own last write failed, where it did. */
  readonly deploymentError?: string;
}

export interface LogRow {
  readonly atMs: number;
  readonly revision: string;
  readonly replica: string;
  readonly reason: string;
  readonly severity: string;
  readonly text: string;
}
