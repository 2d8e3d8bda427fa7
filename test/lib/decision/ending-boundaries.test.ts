// The boundaries of the rules that end a remediation: each rule asked by itself, at the instant and with the fact that turns its answer.
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/lib/causes/causes.ts';
import {
  failureIsOver,
  noPullTrouble,
  notAPull,
  partlyRecovered,
  targetWithdrawn,
  textIsMissing,
} from '../../../src/lib/decision/ending-rules.ts';
import type { LogRow } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  app,
  dnsLinked,
  dnsUnlinked,
  minute,
  nowMs,
  principal,
  pulledRow,
  readyReplica,
  registryId,
  revision,
  roleMissing,
  stuckReplica,
  unauthorizedRow,
} from '../facts.ts';
import { decisionInput, type Story } from '../situations.ts';
import { serving } from './serves.ts';

describe('a target that is withdrawn', () => {
  const another = 'acrshop.azurecr.io/shop/orders:v2';
  const off = { ...revision, active: false };
  const withdrawn = (more: Partial<Evidence>) => targetWithdrawn(decisionInput({ ...roleMissing, ...more }));
  const closed = (because: string) => ({
    decision: { do: 'close', how: 'withdrawn', because },
    dueAtMs: nowMs,
    refusals: [],
  });

  it('is closed as withdrawn, with the reason, at once', () => {
    const elsewhere = known({ ...app, images: [another] });

    expect(withdrawn({ app: known('gone') })).toEqual(closed('app-gone'));
    expect(withdrawn({ revisions: known([off]) })).toEqual(closed('deactivated'));
    expect(withdrawn({ app: elsewhere, revisions: known([off]) })).toEqual(closed('superseded'));
  });

  it('goes on while one of its revisions is active, or none with its image was ever made', () => {
    expect(withdrawn({ revisions: known([off, revision]) })).toBeUndefined();
    expect(withdrawn({ revisions: known([{ ...off, images: [another] }]) })).toBeUndefined();
  });

  it('ends with its own revisions, also while a revision with another image is active', () => {
    expect(withdrawn({ revisions: known([off, { ...revision, images: [another] }]) })).toEqual(closed('deactivated'));
  });

  it('goes on where Azure rejected the last write of the app: there is no revision to switch off', () => {
    const rejected = known({ ...app, provisioningState: 'Failed' });

    expect(withdrawn({ app: rejected, revisions: known([off]) })).toBeUndefined();
  });

  it('goes on where the app or its revisions were not asked for', () => {
    const { app: _app, ...withoutApp } = roleMissing;
    const { revisions: _revisions, ...withoutRevisions } = roleMissing;

    expect(targetWithdrawn(decisionInput(withoutApp))).toBeUndefined();
    expect(targetWithdrawn(decisionInput(withoutRevisions))).toBeUndefined();
  });
});

const found = (causes: Diagnosis['causes'], sure: Diagnosis['sure'], more: Partial<Diagnosis> = {}): Diagnosis => ({
  causes,
  sure,
  for: [],
  against: [],
  network: 'allows',
  detail: {},
  ...more,
});

describe('a partial recovery', () => {
  const partly: Evidence = {
    ...serving,
    logs: known([unauthorizedRow, pulledRow]),
    replicas: known([
      { ...readyReplica, createdAtMs: nowMs - 2 * minute },
      { ...stuckReplica, name: 'other' },
    ]),
  };
  const rest = (diagnosis: Diagnosis) =>
    partlyRecovered(decisionInput(partly, { openedAgoMs: 20 * minute, diagnosis }));

  it('is watched each minute, also where the cause of the rest is only a role that takes effect', () => {
    const watched = { decision: { do: 'wait', because: 'partly-recovered' }, dueAtMs: nowMs + minute, refusals: [] };

    expect(rest(found(['pull-role-propagating'], 'confirmed'))).toEqual(watched);
    expect(rest(found(['private-dns-unlinked'], 'suspected'))).toEqual(watched);
  });

  it('is acted on at once where another cause is proved, also beside a role that takes effect', () => {
    expect(rest(found(['private-dns-unlinked'], 'confirmed'))).toBeUndefined();
    expect(rest(found(['pull-role-propagating', 'private-dns-unlinked'], 'confirmed'))).toBeUndefined();
  });
});

