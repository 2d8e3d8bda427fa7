// What is remembered of an identity on a registry speaks against a grant: refusals, removals, sightings and earlier grants, each with a near
// miss at its boundary.
import { describe, expect, it } from 'vitest';
import {
  doubtAfter,
  doubtSince,
  grantedMeanwhileGuard,
  madeBefore,
  madeBeforeGuard,
  memoryRefusal,
  removalsOf,
} from '../../../src/lib/decision/access-guards.ts';
import type { DecisionInput } from '../../../src/lib/decision/decision-input.ts';
import { grantRefusals } from '../../../src/lib/decision/grant-guards.ts';
import { repositoryReaderRole } from '../../../src/lib/diagnosis/access.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { RoleRemoval } from '../../../src/lib/evidence/role-facts.ts';
import { type AccessMemory, nothingRemembered } from '../../../src/lib/history/access-memory.ts';
import type { Approval } from '../../../src/lib/history/approval.ts';
import type { Grant } from '../../../src/lib/history/grant.ts';
import { codeOf } from '../../../src/lib/history/refusals.ts';
import { parseScope } from '../../../src/lib/words/arm-id.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  appId,
  arm,
  assignment,
  minute,
  nowMs,
  principal,
  principalId,
  registry,
  registryId,
  roleMissing,
} from '../facts.ts';
import { decideOn, decisionInput, type Story } from '../situations.ts';

const grant: Grant = { registryId, principalId: principal, roleId: acrPull };
const another = `t${'1'.repeat(24)}.1` as RemediationId;
const lag = 20 * minute;
const day = 24 * 60 * minute;
const sightedLegacy = { app: appId, assignment: 'one', roleMode: 'legacy', atMs: nowMs } as const;

function remembering(memory: Partial<AccessMemory>, more: Story = {}): Story {
  return { access: known({ ...nothingRemembered, ...memory }), ...more };
}

function asked(memory: Partial<AccessMemory>, evidence: Evidence = roleMissing, more: Story = {}): DecisionInput {
  return decisionInput(evidence, remembering(memory, more));
}

function codes(memory: Partial<AccessMemory>, evidence: Evidence = roleMissing): string[] {
  return grantRefusals(asked(memory, evidence), grant).map(codeOf);
}

function refused(how: 'rejected' | 'unanswered', atMs: number): AccessMemory['refused'][number] {
  return { grant, how, remediation: another, app: appId, atMs };
}

function approvedAt(atMs: number, askedAtMs = nowMs - day + 2): Story {
  const ask = {
    do: 'ask',
    grant,
    cause: 'pull-role-missing',
    because: 'needs-approval',
    expiresAtMs: nowMs + day,
  } as const;
  return {
    openedAgoMs: day,
    past: [
      { agoMs: day - 1, saw: roleMissing },
      {
        agoMs: nowMs - askedAtMs,
        entry: {
          kind: 'decided',
          decision: ask,
          dueAtMs: nowMs,
          refusals: [{ guard: 'role-removed', why: 'too-young' }],
        },
      },
      { agoMs: nowMs - atMs, entry: { kind: 'answered', answer: 'approved', grant, by: 'anna' } },
    ],
  };
}

