// Virtual networks, private endpoints, their network interfaces, and private DNS.

import { sameId } from '../model/ids.ts';
import type { Vnet, Zone } from '../model/networks.ts';
import { dataRecord, type Registry } from '../model/registries.ts';
import type { Sim } from '../model/sim.ts';
import { type Answer, notFound } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';
import { wireSubnet } from './subnets.ts';

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
  if (zone === undefined) return notFound(`Microsoft.Network/privateDnsZones/${request.parts[2] ?? ''}`);
  return { status: 200, body: { value: members(zone) } };
}

function wireLinks(sim: Sim, zone: Zone): unknown[] {
  return [...zone.links].map(([vnet, name]) => ({
    id: `${zone.id}/virtualNetworkLinks/${name}`,
    name,
    type: 'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
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
    properties: {
      fqdn: `${name}.${zone.name}.`,
      ttl: 10,
      aRecords: [{ ipv4Address: ip }],
      isAutoRegistered: false,
      provisioningState: 'Succeeded',
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
      type: 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings',
      properties: {
        provisioningState: 'Succeeded',
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
  if (vnet === undefined) return notFound(`Microsoft.Network/virtualNetworks/${request.parts[2] ?? ''}`);
  const properties = {
    addressSpace: { addressPrefixes: ['10.70.0.0/16'] },
    dhcpOptions: { dnsServers: vnet.dnsServers },
    subnets: [...vnet.subnets.values()].map((subnet) => wireSubnet(sim, subnet)),
    virtualNetworkPeerings: peerings(sim, vnet),
    provisioningState: 'Succeeded',
  };
  return {
    status: 200,
    body: {
      id: vnet.id,
      name: vnet.id.split('/').at(-1),
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

/** `GET …/privateEndpoints/{name}`. */
export function readEndpoint(sim: Sim, request: ArmRequest): Answer {
  const found = endpoints(sim).find(({ endpoint }) => sameId(endpoint.id, idOf(request)));
  if (found === undefined) return notFound(`Microsoft.Network/privateEndpoints/${request.parts[2] ?? ''}`);
  const { endpoint } = found;
  const properties = {
    provisioningState: 'Succeeded',
    subnet: { id: `${endpoint.vnetId}/subnets/snet-pe` },
    networkInterfaces: [{ id: endpoint.nicId }],
    customDnsConfigs: [],
  };
  return {
    status: 200,
    body: {
      id: endpoint.id,
      name: endpoint.id.split('/').at(-1),
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
  if (found === undefined) return notFound(`Microsoft.Network/privateEndpoints/${request.parts[2] ?? ''}`);
  const zone = sim.zones.find((one) => one.name === 'privatelink.azurecr.io');
  const group = {
    id: `${found.endpoint.id}/privateDnsZoneGroups/default`,
    name: 'default',
    type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
    properties: {
      provisioningState: 'Succeeded',
      privateDnsZoneConfigs: [{ name: 'registry', properties: { privateDnsZoneId: zone?.id, recordSets: [] } }],
    },
  };
  return { status: 200, body: { value: found.endpoint.zoneGroup && zone !== undefined ? [group] : [] } };
}

function ipConfiguration(name: string, ip: string, member: string, fqdn: string): unknown {
  return {
    name,
    properties: {
      privateIPAddress: ip,
      privateIPAllocationMethod: 'Dynamic',
      privateLinkConnectionProperties: { groupId: 'registry', requiredMemberName: member, fqdns: [fqdn] },
    },
  };
}

/** `GET …/networkInterfaces/{name}`: the addresses of a private endpoint, with their names. */
export function readNic(sim: Sim, request: ArmRequest): Answer {
  const found = endpoints(sim).find(({ endpoint }) => sameId(endpoint.nicId, idOf(request)));
  if (found === undefined) return notFound(`Microsoft.Network/networkInterfaces/${request.parts[2] ?? ''}`);
  const { registry, endpoint } = found;
  const data = [...endpoint.dataIps].map(([region, ip], index) =>
    ipConfiguration(
      index === 0 ? 'data' : `data${index}`,
      ip,
      `registry_data_${region}`,
      `${dataRecord(registry.label, region)}.azurecr.io`,
    ),
  );
  const login = ipConfiguration('login', endpoint.loginIp, 'registry', registry.loginServer);
  return {
    status: 200,
    body: {
      id: endpoint.nicId,
      name: endpoint.nicId.split('/').at(-1),
      type: 'Microsoft.Network/networkInterfaces',
      properties: { ipConfigurations: [...data, login] },
    },
  };
}
