// Whether anything of a workload pulls by itself now.
import { describe, expect, it } from 'vitest';
import { nothingPulls } from '../../../src/lib/evidence/nothing-pulls.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  execution,
  groupFacts,
  groupTarget,
  jobId,
  jobTarget,
  nowMs,
  roleMissing,
  target,
  waitingExecutionReplica,
} from '../facts.ts';

describe('nothing pulls by itself', () => {
  it('is never said of an app: its platform tries again and again', () => {
    expect(nothingPulls(target, { ...roleMissing, replicas: known([]) })).toBe(false);
  });

  it('is said of a container group that is over', () => {
    const group = (life: 'lives' | 'given-up') => ({ atMs: nowMs, app: known({ ...groupFacts, group: { life } }) });
    expect(nothingPulls(groupTarget, group('given-up'))).toBe(true);
    expect(nothingPulls(groupTarget, group('lives'))).toBe(false);
  });

  it('is said of a job between two executions, and not while one waits or where that could not be read', () => {
    const job = { atMs: nowMs, app: known({ ...app, id: jobId, job: { trigger: 'manual' as const } }) };
    const ended = known([{ ...execution, ended: true as const, runningState: 'Failed' }]);
    const waits = { ...job, revisions: known([execution]), replicas: known([waitingExecutionReplica]) };
    expect(nothingPulls(jobTarget, { ...job, revisions: ended, replicas: known([]) })).toBe(true);
    expect(nothingPulls(jobTarget, waits)).toBe(false);
    expect(nothingPulls(jobTarget, { ...job, revisions: ended, replicas: unreadable('timed-out') })).toBe(false);
  });
});
