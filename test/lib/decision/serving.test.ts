// What serves again after somebody put the cause right: the row that proves the pull may be on its way.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  assignment,
  dnsUnlinked,
  minute,
  nowMs,
  readyReplica,
  revision,
  roleMissing,
  stuckReplica,
  unauthorizedRow,
} from '../facts.ts';
import { decideOn } from '../situations.ts';

const { details: _details, ...quiet } = revision;

const serving: Evidence = {
  ...roleMissing,
  logs: known([]),
  revisions: known([{ ...quiet, runningState: 'RunningAtMaxScale' }]),
  roles: known([assignment(24 * 60 * minute)]),
  replicas: known([{ ...readyReplica, createdAtMs: nowMs - 40 * minute }]),
};

/** An unlinked zone was found half an hour ago, and was linked at this time; since then everything serves. */
function decision(clearedAtMs: number): ReturnType<typeof decideOn>['decision'] {
  const past = [
    { agoMs: 30 * minute, saw: dnsUnlinked },
    { agoMs: nowMs - clearedAtMs, saw: serving },
  ];
  return decideOn(serving, { openedAgoMs: 30 * minute, past }).decision;
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
  if (replicas === undefined) throw new Error('no replicas');
  const evidence = { ...serving, replicas, logs: known([{ ...unauthorizedRow, atMs: lastFailedAtMs }]) };
  return decideOn(evidence, { openedAgoMs: nowMs - openedAtMs }).decision;
}

describe('a role that was assigned a short time ago', () => {
  const young = { ...serving, roles: known([assignment(3 * minute)]), logs: known([unauthorizedRow]) };

  it('is not waited for where the app serves: the log row of the pull is', () => {
    expect(decideOn(young, { openedAgoMs: 4 * minute }).decision).toEqual({ do: 'wait', because: 'proving-recovery' });
  });

  it('is waited for while a replica waits for its image', () => {
    const failing = { ...young, replicas: known([stuckReplica]) };

    expect(decideOn(failing, { openedAgoMs: 4 * minute }).decision).toEqual({
      do: 'wait',
      because: 'role-propagating',
    });
  });
});

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
