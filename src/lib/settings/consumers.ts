// What the owner of a registry lists: who may be granted on it, and which identities the owner vouches for.

import type { ArmId } from '../words/arm-id.ts';
import type { OptedInRegistry } from './config.ts';

/**
 * The settings of the registry; `undefined` if it is not opted in. Ids are compared as a whole: a longer or shorter id is another
 * registry.
 */
export function optedInRegistry(
  registries: readonly OptedInRegistry[],
  registryId: ArmId,
): OptedInRegistry | undefined {
  return registries.find((registry) => registry.id === registryId);
}

/**
 * True if the registry's list of consumers names this user-assigned identity itself. Then the owner vouches for all its holders, those
 * included that pullmedic cannot see. A listed resource group or environment does not vouch for an identity: whatever else holds the
 * identity, in that group or outside of it, would get the role too.
 */
export function vouchesFor(registries: readonly OptedInRegistry[], registryId: ArmId, identity: ArmId): boolean {
  return optedInRegistry(registries, registryId)?.consumers.includes(identity) ?? false;
}

/**
 * True if it matters for a grant who signs in as this identity from outside of Azure's resources: the registry is opted in, so a grant is
 * possible, and its list does not vouch for the identity.
 */
export function asksWhoSignsIn(registries: readonly OptedInRegistry[], registryId: ArmId, identity: ArmId): boolean {
  return optedInRegistry(registries, registryId) !== undefined && !vouchesFor(registries, registryId, identity);
}