describe('a text about something else, after an earlier look', () => {
  const crash = {
    ...unauthorizedRow,
    reason: 'ContainerTerminated',
    text: "Container 'app' was terminated with exit code '1' and reason 'ProcessExited'.",
  };
  const after = (saw: Evidence) =>
    notAPull(
      decisionInput(
        { ...serving, logs: known([crash]) },
        { openedAgoMs: 10 * minute, past: [{ agoMs: 3 * minute, saw }] },
      ),
    );

  it('ends what was only suspected to be a pull failure, and not what was confirmed', () => {
    const suspected = { ...serving, logs: known([{ ...unauthorizedRow, text: 'unexpected status 429' }]) };

    expect(after(suspected)?.decision).toEqual({ do: 'close', how: 'withdrawn', because: 'not-a-pull-failure' });
    expect(after(dnsUnlinked)).toBeUndefined();
  });
});

describe('an app without text and without trouble that Azure shows', () => {
  const quietReplica = {
    ...readyReplica,
    containers: [{ name: 'app', image: app.images[0] ?? '', ready: false, state: 'Waiting' }],
  };
  const wantsAReplica = { minReplicas: 1, runningState: 'Failed', details: undefined, createdAtMs: 0 };
  const asked = (more: Partial<Evidence>, openedAgoMs = 10 * minute) =>
    noPullTrouble(decisionInput({ ...serving, ...more }, { openedAgoMs }));

  it('is asked for its text after 1, 3 and 10 minutes', () => {
    const late = { decision: { do: 'wait', because: 'no-text-yet' }, dueAtMs: nowMs + 7 * minute, refusals: [] };

    expect(asked({}, 3 * minute)).toEqual(late);
    expect(asked({ roles: unreadable('timed-out') }, 3 * minute)).toEqual(late);
  });

  it('is then looked at again each minute while a fact is unreadable for a reason that passes', () => {
    expect(asked({ roles: unreadable('timed-out') })).toEqual({
      decision: { do: 'wait', because: 'looking-again' },
      dueAtMs: nowMs + minute,
      refusals: [],
    });
  });

  it('is then withdrawn where it serves', () => {
    expect(asked({})).toEqual({
      decision: { do: 'close', how: 'withdrawn', because: 'nothing-failing' },
      dueAtMs: nowMs,
      refusals: [],
    });
  });

  it('is then unproven where no replica was asked to start', () => {
    expect(asked({ replicas: known([]) })).toEqual({
      decision: { do: 'close', how: 'unproven', because: 'no-replica-asked-to-start' },
      dueAtMs: nowMs,
      refusals: [],
    });
  });

  it('is left to the other rules where replicas are wanted and none is made, so that a person hears of it', () => {
    const [newest] = serving.revisions?.read ? serving.revisions.value : [];
    const revisions = known([{ ...newest, ...wantsAReplica }] as never);

    expect(asked({ revisions, replicas: known([]) })).toBeUndefined();
    expect(notAPull(decisionInput({ ...serving, revisions, replicas: known([]) }))).toBeUndefined();
  });

  it('is then left to the other rules where a replica waits, or where it is not known whether one does', () => {
    const { app: _app, ...withoutApp } = serving;
    const { revisions: _revisions, ...withoutRevisions } = serving;
    const { replicas: _replicas, ...withoutReplicas } = serving;
    const late = (evidence: Evidence) => noPullTrouble(decisionInput(evidence, { openedAgoMs: 10 * minute }));

    expect(asked({ replicas: known([quietReplica]) })).toBeUndefined();
    expect(asked({ replicas: unreadable('forbidden') })).toBeUndefined();
    expect(asked({ revisions: unreadable('forbidden') })).toBeUndefined();
    expect(asked({ app: unreadable('forbidden'), replicas: known([]) })).toBeUndefined();
    expect(late({ ...withoutApp, replicas: known([]) })).toBeUndefined();
    expect(late(withoutRevisions)).toBeUndefined();
    expect(late(withoutReplicas)).toBeUndefined();
  });
});

