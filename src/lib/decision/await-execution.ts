// What a job waits for once the cause is put right: an execution that goes on pulls with the platform's next try, and after the last one the
// next execution pulls. With an opt-in, pullmedic starts one execution of a job that people start, once.

import { appOf } from '../evidence/evidence.ts';
import { correctedSince, isBetweenExecutions, newestExecution } from '../evidence/executions.ts';
import type { Decided, WaitReason } from '../history/decision.ts';
import { nextRunMs } from '../workloads/job/cron.ts';
import { startsNext } from '../workloads/job/trigger.ts';
import { awaitAnotherImage } from './another-image.ts';
import { close, openIncident, soonMs, wait } from './answers.ts';
import type { DecisionInput } from './decision-input.ts';
import { type ShouldWork, worksFromMs } from './retry-changes.ts';
import { nextRoleCheck } from './schedule.ts';
import { startRefusals } from './start-guards.ts';

const minute = 60_000;

/** How long an execution may take until it shows that its image was pulled. Milliseconds. */
const executionTakesMs = 2 * 60 * minute;

/** How long the next execution of a schedule or of an event is waited for: a day, and time for the execution itself. Milliseconds. */
const nextRunPatienceMs = 24 * 60 * minute + executionTakesMs;

/**
 * How long the next execution of a schedule that is rarer than daily is waited for: one that runs once a month has its turn. Its log rows are kept
 * for 30 days by default, and an execution that comes has new ones. Milliseconds.
 */
const rareRunPatienceMs = 32 * 24 * 60 * minute;

/** How long a person has who starts the job: after that the work of the execution that ended is taken as not wanted any more. Milliseconds. */
const startPatienceMs = 7 * 24 * 60 * minute;

/** How long no look is made at most while the next execution is waited for. Milliseconds. */
const longestPauseMs = 60 * minute;

/** The same after a day, while a rare schedule has no turn: a person may start the job, or change it. Milliseconds. */
const longestRarePauseMs = 12 * 60 * minute;

/** How long an execution that was started may take to be listed. Milliseconds. */
const startShowsMs = 5 * minute;

/**
 * Waits for a pull of the job since the cause is gone, or since the role was assigned. Where only a person starts executions and
 * none is left, it opens an incident with the command, or starts one where that is allowed. A job that did not run within a day, or when
 * a rarer schedule had its turn, ends without a proof.
 */
export function awaitExecution(input: DecisionInput, shouldWork: ShouldWork, because: WaitReason): Decided {
  const { nowMs } = input;
  const { sinceMs } = shouldWork;
  if (!isBetweenExecutions(input.target, input.evidence))
    return wait(nextRoleCheck(sinceMs, nowMs) ?? nowMs + minute, because);
  // An execution that is started before the role works would end like the last one.
  const worksAtMs = worksFromMs(input, shouldWork);
  if (!startsByItself(input)) return nowMs < worksAtMs ? wait(worksAtMs, because) : startAgain(input, shouldWork);
  return awaitNextRun(input, sinceMs, worksAtMs);
}

/**
 * Waits for the execution that comes by itself. Where its schedule can be read, it says when that is, and looks shortly after it. The first run
 * that can pull is waited for, and none after it: where that one did not come, nothing says that another will.
 */
function awaitNextRun({ evidence, nowMs }: DecisionInput, sinceMs: number, worksAtMs: number): Decided {
  const { trigger, schedule } = appOf(evidence)?.job ?? {};
  const runAfter = (afterMs: number) => (trigger === 'schedule' ? nextRunMs(schedule, afterMs) : undefined);
  const firstRunMs = runAfter(worksAtMs);
  const untilMs = waitedUntilMs(sinceMs, firstRunMs);
  if (nowMs >= untilMs) return close(nowMs, 'unproven', 'no-replica-asked-to-start');
  const nextRunAtMs = runAfter(nowMs);
  if (nextRunAtMs === undefined) return wait(nowMs + pauseMs(nowMs - sinceMs), 'next-execution');
  const isDueLater = firstRunMs !== undefined && nowMs < firstRunMs && nowMs - sinceMs >= nextRunPatienceMs;
  const lastLookMs = nowMs + (isDueLater ? longestRarePauseMs : longestPauseMs);
  const dueAtMs = Math.min(nextRunAtMs + minute, lastLookMs, untilMs);
  return { decision: { do: 'wait', because: 'next-execution', nextRunAtMs }, dueAtMs, refusals: [] };
}

