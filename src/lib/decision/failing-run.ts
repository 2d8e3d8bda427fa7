// What keeps failing of a workload, and the pull or the restart of it that is waited for.

import type { Cause } from '../causes/causes.ts';
import type { RevisionFacts } from '../evidence/app-facts.ts';
import { activeRevisions } from '../evidence/evidence.ts';
import { readReplicasOf, type Serving, servingOf } from '../evidence/serving.ts';
import type { Decided } from '../history/decision.ts';
import type { AnnouncedRestart } from '../history/restarts.ts';
import { openIncident, wait } from './answers.ts';
import { keepingQuestion } from './approvals.ts';
import type { DecisionInput } from './decision-input.ts';
import { longestPullMs, nextPullCheck, pullSinceMs } from './pull-guard.ts';
import { restartTakesMs } from './restart-limit.ts';
import { restartRefusals } from './retry-guards.ts';

/** How soon the next look is at the earliest. Milliseconds. */
export const soonestMs = 3000;

/** One restart counts for every remediation of the revision: they all wait for its effect, not only the one that made it. */
export function awaitRestart({ nowMs }: DecisionInput, restart: AnnouncedRestart, nextLookMs: number): Decided {
  const dueAtMs = Math.max(Math.min(nextLookMs, restart.atMs + restartTakesMs), nowMs + soonestMs);
  return { decision: { do: 'wait', because: 'restart-takes-effect', restart }, dueAtMs, refusals: [] };
}

/** True while a pull is under way that may still succeed. It may take longer than {@link clearedPatienceMs}. */
export function isPullWaitedFor(input: DecisionInput): boolean {
  const revision = failingRevision(input);
  const sinceMs = revision === undefined ? undefined : pullSinceMs(input, revision.name);
  return input.nowMs - (sinceMs ?? Number.NEGATIVE_INFINITY) < longestPullMs;
}

/**
 * Waits for a pull that is under way, whichever rung is due. A question that is open stays open: a person may be reading it, and the pull may
 * fail. A person is told of a pull that hangs.
 */
export function awaitPull(input: DecisionInput, revision: RevisionFacts, cause: Cause): Decided | undefined {
  const sinceMs = pullSinceMs(input, revision.name);
  if (sinceMs === undefined) return undefined;
  const refusals = restartRefusals(input, revision);
  if (input.nowMs - sinceMs >= longestPullMs) return openIncident(input, cause, refusals);
  return keepingQuestion(input, wait(nextPullCheck(sinceMs, input.nowMs), 'pulling-now', refusals));
}

/**
 * The revision that keeps failing: the newest active one that is seen not to serve, and that does not sleep. Where there is none, it is one
 * that was not read, and the guards refuse that.
 */
export function failingRevision(input: DecisionInput): RevisionFacts | undefined {
  const { target, evidence } = input;
  const serving = (revision: RevisionFacts): Serving => servingOf(target, evidence, revision.name);
  const failing = activeRevisions(target, evidence).filter((revision) => serving(revision) !== 'serves');
  const awake = failing.filter((revision) => !sleeps(input, revision));
  return awake.find((revision) => serving(revision) !== 'unread') ?? awake[0] ?? failing[0];
}

/** A revision that is scaled to zero, beside one that is not: a restart would start no replica of it. */
function sleeps({ target, evidence }: DecisionInput, { name, runningState }: RevisionFacts): boolean {
  return runningState === 'ScaledToZero' && readReplicasOf(target, evidence, name)?.length === 0;
}
