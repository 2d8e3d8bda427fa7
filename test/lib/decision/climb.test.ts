// Restarts on the ladder at their boundaries: the instant and the fact that turn a wait into a restart, or a restart into a question.
import { describe, expect, it } from 'vitest';
import { longestPullMs } from '../../../src/lib/decision/pull-guard.ts';
import { restartTakesMs } from '../../../src/lib/decision/restart-limit.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  assignment,
  config,
  dnsLinked,
  dnsUnlinked,
  minute,
  nowMs,
  pullingReplica,
  readyReplica,
  revision,
  roleMissing,
  stuckReplica,
  unauthorizedRow,
} from '../facts.ts';
import { decideOn, type Earlier } from '../situations.ts';
import {
  approving,
  attempted,
  expectedMs,
  held,
  ownRole,
  pullRow,
  restarted,
  second,
  wait,
  youngRole,
} from './retried.ts';
import { granted } from './told.ts';

describe('the wait for the next rung', () => {
  it('is never shorter than three seconds', () => {
    expect(decideOn(held(30 * second))).toMatchObject({
      decision: wait('role-propagating'),
      dueAtMs: nowMs + 3 * second,
    });
    expect(decideOn(held(5 * second)).dueAtMs).toBe(nowMs + 27 * second);
  });

  it('ends with the next look after a grant where that comes first', () => {
    expect(decideOn(held(50 * second), { restarts: known([restarted(30 * second, { rung: 1 })]) }).dueAtMs).toBe(
      nowMs + 10 * second,
    );
  });

  it('is not for a rung where the platform tries by itself in exactly five seconds', () => {
    expect(decideOn(held(32 * second, { logs: pullRow(59 * second, 37 * second) }))).toMatchObject({
      decision: wait('role-propagating'),
      dueAtMs: nowMs + 10 * second,
    });
  });

  it('is not for a rung where the platform tries in a moment as the back-off of the last restart has it', () => {
    const of = (agoSeconds: number) =>
      decideOn(held(200 * second), { restarts: known([restarted(agoSeconds * second, { rung: 1 })]) });

    expect(of(155)).toMatchObject({ decision: wait('role-propagating'), dueAtMs: nowMs + 9 * second });
    expect(of(153).decision).toMatchObject({ do: 'restart', retry: { rung: 3, nextTryInMs: 6 * second } });
  });

  it('follows the tries that a restart of before the role had begun', () => {
    // It was made three minutes before the role was assigned, so the platform would try 141 seconds after that by itself.
    const at = (afterSeconds: number) =>
      decideOn(held(afterSeconds * second), { restarts: known([restarted((afterSeconds + 180) * second)]) }).decision;

    expect(at(148)).toMatchObject({ do: 'restart', retry: { rung: 2 } });
    expect(at(149)).toMatchObject({ do: 'restart', retry: { rung: 3 } });
  });

  it('does not follow the tries of a restart that another remediation made for the same role, a moment before', () => {
    const restarts = known([restarted(300 * second, { rung: 1 })]);

    expect(decideOn(held(200 * second), { restarts }).decision).toMatchObject({ do: 'restart', retry: { rung: 3 } });
  });

  it('asks a person to be looked at no later than without the question', () => {
    const asks = decideOn(held(32 * second), { config: approving });

    expect(asks.decision).toMatchObject({ do: 'ask', restart: revision.name, upTo: 6 });
    expect(asks.dueAtMs).toBe(nowMs + 28 * second);
  });

  it('is twenty seconds after a restart was decided', () => {
    const made = decideOn(held(32 * second));

    expect([made.decision.do, made.dueAtMs, made.refusals]).toEqual(['restart', nowMs + 20 * second, []]);
  });

  it('is twenty seconds after a restart was decided also where the next rung is due sooner', () => {
    const made = decideOn(held(80 * second));

    expect([made.decision.do, made.dueAtMs]).toEqual(['restart', nowMs + 20 * second]);
  });

  it('is a minute once all rungs are over and the role is still waited for', () => {
    const restarts = known([restarted(10 * minute, { rung: 8 })]);
    const diagnosis = ownRole({ roleSinceMs: nowMs - 40 * minute });

    expect(decideOn(held(40 * minute), { restarts, diagnosis })).toMatchObject({
      decision: wait('role-propagating'),
      dueAtMs: nowMs + minute,
    });
  });

  it('is not made longer by a grant that met another operation on the registry, as it is by a restart', () => {
    const conflict = (past: readonly Entry[]) => decideOn(held(40 * second), { past }).decision;

    expect(conflict(granted('failed', 'conflict'))).toMatchObject({ do: 'restart', retry: { rung: 1 } });
    expect(conflict(attempted('restart', 'failed', 'conflict'))).toEqual(wait('role-propagating'));
    expect(conflict([...attempted('restart', 'failed', 'conflict'), ...granted('failed', 'throttled')])).toEqual(
      wait('role-propagating'),
    );
  });

  it('is not made longer by a grant that Azure throttled, as it is by a restart', () => {
    const throttled = (past: readonly Entry[]) => decideOn(held(40 * second), { past }).decision;

    expect(throttled(granted('failed', 'throttled'))).toMatchObject({ do: 'restart', retry: { rung: 1 } });
    expect(throttled(attempted('restart', 'failed', 'throttled'))).toEqual(wait('role-propagating'));
    expect(throttled(attempted('restart', 'failed', 'not-made'))).toMatchObject({ do: 'restart' });
  });
});

