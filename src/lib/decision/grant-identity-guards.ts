// Guards for the identity that would get the grant: the app must declare it, the registry must list its holders, and they must be few.

import type { DeclaredIdentity } from '../evidence/evidence.ts';
import { appOf, declaredIdentity, declaredResource } from '../evidence/evidence.ts';
import type { Holder, HolderFacts } from '../evidence/role-facts.ts';
import type { Grant } from '../history/grant.ts';
import type { Refusal } from '../history/refusals.ts';
import type { Config, OptedInRegistry } from '../settings/config.ts';
import { optedInRegistry, vouchesFor } from '../settings/consumers.ts';
import type { ArmId } from '../words/arm-id.ts';
import { isWithin, resourceGroupOf, subscriptionOf } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import { kindOf } from '../workloads/workloads.ts';
import type { DecisionInput } from './decision-input.ts';
import { refuse } from './guard.ts';

/** The right to create an app must not be enough to make us open a registry: the registry's own list of consumers decides. */
export function consumerGuard(input: DecisionInput, grant: Grant): Refusal | undefined {
  const consumers = optedIn(input.config, grant.registryId)?.consumers ?? [];
  return consumers.some((consumer) => isConsumer(consumer, input))
    ? undefined
    : refuse('consumer-not-listed', consumers.length === 0 ? 'nobody-is' : 'not-this-app');
}

function isConsumer(consumer: ArmId, input: DecisionInput): boolean {
  const app = appOf(input.evidence);
  if (consumer === appGroup(input.target.appId) || consumer === app?.environmentId) return true;
  const identity = declaredIdentity(input.target, input.evidence);
  return identity.kind === 'identity' && identity.name === consumer;
}

function appGroup(appId: ArmId): string {
  return `/subscriptions/${subscriptionOf(appId)}/resourcegroups/${resourceGroupOf(appId)}`;
}

/**
 * Only the principal of the identity that the app declares for this registry. A write of a container group that Azure refused may have declared
 * another one than the group that runs: what it declared is not kept, so that nothing is granted for it.
 */
export function identityGuard(
  { target, evidence }: Pick<DecisionInput, 'target' | 'evidence'>,
  grant: Grant,
): Refusal | undefined {
  if (kindOf(target.appId).refusedLeavesNothing === true && appOf(evidence)?.writeError !== undefined)
    return refuse('not-the-declared-identity', 'cannot-tell');
  const declared = declaredIdentity(target, evidence);
  if (declared.kind !== 'identity') return refuse('not-the-declared-identity', declared.kind);
  return declared.principalId === grant.principalId
    ? undefined
    : refuse('not-the-declared-identity', 'another-principal');
}

/** An app keeps the principal of a deleted identity, so a look must have seen that a user-assigned identity exists. */
export function existenceGuard({ target, evidence }: Pick<DecisionInput, 'target' | 'evidence'>): Refusal | undefined {
  if (declaredResource(declaredIdentity(target, evidence)) === undefined) return undefined;
  switch (valueOf(evidence.identity)) {
    case 'exists':
      return undefined;
    case 'gone':
      return refuse('not-the-declared-identity', 'gone');
    case undefined:
      return refuse('not-the-declared-identity', 'existence-unreadable');
  }
}

/** A managed identity can hold roles in its own tenant only. Subscriptions of another one are seen through delegation. */
export function tenantGuard({ evidence }: DecisionInput): Refusal | undefined {
  switch (valueOf(evidence.holders)?.tenant) {
    case 'same':
      return undefined;
    case 'another':
      return refuse('another-tenant', 'identity');
    case 'cannot-tell':
    case undefined:
      return refuse('another-tenant', 'unreadable');
  }
}

/**
 * Every holder of the identity gets what one app is granted, so the registry's list of consumers counts for all of them, and so does a
 * limit. An app's own identity has one holder by construction. The holders of an environment's identity are apps, jobs and session pools, which
 * can all be listed. A user-assigned identity may be held by resources of any type, and pullmedic may read apps, jobs and container groups only: unless the owner of the
 * registry vouches for the identity, a person decides.
 */
export function sharedGuard(input: DecisionInput, grant: Grant): Refusal | undefined {
  const held = valueOf(input.evidence.holders);
  if (held === undefined) return refuse('identity-shared', 'unreadable');
  const declared = declaredIdentity(input.target, input.evidence);
  const resource = declaredResource(declared);
  const vouched = resource !== undefined && vouchesFor(input.config.registries, grant.registryId, resource);
  const others = held.resources.filter(({ id }) => id !== input.target.appId);
  const consumers = optedIn(input.config, grant.registryId)?.consumers ?? [];
  const listed = (holder: Holder): boolean => consumers.some((consumer) => coversHolder(consumer, holder));
  const { unnamed = [] } = held;
  const unnamedListed = unnamed.every(({ within }) => consumers.some((consumer) => isWithin(within, consumer)));
  if (!vouched && !(others.every(listed) && unnamedListed)) return refuse('identity-shared', 'outside-consumers');
  const outside = federatedOf(held);
  if (others.length + unnamed.length + outside + 1 > input.config.settings.limits.maxApps)
    return refuse('identity-shared', 'too-many');
  if (vouched || seesAll(input, declared)) return undefined;
  return refuse('identity-shared', outside > 0 ? 'federated' : 'cannot-complete');
}

function coversHolder(consumer: ArmId, { id, environmentId }: Holder): boolean {
  return isWithin(id, consumer) || environmentId === consumer;
}

/** How many workloads outside of Azure's resources can sign in as the identity, as far as they could be read. */
function federatedOf({ federated }: HolderFacts): number {
  return federated?.read === true ? federated.value.length : 0;
}

/**
 * True if the list of holders is complete. The resource index leaves out resources that we may not read: of apps and jobs it shows all if
 * the whole subscription is in the scope, of other types none. So the list is complete for an environment's identity at most.
 */
function seesAll({ config, target, evidence }: DecisionInput, declared: DeclaredIdentity): boolean {
  // No other app can hold the app's own identity.
  if (declared.kind === 'identity' && declared.name === 'system') return true;
  if (declaredResource(declared) !== undefined) return false;
  const home = appOf(evidence)?.environmentId ?? target.appId;
  return config.scopes.some((scope) => scope === `/subscriptions/${subscriptionOf(home)}`);
}

/** The settings of the registry; `undefined` if it is not opted in. */
export function optedIn(config: Config, registryId: ArmId): OptedInRegistry | undefined {
  return optedInRegistry(config.registries, registryId);
}
