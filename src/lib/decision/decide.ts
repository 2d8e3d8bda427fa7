// What to do about a diagnosis: the only place where a change is decided.

import type { Cause } from '../causes/causes.ts';
import { causeCatalogue } from '../causes/causes.ts';
import type { Suspicion } from '../classify/classify.ts';
import { saysPullFailed } from '../classify/classify.ts';
import { pullRoleFor, repositoryReaderRole } from '../diagnosis/access.ts';
import { leadingSuspicion, refusedOtherwise, rowsOfTarget } from '../diagnosis/text-claims.ts';
import { isServing, isSomethingElse, showsPullTrouble } from '../diagnosis/trouble.ts';
import type { RevisionFacts } from '../evidence/evidence.ts';
import {
  activeRevisions,
  allReady,
  appOf,
  declaredIdentity,
  isWriteRejected,
  registryOf,
  repositoryOf,
  targetReplicas,
} from '../evidence/evidence.ts';
import type { CloseHow, CloseReason } from '../history/closing.ts';
import { type Decided, type UndoDecision, type WaitReason } from '../history/decision.ts';
import type { Answer } from '../history/entries.ts';
import type { Grant } from '../history/grant.ts';
import { sameGrant } from '../history/grant.ts';
import { undoableGrant } from '../history/queries.ts';
import type { Refusal } from '../history/refusals.ts';
import type { Approval } from '../history/state.ts';
import { valueOf } from '../words/fact.ts';
import { slowStartEndsMs } from './deployment-guards.ts';
import { grantRefusals, isApprovable } from './grant-guards.ts';
import type { GuardInput } from './guard.ts';
import { type UndoInput, undoRefusals } from './request-guards.ts';
import { newRevisionRefusals, restartRefusals } from './retry-guards.ts';
import { nextPersonCheck, nextPlatformTry, nextRoleCheck, nextTextCheck } from './schedule.ts';

export type { Refusal } from '../history/refusals.ts';

const minute = 60_000;
/** How soon to look after our own change, and how long the platform's next try may be away before a restart is worth it. */
const soonMs = 20_000;
const patienceMs = minute;
const clearedPatienceMs = 15 * minute;

function close(nowMs: number, how: CloseHow, because: CloseReason): Decided {
  return { decision: { do: 'close', how, because }, dueAtMs: nowMs, refusals: [] };
}

function wait(dueAtMs: number, because: WaitReason, refusals: readonly Refusal[] = []): Decided {
  return { decision: { do: 'wait', because }, dueAtMs, refusals };
}

function grantNow(nowMs: number, grant: Grant, because: Cause): Decided {
  return { decision: { do: 'grant', grant, because }, dueAtMs: nowMs + soonMs, refusals: [] };
}

function askPerson(input: GuardInput, cause: Cause, refusals: readonly Refusal[] = [], grant?: Grant): Decided {
  const since = input.remediation.waitingForPersonSinceMs ?? input.nowMs;
  const because = refusals.length > 0 ? 'change-refused' : 'needs-a-person';
  const decision = { do: 'incident', cause, because, ...(grant === undefined ? {} : { grant }) } as const;
  return { decision, dueAtMs: nextPersonCheck(since, input.nowMs), refusals };
}

/** What a person said to this very grant, or that nobody was asked for it yet. */
type ApprovalState = 'not-asked' | 'pending' | Answer | 'expired';

/** An approval is good for one grant and a limited time, whatever the answer was. */
export function approvalState(approval: Approval | undefined, grant: Grant, nowMs: number): ApprovalState {
  if (approval === undefined || !sameGrant(approval.grant, grant)) return 'not-asked';
  if (approval.answer?.answer === 'rejected') return 'rejected';
  if (nowMs >= approval.expiresAtMs) return 'expired';
  return approval.answer?.answer ?? 'pending';
}

