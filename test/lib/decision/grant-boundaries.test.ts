// The boundaries of the rules that grant or ask for a grant: each rule asked by itself, with the fact or the instant that turns its answer.
import { describe, expect, it } from 'vitest';
import { logLagMs } from '../../../src/lib/decision/access-guards.ts';
import { groupRolePropagates, proposedGrant, roleIsMissing } from '../../../src/lib/decision/grant-rules.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { type AccessMemory, nothingRemembered } from '../../../src/lib/history/access-memory.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import type { Refusal } from '../../../src/lib/history/refusals.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { type RemediationId, targetOf } from '../../../src/lib/words/target.ts';
import { appId, config, minute, nowMs, registry, roleMissing } from '../facts.ts';
import { decisionInput, type Earlier, type Story } from '../situations.ts';
import { grant, granted } from './told.ts';

const another = `t${'1'.repeat(24)}.1` as RemediationId;
const approving = config({ PULLMEDIC_MODE: 'approve' });
const unknownRegistry: Evidence = { ...roleMissing, registry: unreadable('forbidden') };

function found(causes: Diagnosis['causes'], sure: Diagnosis['sure'], more: Partial<Diagnosis> = {}): Diagnosis {
  return { causes, sure, for: [], against: [], network: 'allows', detail: {}, ...more };
}

function remembering(memory: Partial<AccessMemory>): Story {
  return { access: known({ ...nothingRemembered, ...memory }) };
}

function refused(how: 'rejected' | 'unanswered', atMs: number): AccessMemory['refused'][number] {
  return { grant, how, remediation: another, app: appId, atMs };
}

describe('a role of a group that takes effect', () => {
  const ofGroup = found(['pull-role-propagating'], 'confirmed', { roleOfGroup: true });
  const answer = (story: Story = {}, evidence: Evidence = roleMissing) =>
    groupRolePropagates(decisionInput(evidence, { diagnosis: ofGroup, ...story }));

  it('leads to a question: only a person can decide to grant the role directly', () => {
    expect(answer()).toMatchObject({
      decision: { do: 'ask', grant, cause: 'pull-role-propagating', because: 'needs-approval' },
      refusals: [],
    });
  });

  it('leads to an incident where a guard stands, also beside a doubt that a person may overrule', () => {
    const refusals = [
      { guard: 'kill-switch', why: 'on' },
      { guard: 'mode', why: 'approval-needed' },
    ];
    const stands = answer({ killSwitch: known(true), config: approving });

    expect(stands?.decision).toEqual({ do: 'incident', cause: 'pull-role-propagating', because: 'change-refused' });
    expect(stands?.refusals).toHaveLength(refusals.length);
    expect(stands?.refusals).toEqual(expect.arrayContaining(refusals));
  });

  it('leads to an incident without a grant where a fact of the grant is missing', () => {
    expect(answer({}, unknownRegistry)).toMatchObject({
      decision: { do: 'incident', cause: 'pull-role-propagating', because: 'needs-a-person' },
      refusals: [],
    });
    expect(answer({}, unknownRegistry)?.decision).not.toHaveProperty('grant');
  });

  it('says nothing where the cause is not proved, or the role is no group’s', () => {
    expect(answer({ diagnosis: { ...ofGroup, sure: 'suspected' } })).toBeUndefined();
    expect(answer({ diagnosis: found(['pull-role-propagating'], 'confirmed') })).toBeUndefined();
  });
});

