// When a remediation has ended, or only looks as if it had: the row that proves the pull may be on its way.
import { describe, expect, it } from 'vitest';
import { longestPullMs } from '../../../src/lib/decision/pull-guard.ts';
import type { LogRow } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  assignment,
  dnsUnlinked,
  image,
  minute,
  nowMs,
  principalId,
  pulledRow,
  pullingReplica,
  readyReplica,
  revision,
  roleMissing,
  stuckReplica,
  unauthorizedRow,
} from '../facts.ts';
import { decideOn } from '../situations.ts';
import { serving } from './serves.ts';

/** An unlinked zone was found an hour ago, and was linked at this time; since then everything serves. */
function decision(clearedAtMs: number): ReturnType<typeof decideOn>['decision'] {
  const past = [
    { agoMs: 60 * minute, saw: dnsUnlinked },
    { agoMs: nowMs - clearedAtMs, saw: serving },
  ];
  return decideOn(serving, { openedAgoMs: 60 * minute, past }).decision;
}

describe('a replica that was stuck for long and serves now', () => {
  it('is waited for while the row about its pull may still come, however old the replica is', () => {
    expect(decision(nowMs - minute)).toEqual({ do: 'wait', because: 'proving-recovery' });
  });

  it('is unproven where no row came in half an hour: something did fail', () => {
    expect(decision(nowMs - 15 * minute)).toEqual({ do: 'wait', because: 'proving-recovery' });
    expect(decision(nowMs - 30 * minute)).toEqual({ do: 'close', how: 'unproven', because: 'ready-without-a-row' });
  });
});

describe('an image beside another one that cannot be pulled', () => {
  const side = 'acrshop.azurecr.io/shop/side:v1';
  const waits = { name: 'app', image, ready: false, state: 'Waiting', details: 'reason: ContainerCreating' };
  const fails = { name: 'side', image: side, ready: false, state: 'Waiting', details: 'reason: ImagePullBackOff' };
  const beside = (own = waits): Evidence => ({
    ...roleMissing,
    app: known({ ...app, images: [image, side] }),
    revisions: known([{ ...revision, images: [image, side], details: '' }]),
    replicas: known([{ ...stuckReplica, containers: [own, fails] }]),
    logs: known([{ ...unauthorizedRow, text: 'unauthorized: authentication required' }]),
  });

  it('only waits for it: the remediation stands down once its own text had time to come', () => {
    expect(decideOn(beside(), { openedAgoMs: minute }).decision).toEqual({ do: 'wait', because: 'no-text-yet' });
    expect(decideOn(beside(), { openedAgoMs: 11 * minute }).decision).toEqual({
      do: 'close',
      how: 'withdrawn',
      because: 'waits-for-another',
    });
  });

  it('is acted on where its own container complains as well', () => {
    const both = beside({ ...waits, details: 'reason: ImagePullBackOff' });

    expect(decideOn(both, { openedAgoMs: 11 * minute }).decision.do).toBe('grant');
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
    const failing = { ...young, roles: known([assignment(19_000)]), replicas: known([stuckReplica]) };

    expect(decideOn(failing, { openedAgoMs: 4 * minute }).decision).toEqual({
      do: 'wait',
      because: 'role-propagating',
    });
  });
});