function ask(input: GuardInput, cause: Cause, grant: Grant, refusals: readonly Refusal[]): Decided {
  const { remediation, nowMs, config } = input;
  const asked = remediation.approval;
  const known = asked !== undefined && sameGrant(asked.grant, grant);
  const expiresAtMs = known ? asked.expiresAtMs : nowMs + config.settings.approvalMinutes * minute;
  const since = remediation.waitingForPersonSinceMs ?? nowMs;
  const dueAtMs = Math.min(nextPersonCheck(since, nowMs), Math.max(expiresAtMs, nowMs + soonMs));
  return { decision: { do: 'ask', grant, cause, because: 'needs-approval', expiresAtMs }, dueAtMs, refusals };
}

function byApproval(input: GuardInput, cause: Cause, grant: Grant, refusals: readonly Refusal[]): Decided {
  const state = approvalState(input.remediation.approval, grant, input.nowMs);
  switch (state) {
    case 'not-asked':
    case 'pending':
      return ask(input, cause, grant, refusals);
    case 'approved':
      return grantNow(input.nowMs, grant, cause);
    case 'rejected':
    case 'expired':
      return askPerson(input, cause, [...refusals, { guard: 'approval', why: state }], grant);
  }
}

/** The revisions with this image were switched off, and Azure is not making another one. */
function isSwitchedOff({ evidence, target }: GuardInput): boolean {
  const app = appOf(evidence);
  if (app === undefined || app.provisioningState === 'InProgress' || isWriteRejected(target, evidence)) return false;
  const revisions = valueOf(evidence.revisions)?.filter((revision) => revision.images.includes(target.image)) ?? [];
  return revisions.length > 0 && revisions.every((revision) => !revision.active);
}

/** The app is gone, its revisions were switched off, or no active revision and no template asks for this image any more. */
function whenWithdrawn(input: GuardInput): Decided | undefined {
  const { evidence, target, nowMs } = input;
  if (evidence.app?.read && evidence.app.value === 'gone') return close(nowMs, 'withdrawn', 'app-gone');
  const app = appOf(evidence);
  if (app === undefined || !evidence.revisions?.read) return undefined;
  if (app.images.includes(target.image))
    return isSwitchedOff(input) ? close(nowMs, 'withdrawn', 'deactivated') : undefined;
  return activeRevisions(target, evidence).length === 0 ? close(nowMs, 'withdrawn', 'superseded') : undefined;
}

/** Proven once is not proven: it must still be true some minutes later. */
function whenProven(input: GuardInput): Decided | undefined {
  const { remediation, nowMs, config } = input;
  if (remediation.provenAtMs === undefined) return undefined;
  const stableAtMs = remediation.provenAtMs + config.settings.stableMinutes * minute;
  return nowMs >= stableAtMs ? close(nowMs, 'recovered', 'pulled-and-ready') : wait(stableAtMs, 'proving-stability');
}

/**
 * What was broken serves, and the row that would prove the pull is not there: it may be late. Never called recovered without it.
 */
function whenServing({ target, evidence, remediation, nowMs }: GuardInput): Decided {
  const changed = remediation.attempts.filter((attempt) => attempt.outcome !== 'withheld');
  const started = targetReplicas(target, evidence).map((replica) => replica.createdAtMs);
  // A replica that was stuck heals on the platform's next try: it is as old as the failure.
  const sinceMs = Math.max(...changed.map((attempt) => attempt.atMs), ...started, remediation.clearedAtMs ?? 0);
  if (nowMs - sinceMs < clearedPatienceMs) return wait(nowMs + minute, 'proving-recovery');
  return changed.length > 0
    ? close(nowMs, 'unproven', 'ready-without-a-row')
    : close(nowMs, 'withdrawn', 'nothing-failing');
}

/**
 * Only a container that is being pulled at this moment speaks of a pull, and nothing explains it: one that crashes is pulled again and
 * again. The text may still come, and a person is asked when it does not.
 */
