// Rules that wait until the platform pulls again, and that make it pull with a restart or a new revision if it does not.

import { type Cause, causeCatalogue } from '../causes/causes.ts';
import { rowsOfTarget } from '../diagnosis/text-claims.ts';

import type { RevisionFacts } from '../evidence/app-facts.ts';
import { activeRevisions, appOf, isWriteRejected, targetReplicas } from '../evidence/evidence.ts';
import { readReplicasOf, servingOf } from '../evidence/serving.ts';
import { isLive, isOpen, type Wanted } from '../history/approval.ts';
import type { Decided, Decision, WaitReason } from '../history/decision.ts';
import type { Refusal } from '../history/refusals.ts';
import { templateName } from '../history/restarted.ts';
import type { AnnouncedRestart } from '../history/restarts.ts';
import type { Attempt } from '../history/state.ts';
import { clearedPatienceMs, close, openIncident, provedCause, soonMs, tookTooLong, wait } from './answers.ts';
import { permissionFor, requestApproval } from './approvals.ts';
import { isApprovable } from './grant-guards.ts';
import { patienceMs, type Standing, standingOf } from './ladder.ts';
import { type PlatformTries, platformTries } from './platform-tries.ts';
import { longestPullMs, nextPullCheck, pullSinceMs } from './pull-guard.ts';
import type { Question } from './question.ts';
import { restartsInAttempt, restartsOf, restartTakesMs, restartUnderWay } from './restart-limit.ts';
import { newRevisionRefusals, restartRefusals } from './retry-guards.ts';
import { nextRoleCheck } from './schedule.ts';

const minute = 60_000;
/** How soon the next look is at the earliest: after now, or after the platform's next try. Milliseconds. */
const soonestMs = minute / 6;

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
  return retry(input, { cause, because: 'cause-cleared', ladder: { because: 'cause-is-gone', sinceMs: since } });
}

/** Climbs the ladder of retries until the role works, the app recovers or a guard refuses. */
export function ownRolePropagates(input: Question): Decided | undefined {
  const { diagnosis, nowMs } = input;
  const cause = provedCause(input);
  if (cause === undefined || causeCatalogue[cause].answer !== 'wait-for-role' || diagnosis.roleOfGroup)
    return undefined;
  const sinceMs = diagnosis.roleSinceMs ?? nowMs;
  // Where the app serves, the role works, and only the log row of the pull is missing.
  const because = diagnosis.serves === true ? 'proving-recovery' : 'role-propagating';
  return retry(input, { cause, because, ladder: { because: 'role-should-work', sinceMs } });
}

/** Repeats a write that Azure rejected only if the operator allows it in the settings, because the deployment is not pullmedic's. */
function driveAgain(input: Question): Decided {
  const { nowMs, config, remediation } = input;
  if (!config.settings.retry.newRevision) return openIncident(input, 'write-rejected');
  const asked = remediation.attempts.findLast((attempt) => attempt.action === 'new-revision');
  // The next look shows whether the revision that we asked for a moment ago was made.
  if (asked !== undefined && (asked.outcome ?? 'unknown') === 'unknown') return wait(nowMs + soonMs, 'cause-cleared');
  if (asked !== undefined && isThrottled(asked) && nowMs - asked.atMs < minute)
    return wait(asked.atMs + minute, 'cause-cleared');
  const restarted = restartUnderWay(input, templateName(appOf(input.evidence)?.template ?? ''));
  if (restarted !== undefined) return awaitRestart(input, restarted, nowMs + minute);
  const found = newRevision(input, undefined, 'write-rejected', 'write-rejected');
  if (found.ok) return found.decided;
  return tookTooLong(input, found.refusals)
    ? wait(nowMs + soonMs, 'looking-again', found.refusals)
    : openIncident(input, 'write-rejected', found.refusals);
}

/**
 * Restarts the revision if a rung of the ladder is due, unless the platform tries by itself in a moment. An open question stays open until a
 * try has helped, because a person may be reading it. A yes is acted on at once, whenever the next rung is due.
 */
