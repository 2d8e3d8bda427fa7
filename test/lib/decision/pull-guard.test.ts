// The guard pull-under-way, and how long one and the same pull is waited for.
import { describe, expect, it } from 'vitest';
import { longestPullMs, nextPullCheck, pullGuard, pullSinceMs } from '../../../src/lib/decision/pull-guard.ts';
import type { ReplicaFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  minute,
  nowMs,
  revision,
  roleMissing,
  stuckReplica,
  unauthorizedRow,
  pullingReplica as young,
} from '../facts.ts';
import type { Earlier, Story } from '../situations.ts';
import { asked, type Told } from './told.ts';

const pullingReplica: ReplicaFacts = { ...young, createdAtMs: nowMs - 60 * minute };

function refused(replicas: readonly ReplicaFacts[], story: Story = {}): string | undefined {
  const refusal = pullGuard(asked({ evidence: { ...roleMissing, replicas: known(replicas) }, ...story }), revision);
  return refusal === undefined ? undefined : `${refusal.guard}: ${refusal.why}`;
}

/** A decision so long ago that kept back a restart because of a pull. */
function seen(agoMs: number, why: 'pulling' | 'too-long' = 'pulling'): Earlier {
  const refusals = [{ guard: 'pull-under-way', why }] as const;
  const decision = { do: 'wait', because: 'pulling-now' } as const;
  return { agoMs, entry: { kind: 'decided', decision, dueAtMs: nowMs, refusals } };
}

const since = (told: Told): number | undefined => {
  const found = pullSinceMs(asked(told), revision.name);
  return found === undefined ? undefined : nowMs - found;
};

describe('a restart', () => {
  it('is refused while a replica of the revision pulls', () => {
    expect(refused([stuckReplica, pullingReplica])).toBe('pull-under-way: pulling');
  });

  it('is refused where the replicas were not read', () => {
    const unread = asked({ evidence: { ...roleMissing, replicas: unreadable('throttled') } });

    expect(pullGuard(unread, revision)).toEqual({ guard: 'pull-under-way', why: 'unreadable' });
  });

  it('is allowed where every replica of the revision waits, although a replica of another revision pulls', () => {
    expect(refused([stuckReplica, { ...pullingReplica, revision: 'another' }])).toBeUndefined();
  });

  it('is refused for another reason once one and the same pull lasts for too long', () => {
    const after = (agoMs: number): Story => ({ past: [seen(agoMs)], openedAgoMs: agoMs + minute });

    expect(refused([pullingReplica], after(longestPullMs - 1))).toBe('pull-under-way: pulling');
    expect(refused([pullingReplica], after(longestPullMs))).toBe('pull-under-way: too-long');
  });

  it('of no revision, as after a rejected write, ends no pull', () => {
    expect(
      pullGuard(asked({ evidence: { ...roleMissing, replicas: known([pullingReplica]) } }), undefined),
    ).toBeUndefined();
  });
});

describe('the time of a pull', () => {
  const pulls = { ...roleMissing, replicas: known([pullingReplica]) };
  const began = (agoMs: number, replica = pullingReplica.name) => ({
    ...unauthorizedRow,
    replica,
    reason: 'PullingImage',
    text: 'Pulling image',
    atMs: nowMs - agoMs,
  });

  it('begins when it is first seen, and goes on while each decision sees it', () => {
    expect(since({ evidence: pulls })).toBe(0);
    expect(
      since({ evidence: pulls, past: [seen(3 * minute), seen(minute, 'too-long')], openedAgoMs: 4 * minute }),
    ).toBe(3 * minute);
  });

  it('begins anew after a decision that saw none', () => {
    const decision = { do: 'wait', because: 'role-propagating' } as const;
    const none: Entry = { kind: 'decided', decision, dueAtMs: nowMs, refusals: [] };
    const unread: Entry = { ...none, refusals: [{ guard: 'pull-under-way', why: 'unreadable' }] };
    const past = (entry: Entry): Told => ({
      evidence: pulls,
      past: [seen(3 * minute), { agoMs: 2 * minute, entry }, seen(minute)],
      openedAgoMs: 4 * minute,
    });

    expect(since(past(none))).toBe(minute);
    expect(since(past(unread))).toBe(minute);
  });

  it('begins anew where the log says that the same replica pulls again, or where the replica is a new one', () => {
    const past = { past: [seen(9 * minute)], openedAgoMs: 10 * minute };
    const logs = (...rows: ReturnType<typeof began>[]) => ({ ...pulls, logs: known(rows) });

    expect(since({ ...past, evidence: logs(began(5 * minute), began(2 * minute)) })).toBe(2 * minute);
    expect(since({ ...past, evidence: logs(began(2 * minute, 'another')) })).toBe(9 * minute);
    const replaced = { ...pulls, replicas: known([{ ...pullingReplica, createdAtMs: nowMs - minute }]) };
    expect(since({ ...past, evidence: replaced })).toBe(minute);
  });

  it('is not known where no replica pulls', () => {
    expect(since({ past: [seen(minute)], openedAgoMs: 2 * minute })).toBeUndefined();
  });

  it('decides how soon it is looked at again: within 20 seconds at first, and each minute at last', () => {
    const after = (ageMs: number): number => nextPullCheck(nowMs - ageMs, nowMs) - nowMs;

    expect([0, minute, 2 * minute, 3 * minute, 10 * minute].map(after)).toEqual([
      20_000, 20_000, 40_000, 60_000, 60_000,
    ]);
  });
});