function whenSilent({ remediation, diagnosis, nowMs }: GuardInput): Decided | undefined {
  const leading = leadingSuspicion(remediation.look?.suspicions ?? []);
  if (diagnosis.sure !== 'unexplained' || (leading !== undefined && saysPullFailed(leading))) return undefined;
  const again = nextTextCheck(remediation.openedAtMs, nowMs);
  return again === undefined ? undefined : wait(again, 'no-text-yet');
}

/**
 * The text speaks of a failure, nothing proves a cause, and all that there is serves: it was over before anybody looked. A person is
 * asked only where it goes on failing.
 */
function whenOver(input: GuardInput): Decided | undefined {
  const { target, evidence, remediation, diagnosis, nowMs } = input;
  const lastFailedAtMs = remediation.look?.progress.lastFailedAtMs;
  if (diagnosis.sure === 'confirmed' || lastFailedAtMs === undefined || !isServing(target, evidence)) return undefined;
  if (nowMs - lastFailedAtMs >= clearedPatienceMs) return whenServing(input);
  return nowMs - remediation.openedAtMs < 2 * clearedPatienceMs ? wait(nowMs + minute, 'proving-recovery') : undefined;
}

/** What the text speaks of, where it speaks of no pull. */
function otherTrouble(suspicions: readonly Suspicion[]): CloseReason {
  switch (refusedOtherwise(suspicions)?.refused) {
    case 'push':
      return 'push-refused';
    case 'build':
      return 'build-refused';
    case undefined:
      return 'not-a-pull-failure';
  }
}

function whenQuiet(input: GuardInput): Decided | undefined {
  const { target, evidence, remediation, nowMs } = input;
  const suspicions = remediation.look?.suspicions ?? [];
  // What an earlier look confirmed was a pull failure, whatever the few rows that there are now speak of.
  const earlier = (remediation.diagnosedAtMs ?? nowMs) < (remediation.look?.atMs ?? nowMs);
  const confirmed = earlier && remediation.bestDiagnosis?.diagnosis.sure === 'confirmed';
  if (!confirmed && isSomethingElse(target, evidence, suspicions))
    return close(nowMs, 'withdrawn', otherTrouble(suspicions));
  const leading = leadingSuspicion(suspicions);
  if ((leading !== undefined && saysPullFailed(leading)) || showsPullTrouble(target, evidence)) return undefined;
  const again = nextTextCheck(remediation.openedAtMs, nowMs);
  // What could not be read at this moment is no silence, and may be the proof.
  const clouded = isClouded(input);
  if (confirmed && isServing(target, evidence) && !clouded) return whenServing(input);
  if (again !== undefined) return wait(again, 'no-text-yet');
  if (clouded) return wait(nowMs + minute, 'looking-again');
  if (isServing(target, evidence)) return close(nowMs, 'withdrawn', 'nothing-failing');
  // Without the revisions nobody knows which replicas are the target's.
  const none = evidence.revisions?.read && evidence.replicas?.read && targetReplicas(target, evidence).length === 0;
  return none && appOf(evidence) !== undefined ? close(nowMs, 'unproven', 'no-replica-asked-to-start') : undefined;
}

/** The revision that keeps failing: the newest active one without a replica that serves. */
function failingRevision(input: GuardInput): RevisionFacts | undefined {
  const replicas = targetReplicas(input.target, input.evidence);
  const revisions = activeRevisions(input.target, input.evidence);
  return revisions.find(
    (revision) => !replicas.some((replica) => replica.revision === revision.name && allReady(replica)),
  );
}

/** Scaled to zero: nothing pulls, so nothing can be proved, and a restart would start nothing. */
function isAsleep({ target, evidence }: GuardInput): boolean {
  const revisions = activeRevisions(target, evidence);
  if (!evidence.replicas?.read || targetReplicas(target, evidence).length > 0 || revisions.length === 0) return false;
  return revisions.every((revision) => revision.runningState === 'ScaledToZero');
}

/**
 * Azure rejected the write, so no revision exists and the platform tries nothing again: once the cause is gone, whoever deployed
 * has to deploy again.
 */
