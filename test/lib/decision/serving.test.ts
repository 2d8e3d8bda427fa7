// What serves again after somebody put the cause right: the row that proves the pull may be on its way.
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/lib/decision/decide.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  assignment,
  guardInput,
  history,
  minute,
  nowMs,
  readyReplica,
  revision,
  roleMissing,
  stuckReplica,
  target,
} from '../facts.ts';

const { details: _details, ...quiet } = revision;

const serving: Evidence = {
  ...roleMissing,
  logs: known([]),
  revisions: known([{ ...quiet, runningState: 'RunningAtMaxScale' }]),
  roles: known([assignment(24 * 60 * minute)]),
  replicas: known([{ ...readyReplica, createdAtMs: nowMs - 40 * minute }]),
};

function decision(clearedAtMs: number): ReturnType<typeof decide>['decision'] {
  const [opened] = history().remediations;
  if (opened === undefined) throw new Error('no remediation');
  const confirmed = {
    ...diagnose({ target, evidence: roleMissing, suspicions: [], pulledBefore: false }),
    causes: ['egress-blocked'],
  } as const;
  const diagnosis = diagnose({ target, evidence: serving, suspicions: [], pulledBefore: false });
  const progress = { pulledRow: false, readyReplica: true, notReady: [], proof: 'not-yet' } as const;
  const remediation: Remediation = {
    ...opened,
    openedAtMs: nowMs - 30 * minute,
    diagnosedAtMs: nowMs - 30 * minute,
    clearedAtMs,
    bestDiagnosis: { atMs: nowMs - 30 * minute, diagnosis: confirmed, suspicions: [] },
    look: { atMs: nowMs, suspicions: [], diagnosis, progress, transientlyUnreadable: false },
  };
  return decide(guardInput({ evidence: serving, diagnosis, remediation })).decision;
}

describe('a replica that was stuck for long and serves now', () => {
  it('is waited for while the row about its pull may still come, however old the replica is', () => {
    expect(decision(nowMs - minute)).toEqual({ do: 'wait', because: 'proving-recovery' });
  });

  it('is no failure any more where no row came in a quarter of an hour', () => {
    expect(decision(nowMs - 15 * minute)).toEqual({ do: 'close', how: 'withdrawn', because: 'nothing-failing' });
  });
});

/** Text of a failure, everything serves, and nothing proves a cause: looked at only when it was over. */
function lateDecision(lastFailedAtMs: number, openedAtMs: number, replicas: Evidence['replicas'] = serving.replicas) {
  const [opened] = history().remediations;
  if (opened === undefined || replicas === undefined) throw new Error('no remediation');
  const suspicions = [{ label: 'unauthorized', rule: 'r', words: 'unauthorized' }] as const;
  const evidence = { ...serving, replicas };
  const diagnosis = diagnose({ target, evidence, suspicions, pulledBefore: true });
  const progress = {
    pulledRow: false,
    readyReplica: true,
    notReady: [],
    proof: 'not-yet',
    failedAtMs: lastFailedAtMs,
    lastFailedAtMs,
  } as const;
  const look = { atMs: nowMs, suspicions, diagnosis, progress, transientlyUnreadable: false };
  return decide(guardInput({ evidence, diagnosis, remediation: { ...opened, openedAtMs, look } })).decision;
}

describe('a failure that was over before anybody looked', () => {
  it('is watched, and asks nobody', () => {
    expect(lateDecision(nowMs - 14 * minute, nowMs)).toEqual({ do: 'wait', because: 'proving-recovery' });
  });

  it('is withdrawn where no row speaks of a failure for a quarter of an hour', () => {
    expect(lateDecision(nowMs - 15 * minute, nowMs)).toEqual({
      do: 'close',
      how: 'withdrawn',
      because: 'nothing-failing',
    });
  });

  it('asks a person where it goes on failing, whatever serves in between', () => {
    expect(lateDecision(nowMs - 14 * minute, nowMs - 30 * minute).do).toBe('incident');
  });

  it('asks a person where a replica waits', () => {
    const replicas = known([
      { ...readyReplica, createdAtMs: nowMs - 40 * minute },
      { ...stuckReplica, name: 'other' },
    ]);

    expect(lateDecision(nowMs - 15 * minute, nowMs, replicas).do).toBe('incident');
  });
});
