// When a remediation of a write that Azure refused ends, where such a write leaves nothing behind. It goes on while the refused write is the last
// one. It ends as recovered once the image is deployed and pulled; as withdrawn once another image is asked for or the workload is removed;
// and as withdrawn, with words that claim no recovery, once it was not tried again for a week. A log that could not be read ends nothing.

import type { AppFacts } from '../evidence/app-facts.ts';
import { appOf, isWriteRejected } from '../evidence/evidence.ts';
import type { Decided } from '../history/decision.ts';
import { kindOf } from '../workloads/workloads.ts';
import { close } from './answers.ts';
import type { DecisionInput } from './decision-input.ts';

/** How long a refused write is waited for: a pipeline that deploys once a week has had its next turn. Milliseconds. */
export const notTriedAgainMs = 7 * 24 * 60 * 60_000;

/** Ends a remediation of a refused write that was not tried again, or of which Azure no longer tells. */
export function refusedWriteAbandoned(input: DecisionInput): Decided | undefined {
  const { target, nowMs } = input;
  const app = appOf(input.evidence);
  if (app === undefined || kindOf(target.appId).refusedLeavesNothing !== true) return undefined;
  const sinceMs = refusedSinceMs(input, app);
  return sinceMs !== undefined && nowMs - sinceMs >= notTriedAgainMs
    ? close(nowMs, 'withdrawn', 'not-tried-again')
    : undefined;
}

/** Ends a remediation of a workload that is not there, and of which the Activity Log tells nothing: it was removed before the log began. */
export function removedBeforeLog({ evidence, nowMs }: DecisionInput): Decided | undefined {
  const group = appOf(evidence)?.group;
  return group?.life === 'never-created' && group.lastWrite === 'not-in-log'
    ? close(nowMs, 'withdrawn', 'app-gone')
    : undefined;
}

/**
 * When Azure refused the last write. Where the log no longer holds it, this is what the history tells: of an image that nothing of the workload
 * ever had, only a refused write can have asked.
 */
function refusedSinceMs({ target, evidence, remediation }: DecisionInput, app: AppFacts): number | undefined {
  if (isWriteRejected(target, evidence)) return app.writeError?.atMs;
  const isForgotten = app.group?.lastWrite === 'not-in-log' && remediation.revisions.length === 0;
  return isForgotten ? (remediation.failedAtMs ?? remediation.openedAtMs) : undefined;
}
