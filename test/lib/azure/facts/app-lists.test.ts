// The lists of one kind of workload within a scope.
import { describe, expect, it } from 'vitest';
import { appsWithin, groupsWithin, jobsWithin } from '../../../../src/lib/azure/facts/app-lists.ts';
import { appId, arm, groupId, jobId } from '../../facts.ts';
import { alwaysAnswering } from '../clients-over.ts';

const subscription = arm('/subscriptions/5f0c1d2e-0000-4000-8000-000000000001');
const item = (id: string): object => ({ id, location: 'x', properties: { provisioningState: 'Failed' } });

describe('the list of one kind', () => {
  it.each([
    ['apps', appsWithin, appId, 'Microsoft.App/containerApps'],
    ['jobs', jobsWithin, jobId, 'Microsoft.App/jobs'],
    ['groups', groupsWithin, groupId, 'Microsoft.ContainerInstance/containerGroups'],
  ] as const)('of %s is read from its own type, and an item without an id is counted', async (_, list, id, type) => {
    const { clients, asked } = alwaysAnswering({ value: [item(id), item('')] });

    expect(await list(clients, arm(`${subscription}/resourceGroups/rg-apps`))).toEqual({
      apps: [{ id, provisioningState: 'Failed' }],
      skipped: 1,
    });
    expect(asked.map(({ path }) => path.toLowerCase())).toEqual([
      `${subscription}/resourceGroups/rg-apps/providers/${type}`.toLowerCase(),
    ]);
  });

  it('of apps has the images of the template, those of init containers too', async () => {
    const template = { containers: [{ image: 'a/b:v1' }], initContainers: [{ image: 'a/c:v1' }] };
    const { clients } = alwaysAnswering({ value: [{ id: appId, properties: { template } }] });

    expect(await appsWithin(clients, subscription)).toMatchObject({ apps: [{ images: ['a/b:v1', 'a/c:v1'] }] });
  });

  it.each([
    ['apps', appsWithin, 'Microsoft.App/containerApps'],
    ['jobs', jobsWithin, 'Microsoft.App/jobs'],
    ['groups', groupsWithin, 'Microsoft.ContainerInstance/containerGroups'],
  ] as const)('of %s covers a whole subscription', async (_, list, type) => {
    const { clients, asked } = alwaysAnswering({ value: [] });
    await list(clients, subscription);

    expect(asked.map(({ path }) => path)).toEqual([`${subscription}/providers/${type}`]);
  });

  it.each([appsWithin, jobsWithin, groupsWithin])('that Azure refuses is no empty list', async (list) => {
    const { clients } = alwaysAnswering({ error: { code: 'AuthorizationFailed', message: 'no' } }, 403);

    await expect(list(clients, subscription)).rejects.toMatchObject({ statusCode: 403 });
  });
});
