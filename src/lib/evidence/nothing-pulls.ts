// Whether anything of a workload pulls by itself now. Where nothing does, what the log says stays as it is, whatever is put right.

import type { Target } from '../words/target.ts';
import { kindOf } from '../workloads/workloads.ts';
import type { Evidence } from './evidence.ts';
import { isBetweenExecutions } from './executions.ts';
import { isOver } from './over.ts';

/** Nothing of the workload pulls any more by itself: a job between two executions, or a container group that is over. */
export function nothingPulls(target: Target, evidence: Evidence): boolean {
  switch (kindOf(target.appId).pullsAgain) {
    case 'restart':
      return false;
    case 'restart-of-all':
      return isOver(evidence);
    case 'next-run':
      return isBetweenExecutions(target, evidence);
  }
}
