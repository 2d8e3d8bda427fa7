// The clients of the SDK: they load with the first request, the same client serves a subscription, and each speaks its API version.
import { describe, expect, it } from 'vitest';
import { alwaysAnswering } from '../clients-over.ts';

const shop = '5f0c1d2e-0000-4000-8000-000000000001';
const bakery = '5f0c1d2e-0000-4000-8000-000000000002';

describe('a client of ARM', () => {
  it('is made once for a subscription, also for two callers at once, and never shared with another subscription', async () => {
    const { clients, asked } = alwaysAnswering({});
    const [first, second, other, writes] = await Promise.all([
      clients.apps(shop),
      clients.apps(shop),
      clients.apps(bakery),
      clients.appsForWrites(shop),
    ]);

    expect(second).toBe(first);
    expect(other).not.toBe(first);
    expect(writes).not.toBe(first);
    expect(asked).toEqual([]);
  });

  it.each([
    ['apps', '2026-01-01'],
    ['newestApps', '2026-07-01'],
    ['appsForWrites', '2026-01-01'],
  ] as const)('for %s speaks version %s', async (which, version) => {
    const { clients, asked } = alwaysAnswering({ id: 'x', location: 'y' });
    const { containerApps } = await clients[which](shop);
    await containerApps.get('rg-shop', 'api');

    expect(asked).toMatchObject([{ method: 'GET', host: 'management.azure.com', authorization: 'Bearer our-token' }]);
    expect(asked[0]?.query.get('api-version')).toBe(version);
  });
});

describe('the client of Log Analytics', () => {
  it('loads with the first query, and keeps the last answer for the health page', async () => {
    const { clients, asked } = alwaysAnswering({ tables: [] });
    expect(clients.lastLogsAnswer()).toBeUndefined();
    await clients.logs.queryWorkspace('w', 'T', { duration: 'PT1H' });

    expect(asked).toMatchObject([{ method: 'POST', host: 'api.loganalytics.io' }]);
    expect(clients.lastLogsAnswer()).toMatchObject({ answered: true });
  });
});
