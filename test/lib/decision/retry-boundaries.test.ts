// Restarts on the ladder at their boundaries: the instant and the fact that turn a wait into a restart, or a restart into a question.
import { describe, expect, it } from 'vitest';
import { longestPullMs } from '../../../src/lib/decision/pull-guard.ts';
import { restartTakesMs } from '../../../src/lib/decision/restart-limit.ts';
import type { Asked } from '../../../src/lib/history/asked.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { minute, nowMs, pullingReplica, readyReplica, revision, stuckReplica } from '../facts.ts';
import { decideOn, type Earlier, type Story } from '../situations.ts';

import {
  approving,
  attempted,
  expectedMs,
  held,
  needsApproval,
  pullRow,
  questioned,
  restarted,
  second,
  wait,
  youngRole,
} from './retried.ts';

describe('the wait for the next rung', () => {
  it('is never shorter than ten seconds', () => {
    expect(decideOn(held(15 * second))).toMatchObject({
      decision: wait('role-propagating'),
      dueAtMs: nowMs + 10 * second,
    });
    expect(decideOn(held(5 * second)).dueAtMs).toBe(nowMs + 15 * second);
  });

  it('ends with the next look after a grant where that comes first', () => {
    expect(decideOn(held(50 * second), { restarts: known([restarted(30 * second, { rung: 1 })]) }).dueAtMs).toBe(
      nowMs + 10 * second,
    );
  });

  it('is not for a rung where the platform tries by itself in exactly ten seconds', () => {
    expect(decideOn(held(20 * second, { logs: pullRow(54 * second, 32 * second) }))).toMatchObject({
      decision: wait('role-propagating'),
      dueAtMs: nowMs + 20 * second,
    });
  });

  it('asks a person to be looked at no later than without the question', () => {
    const asks = decideOn(held(20 * second), { config: approving });

    expect(asks.decision).toMatchObject({ do: 'ask', restart: revision.name, upTo: 6 });
    expect(asks.dueAtMs).toBe(nowMs + 40 * second);
  });

  it('is twenty seconds after a restart was decided', () => {
    const made = decideOn(held(20 * second));

    expect([made.decision.do, made.dueAtMs, made.refusals]).toEqual(['restart', nowMs + 20 * second, []]);
  });
});

describe('a restart of the revision by another remediation', () => {
  it('is waited for until it must have taken effect, and never for less than ten seconds', () => {
    const of = (agoMs: number) => decideOn(held(8 * minute), { restarts: known([restarted(agoMs, { rung: 4 })]) });

    expect(of(0).decision).toMatchObject({ do: 'wait', because: 'restart-takes-effect', restart: { rung: 4 } });
    expect(of(restartTakesMs - 5 * second)).toMatchObject({
      decision: { because: 'restart-takes-effect' },
      dueAtMs: nowMs + 10 * second,
    });
    expect(of(restartTakesMs).decision).toEqual(wait('role-propagating'));
  });

  it('is waited for also where its replica pulls: the pull is what it was made for', () => {
    const restarts = known([restarted(minute, { rung: 3 })]);
    const pulls = held(190 * second, { replicas: known([pullingReplica]) });

    expect(decideOn(pulls, { restarts }).decision).toMatchObject({ because: 'restart-takes-effect' });
    expect(decideOn(pulls).decision).toEqual(wait('pulling-now'));
  });
});

