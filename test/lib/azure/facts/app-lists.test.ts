// The lists of one kind of workload within a scope.
import { describe, expect, it } from 'vitest';
import { appsWithin, jobsWithin } from '../../../../src/lib/azure/facts/app-lists.ts';
import { appId, arm, jobId } from '../../facts.ts';
import { alwaysAnswering } from '../clients-over.ts';

const subscription = arm('/subscriptions/5f0c1d2e-0000-4000-8000-000000000001');
const item = (id: string): object => ({ id, location: 'x', properties: { provisioningState: 'Failed' } });

describe('the list of one kind', () => {
  it.each([
    ['apps', appsWithin, appId, 'containerApps'],
    ['jobs', jobsWithin, jobId, 'jobs'],
  ] as const)('of %s is read from its own type, and an item without an id is counted', async (_, list, id, type) => {
    const { clients, asked } = alwaysAnswering({ value: [item(id), item('')] });

    expect(await list(clients, arm(`${subscription}/resourceGroups/rg-apps`))).toEqual({
      apps: [{ id, provisioningState: 'Failed' }],
      skipped: 1,
    });
    expect(asked.map(({ path }) => path)).toEqual([
      `${subscription}/resourceGroups/rg-apps/providers/Microsoft.App/${type}`,
    ]);
  });

  it.each([
    ['apps', appsWithin, 'containerApps'],
    ['jobs', jobsWithin, 'jobs'],
  ] as const)('of %s covers a whole subscription', async (_, list, type) => {
    const { clients, asked } = alwaysAnswering({ value: [] });
    await list(clients, subscription);

    expect(asked.map(({ path }) => path)).toEqual([`${subscription}/providers/Microsoft.App/${type}`]);
  });

  it.each([appsWithin, jobsWithin])('that Azure refuses is no empty list', async (list) => {
    const { clients } = alwaysAnswering({ error: { code: 'AuthorizationFailed', message: 'no' } }, 403);

    await expect(list(clients, subscription)).rejects.toThrow('statusCode 403');
  });
});
