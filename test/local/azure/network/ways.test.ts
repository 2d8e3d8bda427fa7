// The way of a pull through the simulated network: names, peerings, security rules, appliances.
import { describe, expect, it } from 'vitest';
import { pullOutcome } from '../../../../local/azure/apps/pulls.ts';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import { minute, type Small, small } from '../registry-worlds.ts';

type Rule = { name: string; priority: number; access: 'Allow' | 'Deny'; destination: string; port?: string };
type Shape = {
  nsg?: Rule[];
  routeToAppliance?: 'allows' | 'denies' | string[];
  region?: string;
  vnet?: Record<string, unknown>;
  zone?: Record<string, unknown>;
};

const granted = { role: 'AcrPull', principal: 'id-orders', on: 'acrshop' } as const;
const records = { acrshop: '10.70.4.5', 'acrshop.westeurope.data': '10.70.4.4' };

function world({ vnet, zone, region, ...subnet }: Shape, registry: Parameters<typeof small>[1] = {}): Small {
  return small(
    {
      environments: [{ name: 'cae-shop', vnet: 'vnet-shop', region }],
      vnets: [{ name: 'vnet-shop', subnets: [{ name: 'snet-apps', ...subnet }], ...vnet }, { name: 'vnet-hub' }],
      dnsZones: [{ links: ['vnet-shop'], records, ...zone }],
      roleAssignments: [granted],
    },
    registry,
  );
}

const privately = { publicNetworkAccess: 'Disabled', privateEndpoint: { name: 'pe', vnet: 'vnet-shop' } } as const;
const inHub = { ...privately, privateEndpoint: { name: 'pe', vnet: 'vnet-hub' } };

function outcome({ sim }: Small, image = 'acrshop.azurecr.io/shop/orders:v1'): string {
  const app = sim.apps.get('ca-orders');
  if (app === undefined) throw new Error('no app');
  const result = pullOutcome(sim, app, { name: 'app', image, init: false });
  if (result.ok) return 'pulled';
  return result.writesNoFailureRows ? 'hangs' : (result.printed ?? result.text);
}

function deny(destination: string, more: Partial<Rule> = {}): Rule {
  return { name: 'Deny', priority: 400, access: 'Deny', destination, ...more };
}

function allow(destination: string, priority: number): Rule {
  return { name: `Allow${priority}`, priority, access: 'Allow', destination };
}

const unauthorized = 'Container pull image failed with unauthorized error.';

describe('a pull from an open registry', () => {
  it.each<[string, Shape, string]>([
    ['without rules', {}, 'pulled'],
    ['with the default rules alone', { nsg: [] }, 'pulled'],
    ['where the Internet is denied', { nsg: [deny('Internet')] }, 'hangs'],
    ['where another port is denied', { nsg: [deny('*', { port: '80-442' })] }, 'pulled'],
    ['where a range with 443 is denied', { nsg: [deny('*', { port: '400-500' })] }, 'hangs'],
    [
      'where only registry, storage and tokens are let out',
      {
        nsg: [
          deny('*'),
          allow('AzureContainerRegistry.WestEurope', 100),
          allow('Storage', 110),
          allow('AzureActiveDirectory', 120),
        ],
      },
      'pulled',
    ],
    ['where tokens cannot be had', { nsg: [deny('AzureActiveDirectory')] }, unauthorized],
    ['through an appliance that lets it pass', { routeToAppliance: 'allows' }, 'pulled'],
    ['through an appliance that does not', { routeToAppliance: 'denies' }, 'hangs'],
    [
      'through an appliance that knows all hosts of a pull',
      { routeToAppliance: ['acrshop.azurecr.io', '*.blob.core.windows.net', 'login.microsoftonline.com'] },
      'pulled',
    ],
    ['through an appliance that does not know its layers', { routeToAppliance: ['acrshop.azurecr.io'] }, 'hangs'],
    [
      'through an appliance that does not know the sign-in',
      { routeToAppliance: ['acrshop.azurecr.io', '*.blob.core.windows.net'] },
      unauthorized,
    ],
  ])('%s', (_, shape, expected) => {
    expect(outcome(world(shape))).toBe(expected);
  });

  it('that hangs writes no row about it, and its replica stays in PullingImage', () => {
    const made = world({ nsg: [deny('Internet')] });
    const [app] = made.sim.apps.values();
    if (app === undefined) throw new Error('no app');
    happen(made.sim, { at: 0, do: 'deploy', app: 'ca-orders' });
    made.time.advance(minute);

    expect(new Set(made.sim.logs.map((row) => row.reason))).toEqual(
      new Set(['RevisionReady', 'AssigningReplica', 'PullingImage']),
    );
    expect(app.revisions[0]?.replicas[0]?.details).toContain('PullingImage');
  });
});

describe('a pull from a registry with rules', () => {
  it.each<[string, string[], string]>([
    ['its address', ['20.50.60.70'], 'pulled'],
    ['a range that holds it', ['10.0.0.0/8', '20.50.60.0/24'], 'pulled'],
    ['a range beside it', ['20.50.61.0/24'], "client with IP '20.50.60.70' is not allowed access"],
    ['nobody', [], "client with IP '20.50.60.70' is not allowed access"],
  ])('that let in %s', (_, ipRules, expected) => {
    expect(outcome(world({}, { defaultAction: 'Deny', ipRules }))).toContain(expected);
  });
});

