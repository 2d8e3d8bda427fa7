// The facts that a diagnosis can use, and direct conclusions from them.
// The room evidence/ holds which facts there are, the table of what holds for each, what follows from them directly, and what
// reading them may cost. Not here: the reading itself (azure/facts/).

import type { ArmId, PrincipalId } from '../words/arm-id.ts';
import { parentOfType, parseArmId } from '../words/arm-id.ts';
import { isDockerHub } from '../words/docker-hub.ts';
import type { Fact } from '../words/fact.ts';
import { hasUnread, valueOf } from '../words/fact.ts';
import { parseImageRef } from '../words/image-ref.ts';
import type { Target } from '../words/target.ts';
import { kindOf } from '../workloads/workloads.ts';
import {
  type AppFacts,
  type EnvironmentFacts,
  type LogRow,
  type RegistryEntry,
  type ReplicaFacts,
  type RevisionFacts,
} from './app-facts.ts';
import {
  type DnsZoneFacts,
  type EndpointFacts,
  type SubnetFacts,
  type VnetFacts,
  type ZoneGroupFacts,
} from './network-facts.ts';
import { withoutOnlyBegun } from './only-begun.ts';
import {
  type CacheRuleFacts,
  type EntryFacts,
  type ManifestFacts,
  type RegistryChange,
  type RegistryFacts,
  type TokenFacts,
} from './registry-facts.ts';
import {
  type AssignmentFacts,
  type DenialFacts,
  type HeldRole,
  type HolderFacts,
  type RoleRemoval,
} from './role-facts.ts';
import type { VaultFacts } from './vault-facts.ts';

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
  /** The Key Vault that holds the password of the registry entry; `not-found` where no readable subscription has it. */
  readonly vault?: Fact<VaultFacts | 'not-found'>;
  /** The cache rules of the registry. */
  readonly cache?: Fact<readonly CacheRuleFacts[]>;
  /** The registry's token that the app's user name may be. */
  readonly token?: Fact<TokenFacts | 'none'>;
  /** The registries of the app's entries, that of the image among them, where a rejected write names none. */
  readonly entries?: Fact<readonly EntryFacts[]>;
}

/** A look before its first question. */
export function nothingAsked(nowMs: number): Evidence {
  return { atMs: nowMs };
}

export type Probe = Exclude<keyof Evidence, 'atMs'>;

/** A fact, or a part of one, was not read because the budget of all instances had no request left. */
export function isOverBudget(facts: Partial<Evidence>): boolean {
  return hasUnread(facts, (why) => why === 'over-budget');
}

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
 * then the environment has none (REST specification of `networking.outboundVnetSubnetId`): facts that contradict this give `cannot-tell`.
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

/** The app's own entry for the target's registry. */
export function entryFor(target: Target, app: AppFacts): RegistryEntry | undefined {
  return app.registries.find(({ server }) => {
    const host = server.toLowerCase();
    return host === target.registry || (target.registry === 'docker.io' && isDockerHub(host));
  });
}

/** Which identity pulls for this target: only what the app itself declares for the registry counts. */
export function declaredIdentity(target: Target, evidence: Evidence): DeclaredIdentity {
  const app = appOf(evidence);
  // What a group that was never created declared is not known.
  if (app === undefined || app.group?.life === 'never-created') return { kind: 'cannot-tell' };
  const entry = entryFor(target, app);
  if (entry === undefined) return { kind: 'not-configured' };
  if (entry.identity === undefined || entry.identity === '')
    return entry.username ? { kind: 'credential' } : { kind: 'not-configured' };
  return entry.identity === 'system-environment' ? environmentIdentity(evidence) : appIdentity(app, entry.identity);
}

/** The identity that the app has under this name: its own where the name is `system`, else the user-assigned one with this id. */
export function appIdentity(app: AppFacts, name: string): DeclaredIdentity {
  if (name !== 'system') return userAssigned(app, name);
  return app.systemPrincipalId === undefined
    ? { kind: 'not-assigned', name }
    : { kind: 'identity', name, principalId: app.systemPrincipalId };
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

/**
 * The revisions that the target is about: active, with its image in the template; newest first. Of a workload whose runs end, a run that has
 * only begun is none of them while another one tells how pulls go.
 */
export function activeRevisions(target: Target, evidence: Evidence): RevisionFacts[] {
  const active = everyActiveRevision(target, evidence);
  switch (kindOf(target.appId).runs) {
    case 'go-on':
      return active;
    case 'end':
      return [...withoutOnlyBegun(active, evidence)];
  }
}

/** The same with those that have only begun. */
export function everyActiveRevision(target: Target, evidence: Evidence): RevisionFacts[] {
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
  // What the platform does with the workload by itself: a change that was decided for one of these may do harm in another.
  const byItself = [app.group?.life, app.job?.trigger].filter((part) => part !== undefined);
  const declared = [app.latestRevision ?? '', [...app.images].sort().join(','), entries.join(','), target.image];
  return [...declared, ...byItself].join('|');
}

/** The repository of the image in the target's registry; empty where the image is of another registry, or cannot be parsed. */
export function repositoryOf(target: Target): string {
  const image = parseImageRef(target.image);
  return image?.registry === target.registry ? image.repository : '';
}
