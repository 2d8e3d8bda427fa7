// The facts that a diagnosis can use, and direct conclusions from them.

import type { ArmId, PrincipalId, Scope } from '../words/arm-id.ts';
import { parentOfType, parseArmId } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import { valueOf } from '../words/fact.ts';
import { parseImageRef } from '../words/image-ref.ts';
import type { Target } from '../words/target.ts';

/** A registry entry of the app: `identity` is an ARM id, `system` or `system-environment` (azure-facts 1.2 of the platform notes). */
export interface RegistryEntry {
  readonly server: string;
  readonly identity?: string;
  readonly username?: string;
  /** The name of the app's secret that holds the password. */
  readonly secret?: string;
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
  readonly images: readonly string[];
  /** A subnet of its own that it leaves by, in an Express environment; `unreadable` where ARM names one that is no subnet. */
  readonly subnet?: ArmId | 'unreadable';
  /** The receiver of the traffic: the latest revision, or revisions that a person pinned. Absent if it is not known. */
  readonly traffic?: 'latest' | 'pinned' | 'several-revisions';
  /** A short name for the whole template but its revision suffix: the same name, the same template. */
  readonly template?: string;
}

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
  readonly subnetId?: ArmId;
  readonly systemPrincipalId?: PrincipalId;
}

export interface LogRow {
  readonly atMs: number;
  readonly revision: string;
  readonly replica: string;
  readonly reason: string;
  readonly severity: string;
  readonly text: string;
}

export interface RegistryFacts {
  readonly id: ArmId;
  readonly loginServer: string;
  /** The home region, in the spelling of ARM: `westeurope`. */
  readonly location: string;
  readonly sku: string;
  readonly roleMode: 'legacy' | 'abac' | 'unknown';
  /** `perimeter`: a network security perimeter decides who gets in, and its rules are not read. `unknown`: a setting that is new to us. */
  readonly publicAccess: 'open' | 'closed' | 'perimeter' | 'unknown';
  readonly defaultAction: 'allow' | 'deny';
  readonly ipRules: readonly string[];
  /** Whether tokens with the ARM audience are accepted; Container Apps needs them for identity pulls. */
  readonly armAudience: boolean;
  /** Whether layers come from the registry's own data endpoints; without them they come from Azure Storage. */
  readonly dataEndpoints: boolean;
  /** Whether the admin user may sign in; absent where ARM does not say. */
  readonly adminUser?: boolean;
  /** True if the registry allows anonymous pulls. Absent if ARM does not say. */
  readonly anonymousPull?: boolean;
  readonly endpoints: readonly { readonly id: ArmId; readonly status: string }[];
  /** The tag `pullmedic=deny`: it can only narrow. */
  readonly denied: boolean;
}

export interface Permissions {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

export interface AssignmentFacts {
  readonly id: string;
  readonly roleId: string;
  readonly scope: Scope;
  /** The principal that holds it: the identity itself, or a group it is a member of. */
  readonly principalId: PrincipalId;
  readonly createdAtMs: number;
  readonly condition?: string;
  readonly permissions: Fact<readonly Permissions[]>;
}

/** A role of a principal that is related to the app, on some registry or above it. The index that lists it lags behind. */
export interface HeldRole {
  readonly principalId: PrincipalId;
  readonly roleId: string;
  readonly scope: Scope;
}

/** A resource that holds the identity, and may pull with it. */
export interface Holder {
  readonly id: ArmId;
  /** Where it is a container app or a job. */
  readonly environmentId?: ArmId;
}

/** All resources that would get a grant to the declared identity, because they hold it too. */
export interface HolderFacts {
  readonly resources: readonly Holder[];
  /** Whether identity and registry belong to one tenant. */
  readonly tenant: 'same' | 'another' | 'cannot-tell';
}

/** Whom a deny assignment names. ARM does not say who is in a group; everyone is a principal of its own. */
export type DeniedPrincipal =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'principal'; readonly id: PrincipalId }
  | { readonly kind: 'group'; readonly id: PrincipalId };

