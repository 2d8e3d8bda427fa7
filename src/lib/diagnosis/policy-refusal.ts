// A write of the app that Azure Policy refused: nothing was pulled, no entry was signed in to, and whether it is about images tells its own text.

import { isAzurePolicy, policyAssignmentIn } from '../classify/azure-policy.ts';
import type { LogRow } from '../evidence/app-facts.ts';
import { type Evidence, isWriteRejected } from '../evidence/evidence.ts';
import { writeErrors } from '../evidence/write-errors.ts';
import type { Diagnosis } from '../history/diagnosis.ts';
import type { Target } from '../words/target.ts';
import { claimOfRow } from './read-row.ts';
import type { DiagnosisInput } from './verdict.ts';

/** The refusal, where the latest error of the rejected write is one of Azure Policy. */
export function policyRefusal(target: Target, evidence: Evidence): LogRow | undefined {
  if (!isWriteRejected(target, evidence)) return undefined;
  const latest = [...writeErrors(evidence)].sort((a, b) => a.atMs - b.atMs).at(-1);
  return latest !== undefined && isAzurePolicy(latest.text) ? latest : undefined;
}

/**
 * The diagnosis, with the policy in the first place where it is about images: Azure Resource Manager refused the write itself, so whatever else is
 * proved (a missing role) is true and did not stop it.
 */
export function orPolicy({ target, evidence }: DiagnosisInput, found: Diagnosis): Diagnosis {
  const refusal = policyRefusal(target, evidence);
  if (refusal === undefined || claimOfRow(refusal).label !== 'refused-by-policy') return found;
  const others = found.sure === 'confirmed' ? found.causes.filter((cause) => cause !== 'refused-by-policy') : [];
  const { name, scope } = policyAssignmentIn(refusal.text) ?? {};
  const detail = {
    ...found.detail,
    refusedWrite: 'yes',
    ...(name && scope ? { policy: name, policyScope: scope } : {}),
  };
  return { ...found, causes: ['refused-by-policy', ...others], sure: 'confirmed', detail };
}
