// Deployments that Azure rejected, causes that were put right, and apps that sleep: the instant and the fact that turn a wait into a retry.
import { describe, expect, it } from 'vitest';
import { longestPullMs } from '../../../src/lib/decision/pull-guard.ts';
import { restartTakesMs } from '../../../src/lib/decision/restart-limit.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { templateName } from '../../../src/lib/history/restarted.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  dnsLinked,
  dnsUnlinked,
  minute,
  nowMs,
  pullingReplica,
  revision,
  roleMissing,
  stuckReplica,
} from '../facts.ts';
import { decideOn, type Earlier, type Story } from '../situations.ts';

import {
  approving,
  approvingRedeploys,
  attempted,
  brief,
  day,
  expectedMs,
  held,
  pullRow,
  questioned,
  redeploying,
  rejected,
  restarted,
  second,
  wait,
  youngRole,
} from './retried.ts';

describe('a new revision that has another template than the one that was meant', () => {
  const differs = attempted('new-revision', 'done', 'template-differs');

  it('is shown to a person together with the cause that it was to end', () => {
    const { decision, refusals } = decideOn(roleMissing, { past: differs });

    expect(decision).toEqual({ do: 'incident', cause: 'pull-role-missing', because: 'change-refused' });
    expect(refusals).toEqual([{ guard: 'superseded', why: 'template-differs' }]);
  });

  it('is shown as unexplained where nothing was found before', () => {
    const nothing: Diagnosis = {
      causes: [],
      sure: 'unexplained',
      for: [],
      against: [],
      network: 'cannot-tell',
      detail: {},
    };

    expect(decideOn(roleMissing, { past: differs, diagnosis: nothing }).decision).toMatchObject({
      do: 'incident',
      cause: 'unexplained',
    });
  });

  it('is shown also after a restart, and not once a later one is as meant', () => {
    const cause = (past: readonly Entry[]) => decideOn(roleMissing, { past }).rule;

    expect(cause([...differs, ...attempted('restart', 'done', 'x')])).toBe('revision-differs');
    expect(cause([...differs, ...attempted('new-revision', 'done', 'found')])).not.toBe('revision-differs');
  });
});

describe('a deployment that Azure rejected while a role was missing', () => {
  it('is repeated once the role should work, to the millisecond', () => {
    const openedAgoMs = 20 * minute;
    const early = decideOn(rejected(expectedMs - 1), { openedAgoMs, config: redeploying });
    const due = decideOn(rejected(expectedMs), { openedAgoMs, config: redeploying });

    expect(early).toMatchObject({ decision: wait('role-propagating'), dueAtMs: nowMs + 1 });
    expect(due.decision).toEqual({
      do: 'new-revision',
      revision: `ca-orders--pm-${nowMs.toString(36)}`,
      suffix: `pm-${nowMs.toString(36)}`,
      template: 'its-template',
      because: 'write-rejected',
    });
    expect([due.dueAtMs, due.refusals]).toEqual([nowMs + 20 * second, []]);
  });

  it('is not repeated while the role is missing, nor for a role through a group', () => {
    const ofGroup: Diagnosis = {
      causes: [youngRole],
      sure: 'confirmed',
      for: [],
      against: [],
      network: 'allows',
      roleOfGroup: true,
      detail: {},
    };

    expect(decideOn(rejected(day, { roles: known([]) }), { config: redeploying }).decision.do).toBe('grant');
    expect(decideOn(rejected(expectedMs), { config: redeploying, diagnosis: ofGroup }).rule).toBe(
      'group-role-propagates',
    );
  });

  it('is repeated after another cause was put right', () => {
    const failed = { app: known({ ...app, provisioningState: 'Failed' }), revisions: known([]), replicas: known([]) };
    const past = [{ agoMs: 3 * minute, saw: { ...dnsUnlinked, ...failed } }];
    const cleared = decideOn({ ...dnsLinked, ...failed }, { openedAgoMs: 10 * minute, past, config: redeploying });

    expect(brief(cleared)).toBe('new-revision: write-rejected');
    expect(decideOn({ ...dnsUnlinked, ...failed }, { config: redeploying }).rule).not.toBe('deployment-rejected');
  });
});

