// Rules that end a remediation, or watch what looks as if it had ended: the app is gone, it recovered, or no pull is failing.

import type { Suspicion } from '../classify/classify.ts';
import { saysPullFailed } from '../classify/classify.ts';
import { revisionWithoutReplica, standsDown } from '../diagnosis/no-pull.ts';
import { leadingSuspicion, refusedOtherwise } from '../diagnosis/text-claims.ts';
import { isServing, showsPullTrouble } from '../diagnosis/trouble.ts';
import { waitsForAnother } from '../diagnosis/whose-pull.ts';
import type { AppFacts, RevisionFacts } from '../evidence/app-facts.ts';
import { activeRevisions, appOf, isWriteRejected, targetReplicas } from '../evidence/evidence.ts';
import { pullingOf } from '../evidence/pulling.ts';
import type { CloseReason } from '../history/closing.ts';
import type { Decided } from '../history/decision.ts';
import { valueOf } from '../words/fact.ts';
import { clearedPatienceMs, close, mayLookAgain, wait } from './answers.ts';
import { isLeftBehind } from './await-execution.ts';
import type { DecisionInput } from './decision-input.ts';
import { longestPullMs } from './pull-guard.ts';
import { refusedWriteAbandoned, removedBeforeLog } from './refused-write.ts';
import { nextRecoveryCheck, nextTextCheck } from './schedule.ts';

const minute = 60_000;

/**
 * The app is gone, its revisions were switched off, no active revision and no template asks for this image any more, or the write that asked for it
 * was refused and not tried again.
 */
export function targetWithdrawn(input: DecisionInput): Decided | undefined {
  const { evidence, target, nowMs } = input;
  const app = valueOf(evidence.app);
  if (app === 'gone') return close(nowMs, 'withdrawn', 'app-gone');
  const revisions = valueOf(evidence.revisions);
  if (app === undefined || revisions === undefined) return undefined;
  const abandoned = refusedWriteAbandoned(input) ?? removedBeforeLog(input);
  if (abandoned !== undefined) return abandoned;
  const wanted = app.images.includes(target.image);
  const nothingAsks = !wanted && (activeRevisions(target, evidence).length === 0 || isLeftBehind(input));
  if (nothingAsks) return close(nowMs, 'withdrawn', 'superseded');
  if (!wanted) return undefined;
  return isSwitchedOff(input, app, revisions) ? close(nowMs, 'withdrawn', 'deactivated') : undefined;
}

/** The revisions with this image were switched off, and Azure is not making another one. */
function isSwitchedOff(
  { evidence, target }: DecisionInput,
  app: AppFacts,
  revisions: readonly RevisionFacts[],
): boolean {
  if (app.provisioningState === 'InProgress' || isWriteRejected(target, evidence)) return false;
  const withImage = revisions.filter((revision) => revision.images.includes(target.image));
  return withImage.length > 0 && withImage.every((revision) => !revision.active);
}

/** A recovery must hold for `stableMinutes` before the remediation is closed. */
export function recoveryProven(input: DecisionInput): Decided | undefined {
  const { remediation, nowMs, config } = input;
  if (remediation.provenAtMs === undefined) return undefined;
  const stableAtMs = remediation.provenAtMs + config.settings.stableMinutes * minute;
  return nowMs >= stableAtMs ? close(nowMs, 'recovered', 'pulled-and-ready') : wait(stableAtMs, 'proving-stability');
}

/**
 * Some of the wanted replicas recovered, and the others get to it with the platform's next tries, which are up to five minutes apart. A cause
 * that is proved beside a role that is taking effect is acted on at once; after a while a person is asked about the rest.
 */
export function partlyRecovered(input: DecisionInput): Decided | undefined {
  const { remediation, diagnosis, nowMs } = input;
  const since = remediation.partlySinceMs ?? roleWorksSinceMs(input);
  if (since === undefined || nowMs - since >= clearedPatienceMs) return undefined;
  const stands = diagnosis.causes.some((cause) => cause !== 'pull-role-propagating');
  return diagnosis.sure === 'confirmed' && stands ? undefined : wait(nowMs + minute, 'partly-recovered');
}

/** Since when the role that was missing lets some of the replicas pull, where the row that would prove that is still missing. */
function roleWorksSinceMs({ remediation, diagnosis }: DecisionInput): number | undefined {
  const { readyReplica, notReady } = remediation.look.progress;
  const before = remediation.bestDiagnosis.diagnosis.causes;
  const wasRole = before.includes('pull-role-missing') || before.includes('pull-role-propagating');
  const some = readyReplica && notReady.length > 0;
  return wasRole && some && diagnosis.sure === 'unexplained' ? remediation.clearedAtMs : undefined;
}

/**
 * Closes a remediation that is not about a pull. If an earlier look confirmed a pull failure, it stays one, even if the few rows that are
 * left now are about something else.
 */
export function notAPull(input: DecisionInput): Decided | undefined {
  const { target, evidence, remediation, diagnosis, nowMs } = input;
  const suspicions = remediation.look.suspicions;
  return !wasConfirmed(input) && standsDown(target, evidence, suspicions, diagnosis)
    ? close(nowMs, 'withdrawn', otherTrouble(suspicions))
    : undefined;
}

/** Replicas are wanted and ARM lists none, for whatever reason. That is no pull, and nothing else tells of it: a person has to hear. */
function makesNoReplica({ target, evidence, diagnosis: { causes } }: DecisionInput): boolean {
  const wanting = causes.includes('something-else') && revisionWithoutReplica(target, evidence) !== undefined;
  return wanting || causes.includes('no-replica-scheduled');
}

