// A restart on the suspicion of an old token: it is asked of a person in every mode, once, and never made beside a pull.
import { describe, expect, it } from 'vitest';
import { longestPullMs } from '../../../src/lib/decision/pull-guard.ts';
import { tokenMayBeStale } from '../../../src/lib/decision/stale-token.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  assignment,
  config,
  jobTarget,
  minute,
  nowMs,
  pullingReplica,
  readyReplica,
  revision,
  roleMissing,
  unauthorizedRow,
} from '../facts.ts';
import { decideOn, decisionInput } from '../situations.ts';
import { attempted, second, wait } from './retried.ts';

const day = 24 * 60 * minute;
const allRight: Evidence = {
  ...roleMissing,
  roles: known([assignment(day)]),
  manifest: known({ state: 'exists' }),
  logs: known([{ ...unauthorizedRow, atMs: nowMs - minute }]),
};

describe('a restart on the suspicion of an old token', () => {
  it('is asked of a person in mode act, because no fact proves it', () => {
    const { decision, refusals } = decideOn(allRight);

    expect(decision).toMatchObject({ do: 'ask', restart: revision.name, cause: 'platform-token-stale' });
    expect(refusals).toContainEqual({ guard: 'cause-not-proved', why: 'suspected' });
  });

  it('is not asked in mode observe: a person gets the incident', () => {
    const { decision, refusals } = decideOn(allRight, { config: config({ PULLMEDIC_MODE: 'observe' }) });

    expect(decision).toMatchObject({ do: 'incident', cause: 'platform-token-stale' });
    expect(refusals).toContainEqual({ guard: 'mode', why: 'observe' });
  });

  it('waits for a pull that is under way', () => {
    const { decision } = decideOn({ ...allRight, replicas: known([pullingReplica]) });

    expect(decision).toMatchObject({ do: 'wait', because: 'pulling-now' });
  });

  it('waits for pulls no longer than for one, however often they begin anew', () => {
    const begun = { ...allRight, replicas: known([pullingReplica]) };
    const asked = (agoMs: number) => decideOn(begun, { openedAgoMs: agoMs }).decision;

    expect(asked(longestPullMs - 1)).toMatchObject({ do: 'wait', because: 'pulling-now' });
    expect(asked(longestPullMs)).toMatchObject({ do: 'incident', cause: 'platform-token-stale' });
  });

  it('is asked for once, not as often as the settings allow after a grant', () => {
    expect(decideOn(allRight).decision).toMatchObject({ do: 'ask', upTo: 1 });
  });

  it('is not repeated: after one that did not help a person gets the incident', () => {
    const made = attempted('restart', 'done').map((entry) => ({ agoMs: 6 * minute, entry }));

    expect(decideOn(allRight, { past: made }).decision).toMatchObject({
      do: 'incident',
      cause: 'platform-token-stale',
    });
  });

  it('is waited for until five minutes have passed since the last one', () => {
    const after = (...agosMs: number[]) =>
      decideOn(allRight, {
        openedAgoMs: 20 * minute,
        past: agosMs.flatMap((agoMs) => attempted('restart', 'done').map((entry) => ({ agoMs, entry }))),
      });

    expect(after(5 * minute - 1)).toMatchObject({
      decision: wait('restart-takes-effect'),
      dueAtMs: nowMs + 20 * second,
    });
    expect(after(9 * minute, minute).decision).toEqual(wait('restart-takes-effect'));
    expect(after(5 * minute).decision).toMatchObject({ do: 'incident', cause: 'platform-token-stale' });
  });

  it('is still asked where an earlier one was not made, or where only a new revision was', () => {
    const withheld = attempted('restart', 'withheld');
    const revised = attempted('new-revision', 'done', 'found');

    expect(decideOn(allRight, { past: withheld }).decision).toMatchObject({ do: 'ask', restart: revision.name });
    expect(decideOn(allRight, { past: revised }).decision).toMatchObject({ do: 'ask', restart: revision.name });
  });

  it('is not thought of while the app serves, or the kill switch is unreadable', () => {
    expect(decideOn({ ...allRight, replicas: known([readyReplica]) }).decision.do).not.toBe('ask');
    expect(decideOn(allRight, { killSwitch: unreadable('unavailable') }).decision.do).not.toBe('ask');
  });
});

describe('a job that was written since its last pull failed', () => {
  const decidedFor = (target: typeof jobTarget, writtenAtMs: number) => {
    const evidence = { ...allRight, app: known({ ...app, lastWrite: { by: 'anna', atMs: writtenAtMs } }) };
    return tokenMayBeStale({ ...decisionInput(allRight), target, evidence })?.decision;
  };

  it('is waited for: its next pull tells whether what it declares now is right', () => {
    expect(decidedFor(jobTarget, nowMs)).toEqual({ do: 'wait', because: 'cause-cleared' });
  });

  it('is not where a pull failed after that, and an app never is: a restart is asked for', () => {
    expect(decidedFor(jobTarget, nowMs - minute)?.do).not.toBe('wait');
    expect(decidedFor(decisionInput().target, nowMs)?.do).toBe('ask');
  });

  it('is waited for a quarter of an hour', () => {
    const evidence = (agoMs: number): Evidence => ({
      ...allRight,
      app: known({ ...app, lastWrite: { by: 'anna', atMs: nowMs - agoMs } }),
      logs: known([{ ...unauthorizedRow, atMs: nowMs - 20 * minute }]),
    });
    const after = (agoMs: number) =>
      tokenMayBeStale({ ...decisionInput(evidence(agoMs)), target: jobTarget, evidence: evidence(agoMs) })?.decision;

    expect(after(15 * minute - 1)).toEqual({ do: 'wait', because: 'cause-cleared' });
    expect(after(15 * minute)?.do).not.toBe('wait');
  });
});
