// Virtual networks, private endpoints, their network interfaces, and private DNS.

import { guidFor, sameId } from '../model/ids.ts';
import type { Vnet, Zone } from '../model/networks.ts';
import { dataRecord, type Registry, zoneName } from '../model/registries.ts';
import type { Sim } from '../model/sim.ts';
import { type Answer, notFound } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';
import { etagOf, networkEtag, wireSubnet } from './subnets.ts';

function idOf(request: ArmRequest): string {
  return `/${request.path.replace(/^\//, '')}`;
}

function zoneOf(sim: Sim, request: ArmRequest): Zone | undefined {
  const [subscription = '', group = '', name = ''] = request.parts;
  return sim.zones.find((zone) =>
    sameId(
      zone.id,
      `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Network/privateDnsZones/${name}`,
    ),
  );
}

/** The members of one zone, as a list. */
function inZone(sim: Sim, request: ArmRequest, members: (zone: Zone) => unknown[]): Answer {
  const zone = zoneOf(sim, request);
  if (zone === undefined) return notFound('Microsoft.Network/privateDnsZones', request);
  return { status: 200, body: { value: members(zone) } };
}

function wireLinks(sim: Sim, zone: Zone): unknown[] {
  return [...zone.links].map(([vnet, name]) => ({
    id: `${zone.id}/virtualNetworkLinks/${name}`,
    name,
    type: 'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
    etag: `"${etagOf(zone.id)}"`,
    location: 'global',
    properties: {
      virtualNetwork: { id: sim.vnets.get(vnet)?.id },
      registrationEnabled: false,
      resolutionPolicy: zone.redirects ? 'NxDomainRedirect' : 'Default',
      virtualNetworkLinkState: 'Completed',
      provisioningState: 'Succeeded',
    },
  }));
}

/** `GET …/virtualNetworkLinks` of a private DNS zone. */
export function readLinks(sim: Sim, request: ArmRequest): Answer {
  return inZone(sim, request, (zone) => wireLinks(sim, zone));
}

function wireRecords(zone: Zone): unknown[] {
  return [...zone.records].map(([name, ip]) => ({
    id: `${zone.id}/A/${name}`,
    name,
    type: 'Microsoft.Network/privateDnsZones/A',
    etag: etagOf(zone.id),
    properties: {
      fqdn: `${name}.${zone.name}.`,
      ttl: 10,
      aRecords: [{ ipv4Address: ip }],
      isAutoRegistered: false,
    },
  }));
}

/** `GET …/A` of a private DNS zone. */
export function readRecords(sim: Sim, request: ArmRequest): Answer {
  return inZone(sim, request, wireRecords);
}

/** A peering is connected when both networks have their half of it; here one word of the scenario makes both. */
function peerings(sim: Sim, vnet: Vnet): unknown[] {
  const theirs = [...sim.vnets.values()].filter((one) => one.peerings.includes(vnet.id)).map((one) => one.id);
  return [...new Set([...vnet.peerings, ...theirs])].map((id) => {
    const name = `to-${id.split('/').at(-1) ?? ''}`;
    return {
      id: `${vnet.id}/virtualNetworkPeerings/${name}`,
      name,
      etag: networkEtag(vnet.id),
      type: 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings',
      properties: {
        provisioningState: 'Succeeded',
        resourceGuid: guidFor(`resource|${vnet.id}|${id}`),
        peeringState: 'Connected',
        peeringSyncLevel: 'FullyInSync',
        remoteVirtualNetwork: { id },
        allowVirtualNetworkAccess: true,
        allowForwardedTraffic: false,
        allowGatewayTransit: false,
        useRemoteGateways: false,
      },
    };
  });
}

/** `GET …/virtualNetworks/{name}`. */
export function readVnet(sim: Sim, request: ArmRequest): Answer {
  const vnet = [...sim.vnets.values()].find((one) => sameId(one.id, idOf(request)));
  if (vnet === undefined) return notFound('Microsoft.Network/virtualNetworks', request);
  const properties = {
    addressSpace: { addressPrefixes: ['10.70.0.0/16'] },
    dhcpOptions: { dnsServers: vnet.dnsServers },
    subnets: [...vnet.subnets.values()].map((subnet) => wireSubnet(sim, subnet)),
    virtualNetworkPeerings: peerings(sim, vnet),
    provisioningState: 'Succeeded',
    resourceGuid: guidFor(`resource|${vnet.id}`),
    privateEndpointVNetPolicies: 'Disabled',
    enableDdosProtection: false,
  };
  return {
    status: 200,
    body: {
      id: vnet.id,
      name: vnet.id.split('/').at(-1),
      etag: networkEtag(vnet.id),
      type: 'Microsoft.Network/virtualNetworks',
      location: sim.world.location,
      properties,
    },
  };
}

type Endpoint = NonNullable<Registry['endpoint']>;

function endpoints(sim: Sim): { registry: Registry; endpoint: Endpoint }[] {
  return [...sim.registries.values()].flatMap((registry) =>
    registry.endpoint === undefined ? [] : [{ registry, endpoint: registry.endpoint }],
  );
}

/** What the endpoint leads to. */
function wireConnection(endpoint: Endpoint, registry: Registry): unknown {
  const name = endpoint.id.split('/').at(-1);
  return {
    name,
    id: `${endpoint.id}/privateLinkServiceConnections/${name}`,
    etag: networkEtag(endpoint.id),
    properties: {
      provisioningState: 'Succeeded',
      privateLinkServiceId: registry.id,
      groupIds: ['registry'],
      privateLinkServiceConnectionState: { status: endpoint.status, description: '', actionsRequired: 'None' },
    },
    type: 'Microsoft.Network/privateEndpoints/privateLinkServiceConnections',
  };
}

