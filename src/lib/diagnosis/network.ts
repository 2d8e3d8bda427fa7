// Whether the network lets the environment reach the registry, as far as the control plane can decide: allows, blocks or cannot tell.

import type { Evidence, Probe } from '../evidence/evidence.ts';
import { appOf, environmentOf, outboundSubnet, registryOf } from '../evidence/evidence.ts';
import type { SubnetFacts } from '../evidence/network-facts.ts';
import type { RegistryFacts } from '../evidence/registry-facts.ts';
import { valueOf } from '../words/fact.ts';
import { isAddress, rangeHolds, rangeOf } from '../words/ip.ts';
import { loginServerOf } from '../words/registry-host.ts';
import type { Destination, EgressDoubt, Passage } from './egress.ts';
import { deniesPlatformDns, passage, platformDns, platformDnsDenial } from './egress.ts';
import { type NetworkCause, type NetworkDoubt, type NetworkVerdict } from './network-verdict.ts';
import type { PrivateWay } from './private-path.ts';
import { ownServers, privateWay, zoneOf } from './private-path.ts';

type Detail = Readonly<Record<string, string>>;

/**
 * The network's answer. A registry with IP rules cannot be judged from ARM, because the address that the environment leaves by is not
 * in it, unless the text names a refused one; a private one is followed through endpoint, VNet, zone, link and record. Then the
 * subnet has to let the connection out.
 */
export function networkVerdict(evidence: Evidence, refusedIp?: string): NetworkVerdict {
  const registry = registryOf(evidence);
  if (registry === undefined) return doubt('registry-unreadable');
  if (environmentOf(evidence) === undefined) return doubt('environment-unreadable');
  const subnet = outboundSubnet(evidence);
  if (subnet === 'cannot-tell') return doubt('subnet-unknown');
  const inVnet = subnet !== undefined;
  const way = privateWay(registry, evidence);
  const verdict = judgeWay(registry, inVnet, way, refusedIp);
  return verdict.answer === 'blocks' || !inVnet ? verdict : judgeEgress(registry, way, verdict, evidence);
}

function doubt(why: NetworkDoubt, detail: Detail = {}): NetworkVerdict {
  return { answer: 'cannot-tell', why, detail };
}

/** The answer up to the door of the subnet: registry, endpoint, name. */
function judgeWay(
  registry: RegistryFacts,
  inVnet: boolean,
  way: PrivateWay,
  refusedIp: string | undefined,
): NetworkVerdict {
  return registry.publicAccess === 'closed'
    ? judgeClosed(registry, inVnet, way)
    : judgeOpen(registry, inVnet, way, refusedIp);
}

/** The registry is closed to the public network: a pull needs a private endpoint, and a name that leads to it. */
function judgeClosed(registry: RegistryFacts, inVnet: boolean, way: PrivateWay): NetworkVerdict {
  if (!inVnet) return blocks('no-private-path', { lacks: 'vnet', ...tier(registry) });
  if (!hasApproved(registry)) {
    const pending = registry.endpoints.find((endpoint) => endpoint.status === 'pending');
    return pending === undefined
      ? blocks('no-private-path', { lacks: 'endpoint', ...tier(registry) })
      : blocks('private-endpoint-pending', { endpoint: pending.id });
  }
  switch (way.answer) {
    case 'allows':
      return { answer: 'allows', why: 'private-endpoint' };
    case 'public':
      return blocks(way.otherwise.cause, way.otherwise.detail);
    case 'blocks':
    case 'cannot-tell':
      return way;
  }
}

function blocks(cause: NetworkCause, detail: Detail = {}): NetworkVerdict {
  return { answer: 'blocks', cause, detail };
}

/** Private endpoints need the Premium tier; where the registry has another, that is the first thing to say. */
function tier(registry: RegistryFacts): Detail {
  return registry.sku === 'Premium' ? {} : { sku: registry.sku };
}

function hasApproved(registry: RegistryFacts): boolean {
  return registry.endpoints.some((endpoint) => endpoint.status === 'approved');
}

/**
 * The public network is open to all, to listed addresses or to whom a perimeter lets in; a linked zone decides all the same where the
 * name leads.
 */
