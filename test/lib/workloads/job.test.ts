// What is specific to a job: how its executions are told from the revisions of an app.
import { describe, expect, it } from 'vitest';
import { executionOfReplica, job } from '../../../src/lib/workloads/job.ts';
import { kindOf } from '../../../src/lib/workloads/workloads.ts';
import { appId, jobId } from '../facts.ts';

describe('a job', () => {
  it('is told from an app by its type', () => {
    expect([kindOf(jobId).kind, kindOf(appId).kind]).toEqual(['job', 'container-app']);
  });

  it('ends each run without a word about a pull that fails, and nothing of it is restarted', () => {
    expect(job).toMatchObject({
      runs: 'end',
      failureShows: 'by-absence',
      pullProof: 'container',
      pullsAgain: 'next-run',
    });
  });

  it('has replicas that are called like their execution', () => {
    expect(executionOfReplica('job1000002-8wiq8fu-2fpq8')).toBe('job1000002-8wiq8fu');
    expect(executionOfReplica('')).toBe('');
  });
});
