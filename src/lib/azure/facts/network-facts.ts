// Reads the network between the app and the registry: VNet, private DNS zones, private endpoints, subnet.
import * as z from 'zod';
import type { Evidence } from '../../evidence/evidence.ts';
import { outboundSubnet, outboundVnet, registryOf } from '../../evidence/evidence.ts';
import type {
  DnsZoneFacts,
  EndpointFacts,
  SecurityRule,
  SubnetFacts,
  ZoneGroupFacts,
} from '../../evidence/network-facts.ts';
import type { RegistryFacts } from '../../evidence/registry-facts.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { nameOf, parentOfType, resourceGroupOf, subscriptionOf } from '../../words/arm-id.ts';
import { unreadable, valueOf } from '../../words/fact.ts';
import type { Clients } from '../clients/clients.ts';
import { BadStatus, collect, factOf, Unexpected } from '../clients/reading.ts';
import { abort, armIdOf, mostItems, present, requiredId } from '../clients/wire.ts';
import { askGraph, foundRow } from './graph.ts';
import { kqlString } from './logs.ts';

const networkVersion = '2024-05-01';

export function zonesQuery(zone: string): string {
  return `resources | where type =~ 'microsoft.network/privatednszones' | where name =~ ${kqlString(zone)} | project id`;
}

/** The names that Azure allows. pullmedic shows them and puts them into commands, so any other name is an unexpected answer. */
const wireName = z.string().regex(/^[\w.-]{1,80}$/);
const wireHost = z.string().regex(/^[A-Za-z0-9.-]{1,253}$/);
const wireId = z.object({ id: z.string() });
const wireVnet = z.object({
  properties: z.object({
    dhcpOptions: z.object({ dnsServers: z.array(z.string()).nullish() }).nullish(),
    subnets: z.array(z.object({ name: z.string().nullish() })).nullish(),
    virtualNetworkPeerings: z
      .array(
        z.object({
          properties: z.object({
            remoteVirtualNetwork: wireId.nullish(),
            peeringState: z.string().nullish(),
            allowVirtualNetworkAccess: z.boolean().nullish(),
          }),
        }),
      )
      .nullish(),
  }),
});

async function rawGet<T>(
  clients: Clients,
  id: string,
  schema: z.ZodType<T>,
  query?: Readonly<Record<string, string>>,
): Promise<T> {
  const { status, body } = await clients.get(id, networkVersion, query);
  if (status !== 200) throw new BadStatus(status);
  return schema.parse(body);
}

export async function readVnet(clients: Clients, evidence: Evidence): Promise<Evidence['vnet']> {
  const id = outboundVnet(evidence);
  if (id === undefined) return unreadable('not-asked');
  return factOf(async () => {
    const { properties } = await rawGet(clients, id, wireVnet);
    return {
      id,
      dnsServers: properties.dhcpOptions?.dnsServers ?? [],
      gateway: (properties.subnets ?? []).some((subnet) => subnet.name?.toLowerCase() === 'gatewaysubnet'),
      peerings: (properties.virtualNetworkPeerings ?? []).map((peering) => ({
        vnetId: requiredId(peering.properties.remoteVirtualNetwork?.id),
        connected:
          peering.properties.peeringState === 'Connected' && peering.properties.allowVirtualNetworkAccess !== false,
      })),
    };
  });
}

async function zoneFacts(clients: Clients, id: ArmId): Promise<DnsZoneFacts> {
  const api = await clients.privateDns(subscriptionOf(id));
  const group = resourceGroupOf(id);
  const links = factOf(async () => {
    const read = await collect(api.virtualNetworkLinks.list(group, nameOf(id), abort()), mostItems);
    return read.map((link) => ({
      ...present<{ name: string }>({ name: wireName.safeParse(link.name).data }),
      vnetId: requiredId(link.virtualNetwork?.id),
      completed: link.virtualNetworkLinkState === 'Completed',
      redirects: link.resolutionPolicy === 'NxDomainRedirect',
    }));
  });
  const records = factOf(async () => {
    const read = await collect(api.recordSets.listByType(group, nameOf(id), 'A', abort()), mostItems);
    return Object.fromEntries(
      read.map((set) => [
        (set.name ?? '').toLowerCase(),
        (set.aRecords ?? []).flatMap((record) => record.ipv4Address ?? []),
      ]),
    );
  });
  return { id, links: await links, records: await records };
}

/** The private DNS zone of the registry, named after its cloud. */
function privateZone(registry: RegistryFacts): string {
  return `privatelink.${registry.loginServer.split('.').slice(-2).join('.')}`;
}

