// What starts the runs of a workload whose runs end.

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
 * Who starts the next execution. That of a schedule or an event comes by itself, and pullmedic starts none of it: an extra one would do the
 * work of the job twice. Nothing starts a job that is suspended, until a person resumes it (specification of jobs, Suspend and Resume).
 */
export function startsNext({ trigger, suspended }: Started = { trigger: 'unknown' }): 'by-itself' | 'a-person' {
  return (trigger === 'schedule' || trigger === 'event') && suspended !== true ? 'by-itself' : 'a-person';
}

/** What tells who starts the executions of a job. */
interface Started {
  readonly trigger: JobTrigger;
  readonly suspended?: true;
}
