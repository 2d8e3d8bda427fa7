// The job of Container Apps: each trigger starts an execution, which pulls the images and ends. An execution that cannot pull waits until its
// deadline, and one whose cause is put right before that pulls by itself.

import type { Workload } from './workload.ts';

export const job = {
  kind: 'job',
  type: 'microsoft.app/jobs',
  words: { full: 'job', short: 'job', run: 'execution', id: '/subscriptions/…/jobs/NAME' },
  columns: {
    name: { classic: 'JobName_s', typed: 'JobName' },
    // The typed table has no column for the execution (Azure Monitor, table reference of ContainerAppSystemLogs).
    run: { classic: 'ExecutionName_s' },
  },
  dimensions: {
    name: ['job', 'jobname', 'jobname_s'],
    run: ['execution', 'executionname', 'executionname_s'],
  },
  write: 'microsoft.app/jobs/write',
  operations: ['microsoft.app/jobs/write', 'microsoft.app/jobs/delete', 'microsoft.app/jobs/start/action'],
  restarts: false,
} as const satisfies Workload;

/**
 * What starts the executions of a job (`triggerType` in the REST specification). `unknown`: a value that pullmedic does not know.
 */
export type JobTrigger = 'manual' | 'schedule' | 'event' | 'unknown';

/** Reads the trigger as ARM spells it. */
export function triggerOf(text: string | undefined): JobTrigger {
  switch (text?.toLowerCase() ?? '') {
    case 'manual':
      return 'manual';
    case 'schedule':
      return 'schedule';
    case 'event':
      return 'event';
    default:
      return 'unknown';
  }
}

/**
 * Who starts the next execution. pullmedic starts none: that of a schedule or an event comes by itself, and an extra one would do the work
 * of the job twice.
 */
export function startsNext(trigger: JobTrigger): 'by-itself' | 'a-person' {
  return trigger === 'schedule' || trigger === 'event' ? 'by-itself' : 'a-person';
}

/** The execution that a replica belongs to: replicas are called like it, with one more part (recorded list of replicas, May 2025). */
export function executionOfReplica(replica: string): string {
  return replica.includes('-') ? replica.slice(0, replica.lastIndexOf('-')) : '';
}
