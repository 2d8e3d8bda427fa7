// Subnets: what their security rules and routes let out, and how ARM shows them. Azure's own default rules come last.

import { guidFor, sameId } from '../model/ids.ts';
import type { SecurityRule, Subnet } from '../model/networks.ts';
import type { Sim } from '../model/sim.ts';
import { type Answer, armError, notFound } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';
import { rangeHolds } from './ranges.ts';

/**
 * Where a connection on port 443 goes: a service by its tag, a private address, or a host outside of Azure. The host of a service is what an
 * appliance sees of it.
 */
export type Destination =
  | { readonly tag: string; readonly host: string }
  | { readonly ip: string }
  | { readonly host: string };

function means(destination: string, to: Destination): boolean {
  if (destination === '*') return true;
  if ('ip' in to) return destination === 'VirtualNetwork' || rangeHolds(destination, to.ip);
  if (!('tag' in to)) return destination === 'Internet';
  return ['Internet', 'AzureCloud', to.tag].includes(destination) || destination.startsWith(`${to.tag}.`);
}

function onHttps(port: string): boolean {
  const [first = '', last = first] = port.split('-');
  return port === '*' || (Number(first) <= 443 && 443 <= Number(last));
}

/** Whether the subnet lets the connection out. An appliance sees what goes to the Internet, and not what stays inside. */
export function letsOut(subnet: Subnet | undefined, to: Destination): boolean {
  if (subnet === undefined) return true;
  const rules = (subnet.rules ?? []).toSorted((a, b) => a.priority - b.priority);
  const decides = rules.find((rule) => onHttps(rule.port) && means(rule.destination, to));
  if (decides?.access === 'Deny') return false;
  return 'ip' in to || passesAppliance(subnet, to.host);
}

function passesAppliance({ appliance = 'allows' }: Subnet, host: string): boolean {
  if (typeof appliance === 'string') return appliance === 'allows';
  return appliance.some((name) => name === host || (name.startsWith('*.') && host.endsWith(name.slice(1))));
}

function idOf(request: ArmRequest): string {
  return `/${request.path.replace(/^\//, '')}`;
}

/** An etag that follows from the id: nothing in this world is written under a condition. */
export function etagOf(id: string): string {
  return guidFor(`etag|${id.toLowerCase()}`);
}

/** An etag as the network service writes it. */
export function networkEtag(id: string): string {
  return `W/"${etagOf(id)}"`;
}

function subnets(sim: Sim): Subnet[] {
  return [...sim.vnets.values()].flatMap((vnet) => [...vnet.subnets.values()]);
}

function nameOf(id: string): string {
  return id.split('/').at(-1) ?? '';
}

/** How a subnet shows what it refers to: by its id alone, or whole. */
type Shown = 'by-id' | 'whole';

function shown(sim: Sim, subnet: Subnet, as: { readonly group: Shown; readonly table: Shown }): unknown {
  const group = as.group === 'whole' ? wireSecurityGroup(sim, subnet) : { id: subnet.nsgId };
  const table = as.table === 'whole' ? wireRouteTable(sim, subnet) : { id: subnet.tableId };
  return {
    id: subnet.id,
    name: nameOf(subnet.id),
    etag: networkEtag(subnet.id),
    type: 'Microsoft.Network/virtualNetworks/subnets',
    properties: {
      provisioningState: 'Succeeded',
      addressPrefix: subnet.prefix,
      delegations: [],
      privateEndpointNetworkPolicies: 'Disabled',
      privateLinkServiceNetworkPolicies: 'Enabled',
      ...(subnet.rules === undefined ? {} : { networkSecurityGroup: group }),
      ...(subnet.appliance === undefined ? {} : { routeTable: table }),
    },
  };
}

/** A subnet as its network lists it. */
export function wireSubnet(sim: Sim, subnet: Subnet): unknown {
  return shown(sim, subnet, { group: 'by-id', table: 'by-id' });
}

/** The service itself answers for what lies in a network (as recorded). */
function subnetNotFound(request: ArmRequest): Answer {
  const error = { code: 'NotFound', message: `Resource ${idOf(request)} not found.`, details: [] };
  return { status: 404, body: { error } };
}