describe('a no', () => {
  it('binds an app that was never asked about: a person said no, so no one is asked again', () => {
    const { decision, refusals } = decideOn(roleMissing, remembering({ refused: [refused('rejected', nowMs - day)] }));

    expect([decision.do, refusals.map(codeOf)]).toEqual(['incident', ['refused-before: rejected']]);
  });

  it('that was no answer becomes a question again, and never a grant', () => {
    const { decision, refusals } = decideOn(
      roleMissing,
      remembering({ refused: [refused('unanswered', nowMs - 30 * day)] }),
    );

    expect([decision.do, refusals.map(codeOf)]).toEqual(['ask', ['refused-before: unanswered']]);
  });

  it('cannot be read: nothing is granted', () => {
    const { decision, refusals } = decideOn(roleMissing, { access: unreadable('unavailable') });

    expect(decision.do).toBe('wait');
    expect(refusals.map(codeOf)).toEqual(['refused-before: unreadable']);
  });

  it('gives way to an approval of this very grant that came later', () => {
    const past = approvedAt(nowMs - minute);
    const earlier = remembering({ refused: [refused('rejected', nowMs - 2 * minute)] }, past);
    const later = remembering({ refused: [refused('rejected', nowMs - minute / 2)] }, past);

    expect(decideOn(roleMissing, earlier).decision.do).toBe('grant');
    expect(decideOn(roleMissing, later).decision.do).toBe('incident');
  });

  it('of an older version stands in the history of the target alone, and binds too', () => {
    const ask = {
      do: 'ask',
      grant,
      cause: 'pull-role-missing',
      because: 'needs-approval',
      expiresAtMs: nowMs,
    } as const;
    const past: Story['past'] = [
      { agoMs: day - 1, saw: roleMissing },
      { agoMs: day - 2, entry: { kind: 'decided', decision: ask, dueAtMs: nowMs, refusals: [] } },
    ];
    const expired = decideOn(roleMissing, { openedAgoMs: day, past });
    const rejected = decideOn(roleMissing, {
      openedAgoMs: day,
      past: [...past, { agoMs: minute, entry: { kind: 'answered', answer: 'rejected', grant, by: 'anna' } }],
    });
    const forgotten = decideOn(roleMissing, remembering({ forgottenAtMs: nowMs - 1 }, { openedAgoMs: day, past }));

    expect(expired.refusals.map(codeOf)).toContain('refused-before: unanswered');
    expect(rejected.refusals.map(codeOf)).toContain('refused-before: rejected');
    expect(forgotten.refusals.map(codeOf)).toContain('refused-before: unanswered');
    expect(decideOn(roleMissing, remembering({ forgottenAtMs: nowMs }, { openedAgoMs: day, past })).decision.do).toBe(
      'grant',
    );
  });
});

describe('an identity that was seen with access, and has none now', () => {
  it.each([
    ['a moment ago', 0, 'role-removed: too-young'],
    ['almost as long ago as the log lags', lag - 1, 'role-removed: too-young'],
    ['exactly as long ago as the log lags', lag, 'role-removed: had-access'],
    ['longer ago than the log reaches', 8 * day, 'role-removed: had-access'],
  ])('%s: a person is asked', (_, agoMs, code) => {
    const sighted = { ...sightedLegacy, atMs: nowMs - agoMs };

    expect(codes({ sighted })).toEqual([code]);
    expect(decideOn(roleMissing, remembering({ sighted })).decision.do).toBe('ask');
  });

  it('lost it by the new mode of the registry alone: the assignment that was seen is still there', () => {
    const abac = { ...roleMissing, registry: known({ ...registry, roleMode: 'abac' as const }) };
    const held = { ...abac, roles: known([assignment(30 * day)]) };
    const sighted = { ...sightedLegacy, assignment: assignment(0).id };
    const reader = { ...grant, roleId: repositoryReaderRole, repository: 'shop/orders' };
    const doubt = (evidence: Evidence, seen = sighted): unknown =>
      doubtSince(asked({ sighted: seen }, evidence), reader, 0);

    expect(doubt(held)).toBeUndefined();
    // The assignment is gone as well, or another one is there, or the mode is the one in which it was seen.
    expect(doubt(abac)).toBeDefined();
    expect(doubt(held, sightedLegacy)).toBeDefined();
    expect(doubt(held, { ...sighted, roleMode: 'abac' as never })).toBeDefined();
  });

  it('is approved by the answer to a question that was asked after the sighting, not to one from before it', () => {
    const sighted = { ...sightedLegacy, atMs: nowMs - 2 * minute };
    const decided = (askedAtMs: number): string =>
      decideOn(roleMissing, remembering({ sighted }, approvedAt(nowMs - minute / 2, askedAtMs))).decision.do;

    expect(decided(nowMs - minute)).toBe('grant');
    expect(decided(nowMs - 2 * minute)).toBe('grant');
    expect(decided(nowMs - 2 * minute - 1)).not.toBe('grant');
  });
});