function whenRejected(input: GuardInput): Decided | undefined {
  const { target, evidence, remediation, diagnosis, nowMs, config } = input;
  if (!isWriteRejected(target, evidence)) return undefined;
  if (diagnosis.causes[0] === 'pull-role-propagating' && !diagnosis.roleOfGroup) {
    const readyAtMs = (diagnosis.roleSinceMs ?? nowMs) + config.settings.expectedPropagationSeconds * 1000;
    return nowMs < readyAtMs ? wait(readyAtMs, 'role-propagating') : driveAgain(input);
  }
  return remediation.clearedAtMs === undefined ? undefined : driveAgain(input);
}

/** A write that Azure rejected is ours to repeat only where somebody said so: it is their deployment. */
function driveAgain(input: GuardInput): Decided {
  const { nowMs, config, remediation } = input;
  if (!config.settings.retry.newRevision) return askPerson(input, 'write-rejected');
  const asked = remediation.attempts.findLast((attempt) => attempt.action === 'new-revision');
  // What was asked for a moment ago shows in the next look, or that it was never made.
  if (asked !== undefined && (asked.outcome ?? 'unknown') === 'unknown') return wait(nowMs + soonMs, 'cause-cleared');
  const found = newRevision(input, undefined, 'write-rejected');
  if (found.ok) return found.decided;
  return tookTooLong(input, found.refusals)
    ? wait(nowMs + soonMs, 'looking-again', found.refusals)
    : askPerson(input, 'write-rejected', found.refusals);
}

type NewRevision =
  | { readonly ok: true; readonly decided: Decided }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** A new revision of the same template. Its name holds the moment, so that it is of no other. */
function newRevision(
  input: GuardInput,
  revision: RevisionFacts | undefined,
  because: 'restart-refused' | 'write-rejected',
): NewRevision {
  const { nowMs, target } = input;
  const template = appOf(input.evidence)?.template;
  const refusals = newRevisionRefusals(input, revision);
  if (template === undefined) return { ok: false, refusals: [...refusals, { guard: 'superseded', why: 'unreadable' }] };
  if (refusals.length > 0) return { ok: false, refusals };
  const suffix = `pm-${nowMs.toString(36)}`;
  const decision = { do: 'new-revision', revision: `${target.appName}--${suffix}`, suffix, template, because } as const;
  return { ok: true, decided: { decision, dueAtMs: nowMs + soonMs, refusals: [] } };
}

/** Azure did not accept the restart; with the option set there is another way. */
function isWithoutRestart({ config }: GuardInput, refusals: readonly Refusal[]): boolean {
  return config.settings.retry.newRevision && refusals.some((refusal) => refusal.guard === 'failed-before');
}

/** A revision that we asked for has another template than we meant: somebody has to look at what runs there. */
function whenTemplateDiffers(input: GuardInput): Decided | undefined {
  const made = input.remediation.attempts.findLast((attempt) => attempt.action === 'new-revision');
  if (made?.because !== 'template-differs') return undefined;
  const [cause = 'unexplained'] = input.remediation.bestDiagnosis?.diagnosis.causes ?? [];
  return askPerson(input, cause, [{ guard: 'superseded', why: 'template-differs' }]);
}

