// Who relies on a role assignment, besides the remediation that made it.

import type { ArmId } from '../words/arm-id.ts';
import type { RemediationId } from '../words/target.ts';

/** An undo takes the role from all of them. */
export interface Reliance {
  /** Remediations of other apps or images that made the same grant, or found it made. */
  readonly remediations: readonly RemediationId[];
  /** Other resources that hold the identity. Resources that pullmedic may not read are missing here. */
  readonly resources: readonly ArmId[];
}

/** How many of them a history and an answer name. */
const mostNamed = 20;

/** All of them by id, resources first, up to a limit. */
export function namesOf({ remediations, resources }: Reliance): string[] {
  return [...resources, ...remediations].slice(0, mostNamed);
}
