import { describe, expect, it } from 'vitest';
import { sayAsked, sayGrant, sayQuestion, sayQuestionEnd } from '../../../src/lib/incidents/question-words.ts';
import { acrPull, principal, registryId } from '../facts.ts';
import { question } from './incident-data.ts';

const grant = { roleId: acrPull, principalId: principal, registryId } as unknown as Parameters<typeof sayGrant>[0];

describe('a question to a person', () => {
  it('says what pullmedic would do, why, what speaks against it, and until when an answer counts', () => {
    const asks = {
      ...question,
      about: { grant },
      cause: 'pull-role-removed',
      doubts: [{ guard: 'mode', why: 'approval-needed' }],
    } as const;

    expect(sayQuestion(asks, 'ca-orders')).toBe(
      `pullmedic asks whether it may grant ${sayGrant(grant)}, for ca-orders. Why: another person or system removed the pull role. ` +
        'It asks because the mode is approve: a person has to say yes first (mode: approval-needed). An answer counts until 2026-06-01 06:00 UTC.',
    );
  });

  it('about a suspicion says that its cause is one', () => {
    const asks = {
      ...question,
      about: { restart: 'ca-orders--1' },
      cause: 'platform-token-stale',
      doubts: [{ guard: 'cause-not-proved', why: 'suspected' }],
    } as const;

    expect(sayQuestion(asks, 'ca-orders')).toContain('the platform may still use an old token (suspected). It asks');
    expect(sayQuestion({ ...asks, doubts: [{ guard: 'mode', why: 'approval-needed' }] }, 'ca-orders')).not.toContain(
      '(suspected)',
    );
  });

  it('of an older history says what is known', () => {
    expect(sayQuestion(question, 'ca-orders')).toBe(
      'pullmedic asks about ca-orders. An answer counts until 2026-06-01 06:00 UTC.',
    );
  });

  it('says how it ended, and who answered', () => {
    expect(sayQuestionEnd({ ...question, says: 'expired' }, 'ca-orders')).toContain('expired without an answer');
    expect(sayQuestionEnd({ ...question, says: 'answered', answer: 'approved', by: 'Ada (1)' }, 'ca-orders')).toBe(
      'The question about ca-orders was answered: approved by Ada (1).',
    );
  });
});

describe('what is asked', () => {
  it('is a grant, a restart or a new revision', () => {
    expect(sayAsked({ grant })).toContain('grant AcrPull to');
    expect(sayAsked({ restart: 'ca--1' })).toBe('restart ca--1');
    expect(sayAsked({ restart: 'ca--1', upTo: 3 })).toContain('up to 3 times');
    expect(sayAsked({ newRevision: 't' })).toBe('ask for a new revision of the same template');
  });
});
