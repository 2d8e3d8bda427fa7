// Other open remediations of the same workload, by what their histories say: whether what is missing for their image is put right.

import type { RemediationId } from '../words/target.ts';
import type { Remediation } from './state.ts';

/** Another open remediation of the workload: one image of several that it needs. */
export interface OpenBeside {
  readonly remediation: RemediationId;
  readonly image: string;
  readonly cause: CauseBeside;
}

/** `right`: its cause is put right, or its image was pulled. `role-young`: its role is assigned, and may not work yet. */
export type CauseBeside =
  | { readonly reads: 'there' }
  | { readonly reads: 'right' }
  | { readonly reads: 'role-young'; readonly sinceMs: number };

/** What its last look says. The cause of one that has not looked yet, or that found none, counts as there. */
export function openBeside(remediation: Remediation): OpenBeside {
  const { id, target } = remediation;
  return { remediation: id, image: target.image, cause: causeOf(remediation) };
}

function causeOf({ look, provenAtMs, clearedAtMs }: Remediation): CauseBeside {
  if (provenAtMs !== undefined || clearedAtMs !== undefined) return { reads: 'right' };
  if (look === undefined) return { reads: 'there' };
  const { sure, causes, roleOfGroup, roleSinceMs } = look.diagnosis;
  const isYoung = causes.length === 1 && causes[0] === 'pull-role-propagating' && roleOfGroup !== true;
  const isProved = sure === 'confirmed' && isYoung && roleSinceMs !== undefined;
  return isProved ? { reads: 'role-young', sinceMs: roleSinceMs } : { reads: 'there' };
}
