// Waiting until the platform pulls again, and making it pull: by a restart, or by a new revision where Azure rejected the deployment.
import { describe, expect, it } from 'vitest';
import { longestPullMs } from '../../../src/lib/decision/pull-guard.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  assignment,
  config,
  dnsLinked,
  dnsUnlinked,
  minute,
  nowMs,
  pullingReplica,
  revision,
  roleMissing,
  stuckReplica,
  unauthorizedRow,
} from '../facts.ts';
import { decideOn, type Earlier } from '../situations.ts';
import { rejected as rejectedDeployment } from './retried.ts';

const rejected = rejectedDeployment(6 * minute);

function decided(readMsAgo: number, openedMsAgo: number): string {
  const evidence = { ...rejected, atMs: nowMs - readMsAgo };
  const settings = config({ PULLMEDIC_SETTINGS: '{"retry":{"newRevision":true}}' });
  const { decision } = decideOn(evidence, { openedAgoMs: openedMsAgo, config: settings });
  return `${decision.do}: ${decision.because}`;
}

describe('a rejected deployment whose role should work by now', () => {
  it('is driven again', () => {
    expect(decided(0, 6 * minute)).toBe('new-revision: write-rejected');
  });

  it('is looked at again where the look took too long, and nobody is woken for it', () => {
    expect(decided(4 * minute, 6 * minute)).toBe('wait: looking-again');
  });

  it('asks a person where that goes on', () => {
    expect(decided(4 * minute, 16 * minute)).toBe('incident: change-refused');
  });
});

describe('a role that is assigned', () => {
  const held = (ageMs: number, more: Partial<Evidence> = {}): Evidence => ({
    ...roleMissing,
    roles: known([assignment(ageMs)]),
    ...more,
  });
  const firstRungMs = 20_000;
  /** The platform tries to pull: its next try follows from the last two. */
  const tries = (...agesMs: number[]) =>
    known(
      agesMs.map((age) => ({ ...unauthorizedRow, reason: 'PullingImage', text: 'Pulling image', atMs: nowMs - age })),
    );

  it('is given a moment, and then the revision is restarted: the history says which retry it is', () => {
    expect(decideOn(held(firstRungMs - 1)).decision).toEqual({ do: 'wait', because: 'role-propagating' });
    expect(decideOn(held(firstRungMs)).decision).toEqual({
      do: 'restart',
      revision: 'ca-orders--0000001',
      because: 'role-should-work',
      retry: { rung: 1, number: 1, most: 6, sinceMs: nowMs - firstRungMs, afterMs: firstRungMs },
    });
  });

  it('needs no restart where the platform tries again within ten seconds', () => {
    const soon = decideOn(held(firstRungMs, { logs: tries(57_000, 35_000) }));

    expect(soon).toMatchObject({ decision: { do: 'wait', because: 'role-propagating' }, dueAtMs: nowMs + 17_000 });
    expect(decideOn(held(firstRungMs, { logs: tries(53_000, 31_000) })).decision).toMatchObject({
      do: 'restart',
      retry: { nextTryInMs: 11_000 },
    });
  });

  it('needs no restart on a rung after which the platform has tried by itself', () => {
    expect(decideOn(held(60_000, { logs: tries(82_000, 40_000) })).decision.do).toBe('wait');
    expect(decideOn(held(60_000, { logs: tries(83_000, 41_000) })).decision.do).toBe('restart');
  });

  it('cannot be proved on an app that sleeps: a restart would start no replica', () => {
    const asleep = { revisions: known([{ ...revision, runningState: 'ScaledToZero' }]), replicas: known([]) };

    const expectedMs = config().settings.expectedPropagationSeconds * 1000;
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
    roles: known([assignment(minute / 2)]),
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
    const began = known([{ ...unauthorizedRow, reason: 'PullingImage', text: 'Pulling image', atMs: nowMs - minute }]);
    const due = { ...pulls, roles: known([assignment(200_000)]) };

    expect(decideOn({ ...due, logs: began, replicas: known([stuckReplica]) }).decision.do).toBe('restart');
  });

  it('is waited for also where the log lets expect that the platform tries again within a minute', () => {
    const began = known([{ ...unauthorizedRow, reason: 'PullingImage', text: 'Pulling image', atMs: nowMs - 5000 }]);

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

describe('a cause that was put right', () => {
  it('gives the platform time to notice before anything is unexplained', () => {
    const past = [{ agoMs: 3 * minute, saw: dnsUnlinked }];
    const first = decideOn(dnsLinked, { openedAgoMs: 10 * minute, past });
    const later = decideOn(dnsLinked, {
      openedAgoMs: 30 * minute,
      past: [
        { agoMs: 20 * minute, saw: dnsUnlinked },
        { agoMs: 16 * minute, saw: dnsLinked },
      ],
    });

    expect([first.rule, first.decision]).toEqual(['cause-put-right', { do: 'wait', because: 'cause-cleared' }]);
    expect(later.decision.do).toBe('incident');
  });
});

describe('a deployment that Azure rejected', () => {
  it('is never driven again without the setting: a person or a pipeline deploys', () => {
    expect(decideOn(rejected, { openedAgoMs: 6 * minute }).decision).toMatchObject({
      do: 'incident',
      cause: 'write-rejected',
    });
  });
});
