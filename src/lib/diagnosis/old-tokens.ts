// Refusals that an old token explains: every fact is right now, and the platform may still use what it was given before.

import { registryOf } from '../evidence/evidence.ts';
import { nothingPulls } from '../evidence/nothing-pulls.ts';
import { valueOf } from '../words/fact.ts';
import type { NetworkVerdict } from './network-verdict.ts';
import { isRefused } from './text-claims.ts';
import type { DiagnosisInput, Verdict } from './verdict.ts';
import { propagationWindowMs } from './young-role.ts';

/**
 * How long after a registry moved to repository permissions a refusal is blamed on tokens from before. What was issued before is rejected
 * until each client refreshes, which takes minutes to several hours (Microsoft, "Registry permissions: moving to ABAC", June 2026).
 */
const refreshMs = 6 * 3_600_000;

/**
 * The suspicion of an old token, where the text is a refusal, a role that is old enough lets the identity pull, and the network lets the
 * app through. An image that is missing is another cause, and so is every fact that could not be read: then nothing is suspected here.
 * `roleSinceMs`: when that role was assigned, in milliseconds.
 */
export function verdictOfOldToken(
  input: DiagnosisInput,
  network: NetworkVerdict,
  roleSinceMs: number,
): Verdict | undefined {
  if (!isRefused(input) || network.answer !== 'allows' || isFromBeforeRole(input, roleSinceMs)) return undefined;
  if (movedLately(input)) return { causes: ['credentials-from-before-abac'], sure: 'suspected' };
  return isRuledOut(input) ? { causes: ['platform-token-stale'], sure: 'suspected' } : undefined;
}

/**
 * The refusal came before the role was in effect, and nothing has pulled since: the role that was missing explains it, however long ago that was.
 */
function isFromBeforeRole({ target, evidence, saidAtMs }: DiagnosisInput, roleSinceMs: number): boolean {
  return saidAtMs !== undefined && saidAtMs < roleSinceMs + propagationWindowMs && nothingPulls(target, evidence);
}

/** The registry goes by repository permissions and was changed lately. The Activity Log does not say what of it was changed. */
function movedLately({ evidence }: DiagnosisInput): boolean {
  if (registryOf(evidence)?.roleMode !== 'abac') return false;
  return (valueOf(evidence.changes) ?? []).some(({ atMs }) => evidence.atMs - atMs < refreshMs);
}

/** Each other fact that explains a refusal was read, and is right. */
function isRuledOut({ evidence }: DiagnosisInput): boolean {
  const image = valueOf(evidence.manifest)?.state === 'exists';
  return image && evidence.denials?.read === true && valueOf(evidence.identity) !== 'gone';
}
