// What is specific to a job: how its executions are told from the revisions of an app.
import { describe, expect, it } from 'vitest';
import { executionOfReplica, job } from '../../../../src/lib/workloads/job/job.ts';
import { sayFor } from '../../../../src/lib/workloads/sentences.ts';
import { kindOf } from '../../../../src/lib/workloads/workloads.ts';
import { appId, jobId } from '../../facts.ts';

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

  it('is told that the next execution pulls, where the next try of an app is meant', () => {
    const sentence = 'The platform pulls it on its next try.';

    expect(sayFor(jobId, sentence)).toBe('The next execution pulls it, or one that still waits.');
    expect(sayFor(appId, sentence)).toBe(sentence);
    expect(sayFor(jobId, 'Grant it; the next try of the platform pulls the image.')).toBe(
      'Grant it; the next execution pulls the image, or one that still waits.',
    );
  });

  it('has replicas that are called like their execution', () => {
    expect(executionOfReplica('job1000002-8wiq8fu-2fpq8')).toBe('job1000002-8wiq8fu');
    expect(executionOfReplica('')).toBe('');
  });
});
