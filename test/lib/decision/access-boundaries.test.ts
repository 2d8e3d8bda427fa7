// The boundaries of what is remembered of an identity on a registry: which of two refusals counts, which approval is known to the memory, and
// what holds where a fact is missing.
import { describe, expect, it } from 'vitest';
import {
  approvalOf,
  bindingRefusal,
  grantedMeanwhileGuard,
  madeBefore,
  refusedBeforeGuard,
  removalsOf,
  sightingDoubt,
} from '../../../src/lib/decision/access-guards.ts';
import { repositoryReaderRole } from '../../../src/lib/diagnosis/access.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { type AccessMemory, nothingRemembered } from '../../../src/lib/history/access-memory.ts';
import type { Answer, Entry } from '../../../src/lib/history/entries.ts';
import type { Grant } from '../../../src/lib/history/grant.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import {
  appId,
  assignment,
  minute,
  nowMs,
  principalId,
  registry,
  registryId,
  roleMissing,
  signal,
  target,
} from '../facts.ts';
import { decisionInput, type Earlier, type Story } from '../situations.ts';
import { grant } from './told.ts';

const another = `t${'1'.repeat(24)}.1` as RemediationId;
const day = 24 * 60 * minute;
const reader: Grant = { ...grant, roleId: repositoryReaderRole, repository: 'shop/orders' };

function remembering(memory: Partial<AccessMemory>): Story {
  return { access: known({ ...nothingRemembered, ...memory }) };
}

function refused(how: 'rejected' | 'unanswered', agoMs: number, seq = 8): AccessMemory['refused'][number] {
  return { grant, how, remediation: another, app: appId, atMs: nowMs - agoMs, seq };
}

/** A question about the grant, asked for ten minutes. */
function asked(agoMs: number, about: Grant = grant): Earlier {
  const ask = {
    do: 'ask',
    grant: about,
    cause: 'pull-role-missing',
    because: 'needs-approval',
    expiresAtMs: nowMs - agoMs + 10 * minute,
  } as const;
  return { agoMs, entry: { kind: 'decided', decision: ask, dueAtMs: nowMs, refusals: [] } };
}

function answered(answer: Answer, agoMs: number, about: Grant = grant): Earlier {
  return { agoMs, entry: { kind: 'answered', answer, grant: about, by: 'anna' } };
}

/** The remediation closes, and another one of the target opens. */
function again(agoMs: number): Earlier[] {
  const closed: Entry = { kind: 'closed', how: 'withdrawn', because: 'nothing-failing' };
  const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
  return [
    { agoMs, entry: closed },
    { agoMs, entry: opened },
  ];
}

function binding(memory: Partial<AccessMemory>, past: readonly Earlier[] = []): string | undefined {
  const found = bindingRefusal(decisionInput(roleMissing, { openedAgoMs: day, past, ...remembering(memory) }), grant);
  return found && `${found.how} ${(nowMs - found.atMs) / minute}`;
}

describe('the no that binds', () => {
  it('is the last one, whether the memory holds it or the history of the target', () => {
    const expired = asked(40 * minute);

    expect(binding({ refused: [refused('rejected', 20 * minute)] }, [expired])).toBe('rejected 20');
    expect(binding({ refused: [refused('rejected', 50 * minute)] }, [expired])).toBe('unanswered 30');
  });

  it('is the last one of the target’s remediations; those without a no change nothing', () => {
    const past = [
      ...again(200 * minute),
      asked(190 * minute),
      answered('approved', 185 * minute),
      ...again(170 * minute),
      asked(160 * minute, { ...reader, principalId: principalId('c0000000-0000-4000-8000-00000000000c') }),
      ...again(140 * minute),
      asked(130 * minute),
      ...again(110 * minute),
    ];
    const memory = { refused: [refused('rejected', 100 * minute)] };

    expect(binding(memory, past)).toBe('rejected 100');
    expect(binding({}, past)).toBe('unanswered 120');
  });

  it('in the history of the target ends at the instant at which a person has it forgotten', () => {
    const rejected = [asked(40 * minute), answered('rejected', 35 * minute)];

    expect(binding({ forgottenAtMs: nowMs - 35 * minute - 1 }, rejected)).toBe('rejected 35');
    expect(binding({ forgottenAtMs: nowMs - 35 * minute }, rejected)).toBeUndefined();
    expect(binding({ forgottenAtMs: nowMs - 30 * minute - 1 }, [asked(40 * minute)])).toBe('unanswered 30');
    expect(binding({ forgottenAtMs: nowMs - 30 * minute }, [asked(40 * minute)])).toBeUndefined();
  });

  it('binds both pull roles of the pair, and no other pair', () => {
    const stranger = principalId('c0000000-0000-4000-8000-00000000000c');
    const elsewhere = { ...grant, registryId: `${registryId}two` } as Grant;

    expect(binding({}, [asked(40 * minute, reader)])).toBe('unanswered 30');
    expect(binding({}, [asked(40 * minute, { ...grant, principalId: stranger })])).toBeUndefined();
    expect(binding({}, [asked(40 * minute, elsewhere)])).toBeUndefined();
  });

  it('is none where the memory cannot be read: that is a refusal of its own', () => {
    const input = decisionInput(roleMissing, { access: unreadable('unavailable') });

    expect(bindingRefusal(input, grant)).toBeUndefined();
    expect(refusedBeforeGuard(input, grant)).toEqual({ guard: 'refused-before', why: 'unreadable' });
  });
});

