// Container groups as ARM answers: the API version that the region knows, pages, and answers that are no container group.
import { describe, expect, it } from 'vitest';
import { getGroup, listGroups, versionFor } from '../../../../src/lib/azure/facts/group-resource.ts';
import { arm, groupId } from '../../facts.ts';
import { alwaysAnswering, clientsOver } from '../clients-over.ts';
import { container, running, wireGroup } from './wire-groups.ts';

const group = wireGroup([container(running, [])]);

describe('a container group', () => {
  it('is read in the newest API version', async () => {
    const { clients, asked } = alwaysAnswering(group);
    expect((await getGroup(clients, groupId)).id).toBe(groupId);
    expect(asked.map(({ path, query }) => [path, query.get('api-version')])).toEqual([[groupId, '2025-09-01']]);
  });

  it('is read in the older version where its region does not know the newest, from then on at once', async () => {
    const { clients, asked } = clientsOver(({ query }) =>
      query.get('api-version') === '2025-09-01'
        ? { status: 400, body: { error: { code: 'NoRegisteredProviderFound', message: 'x' } } }
        : { body: group },
    );
    await getGroup(clients, groupId);
    await getGroup(clients, groupId);
    expect(asked.map(({ query }) => query.get('api-version'))).toEqual(['2025-09-01', '2023-05-01', '2023-05-01']);
    expect(versionFor(clients, groupId)).toBe('2023-05-01');
  });

  it('is not asked for again in another version where the request itself was refused', async () => {
    const { clients, asked } = alwaysAnswering({ error: { code: 'InvalidRequestContent', message: 'x' } }, 400);
    await expect(getGroup(clients, groupId)).rejects.toMatchObject({ statusCode: 400 });
    expect(asked).toHaveLength(1);
  });

  it('of another shape is no answer: an event without a time could be the one that matters', async () => {
    const odd = { name: 'app', properties: { instanceView: { events: [{ name: 'Failed', lastTimestamp: 'soon' }] } } };
    await expect(getGroup(alwaysAnswering(wireGroup([odd])).clients, groupId)).rejects.toThrow('no container group');
    await expect(getGroup(alwaysAnswering({}).clients, groupId)).rejects.toThrow('no container group');
  });
});

describe('the list of container groups', () => {
  const scope = arm('/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-apps');

  it('is read page by page, by the token of the link and never by the link itself', async () => {
    const { clients, asked } = clientsOver(({ query }) => ({
      body: query.has('$skiptoken')
        ? { value: [{ id: groupId, properties: {} }] }
        : { value: [{ id: groupId, properties: {} }], nextLink: 'https://evil.example/x?$skiptoken=two' },
    }));
    expect(await listGroups(clients, scope, 10)).toHaveLength(2);
    expect(new Set(asked.map(({ host }) => host))).toEqual(new Set(['management.azure.com']));
  });

  it('is never cut', async () => {
    const value = [1, 2, 3].map(() => ({ id: groupId }));
    await expect(listGroups(alwaysAnswering({ value }).clients, scope, 2)).rejects.toThrow('more than 2');
  });

  it.each([
    [409, 'MissingSubscriptionRegistration'],
    [404, 'SubscriptionNotRegistered'],
    [400, 'NoRegisteredProviderFound'],
  ])('is empty where the subscription never used Container Instances (%i %s)', async (status, code) => {
    expect(await listGroups(alwaysAnswering({ error: { code } }, status).clients, scope, 10)).toEqual([]);
  });

  it.each([
    [403, 'AuthorizationFailed'],
    [404, 'SubscriptionNotFound'],
    [500, 'MissingSubscriptionRegistration'],
  ])('is not empty where Azure refuses it (%i %s)', async (status, code) => {
    await expect(listGroups(alwaysAnswering({ error: { code } }, status).clients, scope, 10)).rejects.toMatchObject({
      statusCode: status,
    });
  });

  it('of a subscription is asked for without a resource group', async () => {
    const { clients, asked } = alwaysAnswering({ value: [] });
    await listGroups(clients, arm('/subscriptions/5f0c1d2e-0000-4000-8000-000000000001'), 10);
    expect(asked[0]?.path).toBe(
      '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/providers/Microsoft.ContainerInstance/containerGroups',
    );
  });
});