function retry(input: Question, { cause, because, ladder }: Retrying): Decided {
  const { nowMs } = input;
  if (isAsleep(input)) return whileAsleep(input, because, ladder);
  const revision = failingRevision(input);
  const restarts = revision === undefined ? [] : restartsOf(input, revision.name);
  const tries = platformTries(rowsOfTarget(input.target, input.evidence), restarts.at(-1)?.atMs, nowMs);
  const standing = standingOf(ladder.sinceMs, restarts, tries, nowMs);
  const dueAtMs = Math.max(nextLook(ladder.sinceMs, standing, nowMs), nowMs + soonestMs);
  if (revision === undefined) return wait(dueAtMs, because);
  // What the replica reads now counts for more than any plan.
  const pulled = awaitPull(input, revision, cause);
  if (pulled !== undefined) return pulled;
  if (standing.state === 'restarted' && nowMs - standing.restart.atMs < restartTakesMs)
    return awaitRestart(input, standing.restart, dueAtMs);
  const isDue = (standing.state === 'due' && !wasThrottled(input, standing)) || personWants(input, revision.name);
  if (!isDue) return wait(dueAtMs, because);
  if (isSoon(tries, nowMs) && !isAsked(input)) return wait((tries.nextMs ?? nowMs) + soonestMs, because);
  const refusals = restartRefusals(input, revision);
  const found = isWithoutRestart(input, refusals)
    ? newRevision(input, revision, 'restart-refused', cause)
    : restart(input, revision, refusals, { cause, ladder, rung: rungOf(standing), ...tries });
  if (!found.ok) return wait(dueAtMs, because, found.refusals);
  const { decided } = found;
  return decided.decision.do === 'ask' ? { ...decided, dueAtMs: Math.min(decided.dueAtMs, dueAtMs) } : decided;
}

/** Why it should work, and since when. */
interface Ladder {
  readonly because: (Decision & { readonly do: 'restart' })['because'];
  readonly sinceMs: number;
}

interface Retrying {
  /** What was wrong; a question shows it. */
  readonly cause: Cause;
  readonly because: WaitReason;
  readonly ladder: Ladder;
}

/** An app that is scaled to zero pulls nothing, and a restart would start no replica. It may be asked for one while the role takes effect. */
function whileAsleep({ nowMs, config }: Question, because: WaitReason, { because: why, sinceMs }: Ladder): Decided {
  const patience = why === 'role-should-work' ? config.settings.expectedPropagationSeconds * 1000 : soonMs;
  const untilMs = sinceMs + patience;
  if (nowMs >= untilMs) return close(nowMs, 'unproven', 'no-replica-asked-to-start');
  return wait(Math.max(Math.min(nextRoleCheck(sinceMs, nowMs) ?? untilMs, untilMs), nowMs + soonestMs), because);
}

function nextLook(sinceMs: number, { nextMs }: Standing, nowMs: number): number {
  const checkMs = nextRoleCheck(sinceMs, nowMs) ?? nowMs + minute;
  return nextMs === undefined ? checkMs : Math.min(checkMs, nextMs);
}

function isSoon({ nextMs }: PlatformTries, nowMs: number): boolean {
  return nextMs !== undefined && nextMs <= nowMs + patienceMs;
}

function isAsked({ remediation, nowMs }: Question): boolean {
  return remediation.retryApproval !== undefined && isOpen(remediation.retryApproval, nowMs);
}

/** A question about this restart is open, or a person has allowed it and it was not made yet. */
function personWants(input: Question, revision: string): boolean {
  const { retryApproval: asked } = input.remediation;
  if (asked === undefined || !('restart' in asked.about) || asked.about.restart !== revision) return isAsked(input);
  return isAsked(input) || (isLive(asked, input.nowMs) && asked.uses === undefined);
}

function isThrottled({ outcome, because }: Attempt): boolean {
  return outcome === 'failed' && because === 'throttled';
}