describe('an approval that the history holds', () => {
  const approved = [asked(10 * minute), answered('approved', minute)];
  const inMemory = (of: Partial<AccessMemory['approved'][number]>) => ({
    refused: [refused('rejected', 2 * minute, 8)],
    approved: [
      { grant, by: 'anna', remediation: decisionInput().remediation.id, atMs: nowMs - minute, seq: 7, ...of },
    ] as const,
  });

  it('counts by its number where the memory holds it too, because the clocks of two hosts differ', () => {
    expect(binding(inMemory({}), approved)).toBe('rejected 2');
    expect(binding(inMemory({ atMs: nowMs - minute + 1 }), approved)).toBe('rejected 2');
    expect(binding(inMemory({ seq: 9 }), approved)).toBeUndefined();
  });

  it('counts by its time where the memory holds only an earlier one, or one of another remediation', () => {
    expect(binding(inMemory({ atMs: nowMs - minute - 1 }), approved)).toBeUndefined();
    expect(binding(inMemory({ remediation: another }), approved)).toBeUndefined();
    expect(binding({ refused: [refused('rejected', 2 * minute)] }, approved)).toBeUndefined();
  });

  it('is one of this very grant, and a yes', () => {
    const of = (past: Earlier[]) =>
      approvalOf(decisionInput(roleMissing, { openedAgoMs: day, past }).remediation, grant);

    expect(of(approved)?.answer?.by).toBe('anna');
    expect(of([asked(10 * minute), answered('rejected', minute)])).toBeUndefined();
    expect(of([asked(10 * minute, reader), answered('approved', minute, reader)])).toBeUndefined();
    expect(of([asked(10 * minute)])).toBeUndefined();
    expect(of([])).toBeUndefined();
  });
});

describe('a memory that cannot be read', () => {
  it('tells of no grant: the guard that reads the memory refuses', () => {
    const input = decisionInput(roleMissing, { access: unreadable('unavailable') });

    expect(grantedMeanwhileGuard(input, grant)).toBeUndefined();
    expect(madeBefore(input)).toEqual([]);
  });
});

describe('a removal from another identity', () => {
  it('is not among the removals of this one', () => {
    const stranger = principalId('c0000000-0000-4000-8000-00000000000c');
    const removals = known([{ atMs: nowMs, by: 'mallory', scope: registryId, principalId: stranger }]);

    expect(removalsOf({ ...roleMissing, removals }, grant)).toEqual([]);
  });
});

describe('what cannot be read', () => {
  it('names no removal: the guard that reads the removals refuses', () => {
    expect(removalsOf({ ...roleMissing, removals: unreadable('forbidden') }, grant)).toEqual([]);
    const { removals: _unread, ...before } = roleMissing;
    expect(removalsOf(before, grant)).toEqual([]);
  });

  it('leaves a grant counted as made: that a person had it taken back is not known then', () => {
    const made = { grant, remediation: another, app: appId, atMs: nowMs - minute };
    const undone = unreadable<never>('unavailable');

    expect(madeBefore(decisionInput(roleMissing, { ...remembering({ made: [made] }), undone }))).toEqual([made]);
  });
});

describe('an access that was seen', () => {
  const sighted = { app: appId, assignment: assignment(0).id, roleMode: 'legacy', atMs: nowMs - minute } as const;
  const doubt = (evidence: Evidence) => sightingDoubt(decisionInput(evidence, remembering({ sighted })), 0);

  it('is no doubt where the identity still has it', () => {
    expect(doubt({ ...roleMissing, roles: known([assignment(day)]) })).toBeUndefined();
  });

  it('is a doubt where the registry cannot be read: that its mode has changed is not known then', () => {
    const evidence = { ...roleMissing, registry: unreadable<never>('forbidden'), roles: known([assignment(day)]) };

    expect(doubt(evidence)).toEqual({ guard: 'role-removed', why: 'too-young' });
  });

  it('is a doubt where the roles cannot be read: that its assignment is still there is not known then', () => {
    const evidence = { ...roleMissing, registry: known({ ...registry, roleMode: 'abac' as const }) };

    expect(doubt({ ...evidence, roles: known([assignment(day)]) })).toBeUndefined();
    const { roles: _unread, ...untold } = evidence;
    const young = { guard: 'role-removed', why: 'too-young' };
    expect(doubt({ ...evidence, roles: unreadable('forbidden') })).toEqual(young);
    expect(doubt(untold)).toEqual(young);
  });
});
