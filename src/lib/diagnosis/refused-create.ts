// A workload that Azure refused to create: what it was to sign in with is not kept, so that only the image and the way to its registry are judged.

import { isWriteRejected } from '../evidence/evidence.ts';
import { isNeverCreated } from '../evidence/over.ts';
import type { Finding } from '../history/diagnosis.ts';
import { valueOf } from '../words/fact.ts';
import { kindOf } from '../workloads/workloads.ts';
import { otherFindings } from './findings.ts';
import { verdictOfUnknownRegistry } from './identity-causes.ts';
import type { NetworkVerdict } from './network-verdict.ts';
import { leadingSuspicion, verdictOfText } from './text-claims.ts';
import { confirmed, type DiagnosisInput, imageCauses, networkCauses, type Verdict } from './verdict.ts';

/**
 * The verdict where it cannot be told which identity pulls. Of a refused write whose error gives no reason, the registry proves that the image is
 * missing or that its network lets no such workload in. Where it lets in only those that sign in with an identity, that is suspected.
 */
export function verdictWithoutEntries(input: DiagnosisInput, network: NetworkVerdict): Verdict {
  const said = verdictOfText(input);
  if (!isNeverCreated(input.evidence) || said.sure !== 'unexplained') return said;
  const found = [...imageCauses(input), ...networkCauses(network)];
  if (found.length > 0) return confirmed(...found);
  if (valueOf(input.evidence.registry) === 'not-found') return verdictOfUnknownRegistry(input);
  return network.answer === 'cannot-tell' && network.why === 'pull-identity-unknown'
    ? { causes: ['registry-firewall'], sure: 'suspected' }
    : said;
}

/**
 * Whether a user name and password are all that is left to suspect of a refused write whose error gives no reason: the registry has the image and
 * lets the platform in.
 */
export function onlySignInIsLeft({ target, evidence, suspicions }: DiagnosisInput, network: NetworkVerdict): boolean {
  const isRefused = kindOf(target.appId).refusedLeavesNothing === true && isWriteRejected(target, evidence);
  const gaveNoReason = leadingSuspicion(suspicions)?.label === 'unknown-pull-failure';
  return isRefused && gaveNoReason && network.answer === 'allows' && valueOf(evidence.manifest)?.state === 'exists';
}

/** What the registry says of the image, and who changed the registry lately. */
export function findingsWithoutEntries(input: DiagnosisInput): Finding[] {
  return isNeverCreated(input.evidence) ? otherFindings(input, undefined) : [];
}