function judgeOpen(
  registry: RegistryFacts,
  inVnet: boolean,
  way: PrivateWay,
  refusedIp: string | undefined,
): NetworkVerdict {
  const publicly = judgePublic(registry, refusedIp);
  if (!inVnet || !hasApproved(registry)) return publicly;
  switch (way.answer) {
    case 'allows':
      return { answer: 'allows', why: 'private-endpoint' };
    case 'blocks':
      return way;
    case 'public':
      return publicly;
    case 'cannot-tell':
      return publicly.answer !== 'allows' || harmless.has(way.why) ? publicly : way;
  }
}

/** Doubts that do not matter for an open registry: the name leads to the public address or to the endpoint, and both work. */
const harmless = new Set<NetworkDoubt>(['custom-dns', 'no-zone-readable', 'link-in-progress']);

/** Says which addresses the registry allows over the public network. The rules of a perimeter are not in the registry, and not read. */
function judgePublic(registry: RegistryFacts, refusedIp: string | undefined): NetworkVerdict {
  if (registry.publicAccess === 'perimeter') return doubt('network-perimeter');
  if (registry.publicAccess === 'unknown') return doubt('public-access-unknown');
  return registry.defaultAction === 'allow' ? { answer: 'allows', why: 'public' } : judgeRefusal(registry, refusedIp);
}

/**
 * The registry refused an address, says the text. The address is a claim, and so checked against the rules: one that they let in
 * was not refused by them.
 */
function judgeRefusal(registry: RegistryFacts, refusedIp: string | undefined): NetworkVerdict {
  const known = refusedIp !== undefined && isAddress(refusedIp);
  if (!known || registry.ipRules.some((rule) => mayHold(rule, refusedIp))) return doubt('ip-rules');
  return blocks('registry-firewall', { ip: refusedIp });
}

/** A rule that cannot be read may hold the address. */
function mayHold(rule: string, ip: string): boolean {
  return rangeOf(rule) === undefined || rangeHolds(rule, ip);
}

function judgeEgress(
  registry: RegistryFacts,
  way: PrivateWay,
  verdict: NetworkVerdict,
  evidence: Evidence,
): NetworkVerdict {
  const subnet = valueOf(evidence.subnet);
  if (subnet === undefined) return verdict.answer === 'cannot-tell' ? verdict : doubt('subnet-unreadable');
  const added = withoutNames(subnet, evidence) ?? judgeSubnet(subnet, needsOf(registry, way, evidence));
  return verdict.answer === 'allows' || added?.answer === 'blocks' ? (added ?? verdict) : verdict;
}

/** What Container Apps has to reach on port 443 for this pull. */
function needsOf(registry: RegistryFacts, way: PrivateWay, evidence: Evidence): Need[] {
  const withIdentity = appOf(evidence)?.registries.some(
    (entry) => loginServerOf(entry.server) === registry.loginServer && entry.identity !== undefined,
  );
  return [
    ...registryNeeds(registry, way, evidence),
    ...(withIdentity ? [service('identity', 'AzureActiveDirectory')] : []),
    service('platform', 'MicrosoftContainerRegistry'),
    service('platform', 'AzureFrontDoor.FirstParty'),
  ];
}

function registryNeeds(registry: RegistryFacts, way: PrivateWay, evidence: Evidence): Need[] {
  if (!hasApproved(registry)) return publicNeeds('registry', registry);
  if (way.answer === 'allows') return addressNeeds('registry', way, evidence);
  if (way.answer === 'public') return publicNeeds('registry', registry);
  const single = valueOf(evidence.endpoints)?.length === 1;
  const addresses = addressNeeds(single && registry.publicAccess === 'closed' ? 'registry' : 'perhaps', way, evidence);
  return registry.publicAccess === 'closed' ? addresses : [...addresses, ...publicNeeds('perhaps', registry)];
}

function publicNeeds(use: Need['for'], registry: RegistryFacts): Need[] {
  const login = service(use, 'AzureContainerRegistry', registry.location);
  return registry.dataEndpoints ? [login] : [login, service(use, 'Storage', registry.location)];
}

/** What a pull has to reach, and for what. */
export interface Need {
  /** `perhaps`: one of two ways to the registry, and which one the name takes cannot be told. */
  readonly for: 'registry' | 'perhaps' | 'identity' | 'platform';
  readonly destination: Destination;
}

function service(use: Need['for'], tag: string, region?: string): Need {
  return { for: use, destination: { kind: 'service', tag, region } };
}