/** A day, or until the first run of a rarer schedule and the time that it takes. One that has no turn for weeks is not waited for. */
function waitedUntilMs(sinceMs: number, firstRunMs: number | undefined): number {
  const atLeastMs = sinceMs + nextRunPatienceMs;
  if (firstRunMs === undefined || firstRunMs - sinceMs > rareRunPatienceMs) return atLeastMs;
  return Math.max(atLeastMs, firstRunMs + executionTakesMs);
}

/**
 * The template of a job that people start was corrected, and its last execution, with the image before, is over. That other image is not what was
 * diagnosed, so that pullmedic starts nothing: a person does, and has a week.
 */
export function awaitCorrected(input: DecisionInput): Decided | undefined {
  const { target, evidence, nowMs } = input;
  const sinceMs = correctedSince(target, evidence);
  if (sinceMs === undefined || startsByItself(input) || !isBetweenExecutions(target, evidence)) return undefined;
  return closeIfNeverStarted(nowMs, sinceMs) ?? openIncident(input, 'execution-ended');
}

/** The template of a job was corrected, and its next execution comes by itself: nothing pulls the image before any more. */
export function isLeftBehind(input: DecisionInput): boolean {
  const { target, evidence } = input;
  return (
    correctedSince(target, evidence) !== undefined && startsByItself(input) && isBetweenExecutions(target, evidence)
  );
}

function startsByItself({ evidence }: DecisionInput): boolean {
  return startsNext(appOf(evidence)?.job) === 'by-itself';
}

/** Closes where no person started the job in a week: nothing is left to prove. A later execution is still watched for. */
function closeIfNeverStarted(nowMs: number, sinceMs: number): Decided | undefined {
  return nowMs - sinceMs >= startPatienceMs ? close(nowMs, 'unproven', 'no-replica-asked-to-start') : undefined;
}

/**
 * Starts the job where the settings allow it and no guard refuses; otherwise a person gets the command. What was started a moment ago may not
 * be listed yet, so that it is waited for.
 */
function startAgain(input: DecisionInput, { sinceMs, because }: ShouldWork): Decided {
  const { nowMs, config, remediation } = input;
  const started = remediation.attempts.findLast(({ action }) => action === 'start');
  const isUnderWay = started?.outcome === undefined || started.outcome === 'done' || started.outcome === 'unknown';
  if (started !== undefined && isUnderWay && nowMs - started.atMs < startShowsMs)
    return wait(nowMs + minute, 'next-execution');
  const closed = closeIfNeverStarted(nowMs, sinceMs) ?? awaitAnotherImage(input, sinceMs);
  if (closed !== undefined) return closed;
  const refusals = startRefusals(input, sinceMs);
  const execution = newestExecution(input.evidence)?.name;
  // Without the option nothing was ever to be started, so that a refusal would tell a reader nothing.
  if (!config.settings.retry.startJobs) return openIncident(input, 'execution-ended');
  if (refusals.length > 0 || execution === undefined) return openIncident(input, 'execution-ended', refusals);
  return { decision: { do: 'start', execution, because, sinceMs }, dueAtMs: nowMs + soonMs, refusals: [] };
}

/** Looks are a minute apart at first, and an hour at last: most schedules run often or once a day. */
function pauseMs(waitedMs: number): number {
  return Math.min(Math.max(minute, Math.round(waitedMs / 4)), longestPauseMs);
}
