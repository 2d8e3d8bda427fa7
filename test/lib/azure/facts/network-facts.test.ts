// The network between app and registry: what is shown to people is checked, and an empty object never reads as "no rules".
import { describe, expect, it } from 'vitest';
import {
  readEndpoints,
  readSubnet,
  readVnet,
  readZoneGroups,
  readZones,
} from '../../../../src/lib/azure/facts/network-facts.ts';
import type { Evidence } from '../../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../../src/lib/words/fact.ts';
import { dnsUnlinked, endpointId, registry, vnetId, zoneId } from '../../facts.ts';
import { type AzureAnswer, alwaysAnswering, type ClientsOver, clientsOver } from '../clients-over.ts';

/** Answers by the end of the path. */
function paths(answers: Readonly<Record<string, AzureAnswer>>): ClientsOver {
  return clientsOver(({ path }) => Object.entries(answers).find(([end]) => path.endsWith(end))?.[1]);
}

const nsgId = `${vnetId.replace('virtualnetworks', 'networksecuritygroups')}-nsg`;

describe('a VNet', () => {
  it('is peered only with a network that it may reach', async () => {
    const peering = (virtualNetworkPeerings: object): object => ({ properties: virtualNetworkPeerings });
    const remoteVirtualNetwork = { id: `${vnetId}-hub` };
    const virtualNetworkPeerings = [
      peering({ remoteVirtualNetwork, peeringState: 'Connected' }),
      peering({ remoteVirtualNetwork, peeringState: 'Connected', allowVirtualNetworkAccess: false }),
      peering({ remoteVirtualNetwork, peeringState: 'Disconnected' }),
    ];
    const subnets = [{ name: 'GatewaySubnet' }];
    const { clients } = alwaysAnswering({ properties: { virtualNetworkPeerings, subnets } });
    const fact = await readVnet(clients, dnsUnlinked);

    expect(fact).toMatchObject({ value: { id: vnetId, dnsServers: [], gateway: true } });
    expect(fact?.read === true && fact.value.peerings.map(({ connected }) => connected)).toEqual([true, false, false]);
  });
});

describe('private DNS zones', () => {
  const found = { totalRecords: 1, count: 1, resultTruncated: 'false', data: [{ id: zoneId }] };

  it('are searched by the name of the registry’s cloud, with their links and records', async () => {
    const link = { properties: { virtualNetwork: { id: vnetId }, virtualNetworkLinkState: 'Completed' } };
    const set = { name: 'ACRSHOP', properties: { aRecords: [{ ipv4Address: '10.0.0.4' }] } };
    const { clients, asked } = paths({
      '/resources': { body: found },
      '/virtualNetworkLinks': { body: { value: [link] } },
      '/A': { body: { value: [set] } },
    });

    expect(await readZones(clients, ['s'], dnsUnlinked)).toMatchObject({
      value: [
        {
          id: zoneId,
          links: known([{ vnetId, completed: true, redirects: false }]),
          records: known({ acrshop: ['10.0.0.4'] }),
        },
      ],
    });
    expect(asked[0]?.body).toContain('privatelink.azurecr.io');
  });

  it('whose links may not be read still have their records', async () => {
    const { clients } = paths({
      '/resources': { body: found },
      '/virtualNetworkLinks': { status: 403, body: {} },
      '/A': { body: { value: [] } },
    });

    expect(await readZones(clients, ['s'], dnsUnlinked)).toMatchObject({
      value: [{ links: unreadable('forbidden'), records: known({}) }],
    });
  });
});