describe('a pull from a host that the world does not hold', () => {
  it('has no name where it would be a registry of Azure', () => {
    expect(outcome(world({}), 'acrshopp.azurecr.io/shop/orders:v1')).toContain('lookup acrshopp.azurecr.io');
  });

  it('is answered by the rest of the world', () => {
    expect(outcome(world({}), 'ghcr.io/shop/orders:v1')).toBe('pulled');
    expect(outcome(world({}), 'nginx')).toBe('pulled');
  });
});

describe('a pull from a registry outside of Azure', () => {
  it.each<[string, Shape, string, string]>([
    ['where the Internet is denied', { nsg: [deny('Internet')] }, 'nginx', 'hangs'],
    ['where Azure is denied', { nsg: [deny('AzureCloud')] }, 'nginx', 'pulled'],
    ['through an appliance that knows its host', { routeToAppliance: ['ghcr.io'] }, 'ghcr.io/a/b:1', 'pulled'],
    ['through an appliance that knows another', { routeToAppliance: ['ghcr.io'] }, 'quay.io/a/b:1', 'hangs'],
    [
      'where only the tags of Microsoft’s registry are let out',
      { nsg: [deny('*'), allow('MicrosoftContainerRegistry', 100), allow('AzureFrontDoor.FirstParty', 110)] },
      'mcr.microsoft.com/dotnet/runtime:9.0',
      'pulled',
    ],
  ])('%s', (_, shape, image, expected) => {
    expect(outcome(world(shape), image)).toBe(expected);
  });

  it('fails by name where the servers of the network do not answer for it', () => {
    const vnet = { dnsServers: ['10.1.0.4'], dnsFailsFor: ['quay.io'] };

    expect(outcome(world({ vnet }), 'quay.io/a/b:1')).toContain('lookup quay.io on 10.1.0.4:53: server misbehaving');
    expect(outcome(world({ vnet }), 'ghcr.io/a/b:1')).toBe('pulled');
  });
});

describe('a pull from a private registry', () => {
  it.each<[string, Shape, typeof privately | typeof inHub, string]>([
    ['with all records', {}, privately, 'pulled'],
    ['does not mind an appliance', { nsg: [allow('AzureActiveDirectory', 100)] }, privately, 'pulled'],
    ['without a link is refused as the public is', { zone: { links: [] } }, privately, unauthorized],
    ['without its data record', { zone: { records: { acrshop: '10.70.4.5' } } }, privately, 'no such host'],
    [
      'without its data record, where public DNS is asked then',
      { zone: { records: { acrshop: '10.70.4.5' }, nxDomainRedirect: true } },
      privately,
      unauthorized,
    ],
    [
      'with an old record',
      { zone: { records: { ...records, acrshop: '10.70.4.9' } } },
      privately,
      'dial tcp 10.70.4.9:443: i/o timeout',
    ],
    ['with DNS servers that forward', { vnet: { dnsServers: ['10.1.0.4'] } }, privately, 'pulled'],
    [
      'with DNS servers that do not',
      { vnet: { dnsServers: ['10.1.0.4'], dnsForwards: false } },
      privately,
      unauthorized,
    ],
    ['where the network itself is denied', { nsg: [deny('VirtualNetwork')] }, privately, 'hangs'],
    ['where the subnet of the endpoint is denied', { nsg: [deny('10.70.4.0/24')] }, privately, 'hangs'],
    ['where the Internet is denied, tokens too', { nsg: [deny('Internet')] }, privately, unauthorized],
    ['whose endpoint is in a network that is no peer', {}, inHub, 'hangs'],
    ['whose endpoint is in a peer', { vnet: { peerings: ['vnet-hub'] } }, inHub, 'pulled'],
  ])('%s', (_, shape, registry, expected) => {
    expect(outcome(world(shape, registry))).toContain(expected);
  });

  describe('with a copy in another region', () => {
    const north = { replicas: [{ region: 'northeurope', dataIp: '10.70.4.6' }], ...privately };
    const from = (region: string, zone: Record<string, string>): string =>
      outcome(world({ region, zone: { records: zone } }, north));

    it('asks for the data of its own region, where there is a copy', () => {
      expect(from('northeurope', records)).toContain('lookup acrshop.northeurope.data.azurecr.io');
      expect(from('northeurope', { ...records, 'acrshop.northeurope.data': '10.70.4.6' })).toBe('pulled');
    });

    it('asks for the data of the registry’s own region elsewhere', () => {
      expect(from('westeurope', records)).toBe('pulled');
      expect(from('swedencentral', records)).toBe('pulled');
    });
  });

  it.each([true, false])('that is copied to a region has its record if a zone group keeps it: %s', (zoneGroup) => {
    const made = world({}, { ...privately, privateEndpoint: { ...privately.privateEndpoint, zoneGroup } });
    happen(made.sim, { at: 0, do: 'add-replica', registry: 'acrshop', region: 'northeurope', dataIp: '10.70.4.6' });

    expect(made.sim.zones[0]?.records.get('acrshop.northeurope.data')).toBe(zoneGroup ? '10.70.4.6' : undefined);
    expect(made.registry.hosts).toContain('acrshop.northeurope.geo.azurecr.io');
  });

  it('goes through once the rule that denied it is replaced', () => {
    const made = world({ nsg: [deny('VirtualNetwork')] }, privately);
    const rule = { name: 'Deny', priority: 400, access: 'Allow', destination: 'VirtualNetwork', port: '*' } as const;
    happen(made.sim, { at: 0, do: 'set-security-rule', vnet: 'vnet-shop', subnet: 'snet-apps', ...rule });

    expect(outcome(made)).toBe('pulled');
    expect(made.sim.vnets.get('vnet-shop')?.subnets.get('snet-apps')?.rules).toEqual([rule]);
  });
});