describe('a deployment that Azure rejected beside a young role', () => {
  const says = (causes: Diagnosis['causes'], sure: Diagnosis['sure']): Diagnosis => ({
    causes,
    sure,
    for: [],
    against: [],
    network: 'allows',
    detail: {},
  });
  const past = [{ agoMs: 3 * minute, saw: rejected(minute) }];
  const after = (found: Diagnosis) =>
    decideOn(rejected(day), { openedAgoMs: 10 * minute, past, config: redeploying, diagnosis: found });

  it('is not repeated while another cause is suspected: nothing proves that what stopped the pull is gone', () => {
    expect(after(says(['platform-mismatch'], 'suspected'))).toMatchObject({
      rule: 'cause-in-doubt',
      decision: { do: 'incident', cause: 'platform-mismatch' },
    });
  });

  it('is repeated where nothing is suspected, or what was proved before and its text stays, but not beside one more', () => {
    expect(brief(after(says(['unexplained'], 'unexplained')))).toBe('new-revision: write-rejected');
    const failed = { app: known({ ...app, provisioningState: 'Failed' }), revisions: known([]), replicas: known([]) };
    const unlinked = [{ agoMs: 3 * minute, saw: { ...dnsUnlinked, ...failed } }];
    const diagnosis = says(['private-dns-unlinked'], 'suspected');
    const linked = decideOn({ ...dnsLinked, ...failed }, { past: unlinked, config: redeploying, diagnosis });

    expect(brief(linked)).toBe('new-revision: write-rejected');
    // What the platform says of something else is no other cause of the pull.
    expect(brief(after(says(['something-else'], 'suspected')))).toBe('new-revision: write-rejected');
    const oneMore = says(['private-dns-unlinked', 'platform-mismatch'], 'suspected');
    const beside = decideOn({ ...dnsLinked, ...failed }, { past: unlinked, config: redeploying, diagnosis: oneMore });

    expect(beside.rule).not.toBe('deployment-rejected');
  });
});

describe('a young role that is only suspected', () => {
  const suspected: Diagnosis = {
    causes: [youngRole],
    sure: 'suspected',
    for: [],
    against: [],
    network: 'allows',
    roleSinceMs: nowMs - 19 * second,
    detail: {},
  };

  it('is waited for all the same, and nobody is asked', () => {
    expect(decideOn(held(19 * second), { diagnosis: suspected })).toMatchObject({
      rule: 'own-role-propagates',
      decision: wait('role-propagating'),
    });
  });

  it('is not waited for beside another cause, nor where a group holds it', () => {
    const beside = { ...suspected, causes: [youngRole, 'tls-untrusted'] as const };

    expect(decideOn(held(19 * second), { diagnosis: beside }).rule).toBe('cause-in-doubt');
    expect(decideOn(held(19 * second), { diagnosis: { ...suspected, roleOfGroup: true } }).rule).toBe('cause-in-doubt');
  });
});

describe('a deployment that was repeated', () => {
  const after = (past: readonly Entry[], more: Story = {}) =>
    decideOn(rejected(expectedMs), { config: redeploying, past, ...more });

  it.each([
    ['has no outcome yet', attempted('new-revision', undefined)],
    ['has an unknown outcome', attempted('new-revision', 'unknown')],
    [
      'has no outcome yet, and a restart has',
      [...attempted('new-revision', undefined), ...attempted('restart', 'done')],
    ],
  ])('is waited for where it %s', (_, past) => {
    expect(after(past)).toMatchObject({ decision: wait('cause-cleared'), dueAtMs: nowMs + 20 * second });
  });

  it('is left alone for a minute where Azure throttled it, and then it is repeated once more', () => {
    const throttled = (agoMs: number) =>
      decideOn(rejected(expectedMs), {
        openedAgoMs: 10 * minute,
        config: redeploying,
        past: attempted('new-revision', 'failed', 'throttled').map((entry) => ({ agoMs, entry })),
      });

    expect(throttled(minute - 1)).toMatchObject({ decision: wait('cause-cleared'), dueAtMs: nowMs + 1 });
    expect(brief(throttled(minute))).toBe('new-revision: write-rejected');
  });

  it('is not waited for where it failed, nor is a restart', () => {
    expect(after(attempted('new-revision', 'failed')).decision).not.toEqual(wait('cause-cleared'));
    expect(after(attempted('restart', 'unknown')).decision).not.toEqual(wait('cause-cleared'));
  });

  it('by another remediation of the app is waited for as long as it takes effect', () => {
    const of = (agoMs: number, template: string) => {
      const restarts = known([restarted(agoMs, { by: 'new-revision', revision: templateName(template) })]);
      return decideOn(rejected(expectedMs), { config: redeploying, restarts });
    };

    expect(of(0, 'its-template')).toMatchObject({
      decision: { do: 'wait', because: 'restart-takes-effect' },
      dueAtMs: nowMs + minute,
    });
    expect(of(restartTakesMs, 'its-template').decision).toMatchObject({ do: 'incident', cause: 'write-rejected' });
    expect(brief(of(0, 'another'))).toBe('new-revision: write-rejected');
  });

  it('is shown to a person with what refuses it', () => {
    expect(after([], { killSwitch: known(true) })).toMatchObject({
      decision: { do: 'incident', cause: 'write-rejected', because: 'change-refused' },
      refusals: [{ guard: 'kill-switch', why: 'on' }],
    });
  });

  it('is looked at again soon where only the look took too long', () => {
    const old = decideOn({ ...rejected(expectedMs), atMs: nowMs - 4 * minute }, { config: redeploying });

    expect(old).toMatchObject({ decision: wait('looking-again'), dueAtMs: nowMs + 20 * second });
  });

  it('is asked about by its template in the mode that asks', () => {
    expect(decideOn(rejected(expectedMs), { config: approvingRedeploys }).decision).toEqual({
      do: 'ask',
      newRevision: 'its-template',
      cause: 'write-rejected',
      because: 'needs-approval',
      expiresAtMs: nowMs + 240 * minute,
    });
  });

  it('is made on the yes of a person, which it names', () => {
    const past = questioned({ newRevision: 'its-template' }, 'approved', 'write-rejected');

    expect(decideOn(rejected(expectedMs), { config: approvingRedeploys, past }).decision).toMatchObject({
      do: 'new-revision',
      question: 2,
    });
  });
});

