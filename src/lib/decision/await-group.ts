// What a container group waits for once the cause is put right. While it lives, the platform tries again by itself. Where the platform has given
// up, a restart pulls anew; it stops every container of the group, so the settings have to allow it. What is over has to be deployed again, which
// only a person does.

import type { Cause } from '../causes/causes.ts';
import { isOver, wasGivenUp } from '../evidence/over.ts';
import type { Decided, WaitReason } from '../history/decision.ts';
import { awaitAnotherImage } from './another-image.ts';
import { lookAgainOrHandOver, openIncident, wait } from './answers.ts';
import type { DecisionInput } from './decision-input.ts';
import { awaitRestart, failingRevision, soonestMs } from './failing-run.ts';
import { restartsOfGroup, restartTakesMs } from './restart-limit.ts';
import { restart, type ShouldWork, worksFromMs } from './retry-changes.ts';
import { restartRefusals } from './retry-guards.ts';
import { nextRoleCheck } from './schedule.ts';

const minute = 60_000;

/** What was wrong, and since when a pull should work. */
interface Awaited {
  readonly cause: Cause;
  readonly because: WaitReason;
  readonly shouldWork: ShouldWork;
}

/**
 * Waits for the platform's next tries. Where it has given up, restarts the group if that is allowed; else, and where nothing is left to restart,
 * opens an incident with the command.
 */
export function awaitGroup(input: DecisionInput, awaited: Awaited): Decided {
  const { nowMs, evidence } = input;
  const { shouldWork, because } = awaited;
  const nextMs = Math.max(nextRoleCheck(shouldWork.sinceMs, nowMs) ?? nowMs + minute, nowMs + soonestMs);
  if (!isOver(evidence)) return wait(nextMs, because);
  // What is started again before the role works would end like before.
  const worksAtMs = worksFromMs(input, shouldWork);
  if (nowMs < worksAtMs) return wait(worksAtMs, because);
  const waits = awaitAnotherImage(input, shouldWork.sinceMs);
  if (waits !== undefined) return waits;
  return wasGivenUp(evidence) ? restartOnce(input, awaited, nextMs) : openIncident(input, 'group-ended');
}

function restartOnce(input: DecisionInput, { cause, shouldWork }: Awaited, nextMs: number): Decided {
  const { nowMs } = input;
  const run = failingRevision(input);
  if (run === undefined) return openIncident(input, 'group-ended');
  // A restart for one container was one for each other.
  const made = restartsOfGroup(input).findLast(
    ({ atMs }) => atMs >= shouldWork.sinceMs || nowMs - atMs < restartTakesMs,
  );
  if (made !== undefined && nowMs - made.atMs < restartTakesMs) return awaitRestart(input, made, nextMs);
  if (made !== undefined) return openIncident(input, 'group-ended');
  const rung = { rung: 0, countsFromMs: shouldWork.sinceMs, most: 1 };
  const found = restart(input, run, restartRefusals(input, run), { cause, ...shouldWork, ...rung });
  return found.ok ? found.decided : lookAgainOrHandOver(input, 'group-ended', found.refusals);
}
