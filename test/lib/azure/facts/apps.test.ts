// Lists of apps: by name through Resource Graph, and all of the scopes for the sweep.
import { describe, expect, it } from 'vitest';
import { graphApps, listApps } from '../../../../src/lib/azure/facts/apps.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { appId, arm, environmentId, image, jobId } from '../../facts.ts';
import { alwaysAnswering, clientsOver } from '../clients-over.ts';

const subscription = arm('/subscriptions/5f0c1d2e-0000-4000-8000-000000000001');
const group = arm(`${subscription}/resourceGroups/rg-apps`);

const row = (id: string, more: object = {}): object => ({ id, type: 'microsoft.app/containerapps', ...more });
const page = (data: readonly object[]): object => ({
  totalRecords: data.length,
  count: data.length,
  resultTruncated: 'false',
  data,
});
/** The domain is of the shape of a captured one: Azure Container Apps practical guide, lab managed-identity-key-vault-failure. */
const environment = {
  id: environmentId,
  type: 'microsoft.app/managedenvironments',
  domain: 'victoriousmushroom-d79e9f76.westeurope.azurecontainerapps.io',
};

describe('apps by name', () => {
  it('come with the names of their environment: its own, the label of its domain and that of their address', async () => {
    const data = [
      row(appId, { environmentId }),
      row(`${appId}2`, { domain: 'ca-orders2.internal.calmbay-1a2b3c4d.westeurope.azurecontainerapps.io' }),
      row(`${appId}3`, { domain: 'shop.contoso.example' }),
      environment,
    ];
    const { clients, asked } = alwaysAnswering(page(data));

    expect(await graphApps(clients, ['s'], ['ca-orders'])).toEqual(
      known({
        apps: [
          { id: appId, environments: ['cae-shop', 'victoriousmushroom-d79e9f76'] },
          { id: `${appId}2`, environments: ['calmbay-1a2b3c4d'] },
          { id: `${appId}3`, environments: [] },
        ],
        unreadable: [],
      }),
    );
    expect(asked[0]?.body).toContain('ca-orders');
  });

  it('are asked for with both members that may hold the environment', async () => {
    const { clients, asked } = alwaysAnswering(page([]));
    await graphApps(clients, ['s'], ['ca-orders']);

    expect(asked[0]?.body).toContain(
      'coalesce(tostring(properties.managedEnvironmentId), tostring(properties.environmentId))',
    );
  });

  it('with an id that cannot be read are named, and the others are found', async () => {
    const bad = '/subscriptions/s/resourceGroups/rg x/providers/Microsoft.App/containerApps/CA-Odd';
    const { clients } = alwaysAnswering(page([row(bad), row(appId, { environmentId })]));

    expect(await graphApps(clients, ['s'], ['ca-orders', 'ca-odd'])).toEqual(
      known({ apps: [{ id: appId, environments: ['cae-shop'] }], unreadable: ['ca-odd'] }),
    );
  });

  it('of an answer that was cut are unreadable', async () => {
    const { clients } = alwaysAnswering({ totalRecords: 2, count: 1, resultTruncated: 'true', data: [] });

    expect(await graphApps(clients, ['s'], ['ca-orders'])).toEqual(unreadable('unexpected-answer'));
  });
});

describe('all apps', () => {
  /** Each kind is a list of its own. */
  const listing = (apps: object, jobs: object = { value: [] }, groups: object = { value: [] }) =>
    clientsOver(({ path }) => ({
      body: path.endsWith('/jobs') ? jobs : path.endsWith('/containerGroups') ? groups : apps,
    }));

  it('come with the jobs of the scope, which have no latest revision', async () => {
    const job = { id: jobId, location: 'x', properties: { provisioningState: 'Succeeded', configuration: {} } };
    const fact = await listApps(listing({ value: [ready] }, { value: [job, { ...job, id: '' }] }).clients, [group]);

    expect(fact).toMatchObject({
      value: { apps: [{ id: appId }, { id: jobId, provisioningState: 'Succeeded' }], skipped: 1 },
    });
  });

  it('are unreadable where the jobs are: half a list would look like jobs that are gone', async () => {
    const { clients } = clientsOver(({ path }) =>
      path.endsWith('/jobs') ? { status: 403, body: {} } : { body: { value: [ready] } },
    );

    expect(await listApps(clients, [group])).toEqual(unreadable('forbidden'));
  });

  const ready = {
    id: appId,
    location: 'x',
    properties: {
      provisioningState: 'Succeeded',
      latestRevisionName: 'r1',
      latestReadyRevisionName: 'r1',
      environmentId,
      template: { containers: [{ image }, { image: 'nginx' }] },
    },
  };

  it.each([undefined, '', '/subscriptions/s/resourceGroups/rg x/providers/Microsoft.App/containerApps/a'])(
    'are listed although one has the id %j, and that one is counted',
    async (id) => {
      const list = { value: [{ ...ready, id }, ready] };
      const fact = await listApps(listing(list).clients, [group]);

      expect(fact).toMatchObject({ read: true, value: { apps: [{ id: appId }], skipped: 1 } });
    },
  );

  it('of a resource group with letters of any script are listed', async () => {
    const id = appId.replace('rg-apps', 'Größe-产品');
    const fact = await listApps(listing({ value: [{ ...ready, id }] }).clients, [group]);

    expect(fact).toMatchObject({ value: { apps: [{ id: id.toLowerCase() }], skipped: 0 } });
  });

  it('of a group and of its subscription are listed once', async () => {
    const { clients, asked } = listing({ value: [ready] });
    const fact = await listApps(clients, [subscription, group]);

    expect(fact.read && fact.value.apps.map(({ id }) => id)).toEqual([appId]);
    expect(asked.filter(({ path }) => /\/resourceGroups\//i.test(path))).toHaveLength(3);
    expect(asked).toHaveLength(6);
  });

  it('that are ready name their registries and their environment', async () => {
    expect(await listApps(listing({ value: [ready] }).clients, [group])).toMatchObject({
      value: { apps: [{ ready: { registries: ['acrshop.azurecr.io', 'docker.io'], environmentId } }], skipped: 0 },
    });
  });

  it.each([{ latestReadyRevisionName: 'r0' }, { provisioningState: 'Failed' }, { latestRevisionName: '' }])(
    'with %j are not ready',
    async (more) => {
      const app = { ...ready, properties: { ...ready.properties, ...more } };
      const fact = await listApps(listing({ value: [app] }).clients, [group]);

      expect(fact.read && fact.value.apps.map((one) => 'ready' in one)).toEqual([false]);
    },
  );

  it('are unreadable if one scope is: half a list looks like apps that are gone', async () => {
    const { clients } = clientsOver(({ path }) =>
      path.includes('/resourceGroups/') ? { status: 403, body: {} } : { body: { value: [ready] } },
    );

    expect(await listApps(clients, [subscription, group])).toEqual(unreadable('forbidden'));
  });
});