describe('a failure that is over', () => {
  const failed = (agoMs: number): Evidence => ({
    ...serving,
    logs: known([{ ...unauthorizedRow, atMs: nowMs - agoMs }]),
  });
  const over = (evidence: Evidence, story: Story) => failureIsOver(decisionInput(evidence, story));
  const unproved = found(['unexplained'], 'unexplained');

  it('is never one whose cause is proved, unless the proof is a role of a group and the app serves', () => {
    const proved = (more: Partial<Diagnosis>) =>
      over(failed(3 * minute), { diagnosis: found(['pull-role-propagating'], 'confirmed', more) });

    expect(proved({})).toBeUndefined();
    expect(proved({ serves: true })).toBeUndefined();
    expect(proved({ roleOfGroup: true })).toBeUndefined();
    expect(proved({ roleOfGroup: false, serves: true })).toBeUndefined();
    expect(proved({ roleOfGroup: true, serves: true })?.decision.because).toBe('proving-recovery');
  });

  it('has no time where no row speaks of it', () => {
    expect(over(serving, { openedAgoMs: 3 * minute, diagnosis: unproved })).toBeUndefined();
  });

  it('is watched at the times of a recovery, and at the end of the quarter of an hour at the latest', () => {
    const watched = (agoMs: number) => over(failed(agoMs), { openedAgoMs: 21 * minute, diagnosis: unproved });

    expect(watched(13 * minute)).toMatchObject({
      decision: { because: 'proving-recovery' },
      dueAtMs: nowMs + 2 * minute,
    });
    expect(watched(3 * minute)?.dueAtMs).toBe(nowMs + 4 * minute);
  });
});

describe('missing text', () => {
  const missing = (
    openedAgoMs: number,
    logs: readonly LogRow[] = [],
    sure: Diagnosis['sure'] = 'unexplained',
    cause: Cause = 'unexplained',
  ) =>
    textIsMissing(decisionInput({ ...serving, logs: known(logs) }, { openedAgoMs, diagnosis: found([cause], sure) }));

  it('is waited for three times, then no more', () => {
    const late = { decision: { do: 'wait', because: 'no-text-yet' }, dueAtMs: nowMs + 1, refusals: [] };

    expect(missing(10 * minute - 1)).toEqual(late);
    expect(missing(10 * minute)).toBeUndefined();
  });

  it('is not waited for where there is text of a failed pull, or where something explains what Azure shows', () => {
    expect(missing(minute, [unauthorizedRow])).toBeUndefined();
    expect(missing(minute, [], 'suspected')).toBeUndefined();
    expect(missing(minute, [], 'suspected', 'tls-untrusted')).toBeUndefined();
  });

  it('is waited for where Azure speaks only of something else: that does not explain the pull', () => {
    expect(missing(minute, [], 'suspected', 'something-else')?.decision.because).toBe('no-text-yet');
  });
});