/** A deny assignment at the registry or above it. */
export interface DenialFacts {
  readonly name: string;
  readonly scope: Scope;
  readonly permissions: readonly Permissions[];
  readonly principals: readonly DeniedPrincipal[];
  readonly excluded: readonly DeniedPrincipal[];
  /** It applies at its own scope and to nothing below. */
  readonly onlyItsScope: boolean;
  readonly hasCondition: boolean;
}

export interface DnsZoneFacts {
  readonly id: ArmId;
  readonly links: Fact<readonly ZoneLink[]>;
  /** A records by relative name. */
  readonly records: Fact<Readonly<Record<string, readonly string[]>>>;
}

export interface ZoneLink {
  readonly vnetId: ArmId;
  readonly completed: boolean;
  /** A name that the zone does not have is asked for in public DNS (`NxDomainRedirect`), instead of ending as "no such host". */
  readonly redirects: boolean;
}

export interface EndpointFacts {
  readonly id: ArmId;
  readonly vnetId: ArmId;
  /** What its network interfaces answer for: login server, a data endpoint for each replica, regional endpoints. */
  readonly addresses: readonly { readonly fqdn: string; readonly ip: string }[];
}

/** The zones in which a private endpoint keeps its records. If there are none, people have to write the records by hand. */
export interface ZoneGroupFacts {
  readonly endpoint: ArmId;
  readonly zones: readonly ArmId[];
}

export interface VnetFacts {
  readonly id: ArmId;
  readonly dnsServers: readonly string[];
  readonly peerings: readonly { readonly vnetId: ArmId; readonly connected: boolean }[];
  /** A gateway can connect networks in ways that no peering shows. */
  readonly gateway: boolean;
}

/** An outbound rule of a network security group. */
export interface SecurityRule {
  readonly name: string;
  readonly priority: number;
  readonly access: 'allow' | 'deny';
  readonly protocol: string;
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: readonly string[];
  /** It speaks of application security groups, whose members ARM does not list here. */
  readonly grouped: boolean;
}

export interface Route {
  readonly name: string;
  readonly prefix: string;
  /** Lower case: `internet`, `none`, `virtualappliance`, `virtualnetworkgateway`, `vnetlocal`. */
  readonly nextHop: string;
}

export interface SubnetFacts {
  readonly id: ArmId;
  readonly prefixes: readonly string[];
  /** Outbound rules, the default ones too; absent where the subnet has no network security group. */
  readonly security?: { readonly nsg: ArmId; readonly rules: Fact<readonly SecurityRule[]> };
  readonly routing?: { readonly table: ArmId; readonly routes: Fact<readonly Route[]> };
}

/** Whether the registry has the image, asked with our own rights: a refusal of us says nothing about the app. */
export type ManifestFacts =
  | { readonly state: 'exists' }
  | { readonly state: 'missing'; readonly what: 'tag' | 'repository' | 'digest'; readonly tags: readonly string[] };

/** A token of the registry's own, as ARM shows it: never the passwords themselves. */
export interface TokenFacts {
  readonly enabled: boolean;
  /** One without an end does not expire. Milliseconds. */
  readonly passwords: readonly { readonly name: string; readonly expiresAtMs?: number }[];
}

/** A write of the registry, from the Activity Log. */
export interface RegistryChange {
  readonly atMs: number;
  readonly by: string;
}

/** A deleted role assignment, from the Activity Log. */
export interface RoleRemoval {
  readonly atMs: number;
  readonly by: string;
  readonly scope: ArmId;
  /** Absent where the log does not say whose role it was. */
  readonly principalId?: PrincipalId;
}