/** The platform tries again by itself; a restart pays only when its next try is far away. */
function retry(input: GuardInput, sinceMs: number, expectedAtMs: number, because: WaitReason): Decided {
  const { nowMs } = input;
  const nextTryMs = nextPlatformTry(rowsOfTarget(input.target, input.evidence));
  const check = nextRoleCheck(sinceMs, nowMs) ?? nowMs + minute;
  const soonest = nextTryMs !== undefined && nextTryMs > nowMs ? Math.min(check, nextTryMs + soonMs) : check;
  if (nowMs < expectedAtMs) return wait(Math.max(Math.min(soonest, expectedAtMs), nowMs + 10_000), because);
  if (isAsleep(input)) return close(nowMs, 'unproven', 'no-replica-asked-to-start');
  const revision = failingRevision(input);
  const soonEnough = nextTryMs !== undefined && nextTryMs > nowMs - soonMs && nextTryMs <= nowMs + patienceMs;
  if (revision === undefined || soonEnough) return wait(Math.max(soonest, nowMs + 10_000), because);
  const refusals = restartRefusals(input, revision);
  if (isWithoutRestart(input, refusals)) {
    const asked = newRevision(input, revision, 'restart-refused');
    return asked.ok ? asked.decided : wait(Math.max(soonest, nowMs + 10_000), because, asked.refusals);
  }
  if (refusals.length > 0) return wait(Math.max(soonest, nowMs + 10_000), because, refusals);
  return {
    decision: {
      do: 'restart',
      revision: revision.name,
      because: because === 'role-propagating' ? 'role-should-work' : 'cause-is-gone',
    },
    dueAtMs: nowMs + soonMs,
    refusals: [],
  };
}

function whenPropagating(input: GuardInput, sinceMs: number): Decided {
  return retry(input, sinceMs, sinceMs + input.config.settings.expectedPropagationSeconds * 1000, 'role-propagating');
}

/**
 * Somebody put right what was wrong; the platform needs up to one back-off period to notice. Only after that is the failure
 * unexplained. A role that is in place is not such a case: its window is over by then.
 */
function whenCleared(input: GuardInput): Decided | undefined {
  const { remediation, diagnosis, nowMs } = input;
  const causes = remediation.bestDiagnosis?.diagnosis.causes ?? [];
  const since = remediation.clearedAtMs;
  if (since === undefined || diagnosis.sure === 'confirmed' || nowMs - since > clearedPatienceMs) return undefined;
  if (causes.some((cause) => cause === 'pull-role-missing' || cause === 'pull-role-propagating')) return undefined;
  return retry(input, since, since + soonMs, 'cause-cleared');
}

/** The grant that the facts ask for; `undefined` where one of them is missing. */
export function proposedGrant(input: Pick<GuardInput, 'target' | 'evidence'>): Grant | undefined {
  const identity = declaredIdentity(input.target, input.evidence);
  const registry = registryOf(input.evidence);
  const roleId = registry === undefined ? undefined : pullRoleFor(registry);
  if (identity.kind !== 'identity' || registry === undefined || roleId === undefined) return undefined;
  const grant = { registryId: registry.id, principalId: identity.principalId, roleId };
  if (roleId !== repositoryReaderRole) return grant;
  const repository = repositoryOf(input.target);
  return repository === '' ? undefined : { ...grant, repository };
}

/** Nothing speaks against the grant but that we have just begun: it will be made, and nobody has to be woken for it. */
function isSlowStart(refusals: readonly Refusal[]): boolean {
  return refusals.length > 0 && refusals.every(({ guard, why }) => guard === 'slow-start' && why === 'reached');
}

/** When the slow start is over; looked at before that, in case the app recovers or the cause goes by itself. */
function slowStartDueMs(input: GuardInput): number {
  const soonest = input.nowMs + 10 * minute;
  return Math.min(slowStartEndsMs(input) ?? soonest, soonest);
}

/** A look that took too long is no reason to wake anybody: look again, for a while. */
function tookTooLong({ nowMs, remediation }: GuardInput, refusals: readonly Refusal[]): boolean {
  const old = refusals.some((refusal) => refusal.guard === 'evidence-too-old');
  const only = old && refusals.every((refusal) => refusal.guard === 'evidence-too-old' || isApprovable(refusal));
  return only && nowMs - remediation.openedAtMs < clearedPatienceMs;
}

/** So many times in a row we look again, before a person is asked about what could not be read. */
const mostAgain = 3;

