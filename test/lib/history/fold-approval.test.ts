// What entries make of the questions of a remediation.
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/lib/history/decision.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import {
  type Approvals,
  afterAnswered,
  afterDecided,
  askableAgain,
  lastQuestion,
  openQuestion,
  questionAbout,
  questionOfNumber,
} from '../../../src/lib/history/fold-approval.ts';
import type { Refusal } from '../../../src/lib/history/refusals.ts';
import { acrPull, minute, nowMs, principal, registryId } from '../facts.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const mode: Refusal = { guard: 'mode', why: 'approval-needed' };
const ask = (about: object): Decision =>
  ({
    do: 'ask',
    ...about,
    cause: 'pull-role-missing',
    because: 'needs-approval',
    expiresAtMs: nowMs + 10 * minute,
  }) as Decision;

function decided(before: Approvals, decision: Decision, seq: number, refusals: readonly Refusal[] = [mode]): Approvals {
  return afterDecided(before, { kind: 'decided', decision, dueAtMs: nowMs, refusals }, seq, nowMs);
}
const asked = decided({}, ask({ grant }), 3);
const yes: Entry & { kind: 'answered' } = { kind: 'answered', answer: 'approved', grant, by: 'anna', question: 3 };

describe('a question', () => {
  it('keeps its number while it is asked again, and while something cannot be read for a moment', () => {
    expect(decided(asked, ask({ grant }), 5).approval?.question).toBe(3);
    expect(openQuestion(decided(asked, { do: 'wait', because: 'looking-again' }, 5), nowMs)?.question).toBe(3);
  });

  it('keeps its number while a pull is under way, where the decision says so', () => {
    const waits = { do: 'wait', because: 'pulling-now' } as const;

    expect(openQuestion(decided(asked, { ...waits, keepsQuestion: 3 }, 5), nowMs)?.question).toBe(3);
    expect(openQuestion(decided(asked, waits, 5), nowMs)).toBeUndefined();
  });

  it('is another one where there is a new doubt', () => {
    expect(decided(asked, ask({ grant }), 5, [mode, { guard: 'network', why: 'cannot-tell' }]).approval?.question).toBe(
      5,
    );
  });

  it.each<[string, Decision]>([
    ['a wait', { do: 'wait', because: 'cause-cleared' }],
    ['an incident', { do: 'incident', cause: 'unexplained', because: 'needs-a-person' }],
    ['a question about a restart', ask({ restart: 'ca--1' })],
  ])('is withdrawn by %s', (_what, decision) => {
    const after = decided(asked, decision, 5);

    expect(questionOfNumber(after, 3)).toBeUndefined();
    expect(questionAbout(after, { grant })).toBeUndefined();
  });

  it('about a restart leaves a no to a grant as it is', () => {
    const no = afterAnswered(asked, { ...yes, answer: 'rejected' }, nowMs);

    expect(questionAbout(decided(no, ask({ restart: 'ca--1' }), 9), { grant })?.answer?.answer).toBe('rejected');
  });
});

describe('an answer', () => {
  it('belongs to the question that it names, and only a no comes after a yes', () => {
    const after = afterAnswered(asked, yes, nowMs);

    expect(after.approval?.answer).toEqual({ answer: 'approved', by: 'anna', atMs: nowMs });
    const takenBack = afterAnswered(after, { ...yes, answer: 'rejected' }, nowMs);
    expect(takenBack.approval?.answer?.answer).toBe('rejected');
    expect(afterAnswered(takenBack, yes, nowMs).approval?.answer?.answer).toBe('rejected');
    expect(afterAnswered(asked, { ...yes, question: 4 }, nowMs)).toEqual(asked);
  });

  it('of an older version names the grant', () => {
    const { question: _number, ...old } = yes;

    expect(afterAnswered(asked, old, nowMs).approval?.answer?.answer).toBe('approved');
    expect(afterAnswered(asked, { ...old, grant: { ...grant, roleId: 'x' } }, nowMs)).toEqual(asked);
  });

  it('is used by the change that it allows, and by no other', () => {
    const after = afterAnswered(asked, yes, nowMs);

    expect(decided(after, { do: 'grant', grant, because: 'pull-role-missing' }, 6, []).approval?.usedAtMs).toBe(nowMs);
    expect(
      decided(after, { do: 'restart', revision: 'ca--1', because: 'cause-is-gone' }, 6, []).approval,
    ).not.toHaveProperty('usedAtMs');
  });
});

describe('a question that expired', () => {
  it('can be asked again, and one that is open or answered cannot', () => {
    expect(askableAgain(asked, nowMs + 10 * minute).approval?.askableAgain).toBe(true);
    expect(askableAgain(asked, nowMs + 10 * minute - 1)).toEqual(asked);
    const answered = afterAnswered(asked, yes, nowMs);
    expect(askableAgain(answered, nowMs + 10 * minute)).toEqual(answered);
  });
});

describe('the last question', () => {
  const restartAsked = decided(asked, ask({ restart: 'ca--1' }), 5);

  it('is the one with the higher number, whether it is about a grant or about a restart', () => {
    expect(lastQuestion(asked)?.question).toBe(3);
    expect(lastQuestion({ ...asked, ...restartAsked })?.question).toBe(5);
    expect(lastQuestion({ ...restartAsked, ...decided({}, ask({ grant }), 7) })?.question).toBe(7);
  });

  it('is none where none was asked', () => {
    expect(lastQuestion({})).toBeUndefined();
  });
});
