// approve and reject: what is shown, and which question is answered.
import { describe, expect, it } from 'vitest';
import { questionNumber } from '../../src/cli/answer-command.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { appAnswering, type StandIn } from './ran.ts';

const open = {
  question: 12,
  app: 'ca-orders',
  asks: 'grant AcrPull to x on the registry acrshop',
  cause: 'the pull role is missing',
  because: ['the mode is approve\u001b[2J'],
  expiresAtMs: Date.parse('2026-06-01T02:00:00Z'),
};

const id = `t${'0'.repeat(24)}.1`;

function app(): Promise<StandIn> {
  const said = { answer: 'approved', question: 9 };
  return appAnswering({
    [`remediations/${id}/question`]: open,
    [`remediations/${id}/approve`]: said,
    [`remediations/${id}/reject`]: { answer: 'rejected', question: 12 },
  });
}

describe('an answer', () => {
  it('with a number goes to that question at once, with the reason', async () => {
    const deployed = await app();
    const { code, out } = await deployed.ran(['approve', id, '--question', '9', '--why', 'seen']);

    expect([code, out]).toEqual([0, `Approved: question 9 about ${id}. Its history shows what happens next.\n`]);
    expect(deployed.asked).toMatchObject([{ method: 'POST', body: { question: 9, why: 'seen' } }]);
  });

  it('without one shows the question, and approves nothing that no person at a terminal says yes to', async () => {
    const deployed = await app();
    const { code, out, error } = await deployed.ran(['approve', id]);

    expect(code).toBe(1);
    expect(error).toContain('--question 12');
    expect(deployed.paths()).toEqual([`GET remediations/${id}/question`]);
    expect(out).toContain('Question 12 about ca-orders: may pullmedic grant AcrPull to x on the registry acrshop?');
    expect(out).toContain('  - the mode is approve [2J\n');
  });

  it('a no needs no terminal: it answers the question that is open', async () => {
    const deployed = await app();

    const { code, out } = await deployed.ran(['reject', id]);
    expect(code).toBe(0);
    expect(out).toContain(`Rejected: question 12 about ca-orders (${id}).`);
    expect(deployed.asked.at(-1)).toMatchObject({ path: `remediations/${id}/reject`, body: { question: 12 } });
  });

  it('is what the app answered, for a program that names the question', async () => {
    const deployed = await app();

    const { out } = await deployed.ran(['approve', id, '--question', '9', '--json']);
    expect(JSON.parse(out)).toEqual({ answer: 'approved', question: 9 });
    expect(await deployed.ran(['reject', id, '--json'])).toMatchObject({ code: 2, out: '' });
    expect(deployed.asked).toHaveLength(1);
  });

  it('takes the whole id beside the number of a question, because a short name may mean another one later', async () => {
    const deployed = await app();

    expect(await deployed.ran(['approve', 'ca-orders', '--question', '9'])).toMatchObject({ code: 2 });
    expect(deployed.asked).toEqual([]);
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
