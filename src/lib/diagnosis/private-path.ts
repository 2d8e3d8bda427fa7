// The private way to a registry, followed as a name is: VNet, its DNS servers, linked zone, records, private endpoint, peering.

import type { Evidence } from '../evidence/evidence.ts';
import type { DnsZoneFacts, EndpointFacts, VnetFacts, ZoneGroupFacts, ZoneLink } from '../evidence/network-facts.ts';
import type { RegistryFacts } from '../evidence/registry-facts.ts';
import type { ArmId } from '../words/arm-id.ts';
import { nameOf } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import type { NetworkCause, NetworkDoubt } from './network-verdict.ts';

type Detail = Readonly<Record<string, string>>;

/** `public`: the name resolves to the registry's public address, for want of a link or by the link's policy. */
export type PrivateWay =
  | { readonly answer: 'allows'; readonly ips: readonly string[] }
  | { readonly answer: 'public'; readonly otherwise: { readonly cause: NetworkCause; readonly detail: Detail } }
  | { readonly answer: 'blocks'; readonly cause: NetworkCause; readonly detail: Detail }
  | { readonly answer: 'cannot-tell'; readonly why: NetworkDoubt; readonly detail: Detail };

/** Azure's own resolver: a VNet that names it explicitly is not using custom DNS. */
const azureResolver = '168.63.129.16';

/** Where the name of a registry with an approved private endpoint leads from this environment. */
export function privateWay(registry: RegistryFacts, evidence: Evidence): PrivateWay {
  const vnet = valueOf(evidence.vnet);
  if (vnet === undefined) return doubt('vnet-unreadable');
  const custom = ownServers(vnet);
  if (custom.length > 0) return doubt('custom-dns', { vnet: vnet.id, servers: custom.join(', ') });
  return judgeZones({ registry, vnet, evidence });
}

/** From where to where the name is followed. */
interface Ends {
  readonly registry: RegistryFacts;
  readonly vnet: VnetFacts;
  readonly evidence: Evidence;
}

function doubt(why: NetworkDoubt, detail: Detail = {}): PrivateWay {
  return { answer: 'cannot-tell', why, detail };
}

function judgeZones(ends: Ends): PrivateWay {
  const { vnet, evidence } = ends;
  const zones = valueOf(evidence.zones);
  if (zones === undefined) return doubt('zone-unreadable');
  const [first] = zones;
  // Only zones that we may read are visible: none at all proves nothing.
  if (first === undefined) return doubt('no-zone-readable');
  for (const zone of zones) {
    const link = valueOf(zone.links)?.find((candidate) => candidate.vnetId === vnet.id);
    if (link?.completed) return judgeRecords(ends, zone, link);
    if (link !== undefined) return doubt('link-in-progress');
  }
  if (zones.some((zone) => !zone.links.read)) return doubt('zone-unreadable');
  return unlinked(ends, zones, first);
}

function judgeRecords(ends: Ends, zone: DnsZoneFacts, link: ZoneLink): PrivateWay {
  const { registry, vnet, evidence } = ends;
  const records = valueOf(zone.records);
  const known = valueOf(evidence.endpoints);
  if (records === undefined) return doubt('zone-unreadable');
  if (known === undefined) return doubt('endpoint-unreadable');
  const endpoints = byNearness(vnet, known);
  const needed = neededRecords(registry, records, endpoints);
  if (needed === undefined) return doubt('endpoint-unreadable');
  const wrong = needed.filter(isWrong);
  if (wrong.length > 0) return stale(zone, wrong);
  const absent = needed.filter((record) => record.found.length === 0);
  const [first] = absent;
  if (first === undefined)
    return judgeReach(
      vnet,
      needed.flatMap((record) => record.found),
      endpoints,
    );
  const found = whereFar(ends, link, recordDetail(zone, absent), endpoints) ?? missing(zone, first, absent, evidence);
  return link.redirects ? { answer: 'public', otherwise: found } : { answer: 'blocks', ...found };
}

/** The endpoint in the same VNet comes first: its address is the one that a person should write. */
function byNearness(vnet: VnetFacts, endpoints: readonly EndpointFacts[]): EndpointFacts[] {
  const away = (endpoint: EndpointFacts): number => {
    const way = wayTo(vnet, endpoint.vnetId);
    return way === 'same' ? 0 : way === 'peered' ? 1 : 2;
  };
  return endpoints.toSorted((a, b) => away(a) - away(b));
}

function wayTo(vnet: VnetFacts, other: VnetFacts['id']): 'same' | 'peered' | 'none' | 'unclear' {
  if (other === vnet.id) return 'same';
  if (vnet.peerings.some((peering) => peering.vnetId === other && peering.connected)) return 'peered';
  // A hub or a gateway can lead on to a network that is not a peer of ours.
  return vnet.gateway || vnet.peerings.some((peering) => peering.connected) ? 'unclear' : 'none';
}

/** The names that the network interfaces answer for, the login server first; `undefined` where none answers for that. */
function neededRecords(
  registry: RegistryFacts,
  records: Readonly<Record<string, readonly string[]>>,
  endpoints: readonly EndpointFacts[],
): NeededRecord[] | undefined {
  const answers = endpoints.flatMap(({ id, addresses }) =>
    addresses.map(({ fqdn, ip }) => ({ host: fqdn.toLowerCase(), ip, endpoint: id })),
  );
  const needed: NeededRecord[] = [];
  for (const host of new Set([registry.loginServer, ...answers.map((answer) => answer.host)])) {
    const theirs = answers.filter((answer) => answer.host === host);
    const [nearest] = theirs;
    if (nearest === undefined) return undefined;
    const name = recordName(host);
    const expected = theirs.map((answer) => answer.ip);
    needed.push({ name, found: records[name] ?? [], expected, ip: nearest.ip, endpoint: nearest.endpoint });
  }
  return needed;
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
  /** The address that a person should write, and whose it is. */
  readonly ip: string;
  readonly endpoint: EndpointFacts['id'];
}

