// approve and reject: what is shown, and which question is answered.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answer, questionNumber } from '../../src/cli/answer-command.ts';
import { UsageError } from '../../src/cli/classify-command.ts';
import type { Deployed } from '../../src/cli/deployed.ts';

let said = '';
beforeEach(() => {
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const open = {
  question: 12,
  app: 'ca-orders',
  asks: 'grant AcrPull to x on the registry acrshop',
  cause: 'the pull role is missing',
  because: ['the mode is approve\u001b[2J'],
  expiresAtMs: Date.parse('2026-06-01T02:00:00Z'),
};

function app(): Deployed & { readonly asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    healthPath: 'health',
    get: async (path) => (asked.push(['GET', path]), open),
    post: async (path, body) => (asked.push(['POST', path, body]), {}),
  };
}

describe('an answer', () => {
  it('with a number goes to that question at once', async () => {
    const deployed = app();
    await answer('approve', { deployed, id: 't.1', question: 9 });

    expect(deployed.asked).toEqual([['POST', 'remediations/t.1/approve', { question: 9 }]]);
  });

  it('without one shows the question, and approves nothing that no person at a terminal says yes to', async () => {
    const deployed = app();

    await expect(answer('approve', { deployed, id: 't.1', question: undefined })).rejects.toThrow('--question 12');
    expect(deployed.asked).toEqual([['GET', 'remediations/t.1/question']]);
    expect(said).toContain('Question 12 about ca-orders: may pullmedic grant AcrPull to x on the registry acrshop?');
    expect(said).not.toContain('\u001b');
  });

  it('a no needs no terminal: it answers the question that is open', async () => {
    const deployed = app();
    await answer('reject', { deployed, id: 't.1', question: undefined });

    expect(deployed.asked.at(-1)).toEqual(['POST', 'remediations/t.1/reject', { question: 12 }]);
  });
});

describe('the number of a question', () => {
  it('is read from --question', () => {
    expect([questionNumber(undefined), questionNumber('12')]).toEqual([undefined, 12]);
  });

  it.each(['', '0', '-1', '1.5', 'x', '1234567890'])('is not "%s"', (text) => {
    expect(() => questionNumber(text)).toThrow(UsageError);
  });
});