export async function readZones(
  clients: Clients,
  subscriptions: readonly string[],
  evidence: Evidence,
): Promise<Evidence['zones']> {
  const registry = registryOf(evidence);
  if (registry === undefined) return unreadable('not-asked');
  return factOf(async () => {
    const rows = await askGraph(clients, subscriptions, zonesQuery(privateZone(registry)), foundRow);
    if (rows.length > 20) throw new Unexpected('too many zones');
    return Promise.all(rows.map((row) => zoneFacts(clients, requiredId(row.id))));
  });
}

const wireEndpoint = z.object({
  properties: z.object({ subnet: wireId, networkInterfaces: z.array(wireId).nullish() }),
});
const wireNic = z.object({
  properties: z.object({
    ipConfigurations: z.array(
      z.object({
        properties: z.object({
          privateIPAddress: z.ipv4().nullish(),
          privateLinkConnectionProperties: z.object({ fqdns: z.array(wireHost).nullish() }).nullish(),
        }),
      }),
    ),
  }),
});

async function endpointFacts(clients: Clients, id: ArmId): Promise<EndpointFacts> {
  const endpoint = await rawGet(clients, id, wireEndpoint);
  const nics = await Promise.all(
    (endpoint.properties.networkInterfaces ?? []).map((nic) => rawGet(clients, requiredId(nic.id), wireNic)),
  );
  const addresses = nics.flatMap((nic) =>
    nic.properties.ipConfigurations.flatMap(({ properties }) =>
      (properties.privateLinkConnectionProperties?.fqdns ?? []).map((fqdn) => ({
        fqdn: fqdn.toLowerCase(),
        ip: properties.privateIPAddress ?? '',
      })),
    ),
  );
  const vnetId = parentOfType(requiredId(endpoint.properties.subnet.id), 'virtualnetworks');
  if (vnetId === undefined) throw new Unexpected('an endpoint without a network');
  return { id, vnetId, addresses };
}

const wireZoneGroups = z.object({
  value: z.array(
    z.object({
      properties: z.object({
        privateDnsZoneConfigs: z
          .array(z.object({ properties: z.object({ privateDnsZoneId: z.string().nullish() }) }))
          .nullish(),
      }),
    }),
  ),
  nextLink: z.string().nullish(),
});

async function zoneGroupFacts(clients: Clients, endpoint: ArmId): Promise<ZoneGroupFacts> {
  const { value, nextLink } = await rawGet(clients, `${endpoint}/privateDnsZoneGroups`, wireZoneGroups);
  if (nextLink) throw new Unexpected('zone groups');
  const configs = value.flatMap((group) => group.properties.privateDnsZoneConfigs ?? []);
  return {
    endpoint,
    zones: configs.flatMap((config) => armIdOf(config.properties.privateDnsZoneId ?? undefined) ?? []),
  };
}

/** Reads the zone groups, which should have written the DNS records. pullmedic asks only after a record proved to be missing. */
export async function readZoneGroups(clients: Clients, evidence: Evidence): Promise<Evidence['zoneGroups']> {
  const endpoints = valueOf(evidence.endpoints);
  if (endpoints === undefined) return unreadable('not-asked');
  return factOf(() => Promise.all(endpoints.map((endpoint) => zoneGroupFacts(clients, endpoint.id))));
}

const wireSubnet = z.object({
  properties: z.object({
    addressPrefix: z.string().nullish(),
    addressPrefixes: z.array(z.string()).nullish(),
    networkSecurityGroup: z.looseObject(wireId.shape).nullish(),
    routeTable: z.looseObject(wireId.shape).nullish(),
  }),
});
const wireRule = z.object({
  name: wireName,
  properties: z.object({
    direction: z.string(),
    priority: z.number(),
    access: z.enum(['Allow', 'Deny']),
    protocol: z.string(),
    sourceAddressPrefix: z.string().nullish(),
    sourceAddressPrefixes: z.array(z.string()).nullish(),
    sourceApplicationSecurityGroups: z.array(wireId).nullish(),
    destinationAddressPrefix: z.string().nullish(),
    destinationAddressPrefixes: z.array(z.string()).nullish(),
    destinationApplicationSecurityGroups: z.array(wireId).nullish(),
    destinationPortRange: z.string().nullish(),
    destinationPortRanges: z.array(z.string()).nullish(),
  }),
});
const wireSecurityGroup = z.object({
  properties: z.object({ securityRules: z.array(wireRule).nullish(), defaultSecurityRules: z.array(wireRule) }),
});
const wireRouteTable = z.object({
  properties: z.object({
    routes: z.array(
      z.object({ name: wireName, properties: z.object({ addressPrefix: z.string(), nextHopType: z.string() }) }),
    ),
  }),
});