/** Azure throttled a retry of this rung: the next one is not asked for before its time. */
function wasThrottled({ remediation }: Question, { dueMs }: Standing & { readonly state: 'due' }): boolean {
  return remediation.attempts.some(
    (attempt) => attempt.action !== 'grant' && isThrottled(attempt) && attempt.atMs >= dueMs,
  );
}

function rungOf(standing: Standing): number {
  return standing.state === 'early' ? 0 : standing.rung;
}

interface Rung extends Pick<PlatformTries, 'nextMs'> {
  readonly cause: Cause;
  readonly ladder: Ladder;
  readonly rung: number;
}

function restart(
  input: Question,
  revision: RevisionFacts,
  refusals: readonly Refusal[],
  { cause, ladder: { because, sinceMs }, rung, nextMs }: Rung,
): Change {
  const { config, nowMs } = input;
  const made = restartsInAttempt(input, revision.name);
  const most = config.settings.retry.atMost;
  const next = nextMs === undefined ? {} : { nextTryInMs: nextMs - nowMs };
  const retry = { rung, number: made + 1, most, sinceMs, afterMs: nowMs - sinceMs, ...next };
  const about = { restart: revision.name, upTo: Math.max(most - made, 1) };
  return ifAllowed(input, { about, cause, doubts: refusals }, (allowed) => ({
    decision: { do: 'restart', revision: revision.name, because, retry, ...allowed },
    dueAtMs: nowMs + soonMs,
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
      return { ok: false, refusals: withRefusal(doubts, { guard: 'approval', why: permission.state }) };
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

/** A no of this remediation is remembered for the whole app as well, and named once. */
function withRefusal(doubts: readonly Refusal[], more: Refusal): readonly Refusal[] {
  return doubts.some(({ guard, why }) => guard === more.guard && why === more.why) ? doubts : [...doubts, more];
}

/** One restart counts for every remediation of the revision: they all wait for its effect, not only the one that made it. */
function awaitRestart({ nowMs }: Question, restart: AnnouncedRestart, nextLookMs: number): Decided {
  const dueAtMs = Math.max(Math.min(nextLookMs, restart.atMs + restartTakesMs), nowMs + soonestMs);
  return { decision: { do: 'wait', because: 'restart-takes-effect', restart }, dueAtMs, refusals: [] };
}

/** True while a pull is under way that may still succeed. It may take longer than {@link clearedPatienceMs}. */
function isPullWaitedFor(input: Question): boolean {
  const revision = failingRevision(input);
  const sinceMs = revision === undefined ? undefined : pullSinceMs(input, revision.name);
  return sinceMs !== undefined && input.nowMs - sinceMs < longestPullMs;
}

/** Waits for a pull that is under way, whichever rung is due. A person is told of a pull that hangs. */
function awaitPull(input: Question, revision: RevisionFacts, cause: Cause): Decided | undefined {
  const sinceMs = pullSinceMs(input, revision.name);
  if (sinceMs === undefined || restartUnderWay(input, revision.name) !== undefined) return undefined;
  const refusals = restartRefusals(input, revision);
  return input.nowMs - sinceMs < longestPullMs
    ? wait(nextPullCheck(sinceMs, input.nowMs), 'pulling-now', refusals)
    : openIncident(input, cause, refusals);
}

/** The revision that keeps failing: the newest active one that is not seen to serve, and that does not sleep. The guards refuse one that was not read. */
function failingRevision(input: Question): RevisionFacts | undefined {
  const { target, evidence } = input;
  const failing = activeRevisions(target, evidence).filter(
    ({ name }) => servingOf(target, evidence, name) !== 'serves',
  );
  return failing.find((revision) => !sleeps(input, revision)) ?? failing[0];
}

/** A revision that is scaled to zero, beside one that is not: a restart would start no replica of it. */
function sleeps({ target, evidence }: Question, { name, runningState }: RevisionFacts): boolean {
  return runningState === 'ScaledToZero' && readReplicasOf(target, evidence, name)?.length === 0;
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
