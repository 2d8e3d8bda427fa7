// What is specific to a job: its trigger, who starts the next execution, and the execution of a replica.
import { describe, expect, it } from 'vitest';
import { executionOfReplica, job, startsNext, triggerOf } from '../../../src/lib/workloads/job.ts';
import { isJob } from '../../../src/lib/workloads/workloads.ts';
import { appId, jobId } from '../facts.ts';

describe('a job', () => {
  it('is told from an app by its type, and nothing of it is restarted', () => {
    expect([isJob(jobId), isJob(appId)]).toEqual([true, false]);
    expect(job.restarts).toBe(false);
  });

  it.each([
    ['Manual', 'manual', 'a-person'],
    ['Schedule', 'schedule', 'by-itself'],
    ['event', 'event', 'by-itself'],
    ['Sometimes', 'unknown', 'a-person'],
    [undefined, 'unknown', 'a-person'],
  ] as const)('with the trigger %s is read as %s: the next execution comes %s', (text, trigger, next) => {
    expect(triggerOf(text)).toBe(trigger);
    expect(startsNext(triggerOf(text))).toBe(next);
  });

  it('has replicas that are called like their execution', () => {
    expect(executionOfReplica('job1000002-8wiq8fu-2fpq8')).toBe('job1000002-8wiq8fu');
    expect(executionOfReplica('')).toBe('');
  });
});