describe('a cause that was put right', () => {
  const pullSeen: Entry = {
    kind: 'decided',
    decision: { do: 'wait', because: 'pulling-now' },
    dueAtMs: nowMs,
    refusals: [{ guard: 'pull-under-way', why: 'pulling' }],
  };
  const since = (agoMs: number, more: Partial<Evidence> = {}, story: Story = {}) => {
    const past = [
      { agoMs: agoMs + minute, saw: dnsUnlinked },
      { agoMs, saw: dnsLinked },
    ];
    return decideOn({ ...dnsLinked, ...more }, { openedAgoMs: agoMs + 2 * minute, past, ...story });
  };

  it('is given fifteen minutes, to the millisecond', () => {
    expect(since(15 * minute).rule).toBe('cause-put-right');
    expect(since(15 * minute + 1).rule).not.toBe('cause-put-right');
  });

  it('is followed by a restart that says why, and since when', () => {
    expect(since(32 * second).decision).toEqual({
      do: 'restart',
      revision: revision.name,
      because: 'cause-is-gone',
      retry: {
        rung: 1,
        number: 1,
        most: 6,
        sinceMs: nowMs - 32 * second,
        afterMs: 32 * second,
        countsFromMs: nowMs - 16 * second,
      },
    });
  });

  it('is told in the question about that restart', () => {
    expect(since(32 * second, {}, { config: approving }).decision).toMatchObject({
      do: 'ask',
      cause: 'private-dns-unlinked',
    });
  });

  it('is not what explains a role that came: another rule waits for that', () => {
    const past = [{ agoMs: 3 * minute, saw: roleMissing }];

    expect(decideOn(held(60 * day), { openedAgoMs: 10 * minute, past }).rule).not.toBe('cause-put-right');
  });

  it('is not what explains a role that came beside another cause', () => {
    const both: Diagnosis = {
      causes: ['private-dns-unlinked', 'pull-role-missing'],
      sure: 'confirmed',
      for: [],
      against: [],
      network: 'blocks',
      detail: {},
    };
    const past = (causes: Diagnosis['causes']): Earlier[] => [
      { agoMs: 3 * minute, saw: dnsUnlinked, diagnosis: { ...both, causes } },
      { agoMs: 2 * minute, saw: dnsLinked },
    ];
    const rule = (causes: Diagnosis['causes']) =>
      decideOn(dnsLinked, { openedAgoMs: 10 * minute, past: past(causes) }).rule;

    expect(rule(both.causes)).not.toBe('cause-put-right');
    expect(rule(['private-dns-unlinked', 'identity-gone'])).toBe('cause-put-right');
  });

  it('does not count while another cause is proved', () => {
    const past = [
      { agoMs: 5 * minute, saw: dnsUnlinked },
      { agoMs: 3 * minute, saw: dnsLinked },
    ];
    const role = { ...dnsLinked, roles: known([]) };

    expect(decideOn(role, { openedAgoMs: 10 * minute, past }).rule).toBe('role-is-missing');
  });

  it('is waited for longer while a pull goes on that a person need not see to yet', () => {
    const pulling = (agoMs: number) =>
      since(16 * minute, {
        replicas: known([{ ...pullingReplica, createdAtMs: nowMs - agoMs }]),
        logs: pullRow(agoMs),
      });

    expect(brief(pulling(10 * minute))).toBe('wait: pulling-now');
  });

  it('is waited for no longer than fifteen minutes of that pull, nor without one', () => {
    const rule = (agoMs: number, replica = pullingReplica) => {
      const replicas = known([{ ...replica, createdAtMs: nowMs - 60 * minute }]);
      const past: Earlier[] = [
        { agoMs: 18 * minute, saw: dnsUnlinked },
        { agoMs: 17 * minute, saw: dnsLinked },
        { agoMs, entry: pullSeen },
      ];
      return decideOn({ ...dnsLinked, replicas }, { openedAgoMs: 20 * minute, past }).rule;
    };

    expect(rule(longestPullMs - 1)).toBe('cause-put-right');
    expect(rule(longestPullMs)).not.toBe('cause-put-right');
    expect(rule(longestPullMs - 1, stuckReplica)).not.toBe('cause-put-right');
  });
});

