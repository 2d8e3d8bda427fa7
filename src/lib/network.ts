// Whether the network lets the environment reach the registry, as far as the control plane can decide: allows, blocks or cannot tell.
import { parentOfType } from './arm-id.ts';
import type { DnsZoneFacts, EndpointFacts, Evidence, RegistryFacts } from './evidence.ts';
import { environmentOf, registryOf } from './evidence.ts';
import { valueOf } from './fact.ts';

export type NetworkCause =
  | 'no-private-path'
  | 'private-endpoint-pending'
  | 'private-dns-unlinked'
  | 'private-dns-record-missing'
  | 'private-dns-record-stale'
  | 'registry-firewall';

export type NetworkVerdict =
  | { readonly answer: 'allows'; readonly why: 'public' | 'private-endpoint' }
  | { readonly answer: 'blocks'; readonly cause: NetworkCause; readonly detail: Readonly<Record<string, string>> }
  | { readonly answer: 'cannot-tell'; readonly why: NetworkDoubt };

export type NetworkDoubt =
  | 'registry-unreadable'
  | 'environment-unreadable'
  | 'ip-rules'
  | 'vnet-unreadable'
  | 'custom-dns'
  | 'no-zone-readable'
  | 'zone-unreadable'
  | 'link-in-progress'
  | 'endpoint-unreadable';

/** Azure's own resolver: a VNet that names it explicitly is not using custom DNS. */
const azureResolver = '168.63.129.16';

function blocks(cause: NetworkCause, detail: Record<string, string> = {}): NetworkVerdict {
  return { answer: 'blocks', cause, detail };
}

function doubt(why: NetworkDoubt): NetworkVerdict {
  return { answer: 'cannot-tell', why };
}

/** The relative name that the login server has in the private zone. */
function recordName(registry: RegistryFacts): string {
  return registry.loginServer.replace(/\.azurecr\.(?:io|cn|us)$/, '');
}

function privateAddress(registry: RegistryFacts, endpoints: readonly EndpointFacts[]): string[] {
  const all = endpoints.flatMap((endpoint) => endpoint.addresses);
  return all.filter((address) => address.fqdn.toLowerCase() === registry.loginServer).map((address) => address.ip);
}

function judgeRecords(
  registry: RegistryFacts,
  zone: DnsZoneFacts,
  endpoints: readonly EndpointFacts[],
): NetworkVerdict {
  const records = valueOf(zone.records);
  if (records === undefined) return doubt('zone-unreadable');
  const name = recordName(registry);
  const expected = privateAddress(registry, endpoints);
  if (expected.length === 0) return doubt('endpoint-unreadable');
  const found = records[name] ?? [];
  if (found.length === 0)
    return blocks('private-dns-record-missing', { zone: zone.id, record: name, ip: expected[0] ?? '' });
  if (found.every((ip) => expected.includes(ip))) return { answer: 'allows', why: 'private-endpoint' };
  return blocks('private-dns-record-stale', {
    zone: zone.id,
    record: name,
    ip: expected[0] ?? '',
    found: found.join(', '),
  });
}

function judgeZones(registry: RegistryFacts, vnetId: string, evidence: Evidence): NetworkVerdict {
  const zones = valueOf(evidence.zones);
  const endpoints = valueOf(evidence.endpoints);
  // Only zones that we may read are visible: none at all proves nothing.
  if (zones === undefined || zones.length === 0) return doubt('no-zone-readable');
  if (endpoints === undefined) return doubt('endpoint-unreadable');
  for (const zone of zones) {
    const link = valueOf(zone.links)?.find((candidate) => candidate.vnetId === vnetId);
    if (link !== undefined) return link.completed ? judgeRecords(registry, zone, endpoints) : doubt('link-in-progress');
  }
  if (zones.some((zone) => !zone.links.read)) return doubt('zone-unreadable');
  return blocks('private-dns-unlinked', { zone: holdingZone(registry, zones).id, vnet: vnetId });
}

/** The zone that a person should link: the one that already has the registry's record, else the first. */
function holdingZone(registry: RegistryFacts, zones: readonly DnsZoneFacts[]): { id: string } {
  const name = recordName(registry);
  const holding = zones.find((zone) => (valueOf(zone.records)?.[name] ?? []).length > 0);
  return holding ?? zones[0] ?? { id: '' };
}

function judgePrivate(registry: RegistryFacts, evidence: Evidence): NetworkVerdict {
  const approved = registry.endpoints.filter((endpoint) => endpoint.status === 'approved');
  if (approved.length === 0) {
    const pending = registry.endpoints.find((endpoint) => endpoint.status === 'pending');
    return pending === undefined
      ? blocks('no-private-path')
      : blocks('private-endpoint-pending', { endpoint: pending.id });
  }
  const vnet = valueOf(evidence.vnet);
  if (vnet === undefined) return doubt('vnet-unreadable');
  if (vnet.dnsServers.some((server) => server !== azureResolver)) return doubt('custom-dns');
  return judgeZones(registry, vnet.id, evidence);
}

function ipNumber(ip: string): number | undefined {
  const parts = ip.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(Number.isInteger(part) && part >= 0 && part <= 255)))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Whether an IP rule of a registry, an address or a CIDR range, lets this address in. */
function lets(rule: string, ip: number): boolean {
  const [base = '', length = '32'] = rule.split('/');
  const from = ipNumber(base);
  const size = 2 ** (32 - Number(length));
  return from !== undefined && Number.isInteger(size) && Math.floor(from / size) === Math.floor(ip / size);
}

/**
 * The registry refused an address, says the text. The address is a claim, and so checked against the rules: one that they let in
 * was not refused by them.
 */
function judgeRefusal(registry: RegistryFacts, refusedIp: string | undefined): NetworkVerdict {
  const ip = refusedIp === undefined ? undefined : ipNumber(refusedIp);
  if (ip === undefined || refusedIp === undefined || registry.ipRules.some((rule) => lets(rule, ip)))
    return doubt('ip-rules');
  return blocks('registry-firewall', { ip: refusedIp });
}

/**
 * The network's answer. A registry that is open to the public network allows; one with IP rules cannot be judged from ARM, because
 * the address that the environment leaves by is not in it, unless the text names a refused one; a private one is followed through endpoint, VNet, zone, link and record.
 */
export function networkVerdict(evidence: Evidence, refusedIp?: string): NetworkVerdict {
  const registry = registryOf(evidence);
  const environment = environmentOf(evidence);
  if (registry === undefined) return doubt('registry-unreadable');
  if (registry.publicAccess && registry.defaultAction === 'allow') return { answer: 'allows', why: 'public' };
  if (environment === undefined) return doubt('environment-unreadable');
  const hasVnet =
    environment.subnetId !== undefined && parentOfType(environment.subnetId, 'virtualnetworks') !== undefined;
  if (!registry.publicAccess) return hasVnet ? judgePrivate(registry, evidence) : blocks('no-private-path');
  const approved = registry.endpoints.some((endpoint) => endpoint.status === 'approved');
  const privately = hasVnet && approved ? judgePrivate(registry, evidence) : undefined;
  return privately?.answer === 'allows' ? privately : judgeRefusal(registry, refusedIp);
}
