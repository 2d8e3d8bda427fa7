// The private way to a registry, followed as a name is: VNet, its DNS servers, linked zone, records, private endpoint, peering.
import { nameOf } from './arm-id.ts';
import type { DnsZoneFacts, EndpointFacts, Evidence, RegistryFacts, VnetFacts, ZoneLink } from './evidence.ts';
import { valueOf } from './fact.ts';
import type { NetworkCause, NetworkDoubt } from './network.ts';

type Detail = Readonly<Record<string, string>>;

/** `public`: the name resolves to the registry's public address, for want of a link or by the link's policy. */
export type PrivateWay =
  | { readonly answer: 'allows'; readonly ips: readonly string[] }
  | { readonly answer: 'public'; readonly otherwise: { readonly cause: NetworkCause; readonly detail: Detail } }
  | { readonly answer: 'blocks'; readonly cause: NetworkCause; readonly detail: Detail }
  | { readonly answer: 'cannot-tell'; readonly why: NetworkDoubt; readonly detail: Detail };

/** Azure's own resolver: a VNet that names it explicitly is not using custom DNS. */
const azureResolver = '168.63.129.16';

function doubt(why: NetworkDoubt, detail: Detail = {}): PrivateWay {
  return { answer: 'cannot-tell', why, detail };
}

/** The relative name that a host has in the private zone. */
function recordName(host: string): string {
  return host.replace(/\.azurecr\.(?:io|cn|us)$/, '');
}

/** One name that a pull needs, what the zone says of it, and what the endpoints say that it should say. */
interface NeededRecord {
  readonly name: string;
  readonly found: readonly string[];
  readonly expected: readonly string[];
  readonly ip: string;
}

function isWrong(record: NeededRecord): boolean {
  return record.found.some((ip) => !record.expected.includes(ip));
}

/** The endpoint in the same VNet comes first: its address is the one that a person should write. */
function byNearness(vnet: VnetFacts, endpoints: readonly EndpointFacts[]): EndpointFacts[] {
  const away = (endpoint: EndpointFacts): number => {
    const way = wayTo(vnet, endpoint.vnetId);
    return way === 'same' ? 0 : way === 'peered' ? 1 : 2;
  };
  return endpoints.toSorted((a, b) => away(a) - away(b));
}

/** The names that the network interfaces answer for, the login server first. */
function neededRecords(
  registry: RegistryFacts,
  records: Readonly<Record<string, readonly string[]>>,
  endpoints: readonly EndpointFacts[],
): NeededRecord[] {
  const addresses = endpoints.flatMap((endpoint) => endpoint.addresses);
  const hosts = new Set([registry.loginServer, ...addresses.map((address) => address.fqdn.toLowerCase())]);
  return [...hosts].map((host) => {
    const expected = addresses.filter((address) => address.fqdn.toLowerCase() === host).map((address) => address.ip);
    const name = recordName(host);
    return { name, found: records[name] ?? [], expected, ip: expected[0] ?? '' };
  });
}

function recordDetail(zone: DnsZoneFacts, records: readonly NeededRecord[]): Record<string, string> {
  return {
    zone: zone.id,
    record: records.map((record) => record.name).join(', '),
    ip: records.map((record) => record.ip).join(', '),
  };
}

/** An endpoint with a zone group writes its records itself; without one nobody does. */
function missing(
  zone: DnsZoneFacts,
  records: readonly NeededRecord[],
  endpoints: readonly EndpointFacts[],
  evidence: Evidence,
): { cause: NetworkCause; detail: Detail } {
  const detail = recordDetail(zone, records);
  const owner = endpoints.find((endpoint) => endpoint.addresses.some((address) => address.ip === records[0]?.ip));
  const groups = valueOf(evidence.zoneGroups);
  const held = groups?.some(
    (group) => group.endpoint === owner?.id && group.zones.some((one) => nameOf(one) === nameOf(zone.id)),
  );
  return owner === undefined || held !== false
    ? { cause: 'private-dns-record-missing', detail }
    : { cause: 'private-dns-zone-group-missing', detail: { ...detail, endpoint: owner.id } };
}

function stale(zone: DnsZoneFacts, records: readonly NeededRecord[]): PrivateWay {
  const found = records.map(({ found: ips, expected }) => ips.find((ip) => !expected.includes(ip)) ?? '');
  const detail = { ...recordDetail(zone, records), found: found.join(', ') };
  return { answer: 'blocks', cause: 'private-dns-record-stale', detail };
}

