// Rules that wait until the platform pulls again, and that make it pull with a restart or a new revision if it does not.

import { isWriteRejected } from '../evidence/evidence.ts';
import { nothingPulls } from '../evidence/nothing-pulls.ts';
import type { Decided } from '../history/decision.ts';
import {
  awaitedRole,
  clearedPatienceMs,
  mayLookAgainForRetry,
  openIncident,
  soonMs,
  tookTooLong,
  wait,
} from './answers.ts';
import { awaitCorrected } from './await-execution.ts';
import { climb, isThrottled, metAnother } from './climb.ts';
import type { DecisionInput } from './decision-input.ts';
import { awaitRestart, isPullWaitedFor } from './failing-run.ts';
import { restartUnderWay } from './restart-limit.ts';
import { newRevision } from './retry-changes.ts';
import { templateOf } from './retry-guards.ts';
import { nextRoleCheck } from './schedule.ts';

const minute = 60_000;

/** A revision that we asked for does not have the expected template: a person has to look at what runs there. */
export function revisionDiffers(input: DecisionInput): Decided | undefined {
  const made = input.remediation.attempts.findLast((attempt) => attempt.action === 'new-revision');
  if (made?.because !== 'template-differs') return undefined;
  const [cause = 'unexplained'] = input.remediation.bestDiagnosis.diagnosis.causes;
  return openIncident(input, cause, [{ guard: 'superseded', why: 'template-differs' }]);
}

/**
 * Azure rejected the write, so no revision exists and the platform does not try again. Once the cause is gone, the person or pipeline that
 * deployed has to deploy again.
 */
export function deploymentRejected(input: DecisionInput): Decided | undefined {
  const { target, evidence, remediation, diagnosis, nowMs, config } = input;
  if (!isWriteRejected(target, evidence)) return undefined;
  if (diagnosis.causes[0] === 'pull-role-propagating' && !diagnosis.roleOfGroup) {
    const readyAtMs = (diagnosis.roleSinceMs ?? nowMs) + config.settings.expectedPropagationSeconds * 1000;
    if (nowMs < readyAtMs) return wait(readyAtMs, 'role-propagating');
    return diagnosis.sure === 'confirmed' ? driveAgain(input) : openIncident(input, 'write-rejected');
  }
  return remediation.clearedAtMs === undefined || suspectsAnother(input) ? undefined : driveAgain(input);
}

/** Another cause is suspected than the one that was proved and is gone: nothing proves that what stopped the pull is put right. */
function suspectsAnother({ diagnosis, remediation }: DecisionInput): boolean {
  const before = remediation.bestDiagnosis.diagnosis.causes;
  return (
    diagnosis.sure !== 'unexplained' &&
    diagnosis.causes.some((cause) => cause !== 'something-else' && !before.includes(cause))
  );
}

/**
 * The cause is gone, and the platform needs up to one back-off period to notice. Only after that is the failure unexplained. A role that
 * is in place is not such a case: its window is over by then. A look that proves a cause again ends the time since it is gone.
 */
export function causePutRight(input: DecisionInput): Decided | undefined {
  const { target, evidence, remediation, nowMs } = input;
  const corrected = awaitCorrected(input);
  if (corrected !== undefined) return corrected;
  const { causes } = remediation.bestDiagnosis.diagnosis;
  const since = remediation.clearedAtMs;
  if (since === undefined) return undefined;
  const [cause = 'unexplained'] = causes;
  const retrying = {
    cause,
    because: 'cause-cleared',
    shouldWork: { because: 'cause-is-gone', sinceMs: since },
  } as const;
  // Nothing can tell that the cause is back.
  if (nothingPulls(target, evidence) && !suspectsAnother(input)) return climb(input, retrying);
  if (nowMs - since > clearedPatienceMs && !isPullWaitedFor(input)) return undefined;
  if (causes.some((cause) => cause === 'pull-role-missing' || cause === 'pull-role-propagating')) return undefined;
  return climb(input, retrying);
}

/**
 * Climbs the ladder of retries until the role works, the app recovers or a guard refuses. Nothing is retried for a role that is only suspected:
 * it is waited for.
 */
export function ownRolePropagates(input: DecisionInput): Decided | undefined {
  const { diagnosis, nowMs } = input;
  const cause = awaitedRole(input);
  if (cause === undefined) return undefined;
  const sinceMs = diagnosis.roleSinceMs ?? nowMs;
  // Where the app serves, the role works, and only the log row of the pull is missing.
  const because = diagnosis.serves === true ? 'proving-recovery' : 'role-propagating';
  if (diagnosis.sure !== 'confirmed') return wait(nextRoleCheck(sinceMs, nowMs) ?? nowMs + minute, because);
  return climb(input, { cause, because, shouldWork: { because: 'role-should-work', sinceMs } });
}

/** Repeats a write that Azure rejected only if the operator allows it in the settings, because the deployment is not pullmedic's. */
function driveAgain(input: DecisionInput): Decided {
  const { nowMs, config, remediation } = input;
  if (!config.settings.retry.newRevision) return openIncident(input, 'write-rejected');
  const asked = remediation.attempts.findLast((attempt) => attempt.action === 'new-revision');
  // The next look shows whether the revision that we asked for a moment ago was made.
  if (asked !== undefined && (asked.outcome ?? 'unknown') === 'unknown') return wait(nowMs + soonMs, 'cause-cleared');
  if (asked !== undefined && (isThrottled(asked) || metAnother(asked)) && nowMs - asked.atMs < minute)
    return wait(asked.atMs + minute, 'cause-cleared');
  const restarted = restartUnderWay(input, templateOf(input));
  if (restarted !== undefined) return awaitRestart(input, restarted, nowMs + minute);
  const found = newRevision(input, undefined, 'write-rejected', 'write-rejected');
  if (found.ok) return found.decided;
  if (mayLookAgainForRetry(input)) return wait(nowMs + minute, 'looking-again', found.refusals);
  return tookTooLong(input, found.refusals)
    ? wait(nowMs + soonMs, 'looking-again', found.refusals)
    : openIncident(input, 'write-rejected', found.refusals);
}