describe('an app that is scaled to zero', () => {
  const sleeping = { ...revision, runningState: 'ScaledToZero' };
  const asleep = { revisions: known([sleeping]), replicas: known([]) };

  it('is looked at when a role is looked at after a grant, and never within three seconds', () => {
    expect(decideOn(held(100 * second, asleep))).toMatchObject({
      decision: wait('role-propagating'),
      dueAtMs: nowMs + 20 * second,
    });
    expect(decideOn(held(expectedMs - second, asleep)).dueAtMs).toBe(nowMs + 3 * second);
  });

  it('is given only a moment after another cause was put right', () => {
    const past = (agoMs: number) => [
      { agoMs: agoMs + minute, saw: dnsUnlinked },
      { agoMs, saw: dnsLinked },
    ];
    const after = (agoMs: number) =>
      decideOn({ ...dnsLinked, ...asleep }, { openedAgoMs: 10 * minute, past: past(agoMs) }).decision;

    expect(after(20 * second - 1)).toEqual(wait('cause-cleared'));
    expect(after(20 * second)).toMatchObject({ do: 'close', because: 'no-replica-asked-to-start' });
  });

  it.each<[string, Partial<Evidence>]>([
    ['its replicas cannot be read', { ...asleep, replicas: unreadable('timed-out') }],
    ['it has a replica', { ...asleep, replicas: known([stuckReplica]) }],
    ['one of its revisions runs', { ...asleep, revisions: known([sleeping, { ...revision, name: 'b' }]) }],
    ['it runs', { ...asleep, revisions: known([revision]) }],
  ])('counts as awake where %s', (_, more) => {
    const { decision } = decideOn(held(expectedMs, more));

    expect(decision).not.toMatchObject({ because: 'no-replica-asked-to-start' });
  });

  it('counts as awake where its replicas were not read', () => {
    const { replicas: _unread, ...before } = held(expectedMs, asleep);

    expect(decideOn(before).decision).not.toMatchObject({ because: 'no-replica-asked-to-start' });
  });
});

describe('a new revision in place of a restart', () => {
  const refused = attempted('restart', 'failed', 'refused');

  it('is asked for where Azure refused the restart, and the settings allow it', () => {
    expect(decideOn(held(32 * second), { config: redeploying, past: refused }).decision).toMatchObject({
      do: 'new-revision',
      instead: revision.name,
      because: 'restart-refused',
    });
    expect(decideOn(held(32 * second), { past: refused }).decision).toEqual(wait('role-propagating'));
  });

  it('is not asked for where something else refuses the restart', () => {
    const { decision, refusals } = decideOn(held(32 * second), { config: redeploying, killSwitch: known(true) });

    expect(decision).toEqual(wait('role-propagating'));
    expect(refusals).toEqual([{ guard: 'kill-switch', why: 'on' }]);
  });

  it('is asked about for the cause of the trouble', () => {
    const asks = decideOn(held(32 * second), { config: approvingRedeploys, past: refused }).decision;

    expect(asks).toMatchObject({ do: 'ask', newRevision: 'as-deployed', cause: youngRole });
  });
});