describe('a restart of the revision by another remediation', () => {
  it('is waited for until it must have taken effect, and never for less than three seconds', () => {
    const of = (agoMs: number) => decideOn(held(8 * minute), { restarts: known([restarted(agoMs, { rung: 4 })]) });

    expect(of(0).decision).toMatchObject({ do: 'wait', because: 'restart-takes-effect', restart: { rung: 4 } });
    expect(of(restartTakesMs - 2 * second)).toMatchObject({
      decision: { because: 'restart-takes-effect' },
      dueAtMs: nowMs + 3 * second,
    });
    expect(of(restartTakesMs).decision).toEqual(wait('role-propagating'));
  });

  it('is waited for also where its replica pulls: the pull is what it was made for', () => {
    const restarts = known([restarted(minute, { rung: 3 })]);
    const pulls = held(200 * second, { replicas: known([pullingReplica]) });

    expect(decideOn(pulls, { restarts }).decision).toMatchObject({ because: 'restart-takes-effect' });
    expect(decideOn(pulls).decision).toEqual(wait('pulling-now'));
  });
});

describe('a question about a restart while a pull is under way', () => {
  const pulling = { replicas: known([pullingReplica]) };
  const ask = decideOn(held(32 * second), { config: approving });
  const asked: Earlier = { agoMs: 20 * second, entry: { kind: 'decided', ...ask } };
  const decided = (past: readonly Earlier[], evidence: Evidence) =>
    decideOn(evidence, { config: approving, openedAgoMs: minute, past });

  it('stays open: it has its number when the pull has failed', () => {
    const during = decided([asked], held(52 * second, pulling));
    const waited: Earlier = { agoMs: 10 * second, entry: { kind: 'decided', ...during } };
    const after = decided([asked, waited], held(62 * second));

    expect(during.decision).toEqual({ do: 'wait', because: 'pulling-now', keepsQuestion: 2 });
    expect(after.decision).toEqual(ask.decision);
  });

  it('is not kept where it was answered or has expired, or where the history is of a version that withdrew it', () => {
    const yes: Earlier = {
      agoMs: 15 * second,
      entry: { kind: 'answered', answer: 'approved', restart: revision.name, by: 'anna', question: 2 },
    };
    const old: Earlier = {
      agoMs: 10 * second,
      entry: { kind: 'decided', decision: { do: 'wait', because: 'pulling-now' }, dueAtMs: nowMs, refusals: [] },
    };
    const expired: Earlier = {
      agoMs: 20 * second,
      entry: { kind: 'decided', ...ask, decision: { ...ask.decision, expiresAtMs: nowMs } as typeof ask.decision },
    };

    for (const past of [[asked, yes], [asked, old], [expired]])
      expect(decided(past, held(52 * second, pulling)).decision).toEqual(wait('pulling-now'));
  });
});

describe('a pull that goes on since the restart of the rung before', () => {
  it('is the one reason to wait: the history does not say beside it that the role is waited for', () => {
    const restarts = known([restarted(100 * second, { rung: 2 })]);
    const pulls = decideOn(held(200 * second, { replicas: known([pullingReplica]) }), { restarts });

    expect(pulls.decision).toEqual(wait('pulling-now'));
    expect(pulls.refusals).toEqual([{ guard: 'pull-under-way', why: 'pulling' }]);
  });
});

