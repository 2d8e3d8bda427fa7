// Sentences about an app in the words of another kind.
import { describe, expect, it } from 'vitest';
import { nounFor, sayFor } from '../../../src/lib/workloads/sentences.ts';
import { appId, jobId } from '../facts.ts';

describe('a sentence about an app', () => {
  it.each([
    ['The app is gone.', 'The job is gone.'],
    ['The revisions with this image were deactivated.', 'The executions with this image were deactivated.'],
    ['An app pulls, and a revision runs.', 'A job pulls, and an execution runs.'],
    ['Restart the revision, so that it pulls.', 'Start the job, so that it pulls.'],
    ['It binds every app, and another app too.', 'It binds every workload, and another workload too.'],
    ['Apps that fail; all apps.', 'Workloads that fail; all workloads.'],
    ['the network of the app', 'the network of the job'],
    ["the app's subnet, and the app’s network", "the job's subnet, and the job’s network"],
    ['App', 'Job'],
    ['Revision', 'Execution'],
  ])('“%s” is “%s” of a job', (ofApp, ofJob) => {
    expect(sayFor(jobId, ofApp)).toBe(ofJob);
    expect(sayFor(appId, ofApp)).toBe(ofApp);
  });

  it.each([
    'the app team',
    'the app setting PULLMEDIC_SETTINGS',
    'https://<function app>',
    'my-app.azurecr.io/app:v1',
    'the secret “app”',
    "the secret 'app'",
    'app-orders',
    'the application',
    'Container Apps has no way',
    'az ad app credential list',
  ])('keeps “%s”', (said) => {
    expect(sayFor(jobId, said)).toBe(said);
  });

  it('keeps names, also where they are words of it', () => {
    expect(sayFor(jobId, 'app may not pull: the app has no role', ['app'])).toBe(
      'app may not pull: the app has no role',
    );
    expect(sayFor(jobId, 'job app-1 of the app', ['app-1'])).toBe('job app-1 of the job');
    expect(sayFor(jobId, 'the app', [''])).toBe('the job');
  });
});

describe('one word for several', () => {
  it('is that of their kind, or the one for all kinds', () => {
    expect([nounFor([appId, appId]), nounFor([jobId]), nounFor([appId, jobId]), nounFor([])]).toEqual([
      'app',
      'job',
      'workload',
      'app',
    ]);
  });
});
