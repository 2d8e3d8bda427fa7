// Requests that no SDK client can make: to ARM with our own sign-in, and to a registry with nothing but what the caller puts on them.
import { describe, expect, it } from 'vitest';
import { alwaysAnswering, clientsOver } from '../clients-over.ts';

const path = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg täglich';

describe('a plain call', () => {
  it('to ARM carries our token, the version and the query, and its path is encoded', async () => {
    const { clients, asked } = alwaysAnswering({ value: [] });

    expect(await clients.get(path, '2024-01-01', { $filter: 'a & b' })).toEqual({ status: 200, body: { value: [] } });
    expect(asked).toMatchObject([
      { method: 'GET', host: 'management.azure.com', path, authorization: 'Bearer our-token' },
    ]);
    expect(Object.fromEntries(asked[0]?.query ?? [])).toEqual({ 'api-version': '2024-01-01', $filter: 'a & b' });
  });

  it('that is answered with nothing has no body', async () => {
    const { clients } = clientsOver(() => ({ status: 204 }));

    expect(await clients.get(path, 'v')).toEqual({ status: 204, body: undefined });
  });

  it('to a registry never carries our own token: only what the caller puts on it', async () => {
    const { clients, asked } = alwaysAnswering({});
    const url = 'https://acrshop.azurecr.io/v2/orders/manifests/v1';
    await clients.send({ url });
    await clients.send({ method: 'POST', url, body: 'a=1', headers: { authorization: 'Bearer theirs' } });

    expect(asked.map(({ method, authorization, body }) => [method, authorization, body])).toEqual([
      ['GET', undefined, ''],
      ['POST', 'Bearer theirs', 'a=1'],
    ]);
  });
});