describe('a missing role', () => {
  const missing = found(['pull-role-missing'], 'confirmed');
  const answer = (story: Story = {}, evidence: Evidence = roleMissing) =>
    roleIsMissing(decisionInput(evidence, { diagnosis: missing, ...story }));

  it('that is not proved is left to the other rules', () => {
    expect(answer({ diagnosis: { ...missing, sure: 'suspected' } })).toBeUndefined();
    expect(answer({ diagnosis: { ...missing, roleOfGroup: true } })).toBeUndefined();
  });

  it('leads to an incident without a grant where a fact of the grant is missing', () => {
    const decided = answer({}, unknownRegistry);

    expect(decided?.decision).toEqual({ do: 'incident', cause: 'pull-role-missing', because: 'needs-a-person' });
    expect(decided?.refusals).toEqual([]);
  });

  it('is not granted in a mode of the registry that is not known', () => {
    const evidence = { ...roleMissing, registry: known({ ...registry, roleMode: 'unknown' as const }) };

    expect(proposedGrant(decisionInput(evidence))).toBeUndefined();
  });

  it('is not granted for a repository that the image does not name', () => {
    const evidence = { ...roleMissing, registry: known({ ...registry, roleMode: 'abac' as const }) };
    const target = { ...targetOf(appId, ''), registry: 'acrshop.azurecr.io' };

    expect(proposedGrant({ target, evidence })).toBeUndefined();
  });

  it('waits for the end of a slow start where that is near, and asks a person where it cannot be read', () => {
    const ledger = known(Array.from({ length: 9 }, () => ({ remediation: 'r', atMs: nowMs - minute, proven: true })));
    const slow = config().settings.limits.slowStartMinutes * minute;
    const ending = answer({ ledger, awakeSinceMs: known(nowMs - slow + 4 * minute) });
    const unknown = answer({ ledger, awakeSinceMs: unreadable('forbidden') });

    expect(ending).toMatchObject({ decision: { because: 'slow-start' }, dueAtMs: nowMs + 4 * minute });
    expect(unknown?.decision).toEqual({ do: 'wait', because: 'looking-again' });
  });

  it('that another remediation has just granted is looked at soon, whatever else speaks against the grant', () => {
    const made = [{ grant, remediation: another, app: appId, atMs: nowMs - 1 }];
    const decided = answer({ ...remembering({ made }), config: approving });

    expect(decided).toMatchObject({ decision: { do: 'wait', because: 'looking-again' }, dueAtMs: nowMs + 20_000 });
    expect(decided?.refusals).toContainEqual({ guard: 'superseded', why: 'granted-meanwhile' });
  });

  it('whose grant has no answer is looked at when the log can tell of it, within ten minutes, and then a person is asked', () => {
    const lost = (toldInMs: number) => {
      const notFoundAtMs = nowMs - logLagMs + toldInMs;
      const made = [{ grant, remediation: another, app: appId, atMs: notFoundAtMs - minute, notFoundAtMs }];
      return answer(remembering({ made }));
    };

    expect(lost(5 * minute)).toMatchObject({ decision: { because: 'answer-lost' }, dueAtMs: nowMs + 5 * minute });
    expect(lost(11 * minute)).toMatchObject({ decision: { because: 'answer-lost' }, dueAtMs: nowMs + 10 * minute });
    expect(lost(1)?.decision).toEqual({ do: 'wait', because: 'answer-lost' });
    expect(lost(0)?.decision).not.toEqual({ do: 'wait', because: 'answer-lost' });
  });

  describe('whose grant Azure throttled', () => {
    const throttled = (agoMs: readonly number[], story: Story = {}) => {
      const past = agoMs.flatMap((ago) =>
        granted('failed', 'throttled').map((entry): Earlier => ({ agoMs: ago, entry })),
      );
      return answer({ openedAgoMs: 30 * minute, past, ...story });
    };

    it('is granted by itself after five minutes', () => {
      expect(throttled([2 * minute])).toMatchObject({
        decision: { do: 'wait', because: 'grant-throttled' },
        dueAtMs: nowMs + 3 * minute,
      });
      expect(throttled([5 * minute])?.decision).toMatchObject({ do: 'grant', grant });
    });

    it('is asked of a person at once where Azure throttled the second try too', () => {
      expect(throttled([10 * minute, 1])?.decision).toMatchObject({ do: 'ask', grant });
    });

    it('is shown to a person at once where another guard stands too', () => {
      expect(throttled([2 * minute], { killSwitch: known(true) })).toMatchObject({
        decision: { do: 'incident', because: 'change-refused' },
        refusals: [
          { guard: 'kill-switch', why: 'on' },
          { guard: 'failed-before', why: 'throttled' },
        ],
      });
    });
  });

  it('whose grant was refused by Azure is not waited for, also where Azure throttled it before', () => {
    expect(answer({ past: granted('failed', 'refused') })?.decision).toMatchObject({ do: 'incident' });
    const both = [...granted('failed', 'throttled'), ...granted('failed', 'refused')];
    expect(answer({ past: both })?.decision).toMatchObject({ do: 'incident' });
  });

  it('that a person refused for another app leads to an incident, also beside other doubts', () => {
    const decided = answer({ ...remembering({ refused: [refused('rejected', nowMs - minute)] }), config: approving });

    expect(decided).toMatchObject({ decision: { do: 'incident', because: 'change-refused', grant } });
    expect(decided?.refusals).toEqual([
      { guard: 'mode', why: 'approval-needed' },
      { guard: 'refused-before', why: 'rejected' },
    ]);
  });
});

