// Offers one restart where everything that was checked is right, and the platform may still use an old token.

import { appOf } from '../evidence/evidence.ts';
import type { Decided } from '../history/decision.ts';
import { kindOf } from '../workloads/workloads.ts';
import { clearedPatienceMs, lookAgainOrHandOver, openIncident, soonMs, wait } from './answers.ts';
import type { DecisionInput } from './decision-input.ts';
import { awaitPull, failingRevision } from './failing-run.ts';
import { refuse } from './guard.ts';
import { longestPullMs } from './pull-guard.ts';
import { restart } from './retry-changes.ts';
import { restartRefusals } from './retry-guards.ts';

/** How long pullmedic waits for the effect of the restart before it opens an incident. Milliseconds. */
const patienceMs = 5 * 60_000;

const minute = 60_000;

/**
 * Asks a person for one restart, whatever the mode: the cause is a suspicion, and a restart on a suspicion is never made alone. In every
 * public report a restart or a new revision has helped. If it does not, or a guard refuses it, a person gets the incident. The platform's tries
 * can look like one pull after the other that hangs, so all of them together are waited for no longer than one.
 */
export function tokenMayBeStale(input: DecisionInput): Decided | undefined {
  const { diagnosis, nowMs, remediation } = input;
  const cause = 'platform-token-stale';
  if (diagnosis.causes[0] !== cause) return undefined;
  if (isUntriedSinceWrite(input)) return wait(nowMs + minute, 'cause-cleared');
  const made = remediation.attempts.findLast((attempt) => attempt.action === 'restart' && attempt.outcome === 'done');
  if (made !== undefined && nowMs - made.atMs < patienceMs) return wait(nowMs + soonMs, 'restart-takes-effect');
  const revision = failingRevision(input);
  if (revision === undefined || made !== undefined) return openIncident(input, cause);
  const pulled = nowMs - remediation.openedAtMs < longestPullMs ? awaitPull(input, revision, cause) : undefined;
  if (pulled !== undefined) return pulled;
  const doubts = [...restartRefusals(input, revision), refuse('cause-not-proved', 'suspected')];
  const sinceMs = remediation.openedAtMs;
  const rung = { because: 'token-may-be-stale', sinceMs, rung: 0, countsFromMs: sinceMs } as const;
  const found = restart(input, revision, doubts, { cause, ...rung, most: 1 });
  return found.ok ? found.decided : lookAgainOrHandOver(input, cause, found.refusals);
}

/**
 * A person wrote the job a short time ago, and no pull is known to have failed since: what was wrong may have been in what the job declared, so
 * that the next pull is waited for. Nothing of a job is restarted; of an app a person is asked for a restart at once.
 */
function isUntriedSinceWrite({ target, evidence, remediation, nowMs }: DecisionInput): boolean {
  const writtenAtMs = appOf(evidence)?.lastWrite?.atMs;
  if (kindOf(target.appId).pullsAgain !== 'next-run' || writtenAtMs === undefined) return false;
  const failedAtMs = remediation.look.progress.lastFailedAtMs ?? remediation.openedAtMs;
  return failedAtMs < writtenAtMs && nowMs - writtenAtMs < clearedPatienceMs;
}
