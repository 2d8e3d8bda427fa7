// The clients: every request is counted and within the budget, a long wait is cut short, and a write is sent once.
import { describe, expect, it } from 'vitest';
import type { RequestBudget } from '../../../../src/lib/azure/clients/budget.ts';
import { counted } from '../../../../src/lib/azure/clients/clients.ts';
import { LookCapReached, OverBudget } from '../../../../src/lib/azure/clients/reading.ts';
import { smallLook } from '../../../../src/lib/evidence/reads.ts';
import { appId } from '../../facts.ts';
import { alwaysAnswering, clientsOver } from '../clients-over.ts';

const path = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001';

/** A budget that notes what it hears. */
function budget(
  allows: boolean,
): RequestBudget & { readonly heard: RequestBudget['heard']; readonly notes: unknown[] } {
  const notes: unknown[] = [];
  return {
    notes,
    take: async () => allows,
    heard: async (_key, limits) => void notes.push(limits),
    scarce: () => false,
  };
}

describe('a read', () => {
  it('goes to ARM with a token of our own identity, and is counted', async () => {
    const { clients, asked } = alwaysAnswering({ a: 1 });
    const { value, calls } = await counted(() => clients.get(path, '2022-12-01'));

    expect(value).toEqual({ status: 200, body: { a: 1 } });
    expect(calls).toBe(1);
    expect(asked).toMatchObject([{ method: 'GET', host: 'management.azure.com', authorization: 'Bearer our-token' }]);
    expect(asked[0]?.query.get('api-version')).toBe('2022-12-01');
  });

  it('is not sent once its look has sent as many as it may', async () => {
    const { clients, asked } = alwaysAnswering({});
    let left = 1;
    const both = counted(
      async () => {
        await clients.get(path, 'v');
        await clients.get(path, 'v');
      },
      () => left-- > 0,
    );

    await expect(both).rejects.toThrow(LookCapReached);
    expect(asked).toHaveLength(1);
  });

  it('is not sent if the budget of all instances is spent', async () => {
    const { clients, asked } = clientsOver(() => ({}), budget(false));

    await expect(clients.get(path, 'v')).rejects.toThrow(OverBudget);
    expect(asked).toEqual([]);
  });

  it('tells the budget of which look it is, and that a read for a signal is of none', async () => {
    const looks: unknown[] = [];
    const noting: RequestBudget = { ...budget(true), take: async (_key, look) => looks.push(look) > 0 };
    const { clients } = clientsOver(() => ({}), noting);
    const look = { ...smallLook(), maySend: () => true };
    const forASignal = smallLook();
    for (const maySend of [look.maySend, forASignal.maySend, look.maySend])
      await counted(() => clients.get(path, 'v'), maySend);
    await counted(() => clients.get(path, 'v'));

    expect(looks).toEqual([look.maySend, undefined, look.maySend, undefined]);
  });

  it('tells the budget how many requests Azure still allows: the smallest number that it names', async () => {
    const told = budget(true);
    const headers = { 'x-ms-ratelimit-remaining-subscription-reads': '17', 'x-ms-user-quota-remaining': '3' };
    await clientsOver(() => ({ headers }), told).clients.get(path, 'v');

    expect(told.notes).toEqual([{ remaining: 3 }]);
  });
});

describe('a refusal for too many requests', () => {
  it.each([
    ['20', 20_000],
    ['86400', 300_000],
    ['soon', 1000],
  ])('with Retry-After %s blocks all instances for %i ms', async (after, waitMs) => {
    const told = budget(true);
    const refuses = clientsOver(() => ({ status: 429, headers: { 'retry-after': after } }), told);

    // This read is sent once, so that the test need not wait for a retry.
    await refuses.clients.send({ url: `https://management.azure.com${path}` });

    expect(refuses.asked).toHaveLength(1);
    expect(told.notes).toEqual([{ waitMs }]);
  });
});

describe('a write', () => {
  it('is sent once, also if the answer is an error of the server', async () => {
    const { clients, asked } = alwaysAnswering({ error: { code: 'InternalServerError' } }, 500);

    expect(await clients.post(`${appId}/restart`, 'v', {})).toBe(500);
    expect(asked).toMatchObject([{ method: 'POST' }]);
  });
});

describe('Log Analytics', () => {
  it('has answered also if it refused', async () => {
    const { clients } = alwaysAnswering({ error: { code: 'Forbidden', message: 'x' } }, 403);
    expect(clients.lastLogsAnswer()).toBeUndefined();
    const span = { startTime: new Date(0), endTime: new Date(1) };
    await expect(clients.logs.queryWorkspace('w', 'T', span)).rejects.toThrow('x');

    expect(clients.lastLogsAnswer()).toMatchObject({ answered: true });
  });
});