describe('a role that the identity has through a group for a short time', () => {
  const held = known([
    assignment(3 * 60 * minute, { principalId: principalId('c0000000-0000-4000-8000-00000000000c') }),
  ]);
  const after = (lastFailedAtMs: number, openedAgoMs: number, more: Partial<Evidence> = {}) =>
    decideOn(
      { ...serving, ...more, roles: held, logs: known([{ ...unauthorizedRow, atMs: lastFailedAtMs }]) },
      { openedAgoMs },
    );

  it('works where the app serves: pullmedic watches, and asks no person', () => {
    expect(after(nowMs - 14 * minute, 20 * minute)).toMatchObject({
      rule: 'failure-is-over',
      decision: { do: 'wait', because: 'proving-recovery' },
    });
    expect(after(nowMs - 15 * minute, 20 * minute).decision).toEqual({
      do: 'close',
      how: 'withdrawn',
      because: 'nothing-failing',
    });
  });

  it('does not work yet where a replica waits for its image, or where pulls go on failing: a person is asked', () => {
    const oneWaits = { replicas: known([readyReplica, { ...stuckReplica, name: 'other' }]) };

    expect(after(nowMs - 14 * minute, 20 * minute, oneWaits).rule).toBe('group-role-propagates');
    expect(after(nowMs - 14 * minute, 30 * minute).rule).toBe('group-role-propagates');
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

describe('a target that is withdrawn', () => {
  const another = 'acrshop.azurecr.io/shop/orders:v2';
  const ending = (evidence: Evidence) => decideOn(evidence).decision.because;
  const inactive = known([{ ...revision, active: false }]);

  it('ends with its app, with its revisions, or with the deployment of another image', () => {
    expect(ending({ ...roleMissing, app: known('gone') })).toBe('app-gone');
    expect(ending({ ...roleMissing, revisions: inactive })).toBe('deactivated');
    expect(ending({ ...roleMissing, app: known({ ...app, images: [another] }), revisions: inactive })).toBe(
      'superseded',
    );
  });

  it('does not end while an active revision still has the image, or Azure is making one', () => {
    const making = known({ ...app, provisioningState: 'InProgress' });

    expect(ending({ ...roleMissing, app: known({ ...app, images: [another] }) })).not.toBe('superseded');
    expect(ending({ ...roleMissing, app: making, revisions: inactive })).not.toBe('deactivated');
  });

  it('does not end because its app or its revisions could not be read', () => {
    for (const unread of [{ app: unreadable<never>('timed-out') }, { revisions: unreadable<never>('timed-out') }])
      expect(decideOn({ ...roleMissing, ...unread }).decision.do).not.toBe('close');
  });
});

describe('a recovery', () => {
  const proven = { ...serving, logs: known([unauthorizedRow, pulledRow]) };
  const ago = (agoMs: number) =>
    decideOn(proven, { openedAgoMs: 30 * minute, past: [{ agoMs, saw: proven }] }).decision;

  it('counts once it has held for ten minutes, and is watched until then', () => {
    expect(ago(10 * minute)).toEqual({ do: 'close', how: 'recovered', because: 'pulled-and-ready' });
    expect(ago(10 * minute - 1)).toEqual({ do: 'wait', because: 'proving-stability' });
  });
});

describe('a text about something else', () => {
  const crash: LogRow = {
    ...unauthorizedRow,
    reason: 'ContainerTerminated',
    text: "Container 'app' was terminated with exit code '1' and reason 'ProcessExited'.",
  };

  it('ends what never was a pull failure, and not what an earlier look confirmed as one', () => {
    const crashing = { ...serving, logs: known([crash]) };
    const past = [{ agoMs: 3 * minute, saw: dnsUnlinked }];

    expect(decideOn(crashing).decision).toMatchObject({ how: 'withdrawn', because: 'not-a-pull-failure' });
    expect(decideOn(crashing, { openedAgoMs: 10 * minute, past }).decision.because).not.toBe('not-a-pull-failure');
  });
});

describe('a revision that was deployed after every failure that the text speaks of', () => {
  const deployedMs = nowMs - minute;
  /** Everything that was read is right or was not readable, so that nothing explains the old failure. */
  const redeployed = (replica: typeof stuckReplica, failedAtMs: number, createdAtMs = deployedMs): Evidence => ({
    ...roleMissing,
    roles: known([assignment(24 * 60 * minute)]),
    manifest: unreadable('forbidden'),
    revisions: known([{ ...revision, createdAtMs }]),
    replicas: known([{ ...replica, createdAtMs }]),
    logs: known([{ ...unauthorizedRow, revision: '', replica: '', atMs: failedAtMs }]),
  });

  it('is waited for while it pulls', () => {
    expect(decideOn(redeployed(pullingReplica, deployedMs - 1))).toMatchObject({
      decision: { do: 'wait', because: 'no-text-yet' },
      dueAtMs: nowMs + minute,
    });
  });

  it('is waited for no longer than one pull may take', () => {
    const since = (agoMs: number) => decideOn(redeployed(pullingReplica, nowMs - agoMs - 1, nowMs - agoMs)).decision;

    expect(since(longestPullMs - 1)).toMatchObject({ do: 'wait', because: 'no-text-yet' });
    expect(since(longestPullMs)).toMatchObject({ do: 'incident' });
  });

  it('is a failure like any other, if it failed itself or does not pull', () => {
    expect(decideOn(redeployed(pullingReplica, deployedMs)).decision).toMatchObject({ do: 'incident' });
    expect(decideOn(redeployed(stuckReplica, deployedMs - 1)).decision).toMatchObject({ do: 'incident' });
  });
});