describe('a removal', () => {
  const logged = (more: Partial<RoleRemoval>): Evidence => ({
    ...roleMissing,
    removals: known([{ atMs: nowMs - 60 * minute, by: 'mallory', scope: registryId, principalId: principal, ...more }]),
  });
  const scope = (text: string): RoleRemoval['scope'] => parseScope(text) ?? registryId;
  const stranger = principalId('c0000000-0000-4000-8000-00000000000c');

  it.each([
    ['of the resource group above', arm(registryId.split('/providers/')[0] ?? '')],
    ['of the subscription above', arm(registryId.split('/resourcegroups/')[0] ?? '')],
    ['of a management group', scope('/providers/Microsoft.Management/managementGroups/mg-root')],
    ['of the whole directory', scope('/')],
  ])('%s took the role away, or may have where it does not say whose role it was', (_, above) => {
    const nameless = known([{ atMs: nowMs - 60 * minute, by: 'mallory', scope: above }]);

    expect(removalsOf(logged({ scope: above }), grant)).toMatchObject([{ whose: 'named' }]);
    expect(removalsOf({ ...roleMissing, removals: nameless }, grant)).toMatchObject([{ whose: 'cannot-tell' }]);
    expect(decideOn(logged({ scope: above }), {}).decision.do).toBe('ask');
    expect(codes({}, { ...roleMissing, removals: nameless })).toEqual(['role-removed: cannot-tell-whose']);
  });

  it('of another registry did not', () => {
    expect(removalsOf(logged({ scope: arm(`${registryId}two`) }), grant)).toEqual([]);
  });

  it('from a group may be about this identity; from another identity it is not', () => {
    const group = logged({ principalId: stranger, mayBeGroup: true });

    expect(codes({}, group)).toEqual(['role-removed: cannot-tell-whose']);
    expect(codes({}, logged({ principalId: stranger }))).toEqual([]);
  });

  it('is the cause although an AcrPull is left over that counts for nothing in the new mode', () => {
    const abac = { registry: known({ ...registry, roleMode: 'abac' as const }), roles: known([assignment(30 * day)]) };
    const { decision } = decideOn({ ...logged({}), ...abac });
    const without = decideOn({ ...roleMissing, ...abac });

    expect(decision).toMatchObject({ do: 'ask', cause: 'pull-role-removed' });
    expect(without.decision).toMatchObject({ do: 'grant', because: 'registry-became-abac' });
  });

  it('is remembered when the log has forgotten it', () => {
    const removal = { removedAtMs: nowMs - 60 * day, by: 'mallory', scope: registryId };

    expect(codes({ removals: [{ ...removal, whose: 'named' }] })).toEqual(['role-removed: taken-away']);
    expect(codes({ removals: [{ ...removal, whose: 'cannot-tell' }] })).toEqual(['role-removed: cannot-tell-whose']);
  });

  it('of the very instant of an approval is outweighed by it, a later one is not', () => {
    const removed = { by: 'mallory', scope: registryId, whose: 'named' } as const;
    const doubt = (sinceMs: number): unknown =>
      doubtSince(asked({ removals: [{ ...removed, removedAtMs: nowMs - minute }] }), grant, sinceMs);

    expect(doubt(nowMs - minute)).toBeUndefined();
    expect(doubt(nowMs - minute - 1)).toEqual({
      guard: 'role-removed',
      why: 'taken-away',
      removedAtMs: nowMs - minute,
    });
  });

  it('names the newest one, of whichever kind: a group may be the identity too', () => {
    const removed = { by: 'mallory', scope: registryId } as const;
    const removals = [
      { ...removed, whose: 'named', removedAtMs: nowMs - 3 * minute },
      { ...removed, whose: 'cannot-tell', removedAtMs: nowMs - minute },
    ] as const;

    expect(doubtSince(asked({ removals }), grant, 0)).toMatchObject({
      why: 'taken-away',
      removedAtMs: nowMs - minute,
    });
  });

  it('that is older than the question, and that the question did not show, is a doubt after it: the log lags', () => {
    const removals = [{ by: 'mallory', scope: registryId, whose: 'named', removedAtMs: nowMs - 10 * minute }] as const;
    const questionThatShowed = (removedAtMs: number): Approval => ({
      question: 3,
      about: { grant },
      cause: 'pull-role-missing',
      doubts: [{ guard: 'role-removed', why: 'taken-away', removedAtMs }],
      askedAtMs: nowMs - 5 * minute,
      expiresAtMs: nowMs,
    });

    expect(doubtAfter(asked({ removals }), grant, questionThatShowed(nowMs - 10 * minute))).toBeUndefined();
    expect(doubtAfter(asked({ removals }), grant, questionThatShowed(nowMs - 10 * minute - 1))).toMatchObject({
      why: 'taken-away',
    });
  });
});