describe('private endpoints', () => {
  const withEndpoints = (count: number, status = 'approved'): Evidence => ({
    ...dnsUnlinked,
    registry: known({ ...registry, endpoints: Array.from({ length: count }, () => ({ id: endpointId, status })) }),
  });

  it('are read if they are approved, and not at all if there are too many', async () => {
    const { clients, asked } = alwaysAnswering({});

    expect(await readEndpoints(clients, withEndpoints(1, 'pending'))).toEqual(known([]));
    expect(await readEndpoints(clients, withEndpoints(11))).toEqual(unreadable('too-many-endpoints'));
    expect(asked).toEqual([]);
  });

  const nic = (host: string): ClientsOver => {
    const configuration = { privateIPAddress: '10.0.0.4', privateLinkConnectionProperties: { fqdns: [host] } };
    return paths({
      '/pe-acrshop': {
        body: { properties: { subnet: { id: `${vnetId}/subnets/pe` }, networkInterfaces: [{ id: nsgId }] } },
      },
      '-nsg': { body: { properties: { ipConfigurations: [{ properties: configuration }] } } },
    });
  };

  it('have the addresses of their names', async () => {
    expect(await readEndpoints(nic('AcrShop.azurecr.io').clients, withEndpoints(1))).toEqual(
      known([{ id: endpointId, vnetId, addresses: [{ fqdn: 'acrshop.azurecr.io', ip: '10.0.0.4' }] }]),
    );
  });

  it('with a name that could break out of a command are unreadable', async () => {
    expect(await readEndpoints(nic('a; rm -rf').clients, withEndpoints(1))).toMatchObject({ read: false });
  });

  it('have zone groups that are read only if there is one page of them', async () => {
    const { clients } = alwaysAnswering({ value: [], nextLink: 'https://evil.example/' });

    expect(await readZoneGroups(clients, dnsUnlinked)).toEqual(unreadable('unexpected-answer'));
  });
});

describe('a subnet', () => {
  const rule = (direction: string, more: object = {}): object => ({
    name: 'deny-internet',
    properties: {
      direction,
      priority: 100,
      access: 'Deny',
      protocol: '*',
      sourceAddressPrefix: '*',
      destinationAddressPrefixes: ['Internet'],
      destinationPortRange: '443',
      ...more,
    },
  });
  const group = (...securityRules: object[]): object => ({
    properties: { securityRules, defaultSecurityRules: [] },
  });
  const subnet = (networkSecurityGroup: object): AzureAnswer => ({
    body: { properties: { addressPrefix: '10.0.0.0/23', networkSecurityGroup } },
  });

  it('comes with its outbound rules in one request if ARM expands them', async () => {
    const { clients, asked } = paths({
      '/snet-apps': subnet({ id: nsgId, ...group(rule('Outbound'), rule('Inbound')) }),
    });

    expect(await readSubnet(clients, dnsUnlinked)).toMatchObject({
      value: {
        prefixes: ['10.0.0.0/23'],
        security: {
          nsg: nsgId,
          rules: known([
            expect.objectContaining({ access: 'deny', sources: ['*'], destinations: ['Internet'], ports: ['443'] }),
          ]) as unknown,
        },
      },
    });
    expect(asked).toHaveLength(1);
  });

  it('whose reference is bare is followed, and an object without rules is no answer', async () => {
    const followed = paths({ '/snet-apps': subnet({ id: nsgId }), '-nsg': { body: group(rule('Outbound')) } });
    const empty = paths({ '/snet-apps': subnet({ id: nsgId, properties: {} }), '-nsg': { body: { properties: {} } } });

    expect(await readSubnet(followed.clients, dnsUnlinked)).toMatchObject({
      value: { security: { rules: { read: true } } },
    });
    expect(await readSubnet(empty.clients, dnsUnlinked)).toMatchObject({
      value: { security: { rules: { read: false } } },
    });
  });

  it('is read alone if ARM refuses to expand', async () => {
    const { clients, asked } = clientsOver(({ query }) =>
      query.has('$expand') ? { status: 400, body: {} } : { body: { properties: { addressPrefixes: ['10.0.0.0/23'] } } },
    );

    expect(await readSubnet(clients, dnsUnlinked)).toMatchObject({ value: { prefixes: ['10.0.0.0/23'] } });
    expect(asked).toHaveLength(2);
  });
});
