// An Express environment in the simulation: no VNet of its own, and apps that leave by the subnet that they name.
import { describe, expect, it } from 'vitest';
import { obstacle } from '../../../../local/azure/network/ways.ts';
import { unknownNames } from '../../../../local/azure/world/unknown-names.ts';
import { worldSchema } from '../../../../local/azure/world/world.ts';
import { small } from '../registry-worlds.ts';
import { at, orders, small as shop } from '../worlds.ts';

const environments = [{ name: 'cae-shop', express: true }];

const outbound = { vnet: 'vnet-shop', subnet: 'snet-own' };

const zone = { records: { acrshop: '10.70.4.5', 'acrshop.westeurope.data': '10.70.4.4' } };

describe('an app in an Express environment', () => {
  it('names its subnet where the real one does, and the environment its kind', () => {
    const { arm } = shop({
      environments,
      vnets: [{ name: 'vnet-shop' }],
      apps: [{ ...orders, outbound, deployed: 'running' }],
    });
    const group = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-apps/providers/Microsoft.App';
    const { body } = arm('GET', `${group}/containerApps/ca-orders`);
    const environment = arm('GET', `${group}/managedEnvironments/cae-shop`);

    expect(at(body, 'properties', 'networking', 'outboundVnetSubnetId')).toMatch(
      /virtualNetworks\/vnet-shop\/subnets\/snet-own$/,
    );
    expect(at(environment.body, 'properties', 'environmentMode')).toBe('Express');
    expect(at(environment.body, 'properties', 'vnetConfiguration')).toBeNull();
  });

  it.each([
    ['reaches the endpoint where its own VNet is linked', 'vnet-shop', undefined],
    ['does not where another one is', 'vnet-other', { kind: 'public-refused' }],
  ])('%s', (_, link, found) => {
    const { sim, registry } = small(
      {
        environments,
        vnets: [{ name: 'vnet-shop' }, { name: 'vnet-other' }],
        dnsZones: [{ ...zone, links: [link] }],
        apps: [{ ...orders, outbound }],
      },
      { publicNetworkAccess: 'Disabled', privateEndpoint: { name: 'pe', vnet: 'vnet-shop' } },
    );
    const app = sim.apps.get('ca-orders');
    if (app === undefined) throw new Error('no app');

    expect(obstacle(sim, app, registry)).toEqual(found);
  });
});

describe('a scenario file', () => {
  it.each([
    [
      { environments: [{ name: 'cae-shop' }], apps: [{ ...orders, outbound }] },
      /only an app in an Express environment/,
    ],
    [
      { environments: [{ ...environments[0], vnet: 'vnet-shop' }], apps: [orders] },
      /an Express environment has no VNet/,
    ],
  ])('with subnets where there are none is refused', (world, sentence) => {
    const parsed = worldSchema.parse({ vnets: [{ name: 'vnet-shop' }], identities: [{ name: 'id-orders' }], ...world });

    expect(
      unknownNames(parsed, [])
        .map(({ message }) => message)
        .join(),
    ).toMatch(sentence);
  });
});
