// Climbs the ladder of retries for one failing revision: waits for the platform, for a pull or for an earlier restart, or retries on a rung.

import type { Cause } from '../causes/causes.ts';
import { rowsOfTarget } from '../diagnosis/text-claims.ts';
import { activeRevisions, targetReplicas } from '../evidence/evidence.ts';
import { isLive, isOpen } from '../history/approval.ts';
import type { Decided, WaitReason } from '../history/decision.ts';
import type { Refusal } from '../history/refusals.ts';
import type { AnnouncedRestart } from '../history/restarts.ts';
import type { Attempt } from '../history/state.ts';
import { kindOf } from '../workloads/workloads.ts';
import { close, soonMs, wait } from './answers.ts';
import { keepingQuestion } from './approvals.ts';
import { awaitExecution } from './await-execution.ts';
import { awaitGroup } from './await-group.ts';
import type { DecisionInput } from './decision-input.ts';
import { awaitPull, awaitRestart, failingRevision, soonestMs } from './failing-run.ts';
import { isApprovable } from './grant-guards.ts';
import {
  countsFromMs,
  type Ladder,
  type LadderState,
  ladderFrom,
  ladderStateOf,
  patienceMs,
  togetherMs,
} from './ladder.ts';
import { type PlatformTries, platformTries, undisturbedTries } from './platform-tries.ts';
import { restartsOf, restartTakesMs } from './restart-limit.ts';
import { isWithoutRestart, newRevision, restart, type ShouldWork } from './retry-changes.ts';
import { restartRefusals } from './retry-guards.ts';
import { nextRoleCheck } from './schedule.ts';

const minute = 60_000;
/** How soon after a try of the platform its replica is looked at: a pull without the role is refused within two seconds. Milliseconds. */
const afterTryMs = 5000;
/** How far ahead the tries of the platform are worked out: longer than any ladder. Milliseconds. */
const aheadMs = 60 * minute;

/**
 * What comes next on the way to a pull that works. Where restarts help: restarts the revision if a rung of the ladder is due, unless the
 * platform tries by itself in a moment. An open question stays open until a try has helped, because a person may be reading it. A yes is
 * acted on at once, whenever the next rung is due. Where only the next run pulls, it waits for that, and a group that a restart would stop as a
 * whole is left to the platform at first.
 */
export function climb(input: DecisionInput, retrying: Retrying): Decided {
  switch (kindOf(input.target.appId).pullsAgain) {
    case 'restart':
      return climbToRestart(input, retrying);
    case 'restart-of-all':
      return awaitGroup(input, retrying);
    case 'next-run':
      return awaitExecution(input, retrying.shouldWork, retrying.because);
  }
}

function climbToRestart(input: DecisionInput, { cause, because, shouldWork }: Retrying): Decided {
  const { nowMs } = input;
  const { sinceMs } = shouldWork;
  if (isAsleep(input)) return whileAsleep(input, because, shouldWork);
  const revision = failingRevision(input);
  const restarts = revision === undefined ? [] : restartsOf(input, revision.name);
  const ladder = ladderOf(input, sinceMs, restarts);
  const reached = ladderStateOf(ladder, restarts, nowMs);
  const dueAtMs = Math.max(nextLook(sinceMs, reached, nowMs), nowMs + soonestMs);
  if (revision === undefined) return wait(dueAtMs, because);
  // The pull that a restart began is what it was made for.
  if (reached.state === 'restarted' && nowMs - reached.restart.atMs < restartTakesMs)
    return awaitRestart(input, reached.restart, dueAtMs);
  // What the replica reads now counts for more than any plan.
  const pulled = awaitPull(input, revision, cause);
  if (pulled !== undefined) return pulled;
  const isDue = (reached.state === 'due' && !wasThrottled(input, reached)) || personWants(input, revision.name);
  if (!isDue) return wait(dueAtMs, because);
  const againMs = retryableAgainMs(input);
  if (nowMs < againMs) return wait(againMs, because);
  const tries = platformTries(rowsOfTarget(input.target, input.evidence), restarts.at(-1)?.atMs, nowMs);
  if (isSoon(tries, nowMs) && !isAsked(input)) return wait((tries.nextMs ?? nowMs) + afterTryMs, because);
  const refusals = restartRefusals(input, revision);
  const found = isWithoutRestart(input, refusals)
    ? newRevision(input, revision, 'restart-refused', cause)
    : restart(input, revision, refusals, { cause, ...shouldWork, ...rungOf(ladder, reached), ...tries });
  if (!found.ok) {
    const waiting = wait(dueAtMs, because, found.refusals);
    return isOnlyUnread(found.refusals) ? keepingQuestion(input, waiting) : waiting;
  }
  const { decided } = found;
  return decided.decision.do === 'ask' ? { ...decided, dueAtMs: Math.min(decided.dueAtMs, dueAtMs) } : decided;
}