function isWrong(record: NeededRecord): boolean {
  return record.found.some((ip) => !record.expected.includes(ip));
}

function stale(zone: DnsZoneFacts, records: readonly NeededRecord[]): PrivateWay {
  const found = records.map(({ found: ips, expected }) => ips.find((ip) => !expected.includes(ip)));
  const detail = { ...recordDetail(zone, records), found: found.join(', ') };
  return { answer: 'blocks', cause: 'private-dns-record-stale', detail };
}

function recordDetail(zone: DnsZoneFacts, records: readonly NeededRecord[]): Record<string, string> {
  return {
    zone: zone.id,
    record: records.map((record) => record.name).join(', '),
    ip: records.map((record) => record.ip).join(', '),
  };
}

function judgeReach(vnet: VnetFacts, ips: readonly string[], endpoints: readonly EndpointFacts[]): PrivateWay {
  const used = endpoints.filter((endpoint) => endpoint.addresses.some((address) => ips.includes(address.ip)));
  const far = used.find((endpoint) => wayTo(vnet, endpoint.vnetId) === 'none');
  const unclear = used.find((endpoint) => wayTo(vnet, endpoint.vnetId) === 'unclear');
  if (far !== undefined) return { answer: 'blocks', cause: 'no-private-path', detail: between(vnet, far) };
  return unclear === undefined ? { answer: 'allows', ips } : doubt('no-peering', between(vnet, unclear));
}

/** The network of the app and that of an endpoint, which lack a peering. */
function between(vnet: VnetFacts, endpoint: EndpointFacts): Record<string, string> {
  return { lacks: 'peering', vnet: vnet.id, endpoint: endpoint.id, endpointVnet: endpoint.vnetId };
}

/**
 * What lacks where no endpoint can be reached from the VNet: then its record would lead there and help nothing. Where the registry is open to the public
 * network, the name should fall back to its public address; else the way is missing as well. `undefined` where an endpoint can be reached.
 */
function whereFar(
  { registry, vnet }: Ends,
  link: ZoneLink,
  records: Record<string, string>,
  endpoints: readonly EndpointFacts[],
): { cause: NetworkCause; detail: Detail } | undefined {
  const [nearest] = endpoints;
  if (nearest === undefined || wayTo(vnet, nearest.vnetId) !== 'none') return undefined;
  const { lacks, ...places } = between(vnet, nearest);
  if (registry.publicAccess !== 'open' || registry.defaultAction !== 'allow')
    return { cause: 'no-private-path', detail: { lacks: lacks ?? 'peering', ...places } };
  const name = link.name === undefined ? {} : { link: link.name };
  return { cause: 'private-dns-record-missing', detail: { ...records, ...places, ...name, fallback: 'public' } };
}

/** An endpoint with a zone group writes its records itself. Without a zone group a person has to write them. */
function missing(
  zone: DnsZoneFacts,
  first: NeededRecord,
  records: readonly NeededRecord[],
  evidence: Evidence,
): { cause: NetworkCause; detail: Detail } {
  const detail = recordDetail(zone, records);
  const kept = valueOf(evidence.zoneGroups)?.some(
    (group) => group.endpoint === first.endpoint && group.zones.some((one) => nameOf(one) === nameOf(zone.id)),
  );
  return kept === false
    ? { cause: 'private-dns-zone-group-missing', detail: { ...detail, endpoint: first.endpoint } }
    : { cause: 'private-dns-record-missing', detail };
}

/** No zone that we see is linked. One with the registry's record should be; else the endpoint may keep its records where we may not look. */
function unlinked({ registry, vnet, evidence }: Ends, zones: readonly DnsZoneFacts[], first: DnsZoneFacts): PrivateWay {
  const holder = zoneOf(registry, zones);
  const detail = { zone: (holder ?? first).id, vnet: vnet.id };
  if (holder !== undefined) return { answer: 'public', otherwise: { cause: 'private-dns-unlinked', detail } };
  if (evidence.zoneGroups?.read === false) return doubt('no-zone-readable');
  const [hidden] = hiddenZones(zones, valueOf(evidence.zoneGroups) ?? []);
  if (hidden !== undefined) return doubt('no-zone-readable', { zone: hidden });
  const lacks = first.records.read ? { record: recordName(registry.loginServer) } : {};
  return { answer: 'public', otherwise: { cause: 'private-dns-unlinked', detail: { ...detail, ...lacks } } };
}

/** Zones of the same name that endpoints keep their records in, and that we do not see. */
function hiddenZones(zones: readonly DnsZoneFacts[], groups: readonly ZoneGroupFacts[]): ArmId[] {
  const names = new Set(zones.map((zone) => nameOf(zone.id)));
  const kept = groups.flatMap((group) => group.zones).filter((zone) => names.has(nameOf(zone)));
  return kept.filter((id) => zones.every((zone) => zone.id !== id));
}

/** The zone that has the registry's own record, of those whose records could be read. */
export function zoneOf(registry: RegistryFacts, zones: readonly DnsZoneFacts[]): DnsZoneFacts | undefined {
  return zones.find((zone) => (valueOf(zone.records)?.[recordName(registry.loginServer)] ?? []).length > 0);
}

/** The name servers that a VNet names in place of Azure's own. */
export function ownServers(vnet: VnetFacts): string[] {
  return vnet.dnsServers.filter((server) => server !== azureResolver);
}
