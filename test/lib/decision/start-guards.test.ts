// When a job may be started again: only with an opt-in, where people start it, once, and where its last execution did no work.
import { describe, expect, it } from 'vitest';
import { awaitExecution } from '../../../src/lib/decision/await-execution.ts';
import type { DecisionInput } from '../../../src/lib/decision/decision-input.ts';
import { executionGuard, startedGuard, startRefusals } from '../../../src/lib/decision/start-guards.ts';
import type { RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { newestExecution } from '../../../src/lib/evidence/executions.ts';
import { codeOf } from '../../../src/lib/history/refusals.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import type { JobTrigger } from '../../../src/lib/workloads/job/trigger.ts';
import {
  app,
  config,
  execution,
  image,
  jobId,
  jobTarget,
  minute,
  nowMs,
  roleMissing,
  waitingExecutionReplica,
} from '../facts.ts';
import { decisionInput } from '../situations.ts';

const other = `t${'9'.repeat(24)}.1` as RemediationId;
const starting = config({ PULLMEDIC_SETTINGS: '{"retry":{"startJobs":true}}' });
const sinceMs = nowMs - 2 * minute;
const day = 24 * 60 * minute;
const over: RevisionFacts = { ...execution, createdAtMs: nowMs - 8 * minute, runningState: 'Failed', ended: true };

const ended: Evidence = {
  ...roleMissing,
  app: known({ ...app, id: jobId, job: { trigger: 'manual' } }),
  revisions: known([over]),
  replicas: known([waitingExecutionReplica]),
};

function asked(more: Partial<Evidence> = {}, story: Partial<DecisionInput> = {}): DecisionInput {
  const evidence = { ...ended, ...more };
  return { ...decisionInput(evidence, { config: starting }), target: jobTarget, evidence, ...story };
}

const refused = (more: Partial<Evidence> = {}, story: Partial<DecisionInput> = {}): string[] =>
  startRefusals(asked(more, story), sinceMs).map(codeOf);

const manual = (trigger: JobTrigger): Partial<Evidence> => ({ app: known({ ...app, id: jobId, job: { trigger } }) });
const later = (createdAtMs: number): RevisionFacts => ({ ...over, name: 'job-import-later', createdAtMs });
const containers = (...states: { readonly ready: boolean; readonly state: string }[]): Partial<Evidence> => ({
  replicas: known([{ ...waitingExecutionReplica, containers: states.map((one) => ({ name: 'c', image, ...one })) }]),
});

describe('a job whose execution ended without its image', () => {
  it('is started again where the settings allow it', () => {
    expect(refused()).toEqual([]);
  });

  it('is started for the execution that ended, and the decision says since when the cause is put right', () => {
    const { decision } = awaitExecution(asked(), { because: 'cause-is-gone', sinceMs }, 'cause-cleared');

    expect(decision).toEqual({ do: 'start', execution: over.name, because: 'cause-is-gone', sinceMs });
  });

  it('is handed over without the option, which is off by default', () => {
    const { decision, refusals } = awaitExecution(
      asked({}, { config: config() }),
      { because: 'cause-is-gone', sinceMs },
      'cause-cleared',
    );

    expect(config().settings.retry.startJobs).toBe(false);
    expect(decision).toMatchObject({ do: 'incident', cause: 'execution-ended' });
    expect(refusals).toEqual([]);
    expect(refused({}, { config: config() })).toEqual(['start-again: off']);
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['of a schedule', manual('schedule'), 'start-again: not-manual'],
    ['of an event', manual('event'), 'start-again: not-manual'],
    ['whose trigger is not known', manual('unknown'), 'start-again: not-manual'],
    ['that cannot be read', { app: unreadable('throttled') }, 'start-again: unreadable'],
    ['whose executions cannot be read', { revisions: unreadable('throttled') }, 'start-again: unreadable'],
    ['whose containers cannot be read', { replicas: unreadable('throttled') }, 'start-again: unreadable'],
    ['without an execution', { revisions: known([]) }, 'start-again: unreadable'],
    [
      'of which an execution was started since',
      { revisions: known([over, later(sinceMs)]) },
      'start-again: started-since',
    ],
    [
      'of which an execution goes on',
      { revisions: known([over, { ...execution, name: 'x', createdAtMs: over.createdAtMs + 1 }]) },
      'start-again: started-since',
    ],
    ['that a person stopped', { revisions: known([{ ...over, runningState: 'Stopped' }]) }, 'start-again: stopped'],
    ['that did its work', { revisions: known([{ ...over, runningState: 'Succeeded' }]) }, 'start-again: may-have-run'],
    [
      'whose last execution had another image',
      { revisions: known([{ ...over, images: ['acrshop.azurecr.io/shop/other:v1'] }]) },
      'start-again: may-have-run',
    ],
    [
      'of which one container ran',
      containers({ ready: true, state: 'Terminated' }, { ready: false, state: 'Waiting' }),
      'start-again: may-have-run',
    ],
    [
      'of which Azure does not show what one container did',
      containers({ ready: false, state: 'unknown' }, { ready: false, state: 'Waiting' }),
      'start-again: may-have-run',
    ],
    [
      'of which Azure does not show an init container, which may have done its work',
      { revisions: known([{ ...over, imageOf: { app: image, migrate: 'docker.io/library/migrate:1' } }]) },
      'start-again: may-have-run',
    ],
    [
      'of which a container ended without an exit code, as one that was cut off at its work',
      containers({ ready: false, state: 'Terminated' }),
      'start-again: may-have-run',
    ],
    ['of which Azure shows no container', containers(), 'start-again: may-have-run'],
  ])('is not started again where it is one %s', (_, more, refusal) => {
    expect(refused(more)).toEqual([refusal]);
  });

  it('is started again where the last one was started in the instant before the cause was put right', () => {
    const just = later(sinceMs - 1);
    const replica = { ...waitingExecutionReplica, revision: just.name };

    expect(refused({ revisions: known([over, just]), replicas: known([replica]) })).toEqual([]);
  });

  it('is not started where the mode, the kill switch or the scope does not allow a change', () => {
    const settings = { PULLMEDIC_SETTINGS: '{"retry":{"startJobs":true}}' };

    expect(refused({}, { config: config({ ...settings, PULLMEDIC_MODE: 'approve' }) })).toEqual([
      'mode: approval-needed',
    ]);
    expect(refused({}, { killSwitch: known(true) })).toEqual(['kill-switch: on']);
    expect(refused({}, { config: { ...starting, scopes: [] } })).toEqual(['scope: outside']);
    expect(refused({}, { nowMs: nowMs + 4 * minute })).toEqual(['evidence-too-old: minutes']);
  });

  it('is never started twice: neither by its remediation nor by another one of the job', () => {
    const { remediation } = asked();
    const attempt = { action: 'start', atMs: nowMs - 10 * minute, outcome: 'failed', because: 'refused' } as const;
    const announced = { execution: over.name, remediation: other, atMs: nowMs - day + 1 };

    expect(refused({}, { remediation: { ...remediation, attempts: [attempt] } })).toEqual([
      'start-again: started-before',
    ]);
    expect(refused({}, { starts: known([announced]) })).toEqual(['start-again: started-before']);
    expect(refused({}, { starts: unreadable('unavailable') })).toEqual(['start-again: unreadable']);
    expect(startedGuard(known([{ ...announced, atMs: nowMs - day }]), nowMs)).toBeUndefined();
  });

  it('is waited for after its start, and handed over where the new execution does not come', () => {
    const { remediation } = asked();
    const after = (agoMs: number) => {
      const attempts = [{ action: 'start', atMs: nowMs - agoMs, outcome: 'done' }] as const;
      const input = asked({}, { remediation: { ...remediation, attempts } });
      return awaitExecution(input, { because: 'cause-is-gone', sinceMs }, 'cause-cleared');
    };

    expect(after(5 * minute - 1).decision).toEqual({ do: 'wait', because: 'next-execution' });
    expect(after(5 * minute)).toMatchObject({
      decision: { do: 'incident', cause: 'execution-ended', because: 'change-refused' },
      refusals: [{ guard: 'start-again', why: 'started-before' }],
    });
  });
});

describe('the newest execution', () => {
  it('is the one that was started last, wherever it stands in the list', () => {
    expect(newestExecution({ ...ended, revisions: known([over, later(sinceMs), over]) })?.name).toBe(
      'job-import-later',
    );
    expect(newestExecution({ ...ended, revisions: unreadable('throttled') })).toBeUndefined();
    expect(executionGuard(image, { ...ended, revisions: known([over]) }, sinceMs)).toBeUndefined();
  });
});