function wayTo(vnet: VnetFacts, other: VnetFacts['id']): 'same' | 'peered' | 'none' | 'unclear' {
  if (other === vnet.id) return 'same';
  if (vnet.peerings.some((peering) => peering.vnetId === other && peering.connected)) return 'peered';
  // A hub or a gateway can lead on to a network that is not a peer of ours.
  return vnet.gateway || vnet.peerings.some((peering) => peering.connected) ? 'unclear' : 'none';
}

function judgeReach(vnet: VnetFacts, ips: readonly string[], endpoints: readonly EndpointFacts[]): PrivateWay {
  const used = endpoints.filter((endpoint) => endpoint.addresses.some((address) => ips.includes(address.ip)));
  const far = used.find((endpoint) => wayTo(vnet, endpoint.vnetId) === 'none');
  const unclear = used.find((endpoint) => wayTo(vnet, endpoint.vnetId) === 'unclear');
  const between = (endpoint: EndpointFacts): Detail => ({
    lacks: 'peering',
    vnet: vnet.id,
    endpoint: endpoint.id,
    endpointVnet: endpoint.vnetId,
  });
  if (far !== undefined) return { answer: 'blocks', cause: 'no-private-path', detail: between(far) };
  return unclear === undefined ? { answer: 'allows', ips } : doubt('no-peering', between(unclear));
}

function judgeRecords(
  registry: RegistryFacts,
  vnet: VnetFacts,
  zone: DnsZoneFacts,
  link: ZoneLink,
  evidence: Evidence,
): PrivateWay {
  const records = valueOf(zone.records);
  const known = valueOf(evidence.endpoints);
  if (records === undefined) return doubt('zone-unreadable');
  if (known === undefined) return doubt('endpoint-unreadable');
  const endpoints = byNearness(vnet, known);
  const needed = neededRecords(registry, records, endpoints);
  if (needed.some((record) => record.expected.length === 0)) return doubt('endpoint-unreadable');
  const wrong = needed.filter(isWrong);
  const absent = needed.filter((record) => record.found.length === 0);
  if (wrong.length > 0) return stale(zone, wrong);
  if (absent.length === 0)
    return judgeReach(
      vnet,
      needed.flatMap((record) => record.found),
      endpoints,
    );
  const found = missing(zone, absent, endpoints, evidence);
  return link.redirects ? { answer: 'public', otherwise: found } : { answer: 'blocks', ...found };
}

/** The zone that a person should link: the one that already has the registry's record, else the first. */
function holdingZone(registry: RegistryFacts, zones: readonly DnsZoneFacts[]): string {
  const name = recordName(registry.loginServer);
  const holding = zones.find((zone) => (valueOf(zone.records)?.[name] ?? []).length > 0);
  return (holding ?? zones[0])?.id ?? '';
}

function judgeZones(registry: RegistryFacts, vnet: VnetFacts, evidence: Evidence): PrivateWay {
  const zones = valueOf(evidence.zones);
  if (zones === undefined) return doubt('zone-unreadable');
  // Only zones that we may read are visible: none at all proves nothing.
  if (zones.length === 0) return doubt('no-zone-readable');
  for (const zone of zones) {
    const link = valueOf(zone.links)?.find((candidate) => candidate.vnetId === vnet.id);
    if (link?.completed) return judgeRecords(registry, vnet, zone, link, evidence);
    if (link !== undefined) return doubt('link-in-progress');
  }
  if (zones.some((zone) => !zone.links.read)) return doubt('zone-unreadable');
  const detail = { zone: holdingZone(registry, zones), vnet: vnet.id };
  return { answer: 'public', otherwise: { cause: 'private-dns-unlinked', detail } };
}

/** Where the name of a registry with an approved private endpoint leads from this environment. */
export function privateWay(registry: RegistryFacts, evidence: Evidence): PrivateWay {
  const vnet = valueOf(evidence.vnet);
  if (vnet === undefined) return doubt('vnet-unreadable');
  const custom = vnet.dnsServers.filter((server) => server !== azureResolver);
  if (custom.length > 0) return doubt('custom-dns', { vnet: vnet.id, servers: custom.join(', ') });
  return judgeZones(registry, vnet, evidence);
}
