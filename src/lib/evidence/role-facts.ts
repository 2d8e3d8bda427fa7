// Facts of roles: who holds one, who is denied, and who took one away.

import type { ArmId, PrincipalId, Scope } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';

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
  /** Holders whose own names hold signs that no id of ours may hold, each with its resource group. Absent if there are none. */
  readonly unnamed?: readonly { readonly within: ArmId }[];
  /** Whether identity and registry belong to one tenant. */
  readonly tenant: 'same' | 'another' | 'cannot-tell';
  /**
   * Names of the federated credentials of a user-assigned identity: with each of them a workload outside of Azure's resources signs in as
   * the identity. Not asked where the registry is not opted in, or its owner vouches for the identity.
   */
  readonly federated?: Fact<readonly string[]>;
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

/** A deleted role assignment, from the Activity Log. */
export interface RoleRemoval {
  readonly atMs: number;
  readonly by: string;
  /** Where the role was: a resource, its group or subscription, or above the subscription. */
  readonly scope: Scope;
  /** Absent where the log does not say whose role it was. */
  readonly principalId?: PrincipalId;
  /** The principal is a group, or the log does not say that it is none: the declared identity may be in it. */
  readonly mayBeGroup?: true;
}
