// Lists of apps: by name through Resource Graph, and all of the scopes for the sweep.
import { describe, expect, it } from 'vitest';
import { graphApps, listApps } from '../../../../src/lib/azure/facts/apps.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { appId, arm, environmentId, image } from '../../facts.ts';
import { alwaysAnswering, clientsOver } from '../clients-over.ts';

const subscription = arm('/subscriptions/5f0c1d2e-0000-4000-8000-000000000001');
const group = arm(`${subscription}/resourceGroups/rg-apps`);

describe('apps by name', () => {
  it('come with the name of their environment, and without one if it cannot be read', async () => {
    const data = [{ id: appId, environmentId }, { id: `${appId}2` }];
    const { clients, asked } = alwaysAnswering({ totalRecords: 2, count: 2, resultTruncated: 'false', data });

    expect(await graphApps(clients, ['s'], ['ca-orders'])).toEqual(
      known({
        apps: [
          { id: appId, environment: 'cae-shop' },
          { id: `${appId}2`, environment: '' },
        ],
        unreadable: [],
      }),
    );
    expect(asked[0]?.body).toContain('ca-orders');
  });

  it('with an id that cannot be read are named, and the others are found', async () => {
    const bad = '/subscriptions/s/resourceGroups/rg x/providers/Microsoft.App/containerApps/CA-Odd';
    const data = [{ id: bad }, { id: appId, environmentId }];
    const { clients } = alwaysAnswering({ totalRecords: 2, count: 2, resultTruncated: 'false', data });

    expect(await graphApps(clients, ['s'], ['ca-orders', 'ca-odd'])).toEqual(
      known({ apps: [{ id: appId, environment: 'cae-shop' }], unreadable: ['ca-odd'] }),
    );
  });

  it('of an answer that was cut are unreadable', async () => {
    const { clients } = alwaysAnswering({ totalRecords: 2, count: 1, resultTruncated: 'true', data: [] });

    expect(await graphApps(clients, ['s'], ['ca-orders'])).toEqual(unreadable('unexpected-answer'));
  });
});

describe('all apps', () => {
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
      const fact = await listApps(alwaysAnswering(list).clients, [group]);

      expect(fact).toMatchObject({ read: true, value: { apps: [{ id: appId }], skipped: 1 } });
    },
  );

  it('of a resource group with letters of any script are listed', async () => {
    const id = appId.replace('rg-apps', 'Größe-产品');
    const fact = await listApps(alwaysAnswering({ value: [{ ...ready, id }] }).clients, [group]);

    expect(fact).toMatchObject({ value: { apps: [{ id: id.toLowerCase() }], skipped: 0 } });
  });

  it('of a group and of its subscription are listed once', async () => {
    const { clients, asked } = alwaysAnswering({ value: [ready] });
    const fact = await listApps(clients, [subscription, group]);

    expect(fact.read && fact.value.apps.map(({ id }) => id)).toEqual([appId]);
    expect(asked.filter(({ path }) => path.includes('/resourceGroups/'))).toHaveLength(1);
    expect(asked).toHaveLength(2);
  });

  it('that are ready name their registries and their environment', async () => {
    expect(await listApps(alwaysAnswering({ value: [ready] }).clients, [group])).toMatchObject({
      value: { apps: [{ ready: { registries: ['acrshop.azurecr.io', 'docker.io'], environmentId } }], skipped: 0 },
    });
  });

  it.each([{ latestReadyRevisionName: 'r0' }, { provisioningState: 'Failed' }, { latestRevisionName: '' }])(
    'with %j are not ready',
    async (more) => {
      const app = { ...ready, properties: { ...ready.properties, ...more } };
      const fact = await listApps(alwaysAnswering({ value: [app] }).clients, [group]);

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