/** `GET …/subnets/{name}`, with `$expand` as far as the world honours it. */
export function readSubnet(sim: Sim, request: ArmRequest): Answer {
  const subnet = subnets(sim).find((one) => sameId(one.id, idOf(request)));
  if (subnet === undefined) return subnetNotFound(request);
  const asked = request.query.get('$expand');
  if (asked !== null && sim.expands === 'refuses')
    return armError(400, 'InvalidExpand', 'The expand is not supported.');
  const expanded = sim.expands === 'honours' ? (asked ?? '').toLowerCase().split(',') : [];
  const as = (name: string): Shown => (expanded.includes(name) ? 'whole' : 'by-id');
  return { status: 200, body: shown(sim, subnet, { group: as('networksecuritygroup'), table: as('routetable') }) };
}

type WireRule = SecurityRule & { readonly source?: string };

function wireRule(nsgId: string, list: string, rule: WireRule): unknown {
  return {
    id: `${nsgId}/${list}/${rule.name}`,
    name: rule.name,
    etag: networkEtag(nsgId),
    type: `Microsoft.Network/networkSecurityGroups/${list}`,
    properties: {
      provisioningState: 'Succeeded',
      protocol: '*',
      sourcePortRange: '*',
      sourceAddressPrefix: rule.source ?? '*',
      sourceAddressPrefixes: [],
      destinationAddressPrefix: rule.destination,
      destinationAddressPrefixes: [],
      destinationPortRange: rule.port,
      destinationPortRanges: [],
      access: rule.access,
      priority: rule.priority,
      direction: 'Outbound',
    },
  };
}

/** The outbound half of the rules that every security group has. */
const defaults: readonly WireRule[] = [
  {
    name: 'AllowVnetOutBound',
    priority: 65_000,
    access: 'Allow',
    source: 'VirtualNetwork',
    destination: 'VirtualNetwork',
    port: '*',
  },
  { name: 'AllowInternetOutBound', priority: 65_001, access: 'Allow', destination: 'Internet', port: '*' },
  { name: 'DenyAllOutBound', priority: 65_500, access: 'Deny', destination: '*', port: '*' },
];

function wireSecurityGroup(sim: Sim, subnet: Subnet): unknown {
  return {
    id: subnet.nsgId,
    name: nameOf(subnet.nsgId),
    etag: networkEtag(subnet.nsgId),
    type: 'Microsoft.Network/networkSecurityGroups',
    location: sim.world.location,
    properties: {
      provisioningState: 'Succeeded',
      resourceGuid: guidFor(`resource|${subnet.nsgId}`),
      securityRules: (subnet.rules ?? []).map((rule) => wireRule(subnet.nsgId, 'securityRules', rule)),
      defaultSecurityRules: defaults.map((rule) => wireRule(subnet.nsgId, 'defaultSecurityRules', rule)),
      subnets: [{ id: subnet.id }],
    },
  };
}

/** `GET …/networkSecurityGroups/{name}`. */
export function readSecurityGroup(sim: Sim, request: ArmRequest): Answer {
  const subnet = subnets(sim).find((one) => sameId(one.nsgId, idOf(request)));
  if (subnet?.rules === undefined) return notFound('Microsoft.Network/networkSecurityGroups', request);
  return { status: 200, body: wireSecurityGroup(sim, subnet) };
}

function wireRouteTable(sim: Sim, subnet: Subnet): unknown {
  return {
    id: subnet.tableId,
    name: nameOf(subnet.tableId),
    etag: networkEtag(subnet.tableId),
    type: 'Microsoft.Network/routeTables',
    location: sim.world.location,
    properties: {
      provisioningState: 'Succeeded',
      resourceGuid: guidFor(`resource|${subnet.tableId}`),
      disableBgpRoutePropagation: false,
      disablePeeringRoute: 'None',
      routes: [
        {
          id: `${subnet.tableId}/routes/default`,
          name: 'default',
          etag: networkEtag(subnet.tableId),
          type: 'Microsoft.Network/routeTables/routes',
          properties: {
            provisioningState: 'Succeeded',
            addressPrefix: '0.0.0.0/0',
            nextHopType: 'VirtualAppliance',
            nextHopIpAddress: '10.90.3.4',
            hasBgpOverride: false,
          },
        },
      ],
      subnets: [{ id: subnet.id }],
    },
  };
}

/** `GET …/routeTables/{name}`. */
export function readRouteTable(sim: Sim, request: ArmRequest): Answer {
  const subnet = subnets(sim).find((one) => sameId(one.tableId, idOf(request)));
  if (subnet?.appliance === undefined) return notFound('Microsoft.Network/routeTables', request);
  return { status: 200, body: wireRouteTable(sim, subnet) };
}
