// Trouble of the app that is no pull: replicas that are wanted and never made, and what the platform says where no check explains the failure.

import { type Suspicion, saysPullFailed } from '../classify/classify.ts';
import type { RevisionFacts } from '../evidence/app-facts.ts';
import { activeRevisions, type Evidence, isWriteRejected } from '../evidence/evidence.ts';
import { readReplicasOf, saysImagePull } from '../evidence/serving.ts';
import { writeErrors } from '../evidence/write-errors.ts';
import type { Diagnosis, Finding } from '../history/diagnosis.ts';
import type { Target } from '../words/target.ts';
import { platformFindings, saysVolumeFails } from './platform-reasons.ts';
import { rowsOfTarget } from './text-claims.ts';
import { isSomethingElse } from './trouble.ts';
import type { DiagnosisInput } from './verdict.ts';

/**
 * The diagnosis, with the trouble that comes before any pull in the first place. Where nothing was pulled, whatever else was found (a missing
 * role) is true and does not explain the failure: it is named after it.
 */
export function orNoPull(input: DiagnosisInput, found: Diagnosis): Diagnosis {
  if (input.suspicions.some((said) => saysPullFailed(said))) return found;
  const none = notScheduled(input);
  if (none !== undefined) {
    const others = found.sure === 'confirmed' ? found.causes : [];
    const { sure, findings } = none;
    return { ...found, causes: ['no-replica-scheduled', ...others], sure, for: [...findings, ...found.for] };
  }
  if (found.sure !== 'unexplained') return found;
  const said = platformFindings(rowsOfTarget(input.target, input.evidence), 'any');
  return said.length === 0
    ? found
    : { ...found, causes: ['something-else'], sure: 'suspected', for: [...said, ...found.for] };
}

/**
 * Whether pullmedic stands down: the trouble is none of a pull. Words of a rejected write that only say that it took too long leave it open what
 * stopped it, and a pull that cannot work is the most frequent reason: where the facts show one, they are not overruled.
 */
export function standsDown(
  target: Target,
  evidence: Evidence,
  suspicions: readonly Suspicion[],
  { causes, sure }: Pick<Diagnosis, 'causes' | 'sure'>,
): boolean {
  if (causes.includes('no-replica-scheduled')) return false;
  const explained = sure !== 'unexplained' && !causes.includes('something-else');
  if (explained && isWriteRejected(target, evidence) && saysNoReason(evidence)) return false;
  return isSomethingElse(target, evidence, suspicions);
}

function saysNoReason(evidence: Evidence): boolean {
  return writeErrors(evidence).every(({ text }) => tookTooLong.test(text));
}

/** "Operation expired." ends deployments whose image is never pulled (public reports of Container Apps). */
const tookTooLong = /\boperation expired\b|\bdeadline exceeded\b|\btimed out\b|\btimeout\b/i;

interface NotScheduled {
  readonly sure: 'confirmed' | 'suspected';
  readonly findings: readonly Finding[];
}

/** ARM proves it: a revision wants replicas, and has none after a while. A rejected write has no revision, so that only its text tells. */
function notScheduled({ target, evidence }: DiagnosisInput): NotScheduled | undefined {
  const said = platformFindings(rowsOfTarget(target, evidence), 'of-scheduling');
  if (isWriteRejected(target, evidence)) return said.length === 0 ? undefined : { sure: 'suspected', findings: said };
  const revision = revisionWithoutReplica(target, evidence);
  // A volume is mounted on the node of a replica: where that fails, one was scheduled, whatever the list of replicas holds.
  if (revision === undefined || saysVolumeFails(rowsOfTarget(target, evidence))) return undefined;
  const detail = { revision: revision.name, wanted: String(revision.minReplicas ?? 0) };
  return { sure: 'confirmed', findings: [{ code: 'no-replica-made', detail }, ...said] };
}

/** How long Azure may take to make the first replica of a revision: it calls a revision failed after ten minutes. Milliseconds. */
const makesReplicasWithinMs = 10 * 60_000;

/**
 * The newest revision, where its scale rule wants replicas at any time and ARM lists none long after it was made. One that was stopped, that sleeps, or of
 * which Azure says that it cannot pull is another matter. Replicas that were not read may be there.
 */
export function revisionWithoutReplica(target: Target, evidence: Evidence): RevisionFacts | undefined {
  const [newest] = activeRevisions(target, evidence);
  if (newest === undefined || !newest.minReplicas || saysImagePull(newest.details)) return undefined;
  if (/^(?:ScaledToZero|Stopped|Running|RunningAtMaxScale)$/.test(newest.runningState)) return undefined;
  if (evidence.atMs - newest.createdAtMs < makesReplicasWithinMs) return undefined;
  return readReplicasOf(target, evidence, newest.name)?.length === 0 ? newest : undefined;
}
