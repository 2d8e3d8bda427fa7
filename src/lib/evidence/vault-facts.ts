// Facts of a Key Vault that holds the password of a registry entry. Never a secret of it.

import type { ArmId, PrincipalId } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import type { AssignmentFacts } from './role-facts.ts';

export interface VaultFacts {
  readonly id: ArmId;
  /** How the vault decides who reads a secret. */
  readonly rights: VaultRights;
  /** `restricted`: only private endpoints, listed networks or listed addresses get in. */
  readonly network: 'open' | 'restricted' | 'unknown';
  /** Subnets that the rules of the vault let in. */
  readonly subnets: readonly ArmId[];
  /** Whether an approved private endpoint leads to it. */
  readonly endpoint: boolean;
}

export type VaultRights =
  /** Roles of the identity that reads the secret, at the secret and above it. */
  | { readonly by: 'roles'; readonly roles: Fact<readonly AssignmentFacts[]> }
  /** Access policies: principals that may get secrets. */
  | { readonly by: 'policies'; readonly readers: readonly PrincipalId[] };
