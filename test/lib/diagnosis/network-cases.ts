// Networks for the tests of the network's verdict: a private registry with every record in place, an open one, rules and routes.
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import { networkVerdict } from '../../../src/lib/diagnosis/network.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type {
  DnsZoneFacts,
  Route,
  SecurityRule,
  SubnetFacts,
  VnetFacts,
} from '../../../src/lib/evidence/network-facts.ts';
import type { RegistryFacts } from '../../../src/lib/evidence/registry-facts.ts';
import { type Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  arm,
  assignment,
  dnsUnlinked,
  endpointId,
  minute,
  registry,
  roleMissing,
  target,
  unauthorized,
  vnetId,
  zoneId,
} from '../facts.ts';

export const network = vnetId.replace('/virtualnetworks/vnet-shop', '');
export const nsg = arm(`${network}/networkSecurityGroups/nsg-apps`);
export const table = arm(`${network}/routeTables/rt-apps`);
export const subnetId = arm(`${vnetId}/subnets/snet-apps`);
export const hub = arm(`${network}/virtualNetworks/vnet-hub`);
export const spoke = arm(`${network}/virtualNetworks/vnet-data`);

export const login = { fqdn: 'acrshop.azurecr.io', ip: '10.70.4.5' };
export const data = { fqdn: 'acrshop.westeurope.data.azurecr.io', ip: '10.70.4.4' };
export const otherRegion = { fqdn: 'acrshop.northeurope.data.azurecr.io', ip: '10.70.4.6' };
export const regional = { fqdn: 'acrshop.northeurope.geo.azurecr.io', ip: '10.70.4.7' };
export const goodRecords: Readonly<Record<string, string[]>> = {
  acrshop: ['10.70.4.5'],
  'acrshop.westeurope.data': ['10.70.4.4'],
  'acrshop.northeurope.data': ['10.70.4.6'],
  'acrshop.northeurope.geo': ['10.70.4.7'],
};
export const endpoint = { id: endpointId, vnetId, addresses: [login, data, otherRegion, regional] };

export function zone(records: Record<string, string[]>, redirects = false): DnsZoneFacts {
  return { id: zoneId, links: known([{ vnetId, completed: true, redirects }]), records: known(records) };
}

/** A private registry with every record in place, and an identity that may pull. */
export const privately: Evidence = { ...dnsUnlinked, zones: known([zone(goodRecords)]), endpoints: known([endpoint]) };
export const closed: RegistryFacts = {
  ...registry,
  publicAccess: 'closed',
  endpoints: [{ id: endpointId, status: 'approved' }],
};
export const inVnet = dnsUnlinked.environment ?? unreadable('not-asked');
/** An open registry and an environment in a VNet of the customer. */
export const openly: Evidence = {
  ...roleMissing,
  environment: inVnet,
  roles: known([assignment(30 * 24 * 60 * minute)]),
  subnet: dnsUnlinked.subnet ?? unreadable('not-asked'),
};

export function without(record: string): Record<string, string[]> {
  return Object.fromEntries(Object.entries(goodRecords).filter(([name]) => name !== record));
}

export function vnet(more: Partial<VnetFacts> = {}): { vnet: Evidence['vnet'] & object } {
  return { vnet: known({ id: vnetId, dnsServers: [], peerings: [], gateway: false, ...more }) };
}

export function rule(
  priority: number,
  access: 'allow' | 'deny',
  destination: string,
  more: Partial<SecurityRule> = {},
): SecurityRule {
  return {
    name: `${access}-${priority}`,
    priority,
    access,
    protocol: '*',
    sources: ['*'],
    destinations: [destination],
    ports: ['*'],
    grouped: false,
    ...more,
  };
}

export const defaults: readonly SecurityRule[] = [
  rule(65_000, 'allow', 'VirtualNetwork', { sources: ['VirtualNetwork'] }),
  rule(65_001, 'allow', 'Internet'),
  rule(65_500, 'deny', '*'),
];

export function subnet(
  rules: readonly SecurityRule[],
  routes?: readonly Route[],
): { subnet: Evidence['subnet'] & object } {
  const facts: SubnetFacts = {
    id: subnetId,
    prefixes: ['10.70.0.0/23'],
    security: { nsg, rules: known([...defaults, ...rules]) },
    ...(routes === undefined ? {} : { routing: { table, routes: known(routes) } }),
  };
  return { subnet: known(facts) };
}

export function route(prefix: string, nextHop: string): Route {
  return { name: `to-${nextHop}`, prefix, nextHop };
}

export const toAppliance = route('0.0.0.0/0', 'virtualappliance');
export const denyAll = rule(4000, 'deny', 'Internet');

export function answer(evidence: Evidence): string {
  const verdict = networkVerdict(evidence);
  return verdict.answer === 'blocks' ? verdict.cause : `${verdict.answer}: ${verdict.why}`;
}

export function diagnosed(evidence: Evidence): Diagnosis {
  return diagnose({ target, evidence, suspicions: [unauthorized], pulledBefore: false });
}