describe('a question about a grant', () => {
  const unanswered: Refusal = { guard: 'refused-before', why: 'unanswered' };
  const doubt: Refusal = { guard: 'mode', why: 'approval-needed' };

  /** Asked an hour and a half ago for an hour, answered or not, in mode approve. */
  function after(memory: Partial<AccessMemory>, answer?: { said: 'approved' | 'rejected'; agoMs: number }) {
    const ask = {
      do: 'ask',
      grant,
      cause: 'pull-role-missing',
      because: 'needs-approval',
      expiresAtMs: nowMs - 30 * minute,
    } as const;
    const past: Earlier[] = [
      { agoMs: 90 * minute, saw: roleMissing },
      {
        agoMs: 90 * minute,
        entry: { kind: 'decided', decision: ask, dueAtMs: nowMs, refusals: [doubt, unanswered] },
      },
      ...(answer === undefined
        ? []
        : [{ agoMs: answer.agoMs, entry: { kind: 'answered', answer: answer.said, grant, by: 'Ada' } } as const]),
    ];
    const story = { openedAgoMs: 100 * minute, past, config: approving, ...remembering(memory) };
    return roleIsMissing(decisionInput(roleMissing, story));
  }

  it('that was rejected is asked again once a person has had the refusal forgotten, and not at that very instant', () => {
    const rejected = { said: 'rejected', agoMs: 40 * minute } as const;

    expect(after({ forgottenAtMs: nowMs - 40 * minute + 1 }, rejected)?.decision).toMatchObject({ do: 'ask', grant });
    expect(after({ forgottenAtMs: nowMs - 40 * minute }, rejected)?.decision).toMatchObject({ do: 'incident' });
    expect(after({ forgottenAtMs: nowMs - 50 * minute }, rejected)?.decision).toMatchObject({ do: 'incident' });
    expect(after({}, rejected)?.refusals).toContainEqual({ guard: 'approval', why: 'rejected' });
  });

  it('that no person answered is asked again once a person has had that forgotten, counted from its end', () => {
    expect(after({ forgottenAtMs: nowMs - 30 * minute + 1 })?.decision).toMatchObject({ do: 'ask', grant });
    expect(after({ forgottenAtMs: nowMs - 30 * minute })?.decision).toMatchObject({ do: 'incident' });
    expect(after({})?.refusals).toContainEqual({ guard: 'approval', why: 'expired' });
  });
});

describe('an approval', () => {
  const doubts: Refusal[] = [
    { guard: 'mode', why: 'approval-needed' },
    { guard: 'refused-before', why: 'unanswered' },
  ];

  function approved(memory: Partial<AccessMemory>) {
    const ask = {
      do: 'ask',
      grant,
      cause: 'pull-role-missing',
      because: 'needs-approval',
      expiresAtMs: nowMs + minute,
    } as const;
    const past: Earlier[] = [
      { agoMs: 50 * minute, saw: roleMissing },
      { agoMs: 50 * minute, entry: { kind: 'decided', decision: ask, dueAtMs: nowMs, refusals: doubts } },
      { agoMs: 5 * minute, entry: { kind: 'answered', answer: 'approved', grant, by: 'Ada' } },
    ];
    const story = { openedAgoMs: 60 * minute, past, config: approving, ...remembering(memory) };
    return roleIsMissing(decisionInput(roleMissing, story))?.decision;
  }

  it('outweighs the unanswered question that its own question showed, and none that ended later', () => {
    expect(approved({ refused: [refused('unanswered', nowMs - 6 * minute)] })).toMatchObject({ do: 'grant', grant });
    expect(approved({ refused: [refused('unanswered', nowMs - 4 * minute)] })).toMatchObject({ do: 'ask', grant });
  });
});
