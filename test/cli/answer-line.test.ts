// The line that says how to answer a question.
import { expect, it } from 'vitest';
import { answerLines } from '../../src/cli/answer-line.ts';

const open = { state: 'pending', question: 3, expiresAtMs: Date.parse('2026-06-01T03:51:36Z') };

it('has the command, the number of the question, and until when it is open', () => {
  expect(answerLines('ca-forms', open, { indent: 2 })).toEqual([
    '  Answer: pullmedic approve ca-forms, or reject (question 3, until 2026-06-01 03:51:36 UTC)',
  ]);
  expect(answerLines('ca-forms', { state: 'pending', question: 3 })).toEqual([
    'Answer: pullmedic approve ca-forms, or reject (question 3)',
  ]);
});

it('is not there where no question is open', () => {
  expect(answerLines('ca-forms', { ...open, state: 'approved' })).toEqual([]);
  expect(answerLines('ca-forms', undefined)).toEqual([]);
});

it('lets no name command the terminal', () => {
  expect(answerLines('ca\u001b[2J', open)[0]).not.toContain('\u001b');
});