/** Azure uses a singular member for one value and a plural member for several. This reads both. */
function oneOrMany(one: string | null | undefined, many: readonly string[] | null | undefined): string[] {
  return [...(one ? [one] : []), ...(many ?? [])];
}

function securityRule({ name, properties }: z.infer<typeof wireRule>): SecurityRule {
  const groups = [
    ...(properties.sourceApplicationSecurityGroups ?? []),
    ...(properties.destinationApplicationSecurityGroups ?? []),
  ];
  return {
    name,
    priority: properties.priority,
    access: properties.access === 'Allow' ? 'allow' : 'deny',
    protocol: properties.protocol,
    sources: oneOrMany(properties.sourceAddressPrefix, properties.sourceAddressPrefixes),
    destinations: oneOrMany(properties.destinationAddressPrefix, properties.destinationAddressPrefixes),
    ports: oneOrMany(properties.destinationPortRange, properties.destinationPortRanges),
    grouped: groups.length > 0,
  };
}

/**
 * The resource that a subnet refers to. If ARM honours `$expand`, the subnet holds it; a bare reference needs a read of its own. The
 * schema requires the list of rules or routes, so that an empty object never reads as "no rules".
 */
async function referred<T>(clients: Clients, reference: z.infer<typeof wireId>, schema: z.ZodType<T>): Promise<T> {
  const expanded = schema.safeParse(reference);
  return expanded.success ? expanded.data : rawGet(clients, requiredId(reference.id), schema);
}

async function securityOf(
  clients: Clients,
  reference: z.infer<typeof wireId>,
): Promise<NonNullable<SubnetFacts['security']>> {
  const nsg = requiredId(reference.id);
  const rules = await factOf(async () => {
    const { properties } = await referred(clients, reference, wireSecurityGroup);
    const all = [...(properties.securityRules ?? []), ...properties.defaultSecurityRules];
    return all.filter((rule) => rule.properties.direction === 'Outbound').map(securityRule);
  });
  return { nsg, rules };
}

async function routingOf(
  clients: Clients,
  reference: z.infer<typeof wireId>,
): Promise<NonNullable<SubnetFacts['routing']>> {
  const table = requiredId(reference.id);
  const routes = await factOf(async () => {
    const { properties } = await referred(clients, reference, wireRouteTable);
    return properties.routes.map((route) => ({
      name: route.name,
      prefix: route.properties.addressPrefix,
      nextHop: route.properties.nextHopType.toLowerCase(),
    }));
  });
  return { table, routes };
}

/** The subnet with the resources that it refers to, in one call. If ARM refuses `$expand`, the subnet alone. */
async function subnetWithReferences(clients: Clients, id: ArmId): Promise<z.infer<typeof wireSubnet>> {
  try {
    return await rawGet(clients, id, wireSubnet, { $expand: 'networkSecurityGroup,routeTable' });
  } catch (error) {
    if (!(error instanceof BadStatus) || error.statusCode !== 400) throw error;
    return rawGet(clients, id, wireSubnet);
  }
}

export async function readSubnet(clients: Clients, evidence: Evidence): Promise<Evidence['subnet']> {
  const id = outboundSubnet(evidence);
  if (id === undefined || id === 'cannot-tell') return unreadable('not-asked');
  return factOf(async () => {
    const { properties } = await subnetWithReferences(clients, id);
    const { networkSecurityGroup: nsg, routeTable: table } = properties;
    const [security, routing] = await Promise.all([
      nsg ? securityOf(clients, nsg) : undefined,
      table ? routingOf(clients, table) : undefined,
    ]);
    return {
      id,
      prefixes: oneOrMany(properties.addressPrefix, properties.addressPrefixes),
      ...(security === undefined ? {} : { security }),
      ...(routing === undefined ? {} : { routing }),
    };
  });
}

/** Each endpoint takes a request or two of the look's. */
const mostEndpoints = 10;

export async function readEndpoints(clients: Clients, evidence: Evidence): Promise<Evidence['endpoints']> {
  const approved = (registryOf(evidence)?.endpoints ?? []).filter((endpoint) => endpoint.status === 'approved');
  if (approved.length > mostEndpoints) return unreadable('too-many-endpoints');
  return factOf(() => Promise.all(approved.map((endpoint) => endpointFacts(clients, endpoint.id))));
}