/** Nothing refuses the change but what could not be read for a moment, and what a person may overrule. */
function isOnlyUnread(refusals: readonly Refusal[]): boolean {
  return refusals.every((refusal) => refusal.why === 'unreadable' || isApprovable(refusal));
}

interface Retrying {
  /** What was wrong; a question shows it. */
  readonly cause: Cause;
  readonly because: WaitReason;
  readonly shouldWork: ShouldWork;
}

/** The ladder of this revision, from the tries that the platform would make by itself. */
function ladderOf({ target, evidence }: DecisionInput, sinceMs: number, restarts: readonly AnnouncedRestart[]): Ladder {
  const restartsMs = restarts.map(({ atMs }) => atMs);
  const rows = rowsOfTarget(target, evidence);
  const ownTriesMs = undisturbedTries(rows, restartsMs, sinceMs - togetherMs, sinceMs + aheadMs);
  return ladderFrom(sinceMs, ownTriesMs);
}

/** An app that is scaled to zero pulls nothing, and a restart would start no replica. It may be asked for one while the role takes effect. */
function whileAsleep(
  { nowMs, config }: DecisionInput,
  because: WaitReason,
  { because: why, sinceMs }: ShouldWork,
): Decided {
  const patience = why === 'role-should-work' ? config.settings.expectedPropagationSeconds * 1000 : soonMs;
  const untilMs = sinceMs + patience;
  if (nowMs >= untilMs) return close(nowMs, 'unproven', 'no-replica-asked-to-start');
  return wait(Math.max(Math.min(nextRoleCheck(sinceMs, nowMs) ?? untilMs, untilMs), nowMs + soonestMs), because);
}

function nextLook(sinceMs: number, { nextMs }: LadderState, nowMs: number): number {
  const checkMs = nextRoleCheck(sinceMs, nowMs) ?? nowMs + minute;
  return nextMs === undefined ? checkMs : Math.min(checkMs, nextMs);
}

function isSoon({ nextMs = Number.POSITIVE_INFINITY }: PlatformTries, nowMs: number): boolean {
  return nextMs <= nowMs + patienceMs;
}

function isAsked({ remediation, nowMs }: DecisionInput): boolean {
  return remediation.retryApproval !== undefined && isOpen(remediation.retryApproval, nowMs);
}

/** A question about this restart is open, or a person has allowed it and it was not made yet. */
function personWants(input: DecisionInput, revision: string): boolean {
  const { retryApproval: asked } = input.remediation;
  if (asked === undefined || !('restart' in asked.about) || asked.about.restart !== revision) return isAsked(input);
  return isAsked(input) || (isLive(asked, input.nowMs) && asked.uses === undefined);
}

export function isThrottled({ because }: Attempt): boolean {
  return because === 'throttled';
}

/** Azure answered that another operation on the app was under way. */
export function metAnother({ because }: Attempt): boolean {
  return because === 'conflict';
}

/** When a retry may be asked for again that met another operation on the app; 0 where none did. */
function retryableAgainMs({ remediation }: DecisionInput): number {
  const last = remediation.attempts.findLast((attempt) => attempt.action !== 'grant');
  return last !== undefined && metAnother(last) ? last.atMs + minute : 0;
}

/** Azure throttled a retry of this rung: the next one is not asked for before its time. */
function wasThrottled({ remediation }: DecisionInput, { dueMs }: LadderState & { readonly state: 'due' }): boolean {
  return remediation.attempts.some(
    (attempt) => attempt.action !== 'grant' && isThrottled(attempt) && attempt.atMs >= dueMs,
  );
}

function rungOf(ladder: Ladder, reached: LadderState): { readonly rung: number; readonly countsFromMs: number } {
  const rung = reached.state === 'early' ? 0 : reached.rung;
  return { rung, countsFromMs: countsFromMs(ladder, rung) };
}

/** True if the app is scaled to zero. It pulls nothing then, so a recovery cannot be proved, and a restart would start no replica. */
function isAsleep({ target, evidence }: DecisionInput): boolean {
  const revisions = activeRevisions(target, evidence);
  if (!evidence.replicas?.read || targetReplicas(target, evidence).length > 0 || revisions.length === 0) return false;
  return revisions.every((revision) => revision.runningState === 'ScaledToZero');
}