/** The addresses that the name leads to; all of the endpoints' where that cannot be told. */
function addressNeeds(use: Need['for'], way: PrivateWay, evidence: Evidence): Need[] {
  const endpoints = valueOf(evidence.endpoints) ?? [];
  const all = endpoints.flatMap((endpoint) => endpoint.addresses.map((address) => address.ip));
  const ips = new Set(way.answer === 'allows' ? way.ips : all);
  return [...ips].map((ip) => ({ for: use, destination: { kind: 'address', ip } }));
}

/** What is worth asking for next about the network: endpoint and names first, the subnet only if they do not block. */
export function networkProbes(evidence: Evidence): Probe[] {
  const registry = registryOf(evidence);
  const subnet = outboundSubnet(evidence);
  if (registry === undefined || environmentOf(evidence) === undefined) return [];
  if (subnet === undefined || subnet === 'cannot-tell') return [];
  const wanted: Probe[] = hasApproved(registry) ? ['vnet', 'zones', 'endpoints'] : [];
  if (wanted.some((probe) => evidence[probe] === undefined)) return wanted;
  const verdict = judgeWay(registry, true, privateWay(registry, evidence), undefined);
  if (verdict.answer !== 'blocks') return [...wanted, 'subnet', ...(mayLackNames(evidence) ? (['vnet'] as const) : [])];
  return asksWhoKeepsRecords(verdict.cause, registry, evidence) ? [...wanted, 'zoneGroups'] : wanted;
}

/** Whether a rule shuts off Azure's own resolver: then it matters whether the VNet names servers of its own. */
function mayLackNames({ subnet }: Evidence): boolean {
  const rules = valueOf(subnet);
  return rules !== undefined && deniesPlatformDns(rules);
}

/** A record that no zone has: it matters who should have written it, and where. */
function asksWhoKeepsRecords(cause: NetworkCause, registry: RegistryFacts, evidence: Evidence): boolean {
  if (cause !== 'private-dns-unlinked') return cause === 'private-dns-record-missing';
  return zoneOf(registry, valueOf(evidence.zones) ?? []) === undefined;
}

/** What the subnet adds to a verdict that does not block already; `undefined` where it lets everything through. The platform's own needs are named, and alone block nothing. */
export function judgeSubnet(subnet: SubnetFacts, needs: readonly Need[]): NetworkVerdict | undefined {
  const judged = needs.map((need) => ({ need, passage: passage(subnet, need.destination) }));
  const registry = denial(subnet, judged, 'registry');
  if (registry !== undefined) return blocks('egress-blocked', registry);
  const identity = denial(subnet, judged, 'identity');
  if (identity !== undefined) return blocks('identity-egress-blocked', identity);
  const [unclear] = judged.flatMap(doubtOf);
  if (unclear === 'routed-to-appliance') return doubt(unclear, { subnet: subnet.id });
  if (unclear !== undefined) return doubt(unclear, { within: subnet.id });
  return deniesPlatformDns(subnet) ? doubt('platform-dns-denied', { within: subnet.id }) : undefined;
}

function denial(subnet: SubnetFacts, judged: readonly Judged[], use: 'registry' | 'identity'): Detail | undefined {
  const denied = judged.filter((one) => one.passage.answer === 'blocks');
  const first = denied.find((one) => one.need.for === use);
  if (first?.passage.answer !== 'blocks') return undefined;
  const missing = denied.map((one) => wordOf(one.need)).join(', ');
  return { subnet: subnet.id, ...first.passage.by, missing };
}

interface Judged {
  readonly need: Need;
  readonly passage: Passage;
}

function wordOf({ destination }: Need): string {
  switch (destination.kind) {
    case 'service':
      return destination.tag;
    case 'address':
      return destination.ip;
    case 'host':
      return 'Internet';
  }
}

function doubtOf({ need, passage: found }: Judged): EgressDoubt[] {
  if (need.for === 'platform' || found.answer === 'allows') return [];
  return [found.answer === 'blocks' ? 'security-rules-unclear' : found.why];
}

/** A rule shuts off Azure's own resolver, and the VNet names no other: no name resolves then. */
export function withoutNames(subnet: SubnetFacts, { vnet }: Evidence): NetworkVerdict | undefined {
  const denied = platformDnsDenial(subnet);
  const facts = valueOf(vnet);
  if (denied === undefined || facts === undefined || ownServers(facts).length > 0) return undefined;
  return blocks('egress-blocked', { subnet: subnet.id, ...denied, missing: platformDns });
}
