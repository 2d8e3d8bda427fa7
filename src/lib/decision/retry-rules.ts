// Rules that wait until the platform pulls again, and that make it pull with a restart or a new revision if it does not.

import { type Cause, causeCatalogue } from '../causes/causes.ts';
import { rowsOfTarget } from '../diagnosis/text-claims.ts';

import type { RevisionFacts } from '../evidence/app-facts.ts';
import { activeRevisions, appOf, isWriteRejected, targetReplicas } from '../evidence/evidence.ts';
import { servingOf } from '../evidence/serving.ts';
import { isOpen, type Wanted } from '../history/approval.ts';
import type { Decided, WaitReason } from '../history/decision.ts';
import type { Refusal } from '../history/refusals.ts';
import { templateName } from '../history/restarted.ts';
import type { AnnouncedRestart } from '../history/restarts.ts';
import { clearedPatienceMs, close, openIncident, provedCause, soonMs, tookTooLong, wait } from './answers.ts';
import { permissionFor, requestApproval } from './approvals.ts';
import { isApprovable } from './grant-guards.ts';
import { longestPullMs, nextPullCheck, pullSinceMs } from './pull-guard.ts';
import type { Question } from './question.ts';
import { restartTakesMs, restartUnderWay } from './restart-limit.ts';
import { newRevisionRefusals, restartRefusals } from './retry-guards.ts';
import { nextPlatformTry, nextRoleCheck } from './schedule.ts';

const minute = 60_000;
/** How long the platform's next try may be away before a restart is worth it. Milliseconds. */
const patienceMs = minute;

/** A revision that we asked for does not have the expected template: a person has to look at what runs there. */
export function revisionDiffers(input: Question): Decided | undefined {
  const made = input.remediation.attempts.findLast((attempt) => attempt.action === 'new-revision');
  if (made?.because !== 'template-differs') return undefined;
  const [cause = 'unexplained'] = input.remediation.bestDiagnosis?.diagnosis.causes ?? [];
  return openIncident(input, cause, [{ guard: 'superseded', why: 'template-differs' }]);
}

/**
 * Azure rejected the write, so no revision exists and the platform does not try again. Once the cause is gone, the person or pipeline that
 * deployed has to deploy again.
 */
export function deploymentRejected(input: Question): Decided | undefined {
  const { target, evidence, remediation, diagnosis, nowMs, config } = input;
  if (!isWriteRejected(target, evidence)) return undefined;
  if (diagnosis.causes[0] === 'pull-role-propagating' && !diagnosis.roleOfGroup) {
    const readyAtMs = (diagnosis.roleSinceMs ?? nowMs) + config.settings.expectedPropagationSeconds * 1000;
    return nowMs < readyAtMs ? wait(readyAtMs, 'role-propagating') : driveAgain(input);
  }
  return remediation.clearedAtMs === undefined ? undefined : driveAgain(input);
}

/**
 * The cause is gone, and the platform needs up to one back-off period to notice. Only after that is the failure unexplained. A role that
 * is in place is not such a case: its window is over by then.
 */
export function causePutRight(input: Question): Decided | undefined {
  const { remediation, diagnosis, nowMs } = input;
  const causes = remediation.bestDiagnosis?.diagnosis.causes ?? [];
  const since = remediation.clearedAtMs;
  if (since === undefined || diagnosis.sure === 'confirmed') return undefined;
  if (nowMs - since > clearedPatienceMs && !isPullWaitedFor(input)) return undefined;
  if (causes.some((cause) => cause === 'pull-role-missing' || cause === 'pull-role-propagating')) return undefined;
  const [cause = 'unexplained'] = causes;
  return retry(input, { cause, because: 'cause-cleared', sinceMs: since, expectedAtMs: since + soonMs });
}

/** Waits as long as a role usually needs to take effect, then restarts the revision if the platform's next try is far away. */
export function ownRolePropagates(input: Question): Decided | undefined {
  const { diagnosis, nowMs, config } = input;
  const cause = provedCause(input);
  if (cause === undefined || causeCatalogue[cause].answer !== 'wait-for-role' || diagnosis.roleOfGroup)
    return undefined;
  const sinceMs = diagnosis.roleSinceMs ?? nowMs;
  const expectedAtMs = sinceMs + config.settings.expectedPropagationSeconds * 1000;
  // Where the app serves, the role works, and only the log row of the pull is missing.
  const because = diagnosis.serves === true ? 'proving-recovery' : 'role-propagating';
  return retry(input, { cause, because, sinceMs, expectedAtMs });
}