/** What one look read. An absent member was not asked for. */
export interface Evidence {
  readonly atMs: number;
  readonly app?: Fact<AppFacts | 'gone'>;
  readonly revisions?: Fact<readonly RevisionFacts[]>;
  readonly replicas?: Fact<readonly ReplicaFacts[]>;
  readonly environment?: Fact<EnvironmentFacts | 'gone'>;
  readonly logs?: Fact<readonly LogRow[]>;
  readonly registry?: Fact<RegistryFacts | 'not-found'>;
  readonly roles?: Fact<readonly AssignmentFacts[]>;
  readonly vnet?: Fact<VnetFacts>;
  readonly denials?: Fact<readonly DenialFacts[]>;
  /** Roles of the app's other identities here, and of the declared one elsewhere. */
  readonly elsewhere?: Fact<readonly HeldRole[]>;
  /** Whether the user-assigned identity that the app declares still exists. */
  readonly identity?: Fact<'exists' | 'gone'>;
  /** Who else would get what the declared identity is granted. */
  readonly holders?: Fact<HolderFacts>;
  readonly zones?: Fact<readonly DnsZoneFacts[]>;
  readonly endpoints?: Fact<readonly EndpointFacts[]>;
  readonly zoneGroups?: Fact<readonly ZoneGroupFacts[]>;
  readonly subnet?: Fact<SubnetFacts>;
  /** Errors of writes of the app that Azure rejected: there is no revision then, and no log row. */
  readonly writes?: Fact<readonly LogRow[]>;
  readonly removals?: Fact<readonly RoleRemoval[]>;
  /** Who changed the registry itself lately: its network, its role mode, its policies. */
  readonly changes?: Fact<readonly RegistryChange[]>;
  readonly manifest?: Fact<ManifestFacts>;
  /** The registry's token that the app's user name may be. */
  readonly token?: Fact<TokenFacts | 'none'>;
}

export type Probe = Exclude<keyof Evidence, 'atMs'>;

/** Adds what was read. A probe that answered nothing at all stays unasked. */
export function withFacts(evidence: Evidence, ...facts: readonly Partial<Evidence>[]): Evidence {
  let merged = evidence;
  for (const more of facts) merged = { ...merged, ...more };
  return merged;
}

/** The identity that the app declares for the target's registry, with its principal where ARM tells it. */
export type DeclaredIdentity =
  | { readonly kind: 'identity'; readonly name: string; readonly principalId: PrincipalId }
  | { readonly kind: 'not-assigned'; readonly name: string }
  /** It is assigned to the app, and nothing stands behind it. */
  | { readonly kind: 'no-principal'; readonly name: ArmId }
  | { readonly kind: 'credential' }
  | { readonly kind: 'not-configured' }
  | { readonly kind: 'cannot-tell' };

export function appOf(evidence: Evidence): AppFacts | undefined {
  const app = valueOf(evidence.app);
  return app === 'gone' ? undefined : app;
}

export function environmentOf(evidence: Evidence): EnvironmentFacts | undefined {
  const environment = valueOf(evidence.environment);
  return environment === 'gone' ? undefined : environment;
}

/**
 * The subnet that the app's connections leave by; `undefined` where it has none. An app in an Express environment may have its own, and
 * then the environment has none (REST specification of `networking.outboundVnetSubnetId`): whatever contradicts that cannot be told.
 */
export function outboundSubnet(evidence: Evidence): ArmId | 'cannot-tell' | undefined {
  const shared = environmentOf(evidence)?.subnetId;
  const own = appOf(evidence)?.subnet;
  if (own === undefined) return appOf(evidence) === undefined && shared === undefined ? 'cannot-tell' : shared;
  return own === 'unreadable' || (shared !== undefined && shared !== own) ? 'cannot-tell' : own;
}

/** The VNet of that subnet. */
export function outboundVnet(evidence: Evidence): ArmId | undefined {
  const subnet = outboundSubnet(evidence);
  return subnet === undefined || subnet === 'cannot-tell' ? undefined : parentOfType(subnet, 'virtualnetworks');
}

export function registryOf(evidence: Evidence): RegistryFacts | undefined {
  const registry = valueOf(evidence.registry);
  return registry === 'not-found' ? undefined : registry;
}

function userAssigned(app: AppFacts, id: string): DeclaredIdentity {
  const held = app.userIdentities.find((identity) => identity.id === id.toLowerCase());
  if (held === undefined) return { kind: 'not-assigned', name: id };
  return held.principalId === undefined
    ? { kind: 'no-principal', name: held.id }
    : { kind: 'identity', name: held.id, principalId: held.principalId };
}