/** A moment's time-out or throttling is no reason to wake anybody: look again, a few times. */
function isClouded({ remediation, killSwitch, ledger, awakeSinceMs }: GuardInput): boolean {
  const unread = !killSwitch.read || !ledger.read || !awakeSinceMs.read;
  const clouded = remediation.look?.transientlyUnreadable === true || unread;
  return clouded && remediation.lookedAgain < mostAgain;
}

function whenRoleMissing(input: GuardInput, cause: Cause): Decided {
  const grant = proposedGrant(input);
  if (grant === undefined) return askPerson(input, cause);
  const refusals = grantRefusals(input, grant);
  if (isSlowStart(refusals)) return wait(slowStartDueMs(input), 'slow-start', refusals);
  if (tookTooLong(input, refusals)) return wait(input.nowMs + soonMs, 'looking-again', refusals);
  if (refusals.length === 0) return grantNow(input.nowMs, grant, cause);
  if (isClouded(input)) return wait(input.nowMs + minute, 'looking-again', refusals);
  return refusals.every(isApprovable)
    ? byApproval(input, cause, grant, refusals)
    : askPerson(input, cause, refusals, grant);
}

/** A registry that throttles or fails mostly recovers by itself, and the platform pulls again; a person is asked after this long. */
const registryPatienceMs = 30 * minute;

function whenRegistryBusy(input: GuardInput, cause: Cause): Decided {
  const { remediation, nowMs } = input;
  if (nowMs - remediation.openedAtMs >= registryPatienceMs) return askPerson(input, cause);
  return wait(nowMs + 5 * minute, 'registry-busy');
}

/** A role of a group can take a day and cannot be hurried: the direct grant is offered, and made only if a person says so. */
function whenThroughGroup(input: GuardInput): Decided {
  const cause = 'pull-role-propagating';
  const grant = proposedGrant(input);
  const refusals = grant === undefined ? [] : grantRefusals(input, grant);
  if (grant === undefined || !refusals.every(isApprovable)) return askPerson(input, cause, refusals);
  return byApproval(input, cause, grant, refusals);
}

function byCause(input: GuardInput): Decided {
  const { diagnosis } = input;
  const [cause = 'unexplained', ...others] = diagnosis.causes;
  const answer = causeCatalogue[cause].answer;
  // What the registry says of itself is in the text alone, and waiting changes nothing.
  if (answer === 'wait-for-registry') return whenRegistryBusy(input, cause);
  if (diagnosis.sure !== 'confirmed' && isClouded(input)) return wait(input.nowMs + minute, 'looking-again');
  const later = whenOver(input) ?? whenSilent(input);
  if (later !== undefined) return later;
  // Of several causes, a person is asked about the one that no grant and no wait puts right.
  if (diagnosis.sure !== 'confirmed' || others.length > 0)
    return askPerson(input, diagnosis.causes.find((one) => causeCatalogue[one].answer === 'person') ?? cause);
  if (diagnosis.roleOfGroup) return whenThroughGroup(input);
  switch (answer) {
    case 'wait-for-role':
      return whenPropagating(input, diagnosis.roleSinceMs ?? input.nowMs);
    case 'grant':
      return whenRoleMissing(input, cause);
    case 'person':
      return askPerson(input, cause);
  }
}

/**
 * The decision on one look. Order matters: what is over is closed first, what has recovered is only watched, text that speaks of
 * something else stands down, and only then is the cause acted on.
 */
export function decide(input: GuardInput): Decided {
  return (
    whenWithdrawn(input) ??
    whenProven(input) ??
    whenTemplateDiffers(input) ??
    whenQuiet(input) ??
    whenRejected(input) ??
    whenCleared(input) ??
    byCause(input)
  );
}

/** The decision on an undo that was asked for: the assignment that was recorded, or nothing. */
export function decideUndo(input: UndoInput): UndoDecision {
  const refusals = undoRefusals(input);
  const made = undoableGrant(input.remediation);
  return made === undefined || refusals.length > 0 ? { do: 'refuse', refusals } : { do: 'remove', grant: made.grant };
}