/** Repeats a write that Azure rejected only if the operator allows it in the settings, because the deployment is not pullmedic's. */
function driveAgain(input: Question): Decided {
  const { nowMs, config, remediation } = input;
  if (!config.settings.retry.newRevision) return openIncident(input, 'write-rejected');
  const asked = remediation.attempts.findLast((attempt) => attempt.action === 'new-revision');
  // The next look shows whether the revision that we asked for a moment ago was made.
  if (asked !== undefined && (asked.outcome ?? 'unknown') === 'unknown') return wait(nowMs + soonMs, 'cause-cleared');
  const restarted = restartUnderWay(input, templateName(appOf(input.evidence)?.template ?? ''));
  if (restarted !== undefined) return awaitRestart(input, restarted, nowMs + minute);
  const found = newRevision(input, undefined, 'write-rejected', 'write-rejected');
  if (found.ok) return found.decided;
  return tookTooLong(input, found.refusals)
    ? wait(nowMs + soonMs, 'looking-again', found.refusals)
    : openIncident(input, 'write-rejected', found.refusals);
}

/** The platform tries again by itself; a restart pays only when its next try is far away. */
function retry(input: Question, { cause, because, sinceMs, expectedAtMs }: Retry): Decided {
  const { nowMs, remediation } = input;
  const nextTryMs = nextPlatformTry(rowsOfTarget(input.target, input.evidence));
  const check = nextRoleCheck(sinceMs, nowMs) ?? nowMs + minute;
  const soonest = nextTryMs !== undefined && nextTryMs > nowMs ? Math.min(check, nextTryMs + soonMs) : check;
  if (nowMs < expectedAtMs) return wait(Math.max(Math.min(soonest, expectedAtMs), nowMs + 10_000), because);
  if (isAsleep(input)) return close(nowMs, 'unproven', 'no-replica-asked-to-start');
  const revision = failingRevision(input);
  // What the replica reads now counts for more than when the log lets expect its next try.
  const pulled = revision === undefined ? undefined : awaitPull(input, revision, cause);
  if (pulled !== undefined) return pulled;
  const soonEnough = nextTryMs !== undefined && nextTryMs > nowMs - soonMs && nextTryMs <= nowMs + patienceMs;
  const dueAtMs = Math.max(soonest, nowMs + 10_000);
  // A question that is open stays open until the next try has helped: a person may be reading it.
  const isAsked = remediation.retryApproval !== undefined && isOpen(remediation.retryApproval, nowMs);
  if (revision === undefined || (soonEnough && !isAsked)) return wait(dueAtMs, because);
  const restarted = restartUnderWay(input, revision.name);
  if (restarted !== undefined) return awaitRestart(input, restarted, soonest);
  const refusals = restartRefusals(input, revision);
  const found = isWithoutRestart(input, refusals)
    ? newRevision(input, revision, 'restart-refused', cause)
    : restart(input, revision, refusals, { cause, because });
  if (!found.ok) return wait(dueAtMs, because, found.refusals);
  const { decided } = found;
  return decided.decision.do === 'ask' ? { ...decided, dueAtMs: Math.min(decided.dueAtMs, dueAtMs) } : decided;
}

interface Retry {
  /** What was wrong; a question shows it. */
  readonly cause: Cause;
  readonly because: WaitReason;
  readonly sinceMs: number;
  readonly expectedAtMs: number;
}

function restart(
  input: Question,
  revision: RevisionFacts,
  refusals: readonly Refusal[],
  { cause, because }: Pick<Retry, 'cause' | 'because'>,
): Change {
  const why = because === 'role-propagating' ? 'role-should-work' : 'cause-is-gone';
  return ifAllowed(input, { about: { restart: revision.name }, cause, doubts: refusals }, (allowed) => ({
    decision: { do: 'restart', revision: revision.name, because: why, ...allowed },
    dueAtMs: input.nowMs + soonMs,
    refusals: [],
  }));
}