describe('an app that serves after a change of another, without the row of its pull', () => {
  const healed = (agoMs: number, before: Evidence = dnsUnlinked) => {
    const past = [
      { agoMs: 80 * minute, saw: before },
      { agoMs, saw: serving },
    ];
    return noPullTrouble(decisionInput(serving, { openedAgoMs: 90 * minute, past }));
  };

  it('is watched for half an hour from the look that first saw it ready, because the row may be late', () => {
    expect(healed(30 * minute - 1)).toMatchObject({
      decision: { do: 'wait', because: 'proving-recovery' },
      dueAtMs: nowMs + 1,
    });
  });

  it('is unproven then, and never said to have had nothing that failed', () => {
    expect(healed(30 * minute)?.decision).toEqual({ do: 'close', how: 'unproven', because: 'ready-without-a-row' });
  });

  it('is watched for a quarter of an hour from the look that first saw its cause gone, where that came later', () => {
    const past = [
      { agoMs: 80 * minute, saw: dnsUnlinked },
      { agoMs: 40 * minute, saw: { ...dnsUnlinked, replicas: serving.replicas ?? known([]) } },
    ];
    const clearedFor = (agoMs: number) =>
      noPullTrouble(decisionInput(serving, { openedAgoMs: 90 * minute, past: [...past, { agoMs, saw: serving }] }));

    expect(clearedFor(15 * minute - 1)).toMatchObject({
      decision: { because: 'proving-recovery' },
      dueAtMs: nowMs + 1,
    });
    expect(clearedFor(15 * minute)?.decision.because).toBe('ready-without-a-row');
  });

  it('is looked at at the times of a recovery, counted from the last of what happened', () => {
    const ready = { ...dnsUnlinked, replicas: serving.replicas ?? known([]) };
    const dueAfter = (twentyAgo: Evidence) => {
      const past = [
        { agoMs: 80 * minute, saw: dnsUnlinked },
        { agoMs: 20 * minute, saw: twentyAgo },
        { agoMs: 12 * minute, saw: serving },
      ];
      return noPullTrouble(decisionInput(serving, { openedAgoMs: 90 * minute, past }))?.dueAtMs;
    };

    // Ready first and then without its cause, and the other way round: the next look is fifteen minutes after the later of them.
    expect(dueAfter(ready)).toBe(nowMs + 3 * minute);
    expect(dueAfter(dnsLinked)).toBe(nowMs + 3 * minute);
  });

  it('had nothing that failed where no replica of it was seen to wait', () => {
    const quietly = { ...dnsUnlinked, replicas: serving.replicas ?? known([]) };

    expect(healed(60 * minute, quietly)?.decision).toEqual({
      do: 'close',
      how: 'withdrawn',
      because: 'nothing-failing',
    });
  });
});

describe('an app that serves after a change of ours, without the row of its pull', () => {
  const restarted = (agoMs: number, outcome: 'done' | 'withheld') => {
    const restart = { do: 'restart', revision: revision.name, because: 'cause-is-gone' } as const;
    const entries: Entry[] = [
      { kind: 'decided', decision: restart, dueAtMs: nowMs, refusals: [] },
      { kind: 'outcome', action: 'restart', outcome },
    ];
    const looks = [
      { agoMs: 50 * minute, saw: dnsUnlinked },
      { agoMs: 45 * minute, saw: serving },
    ];
    const past = [...looks, ...entries.map((entry) => ({ agoMs, entry }))];
    return noPullTrouble(decisionInput(serving, { openedAgoMs: 60 * minute, past }));
  };

  it('is watched for a quarter of an hour from the change on, and then it is unproven', () => {
    expect(restarted(15 * minute - 1, 'done')).toMatchObject({
      decision: { do: 'wait', because: 'proving-recovery' },
      dueAtMs: nowMs + 1,
    });
    expect(restarted(15 * minute, 'done')?.decision).toEqual({
      do: 'close',
      how: 'unproven',
      because: 'ready-without-a-row',
    });
  });

  it('is unproven after a change of ours, also where no replica was ever seen to wait', () => {
    const grant = { registryId, principalId: principal, roleId: acrPull };
    const entries: Entry[] = [
      { kind: 'decided', decision: { do: 'grant', grant, because: 'pull-role-missing' }, dueAtMs: nowMs, refusals: [] },
      { kind: 'outcome', action: 'grant', outcome: 'done' },
    ];
    const quietly = { ...dnsUnlinked, replicas: serving.replicas ?? known([]) };
    const changed = entries.map((entry) => ({ agoMs: 40 * minute, entry }));
    const past = [{ agoMs: 50 * minute, saw: quietly }, ...changed, { agoMs: 30 * minute, saw: serving }];

    expect(noPullTrouble(decisionInput(serving, { openedAgoMs: 60 * minute, past }))?.decision).toEqual({
      do: 'close',
      how: 'unproven',
      because: 'ready-without-a-row',
    });
  });

  it('counts no time from a change that was withheld', () => {
    expect(restarted(minute, 'withheld')?.decision).toEqual({
      do: 'close',
      how: 'unproven',
      because: 'ready-without-a-row',
    });
  });
});