function wasConfirmed({ remediation, nowMs }: DecisionInput): boolean {
  const earlier = (remediation.diagnosedAtMs ?? nowMs) < remediation.look.atMs;
  return earlier && remediation.bestDiagnosis.diagnosis.sure === 'confirmed';
}

/** The reason to close if the text is not about a pull. */
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

/**
 * Waits for text that may be late. After that it closes a remediation whose app serves, whose image only waits for another one, or whose app has no
 * replica that could pull.
 */
export function noPullTrouble(input: DecisionInput): Decided | undefined {
  const { target, evidence, remediation, nowMs } = input;
  const leading = leadingSuspicion(remediation.look.suspicions);
  if (makesNoReplica(input)) return undefined;
  if ((leading !== undefined && saysPullFailed(leading)) || showsPullTrouble(target, evidence)) return undefined;
  const again = nextTextCheck(remediation.openedAtMs, nowMs);
  // An unreadable fact is not silence, and may hold the proof.
  const unread = mayLookAgain(input);
  if (wasConfirmed(input) && isServing(target, evidence) && !unread) return watchServing(input);
  if (again !== undefined) return wait(again, 'no-text-yet');
  if (unread) return wait(nowMs + minute, 'looking-again');
  if (isServing(target, evidence)) return close(nowMs, 'withdrawn', 'nothing-failing');
  if (!wasConfirmed(input) && waitsForAnother(target, evidence)) return close(nowMs, 'withdrawn', 'waits-for-another');
  // Without the revisions it is not known which replicas are the target's.
  const none = evidence.revisions?.read && evidence.replicas?.read && targetReplicas(target, evidence).length === 0;
  return none && appOf(evidence) !== undefined ? close(nowMs, 'unproven', 'no-replica-asked-to-start') : undefined;
}

/**
 * The text speaks of a failure, no fact proves a cause, and every replica serves: the trouble was over before pullmedic looked. It asks a
 * person only if the app goes on failing. A young role of a group proves nothing against an app that serves: the role works.
 */
export function failureIsOver(input: DecisionInput): Decided | undefined {
  const { target, evidence, remediation, diagnosis, nowMs } = input;
  const lastFailedAtMs = remediation.look.progress.lastFailedAtMs;
  const groupRoleWorks = diagnosis.roleOfGroup === true && diagnosis.serves === true;
  if (diagnosis.sure === 'confirmed' && !groupRoleWorks) return undefined;
  if (lastFailedAtMs === undefined || !isServing(target, evidence)) return undefined;
  if (nowMs - lastFailedAtMs >= clearedPatienceMs) return watchServing(input);
  if (nowMs - remediation.openedAtMs >= 2 * clearedPatienceMs) return undefined;
  return wait(nextRecoveryCheck(remediation.openedAtMs, nowMs, lastFailedAtMs + clearedPatienceMs), 'proving-recovery');
}

/**
 * The only sign of a pull failure is a container that is being pulled now, and no fact explains it. A container that crashes is pulled
 * again and again. The text may still come; if it does not, pullmedic asks a person.
 */
export function textIsMissing(input: DecisionInput): Decided | undefined {
  const { remediation, diagnosis, nowMs } = input;
  const leading = leadingSuspicion(remediation.look.suspicions);
  // What the platform says of something else does not explain the pull: the text about that may still come.
  if (diagnosis.sure !== 'unexplained' && !diagnosis.causes.includes('something-else')) return undefined;
  if (isYoungerThanText(input)) return wait(nowMs + minute, 'no-text-yet');
  if (leading !== undefined && saysPullFailed(leading)) return undefined;
  const again = nextTextCheck(remediation.openedAtMs, nowMs);
  return again === undefined ? undefined : wait(again, 'no-text-yet');
}

/** The revision came after every failure that the text speaks of, and pulls now: a person deployed again, and nothing says that it fails. */
function isYoungerThanText({ target, evidence, remediation, nowMs }: DecisionInput): boolean {
  const { lastFailedAtMs } = remediation.look.progress;
  const [newest] = activeRevisions(target, evidence);
  if (newest === undefined || lastFailedAtMs === undefined || lastFailedAtMs >= newest.createdAtMs) return false;
  return pullingOf(target, evidence, newest.name) === 'pulls' && nowMs - newest.createdAtMs < longestPullMs;
}

/** How long the row of a pull may be late, after a look that saw a replica ready that was not ready before. Milliseconds. */
const lateRowMs = 30 * minute;

/**
 * The app serves again, and the log row that would prove the pull is missing: it may be late. Without the row it is not a recovery; but where
 * a replica was not ready and is ready now, something did fail.
 */
function watchServing({ target, evidence, remediation, nowMs }: DecisionInput): Decided {
  const changed = remediation.attempts.filter((attempt) => attempt.outcome !== 'withheld');
  const started = targetReplicas(target, evidence).map((replica) => replica.createdAtMs);
  // A replica that was stuck heals on the platform's next try: it is as old as the failure.
  const sinceMs = Math.max(...changed.map((attempt) => attempt.atMs), ...started, remediation.clearedAtMs ?? 0);
  const { readySinceMs } = remediation;
  const untilMs = Math.max(sinceMs + clearedPatienceMs, (readySinceMs ?? 0) + lateRowMs);
  if (nowMs < untilMs)
    return wait(nextRecoveryCheck(Math.max(sinceMs, readySinceMs ?? 0), nowMs, untilMs), 'proving-recovery');
  return changed.length > 0 || readySinceMs !== undefined
    ? close(nowMs, 'unproven', 'ready-without-a-row')
    : close(nowMs, 'withdrawn', 'nothing-failing');
}
