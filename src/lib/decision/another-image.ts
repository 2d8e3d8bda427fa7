// A job or a container group needs each of its images before it works. While another open remediation of it has a cause that is not put right, a
// start or a restart would be wasted: of both there is only one.

import type { Decided } from '../history/decision.ts';
import type { OpenBeside } from '../history/open-beside.ts';
import type { Refusal } from '../history/refusals.ts';
import { valueOf } from '../words/fact.ts';
import { wait } from './answers.ts';
import type { DecisionInput } from './decision-input.ts';
import { refuse } from './guard.ts';

const minute = 60_000;

/**
 * How long another image is waited for: after that a person is told of this one too. The cause of the other one has its incident meanwhile.
 * Milliseconds.
 */
const patienceMs = 7 * 24 * 60 * minute;

/** How long no look is made at most meanwhile. Milliseconds. */
const longestPauseMs = 60 * minute;

/** Refuses while another image of the workload cannot be pulled, and where it could not be read whether one can. */
export function anotherImageGuard(input: DecisionInput): Refusal | undefined {
  if (!input.beside.read) return refuse('another-image', 'unreadable');
  return missingBeside(input).length > 0 ? refuse('another-image', 'missing') : undefined;
}

/**
 * Waits for the other images of the workload, less often as time passes; `undefined` where none is missing, and after a week. The remediation whose
 * cause is put right last makes the start or the restart for all, or asks for it.
 */
export function awaitAnotherImage(input: DecisionInput, sinceMs: number): Decided | undefined {
  const { nowMs } = input;
  const waitedMs = nowMs - sinceMs;
  if (missingBeside(input).length === 0 || waitedMs >= patienceMs) return undefined;
  const pauseMs = Math.min(Math.max(minute, Math.round(waitedMs / 4)), longestPauseMs);
  return wait(nowMs + pauseMs, 'another-image', [refuse('another-image', 'missing')]);
}

function missingBeside({ beside, nowMs, config }: DecisionInput): readonly OpenBeside[] {
  const roleTakesMs = config.settings.expectedPropagationSeconds * 1000;
  return (valueOf(beside) ?? []).filter(({ cause }) => {
    switch (cause.reads) {
      case 'there':
        return true;
      case 'right':
        return false;
      case 'role-young':
        return nowMs < cause.sinceMs + roleTakesMs;
    }
  });
}