/** Makes the change if nothing refuses it, or if a person approved it; asks a person where an answer is all that is missing. */
function ifAllowed(
  input: Question,
  wanted: Wanted,
  change: (allowed: { readonly question?: number }) => Decided,
): Change {
  const { doubts } = wanted;
  const permission = permissionFor(input, wanted);
  switch (permission.state) {
    case 'rejected':
    case 'expired':
      return { ok: false, refusals: [...doubts, { guard: 'approval', why: permission.state }] };
    case 'approved':
      return doubts.every(isApprovable)
        ? { ok: true, decided: change({ question: permission.question }) }
        : { ok: false, refusals: doubts };
    case 'pending':
    case 'to-ask':
      if (doubts.length === 0) return { ok: true, decided: change({}) };
      return doubts.every(isApprovable)
        ? { ok: true, decided: requestApproval(input, wanted, permission) }
        : { ok: false, refusals: doubts };
  }
}

/** One restart serves every remediation of the revision: the others wait for its effect as the one does that made it. */
function awaitRestart({ nowMs }: Question, restart: AnnouncedRestart, soonestMs: number): Decided {
  const dueAtMs = Math.max(Math.min(soonestMs, restart.atMs + restartTakesMs), nowMs + 10_000);
  return { decision: { do: 'wait', because: 'restart-takes-effect', restart }, dueAtMs, refusals: [] };
}

/** The platform has noticed that the cause is gone: what it pulls now may take longer than the time that pullmedic gives it to notice. */
function isPullWaitedFor(input: Question): boolean {
  const revision = failingRevision(input);
  const sinceMs = revision === undefined ? undefined : pullSinceMs(input, revision.name);
  return sinceMs !== undefined && input.nowMs - sinceMs < longestPullMs;
}

/** Whatever comes after it, a pull that is under way is waited for; a person is told of one that hangs. */
function awaitPull(input: Question, revision: RevisionFacts, cause: Cause): Decided | undefined {
  const sinceMs = pullSinceMs(input, revision.name);
  if (sinceMs === undefined || restartUnderWay(input, revision.name) !== undefined) return undefined;
  const refusals = restartRefusals(input, revision);
  return input.nowMs - sinceMs < longestPullMs
    ? wait(nextPullCheck(sinceMs, input.nowMs), 'pulling-now', refusals)
    : openIncident(input, cause, refusals);
}

/** The revision that keeps failing: the newest active one that is not seen to serve. The guards refuse one that was not read. */
function failingRevision({ target, evidence }: Question): RevisionFacts | undefined {
  return activeRevisions(target, evidence).find(({ name }) => servingOf(target, evidence, name) !== 'serves');
}

/** True if the app is scaled to zero. It pulls nothing then, so a recovery cannot be proved, and a restart would start no replica. */
function isAsleep({ target, evidence }: Question): boolean {
  const revisions = activeRevisions(target, evidence);
  if (!evidence.replicas?.read || targetReplicas(target, evidence).length > 0 || revisions.length === 0) return false;
  return revisions.every((revision) => revision.runningState === 'ScaledToZero');
}

/** Azure refused the restart. If the settings allow it, pullmedic asks for a new revision instead. */
function isWithoutRestart({ config }: Question, refusals: readonly Refusal[]): boolean {
  return config.settings.retry.newRevision && refusals.some((refusal) => refusal.guard === 'failed-before');
}

type Change =
  | { readonly ok: true; readonly decided: Decided }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** A new revision of the same template. Its name contains the instant, so that no other revision has it. */
function newRevision(
  input: Question,
  revision: RevisionFacts | undefined,
  because: 'restart-refused' | 'write-rejected',
  cause: Cause,
): Change {
  const { nowMs, target } = input;
  const template = appOf(input.evidence)?.template;
  const refusals = newRevisionRefusals(input, revision);
  if (template === undefined) return { ok: false, refusals: [...refusals, { guard: 'superseded', why: 'unreadable' }] };
  const suffix = `pm-${nowMs.toString(36)}`;
  const name = `${target.appName}--${suffix}`;
  const instead = revision === undefined ? {} : { instead: revision.name };
  const decision = { do: 'new-revision', revision: name, suffix, template, ...instead, because } as const;
  return ifAllowed(input, { about: { newRevision: template }, cause, doubts: refusals }, (allowed) => ({
    decision: { ...decision, ...allowed },
    dueAtMs: nowMs + soonMs,
    refusals: [],
  }));
}
