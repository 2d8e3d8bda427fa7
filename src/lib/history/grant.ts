// A grant, as decisions and histories name it.

import type { ArmId, PrincipalId } from '../words/arm-id.ts';

/** Exactly one role, to exactly one principal, on exactly one registry. */
export interface Grant {
  readonly registryId: ArmId;
  readonly principalId: PrincipalId;
  readonly roleId: string;
  /** In a registry with repository permissions: the repository that the condition is limited to. */
  readonly repository?: string;
}

export function sameGrant(a: Grant, b: Grant): boolean {
  return (
    a.registryId === b.registryId &&
    a.principalId === b.principalId &&
    a.roleId === b.roleId &&
    a.repository === b.repository
  );
}
