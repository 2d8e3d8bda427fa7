// A job or a container group of which several images are missing is started or restarted once all of them are put right, and not before.
import { describe, expect, it } from 'vitest';
import { anotherImageGuard, awaitAnotherImage } from '../../../src/lib/decision/another-image.ts';
import { awaitExecution } from '../../../src/lib/decision/await-execution.ts';
import { awaitGroup } from '../../../src/lib/decision/await-group.ts';
import type { DecisionInput } from '../../../src/lib/decision/decision-input.ts';
import { restartRefusals } from '../../../src/lib/decision/retry-guards.ts';
import { startRefusals } from '../../../src/lib/decision/start-guards.ts';
import type { RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { CauseBeside } from '../../../src/lib/history/open-beside.ts';
import { codeOf } from '../../../src/lib/history/refusals.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import {
  app,
  config,
  execution,
  groupFacts,
  groupRun,
  groupTarget,
  jobId,
  jobTarget,
  minute,
  nowMs,
  roleMissing,
  waitingContainer,
  waitingExecutionReplica,
} from '../facts.ts';
import { decisionInput } from '../situations.ts';

const another = `t${'9'.repeat(24)}.1` as RemediationId;
const allowed = config({ PULLMEDIC_SETTINGS: '{"retry":{"startJobs":true,"restartGroups":true}}' });
const week = 7 * 24 * 60 * minute;
const sinceMs = nowMs - 20 * minute;
const gone = { because: 'cause-is-gone', sinceMs } as const;
const cleared = { cause: 'tag-missing', because: 'cause-cleared', shouldWork: gone } as const;
const missing: CauseBeside = { reads: 'there' };
const right: CauseBeside = { reads: 'right' };
const waits = { do: 'wait', because: 'another-image' };
const refusal = [{ guard: 'another-image', why: 'missing' }];

function besideOf(...causes: readonly CauseBeside[]): DecisionInput['beside'] {
  return known(causes.map((cause) => ({ remediation: another, image: 'acrshop.azurecr.io/shop/proxy:v2', cause })));
}

/** A job that people start, whose execution ended without its image. */
function ofJob(beside: DecisionInput['beside'], settings = allowed): DecisionInput {
  const over: RevisionFacts = { ...execution, createdAtMs: nowMs - 60 * minute, runningState: 'Failed', ended: true };
  const evidence: Evidence = {
    ...roleMissing,
    app: known({ ...app, id: jobId, job: { trigger: 'manual' } }),
    revisions: known([over]),
    replicas: known([waitingExecutionReplica]),
  };
  return { ...decisionInput(evidence, { config: settings }), target: jobTarget, evidence, beside };
}

/** A container group that the platform has given up on. */
function ofGroup(beside: DecisionInput['beside'], life: 'given-up' | 'ended' = 'given-up'): DecisionInput {
  const evidence: Evidence = {
    ...roleMissing,
    app: known({ ...groupFacts, group: { life } }),
    revisions: known([groupRun]),
    replicas: known([waitingContainer]),
  };
  return { ...decisionInput(evidence, { config: allowed }), target: groupTarget, evidence, beside };
}

describe('a job of which two images are missing', () => {
  it('is not started for the one that was put right, and is watched', () => {
    const asked = ofJob(besideOf(missing));

    expect(startRefusals(asked, sinceMs).map(codeOf)).toEqual(['another-image: missing']);
    expect(awaitExecution(asked, gone, 'cause-cleared')).toMatchObject({ decision: waits, refusals: refusal });
  });

  it('is started once both are put right', () => {
    expect(awaitExecution(ofJob(besideOf(right)), gone, 'cause-cleared').decision.do).toBe('start');
  });

  it('is not handed over to a person for the one that was put right either', () => {
    expect(awaitExecution(ofJob(besideOf(missing), config()), gone, 'cause-cleared').decision).toEqual(waits);
    expect(awaitExecution(ofJob(besideOf(right), config()), gone, 'cause-cleared').decision.do).toBe('incident');
  });

  it('is not started where it could not be read whether another image is missing: a person decides', () => {
    expect(awaitExecution(ofJob(unreadable('unavailable')), gone, 'cause-cleared')).toMatchObject({
      decision: { do: 'incident', cause: 'execution-ended' },
      refusals: [{ guard: 'another-image', why: 'unreadable' }],
    });
  });
});

describe('a container group of which two images are missing', () => {
  it('is not restarted for the one that was put right, and is watched', () => {
    const asked = ofGroup(besideOf(right, missing));

    expect(restartRefusals(asked, groupRun).map(codeOf)).toEqual(['another-image: missing']);
    expect(awaitGroup(asked, cleared)).toMatchObject({ decision: waits, refusals: refusal });
  });

  it('is restarted once both are put right', () => {
    expect(awaitGroup(ofGroup(besideOf(right, right)), cleared).decision.do).toBe('restart');
  });

  it('that is over is not handed over for the one that was put right either', () => {
    expect(awaitGroup(ofGroup(besideOf(missing), 'ended'), cleared).decision).toEqual(waits);
    expect(awaitGroup(ofGroup(besideOf(right), 'ended'), cleared).decision.do).toBe('incident');
  });

  it('is not restarted where it could not be read whether another image is missing: it is read again, and a person decides', () => {
    const unread = ofGroup(unreadable('unavailable'));

    expect(awaitGroup(unread, cleared)).toMatchObject({
      decision: { do: 'wait', because: 'looking-again' },
      refusals: [{ guard: 'another-image', why: 'unreadable' }],
    });
    const often = { ...unread, remediation: { ...unread.remediation, lookedAgain: 3 } };
    expect(awaitGroup(often, cleared).decision).toMatchObject({ do: 'incident', cause: 'group-ended' });
  });
});

describe('the wait for another image', () => {
  it('goes on while a role of it is too young to work', () => {
    const { expectedPropagationSeconds } = allowed.settings;
    const young = (agoMs: number) =>
      anotherImageGuard(ofJob(besideOf({ reads: 'role-young', sinceMs: nowMs - agoMs })))?.why;

    expect(young(expectedPropagationSeconds * 1000 - 1)).toBe('missing');
    expect(young(expectedPropagationSeconds * 1000)).toBeUndefined();
  });

  it('looks each minute at first, and each hour at last', () => {
    const pauseAfter = (waitedMs: number) =>
      (awaitAnotherImage(ofGroup(besideOf(missing)), nowMs - waitedMs)?.dueAtMs ?? 0) - nowMs;

    expect([0, 20 * minute, 3 * 60 * minute, week - 1].map(pauseAfter)).toEqual(
      [1, 5, 45, 60].map((minutes) => minutes * minute),
    );
  });

  it('ends after a week: then a person hears of this one too', () => {
    const after = (waitedMs: number) =>
      awaitGroup(ofGroup(besideOf(missing)), { ...cleared, shouldWork: { ...gone, sinceMs: nowMs - waitedMs } })
        .decision;

    expect(after(week - 1)).toEqual(waits);
    expect(after(week)).toMatchObject({ do: 'incident', cause: 'group-ended' });
  });
});