describe('a grant that was made before for another app', () => {
  const made = (agoMs: number, of: Grant = grant): AccessMemory['made'][number] => ({
    grant: of,
    remediation: another,
    app: appId,
    atMs: nowMs - agoMs,
  });

  it('did not last, however long ago it was', () => {
    expect(codes({ made: [made(2 * minute)] })).toContain('did-not-last: granted-before');
    expect(codes({ made: [made(300 * day)] })).toEqual(['did-not-last: granted-before']);
  });

  it('counts against the limit of a day, up to the very instant', () => {
    const other = { ...grant, roleId: repositoryReaderRole, repository: 'shop/other' };

    expect(codes({ made: [made(day, other)] })).toEqual(['target-limit: grants-per-day']);
    expect(codes({ made: [made(day + 1, other)] })).toEqual([]);
    expect(madeBeforeGuard(asked({ made: [made(day, other)] }), grant)).toEqual({
      guard: 'target-limit',
      why: 'grants-per-day',
    });
    expect(madeBeforeGuard(asked({ made: [made(day + 1, other)] }), grant)).toBeUndefined();
  });

  it('a moment ago shows in the next look: neither an incident nor a second grant', () => {
    const { decision } = decideOn(roleMissing, remembering({ made: [made(minute - 1)] }));
    const later = decideOn(roleMissing, remembering({ made: [made(minute)] }));

    expect(decision).toEqual({ do: 'wait', because: 'looking-again' });
    expect(later.decision.do).toBe('incident');
  });

  it('and was taken back by a person is a question', () => {
    const undone = known([{ grant, atMs: nowMs - minute }]);
    const { decision, refusals } = decideOn(roleMissing, remembering({ made: [made(2 * minute)] }, { undone }));

    expect([decision.do, refusals.map(codeOf)]).toEqual(['ask', ['role-removed: undone']]);
  });
});

describe('the last question before the write', () => {
  it('lets a grant pass that nothing speaks against', () => {
    expect(memoryRefusal(asked({}), grant)).toBeUndefined();
  });

  it.each<[string, Partial<AccessMemory>, string]>([
    ['a no', { refused: [refused('unanswered', nowMs)] }, 'refused-before: unanswered'],
    ['a sighting', { sighted: sightedLegacy }, 'role-removed: too-young'],
    [
      'a grant of another remediation',
      { made: [{ grant, remediation: another, app: appId, atMs: nowMs }] },
      'superseded: granted-meanwhile',
    ],
  ])('holds it back for %s that came since the decision', (_, memory, code) => {
    const refusal = memoryRefusal(asked(memory), grant);

    expect(refusal && codeOf(refusal)).toBe(code);
  });

  it('does not hold back what a person approved after it', () => {
    const memory = { refused: [refused('rejected', nowMs - day)], sighted: { ...sightedLegacy, atMs: nowMs - day } };

    expect(memoryRefusal(asked(memory, roleMissing, approvedAt(nowMs - minute)), grant)).toBeUndefined();
  });
});

describe('a grant of this remediation itself', () => {
  it('is not one that another remediation made meanwhile', () => {
    const { remediation } = decisionInput(roleMissing);
    const by = (id: RemediationId) =>
      grantedMeanwhileGuard(asked({ made: [{ grant, remediation: id, app: appId, atMs: nowMs }] }), grant);

    expect(by(remediation.id)).toBeUndefined();
    expect(by(another)).toEqual({ guard: 'superseded', why: 'granted-meanwhile' });
  });

  it('did not last where it was made before, also as the last question before the write reads it', () => {
    const made = [{ grant, remediation: another, app: appId, atMs: nowMs - 2 * minute }];

    expect(memoryRefusal(asked({ made }), grant)).toEqual({ guard: 'did-not-last', why: 'granted-before' });
  });
});

describe('a grant that a person took back', () => {
  const doubt = (undoneAtMs: number, sinceMs: number, of: Grant = grant): unknown =>
    doubtSince(asked({}, roleMissing, { undone: known([{ grant: of, atMs: undoneAtMs }]) }), grant, sinceMs);

  it('is a doubt after the answer of a person, not up to the very instant of it, and not about another grant', () => {
    expect(doubt(nowMs, nowMs - 1)).toEqual({ guard: 'role-removed', why: 'undone' });
    expect(doubt(nowMs, nowMs)).toBeUndefined();
    expect(doubt(nowMs, nowMs - 1, { ...grant, repository: 'shop/other' })).toBeUndefined();
  });

  it('is the one that was made at that instant or before it', () => {
    const made = [{ grant, remediation: another, app: appId, atMs: nowMs - minute }];
    const before = (undoneAtMs: number) =>
      madeBefore(asked({ made }, roleMissing, { undone: known([{ grant, atMs: undoneAtMs }]) }));

    expect(before(nowMs - minute)).toEqual([]);
    expect(before(nowMs - minute - 1)).toEqual(made);
  });
});