describe('a person who allows a restart', () => {
  const early = 10 * second;
  const decideWith = (past: readonly Earlier[], ageMs = early, more: Story = {}) =>
    decideOn(held(ageMs), { config: approving, past, ...more });

  it('gets it at once, before any rung is due, and the decision names the question', () => {
    expect(decideWith(questioned({ restart: revision.name }, 'approved')).decision).toMatchObject({
      do: 'restart',
      question: 2,
      retry: { rung: 0, number: 1 },
    });
  });

  it('is asked on while the question is open, also before a rung is due', () => {
    expect(decideWith(questioned({ restart: revision.name })).decision.do).toBe('ask');
  });

  it.each<[string, Asked]>([
    ['of another revision', { restart: 'ca-orders--0000000' }],
    ['by a new revision', { newRevision: 'as-deployed' }],
  ])('%s gets no restart of this one before a rung is due', (_, about) => {
    expect(decideWith(questioned(about, 'approved')).decision).toEqual(wait('role-propagating'));
  });

  it('and had the first of several restarts waits for the next rung', () => {
    const [first] = attempted('restart', undefined);
    const past = questioned({ restart: revision.name, upTo: 3 }, 'approved');
    const used: Earlier[] = first === undefined ? past : [...past, { agoMs: 2 * second, entry: first }];

    expect(decideWith(used).decision).toEqual(wait('role-propagating'));
  });

  it('does not overrule what no person may overrule', () => {
    const { decision, refusals } = decideWith(questioned({ restart: revision.name }, 'approved'), early, {
      killSwitch: known(true),
    });

    expect(decision).toEqual(wait('role-propagating'));
    expect(refusals).toEqual([needsApproval, { guard: 'kill-switch', why: 'on' }]);
  });

  it('is asked for as many restarts as the attempt may still have, and for one at least', () => {
    const asks = (made: number) => {
      const restarts = known(Array.from({ length: made }, () => restarted(7 * minute, { rung: 1 })));
      return decideOn(held(8 * minute), { config: approving, restarts }).decision;
    };

    expect(asks(1)).toMatchObject({ do: 'ask', upTo: 5 });
    expect(asks(5)).toMatchObject({ do: 'ask', upTo: 1 });
  });

  it('and said no, or did not answer in time, is told that this is why nothing is restarted', () => {
    const late = questioned({ restart: revision.name }).map((one) => ({ ...one, agoMs: 4 * minute }));
    const expired = late.map((one) =>
      'entry' in one && one.entry.kind === 'decided' && one.entry.decision.do === 'ask'
        ? { ...one, entry: { ...one.entry, decision: { ...one.entry.decision, expiresAtMs: nowMs } } }
        : one,
    );
    const why = (past: readonly Earlier[]) => decideWith(past, 20 * second, { openedAgoMs: 5 * minute }).refusals;

    expect(why(questioned({ restart: revision.name }, 'rejected'))).toEqual([
      needsApproval,
      { guard: 'approval', why: 'rejected' },
    ]);
    expect(why(expired)).toEqual([needsApproval, { guard: 'approval', why: 'expired' }]);
  });
});

describe('the revision that is restarted', () => {
  const newer = { ...revision, name: 'ca-orders--0000002', createdAtMs: revision.createdAtMs + minute };

  it('is the newest one that does not serve', () => {
    const both = (...replicas: (typeof stuckReplica)[]) =>
      decideOn(held(20 * second, { revisions: known([revision, newer]), replicas: known(replicas) })).decision;

    expect(both(stuckReplica, { ...readyReplica, revision: newer.name })).toMatchObject({ revision: revision.name });
    expect(both(stuckReplica, { ...stuckReplica, revision: newer.name })).toMatchObject({ revision: newer.name });
  });
});

describe('a pull that goes on for too long', () => {
  it('is told to a person as what it is, with the cause', () => {
    const pulls = held(expectedMs, { replicas: known([{ ...pullingReplica, createdAtMs: nowMs - 60 * minute }]) });
    const past: Earlier[] = [
      {
        agoMs: longestPullMs,
        entry: {
          kind: 'decided',
          decision: { do: 'wait', because: 'pulling-now' },
          dueAtMs: nowMs,
          refusals: [{ guard: 'pull-under-way', why: 'pulling' }],
        },
      },
    ];

    expect(decideOn(pulls, { openedAgoMs: longestPullMs + minute, past }).decision).toMatchObject({
      do: 'incident',
      cause: youngRole,
    });
  });
});