/** `GET …/privateEndpoints/{name}`. */
export function readEndpoint(sim: Sim, request: ArmRequest): Answer {
  const found = endpoints(sim).find(({ endpoint }) => sameId(endpoint.id, idOf(request)));
  if (found === undefined) return notFound('Microsoft.Network/privateEndpoints', request);
  const { endpoint, registry } = found;
  const properties = {
    provisioningState: 'Succeeded',
    resourceGuid: guidFor(`resource|${endpoint.id}`),
    privateLinkServiceConnections: [wireConnection(endpoint, registry)],
    manualPrivateLinkServiceConnections: [],
    customNetworkInterfaceName: '',
    ipConfigurations: [],
    subnet: { id: `${endpoint.vnetId}/subnets/snet-pe` },
    networkInterfaces: [{ id: endpoint.nicId }],
    customDnsConfigs: [],
  };
  return {
    status: 200,
    body: {
      id: endpoint.id,
      name: endpoint.id.split('/').at(-1),
      etag: networkEtag(endpoint.id),
      type: 'Microsoft.Network/privateEndpoints',
      location: sim.world.location,
      properties,
    },
  };
}

/** `GET …/privateDnsZoneGroups` of a private endpoint. */
export function readZoneGroups(sim: Sim, request: ArmRequest): Answer {
  const path = idOf(request).replace(/\/privateDnsZoneGroups$/i, '');
  const found = endpoints(sim).find(({ endpoint }) => sameId(endpoint.id, path));
  if (found === undefined) return notFound('Microsoft.Network/privateEndpoints', request);
  const zone = sim.zones.find((one) => one.name === zoneName(found.registry));
  const group = {
    id: `${found.endpoint.id}/privateDnsZoneGroups/default`,
    name: 'default',
    etag: networkEtag(found.endpoint.id),
    type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
    properties: {
      provisioningState: 'Succeeded',
      privateDnsZoneConfigs: [
        {
          name: 'registry',
          id: `${found.endpoint.id}/privateDnsZoneGroups/default/privateDnsZoneConfigs/registry`,
          etag: networkEtag(found.endpoint.id),
          type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups/privateDnsZoneConfigs',
          properties: { provisioningState: 'Succeeded', privateDnsZoneId: zone?.id, recordSets: [] },
        },
      ],
    },
  };
  return { status: 200, body: { value: found.endpoint.zoneGroup && zone !== undefined ? [group] : [] } };
}

interface Address {
  readonly name: string;
  readonly ip: string;
  readonly member: string;
  readonly fqdn: string;
}

function ipConfiguration(endpoint: Endpoint, { name, ip, member, fqdn }: Address, index: number): unknown {
  return {
    name,
    id: `${endpoint.nicId}/ipConfigurations/${name}`,
    etag: networkEtag(endpoint.nicId),
    type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
    properties: {
      provisioningState: 'Succeeded',
      privateIPAddress: ip,
      privateIPAllocationMethod: 'Dynamic',
      subnet: { id: `${endpoint.vnetId}/subnets/snet-pe` },
      primary: index === 0,
      privateIPAddressVersion: 'IPv4',
      privateLinkConnectionProperties: { groupId: 'registry', requiredMemberName: member, fqdns: [fqdn] },
    },
  };
}

function addressesOf(registry: Registry, endpoint: Endpoint): Address[] {
  const data = [...endpoint.dataIps].map(([region, ip], index) => ({
    name: index === 0 ? 'data' : `data${index}`,
    ip,
    member: `registry_data_${region}`,
    fqdn: `${dataRecord(registry.label, region)}.${registry.domain}`,
  }));
  return [...data, { name: 'login', ip: endpoint.loginIp, member: 'registry', fqdn: registry.loginServer }];
}

/** `GET …/networkInterfaces/{name}`: the addresses of a private endpoint, with their names. */
export function readNic(sim: Sim, request: ArmRequest): Answer {
  const found = endpoints(sim).find(({ endpoint }) => sameId(endpoint.nicId, idOf(request)));
  if (found === undefined) return notFound('Microsoft.Network/networkInterfaces', request);
  const { registry, endpoint } = found;
  return {
    status: 200,
    body: {
      id: endpoint.nicId,
      name: endpoint.nicId.split('/').at(-1),
      etag: networkEtag(endpoint.nicId),
      properties: {
        provisioningState: 'Succeeded',
        resourceGuid: guidFor(`resource|${endpoint.nicId}`),
        ipConfigurations: addressesOf(registry, endpoint).map((one, index) => ipConfiguration(endpoint, one, index)),
        dnsSettings: {
          dnsServers: [],
          appliedDnsServers: [],
          internalDomainNameSuffix: 'a1b2c3.ax.internal.cloudapp.net',
        },
        macAddress: '',
        enableAcceleratedNetworking: false,
        vnetEncryptionSupported: false,
        enableIPForwarding: false,
        hostedWorkloads: [],
        tapConfigurations: [],
        privateEndpoint: { id: endpoint.id },
        nicType: 'Standard',
        allowPort25Out: true,
        auxiliaryMode: 'None',
      },
      type: 'Microsoft.Network/networkInterfaces',
      location: sim.world.location,
      managedBy: endpoint.id,
      kind: 'Regular',
    },
  };
}