function environmentIdentity(evidence: Evidence): DeclaredIdentity {
  const environment = environmentOf(evidence);
  if (environment === undefined) return { kind: 'cannot-tell' };
  const principalId = environment.systemPrincipalId;
  const name = 'system-environment';
  return principalId === undefined ? { kind: 'not-assigned', name } : { kind: 'identity', name, principalId };
}

/** Docker Hub answers to several names; an image without a host means it too. */
const dockerHub = /^(?:index\.|registry-1\.|registry\.hub\.)?docker\.(?:io|com)$/;

/** The app's own entry for the target's registry. */
export function entryFor(target: Target, app: AppFacts): RegistryEntry | undefined {
  return app.registries.find(({ server }) => {
    const host = server.toLowerCase();
    return host === target.registry || (target.registry === 'docker.io' && dockerHub.test(host));
  });
}

/** Which identity pulls for this target: only what the app itself declares for the registry counts. */
export function declaredIdentity(target: Target, evidence: Evidence): DeclaredIdentity {
  const app = appOf(evidence);
  if (app === undefined) return { kind: 'cannot-tell' };
  const entry = entryFor(target, app);
  if (entry === undefined) return { kind: 'not-configured' };
  if (entry.identity === undefined || entry.identity === '')
    return entry.username ? { kind: 'credential' } : { kind: 'not-configured' };
  if (entry.identity === 'system-environment') return environmentIdentity(evidence);
  if (entry.identity !== 'system') return userAssigned(app, entry.identity);
  return app.systemPrincipalId === undefined
    ? { kind: 'not-assigned', name: 'system' }
    : { kind: 'identity', name: 'system', principalId: app.systemPrincipalId };
}

/** The resource of a user-assigned identity; the others are part of the app or its environment. */
export function declaredResource(declared: DeclaredIdentity): ArmId | undefined {
  return 'name' in declared ? parseArmId(declared.name) : undefined;
}

/** The latest write of the app was rejected, so no revision asks for this image and nothing pulls it. */
export function isWriteRejected(target: Target, evidence: Evidence): boolean {
  const app = appOf(evidence);
  if (app?.provisioningState !== 'Failed' || !evidence.revisions?.read) return false;
  return app.images.includes(target.image) && activeRevisions(target, evidence).length === 0;
}

/** The revisions that the target is about: active, with its image in the template; newest first. */
export function activeRevisions(target: Target, evidence: Evidence): RevisionFacts[] {
  const revisions = valueOf(evidence.revisions) ?? [];
  const members = revisions.filter((revision) => revision.active && revision.images.includes(target.image));
  return members.sort((a, b) => b.createdAtMs - a.createdAtMs);
}

/** Replicas of the target's active revisions. */
export function targetReplicas(target: Target, evidence: Evidence): ReplicaFacts[] {
  const names = new Set(activeRevisions(target, evidence).map((revision) => revision.name));
  return (valueOf(evidence.replicas) ?? []).filter((replica) => names.has(replica.revision));
}

/** Whether the replica's container with the target's image is ready. */
export function imageReady(replica: ReplicaFacts, image: string): boolean {
  const containers = replica.containers.filter((container) => container.image === image);
  return containers.length > 0 && containers.every((container) => container.ready);
}

export function allReady(replica: ReplicaFacts): boolean {
  return replica.containers.length > 0 && replica.containers.every((container) => container.ready);
}

/** What the app looked like when it was read: if this differs right before a write, the evidence is about something else. */
export function fingerprint(target: Target, app: AppFacts): string {
  const entries = app.registries.map((entry) => `${entry.server}=${entry.identity ?? entry.username ?? ''}`).sort();
  return [app.latestRevision ?? '', [...app.images].sort().join(','), entries.join(','), target.image].join('|');
}

export function repositoryOf(target: Target): string {
  return parseImageRef(target.image)?.repository ?? '';
}
