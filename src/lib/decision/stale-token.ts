// Offers one restart where everything that was checked is right, and the platform may still use an old token.

import type { Decided } from '../history/decision.ts';
import { openIncident, soonMs, wait } from './answers.ts';
import { awaitPull, failingRevision } from './failing-run.ts';
import { refuse } from './guard.ts';
import { longestPullMs } from './pull-guard.ts';
import type { Question } from './question.ts';
import { restart } from './retry-changes.ts';
import { restartRefusals } from './retry-guards.ts';

/** How long pullmedic waits for the effect of the restart before it opens an incident. Milliseconds. */
const patienceMs = 5 * 60_000;

/**
 * Asks a person for one restart, whatever the mode: the cause is a suspicion, and a restart on a suspicion is never made alone. In every
 * public report a restart or a new revision has helped. If it does not, or a guard refuses it, a person gets the incident. The platform's tries
 * can look like one pull after the other that hangs, so all of them together are waited for no longer than one.
 */
export function tokenMayBeStale(input: Question): Decided | undefined {
  const { diagnosis, nowMs, remediation } = input;
  const cause = 'platform-token-stale';
  if (diagnosis.causes[0] !== cause) return undefined;
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
  return found.ok ? found.decided : openIncident(input, cause, found.refusals);
}
