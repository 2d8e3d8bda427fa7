// What the codes of a platform claim that name no cause in words of a registry, as for a write of a container group that was refused.

import type { Cause } from '../causes/causes.ts';
import type { Suspicion } from '../classify/classify.ts';
import type { ArmId } from '../words/arm-id.ts';
import { kindOf } from '../workloads/workloads.ts';

/** The cause that a code in these words speaks for, where workloads of this kind have such codes. */
export function causeOfCode(workload: ArmId, { words }: Suspicion): Cause | undefined {
  return kindOf(workload).codes?.find(([code]) => code.test(words))?.[1];
}