describe('the revision that is restarted', () => {
  const newer = { ...revision, name: 'ca-orders--0000002', createdAtMs: revision.createdAtMs + minute };

  it('is the newest one that does not serve', () => {
    const both = (...replicas: (typeof stuckReplica)[]) =>
      decideOn(held(32 * second, { revisions: known([revision, newer]), replicas: known(replicas) })).decision;

    expect(both(stuckReplica, { ...readyReplica, revision: newer.name })).toMatchObject({ revision: revision.name });
    expect(both(stuckReplica, { ...stuckReplica, revision: newer.name })).toMatchObject({ revision: newer.name });
  });

  it('is one of which a replica shows that it fails, where the replicas of a newer one say nothing', () => {
    const silent = { ...stuckReplica, revision: newer.name, containers: [] };
    const revisions = known([revision, newer]);
    const of = (...replicas: (typeof stuckReplica)[]) =>
      decideOn(held(32 * second, { revisions, replicas: known(replicas) }));

    expect(of(silent, stuckReplica).decision).toMatchObject({ do: 'restart', revision: revision.name });
    expect(of(silent, { ...silent, revision: revision.name })).toMatchObject({
      decision: wait('role-propagating'),
      refusals: [
        { guard: 'healthy-replicas', why: 'unreadable' },
        { guard: 'pull-under-way', why: 'unreadable' },
      ],
    });
  });

  it('is an older one only where the newest sleeps: one that is to run may have no replica yet', () => {
    const state = (runningState: string) => {
      const revisions = known([revision, { ...newer, runningState }]);
      return decideOn(held(32 * second, { revisions, replicas: known([stuckReplica]) })).decision;
    };

    expect(state('ScaledToZero')).toMatchObject({ do: 'restart', revision: revision.name });
    expect(state('Processing')).toMatchObject({ do: 'restart', revision: newer.name });
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

describe('a role that is assigned', () => {
  const firstRungMs = 32_000;

  it('is given a moment, and then the revision is restarted: the history says which retry it is', () => {
    expect(decideOn(held(firstRungMs - 1)).decision).toEqual({ do: 'wait', because: 'role-propagating' });
    expect(decideOn(held(firstRungMs)).decision).toEqual({
      do: 'restart',
      revision: 'ca-orders--0000001',
      because: 'role-should-work',
      retry: {
        rung: 1,
        number: 1,
        most: 6,
        sinceMs: nowMs - firstRungMs,
        afterMs: firstRungMs,
        countsFromMs: nowMs - firstRungMs / 2,
      },
    });
  });

  it('needs no restart where the platform tries again within five seconds', () => {
    const soon = decideOn(held(firstRungMs, { logs: pullRow(59_000, 37_000) }));

    expect(soon).toMatchObject({ decision: { do: 'wait', because: 'role-propagating' } });
    expect(decideOn(held(firstRungMs, { logs: pullRow(57_000, 35_000) })).decision).toMatchObject({
      do: 'restart',
      retry: { nextTryInMs: 7000 },
    });
  });

  it('is retried on a rung also where the platform tried since it was due: that try failed', () => {
    expect(decideOn(held(60_000, { logs: pullRow(22_000, 10_000) })).decision.do).toBe('restart');
  });

  it('is retried on later rungs by the tries that the platform would make by itself', () => {
    // It would try 150 seconds after the role was assigned, so the third rung comes eight seconds after that, and not after 200.
    const at = (afterMs: number) => decideOn(held(afterMs, { logs: pullRow(afterMs + 94_000, afterMs + 12_000) }));

    expect(at(157_999).decision).toMatchObject({ do: 'restart', retry: { rung: 2 } });
    expect(at(158_000).decision).toMatchObject({ do: 'restart', retry: { rung: 3 } });
  });

  it('cannot be proved on an app that sleeps: a restart would start no replica', () => {
    const asleep = { revisions: known([{ ...revision, runningState: 'ScaledToZero' }]), replicas: known([]) };

    expect(decideOn(held(expectedMs - 1, asleep)).decision.do).toBe('wait');
    expect(decideOn(held(expectedMs, asleep)).decision).toMatchObject({ because: 'no-replica-asked-to-start' });
  });

  it('is not hurried by a restart that a guard refuses: it goes on waiting', () => {
    const { decision, refusals } = decideOn(held(firstRungMs), { killSwitch: known(true) });

    expect(decision).toEqual({ do: 'wait', because: 'role-propagating' });
    expect(refusals).toContainEqual({ guard: 'kill-switch', why: 'on' });
  });
});

describe('a revision that is scaled to zero beside one that fails', () => {
  const sleeping = {
    ...revision,
    name: 'ca-orders--0000002',
    createdAtMs: nowMs - minute,
    runningState: 'ScaledToZero',
  };
  const both: Evidence = {
    ...roleMissing,
    roles: known([assignment(minute)]),
    revisions: known([revision, sleeping]),
  };

  it('is left alone: the one that fails is restarted', () => {
    expect(decideOn(both).decision).toMatchObject({ do: 'restart', revision: revision.name });
  });

  it('is restarted where it has a replica that fails: it is waking', () => {
    const replicas = known([stuckReplica, { ...stuckReplica, name: 'b', revision: sleeping.name }]);

    expect(decideOn({ ...both, replicas }).decision).toMatchObject({ do: 'restart', revision: sleeping.name });
  });
});

describe('a pull that is under way', () => {
  const pulling = known([{ ...pullingReplica, createdAtMs: nowMs - 60 * minute }]);
  const pulls: Evidence = { ...roleMissing, roles: known([assignment(6 * minute)]), replicas: pulling };
  const seenFor = (agoMs: number): { readonly past: readonly Earlier[]; readonly openedAgoMs: number } => ({
    past: [
      {
        agoMs,
        entry: {
          kind: 'decided',
          decision: { do: 'wait', because: 'pulling-now' },
          dueAtMs: nowMs,
          refusals: [{ guard: 'pull-under-way', why: 'pulling' }],
        },
      },
    ],
    openedAgoMs: agoMs + minute,
  });

  it('is waited for, and looked at soon', () => {
    const { decision, refusals, dueAtMs } = decideOn(pulls);

    expect(decision).toEqual({ do: 'wait', because: 'pulling-now' });
    expect(refusals).toEqual([{ guard: 'pull-under-way', why: 'pulling' }]);
    expect(dueAtMs).toBe(nowMs + 20_000);
  });

  it('is waited for without a question in the mode that asks a person', () => {
    expect(decideOn(pulls, { config: config({ PULLMEDIC_MODE: 'approve' }) }).decision).toEqual({
      do: 'wait',
      because: 'pulling-now',
    });
  });

  it('is waited for also where the log speaks only of failures: the replica decides', () => {
    expect(decideOn({ ...pulls, logs: known([unauthorizedRow]) }).decision).toMatchObject({ because: 'pulling-now' });
  });

  it('stops no restart where the log alone says that a pull began, and the replica waits for its next try', () => {
    const began = pullRow(minute);
    const due = { ...pulls, roles: known([assignment(200_000)]) };

    expect(decideOn({ ...due, logs: began, replicas: known([stuckReplica]) }).decision.do).toBe('restart');
  });

  it('is waited for also where the log lets expect that the platform tries again within a minute', () => {
    const began = pullRow(5000);

    expect(decideOn({ ...pulls, logs: began }).decision).toMatchObject({ because: 'pulling-now' });
  });

  it('that lasts for too long is told to a person, and is still not restarted', () => {
    const hangs = seenFor(longestPullMs);

    expect(decideOn(pulls, seenFor(longestPullMs - 1)).decision).toMatchObject({ because: 'pulling-now' });
    expect(decideOn(pulls, hangs)).toMatchObject({
      decision: { do: 'incident', because: 'change-refused' },
      refusals: [{ guard: 'pull-under-way', why: 'too-long' }],
    });
    expect(decideOn({ ...pulls, replicas: known([stuckReplica]) }, hangs).decision.do).toBe('restart');
  });

  it('gives the platform more time than it gets to notice that the cause is gone', () => {
    const past = [
      { agoMs: 20 * minute, saw: dnsUnlinked },
      { agoMs: 16 * minute, saw: dnsLinked },
    ];

    expect(decideOn({ ...dnsLinked, replicas: pulling }, { openedAgoMs: 30 * minute, past }).decision).toEqual({
      do: 'wait',
      because: 'pulling-now',
    });
  });
});

describe('a retry that met another operation on the app', () => {
  const conflicts = (...agoMs: number[]): Earlier[] =>
    agoMs.flatMap((ago) => {
      const [decided] = attempted('restart', undefined);
      const outcome = { kind: 'outcome', action: 'restart', outcome: 'failed', because: 'conflict' } as const;
      return decided === undefined
        ? []
        : [
            { agoMs: ago, entry: decided },
            { agoMs: ago, entry: outcome },
          ];
    });
  const after = (...agoMs: number[]) =>
    decideOn(held(5 * minute), { openedAgoMs: 10 * minute, past: conflicts(...agoMs) });

  it('is asked for again after a minute, on the same rung', () => {
    expect(after(20 * second)).toMatchObject({ decision: wait('role-propagating'), dueAtMs: nowMs + 40 * second });
    expect(after(minute).decision).toMatchObject({ do: 'restart', retry: { rung: 3 } });
  });

  it('is not asked for a fourth time', () => {
    const last = after(4 * minute, 3 * minute, 2 * minute);

    expect(last.decision).toEqual(wait('role-propagating'));
    expect(last.refusals).toContainEqual({ guard: 'failed-before', why: 'conflict' });
  });

  it('is not asked for again where Azure refused it for another reason', () => {
    const refused = decideOn(held(5 * minute), {
      openedAgoMs: 10 * minute,
      past: attempted('restart', 'failed', 'refused'),
    });

    expect(refused.refusals).toContainEqual({ guard: 'failed-before', why: 'refused' });
  });
});
