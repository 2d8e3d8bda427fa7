// Whether the subnet of the environment lets a connection out: its security rules by priority, then its routes.

import type { Route, SecurityRule, SubnetFacts } from '../evidence/network-facts.ts';
import { valueOf } from '../words/fact.ts';
import { covers, isPrivateRange, rangeOf } from '../words/ip.ts';

/**
 * Where a connection on port 443 goes: an Azure service with its service tag, one private address, or a host outside of Azure. `known`: the
 * host is one of the public Internet; the name of any other can lead into a private network.
 */
export type Destination =
  | { readonly kind: 'service'; readonly tag: string; readonly region: string | undefined }
  | { readonly kind: 'address'; readonly ip: string }
  | HostDestination;

/** `inside`: judged as an address of a private network; an unknown host is judged both ways. */
type HostDestination = { readonly kind: 'host'; readonly known: boolean; readonly inside?: true };

export type EgressDoubt =
  | 'subnet-unreadable'
  | 'security-rules-unclear'
  | 'routed-to-appliance'
  | 'routes-unclear'
  | 'platform-dns-denied';

export type Passage =
  | { readonly answer: 'allows' }
  | { readonly answer: 'blocks'; readonly by: Readonly<Record<string, string>> }
  | { readonly answer: 'cannot-tell'; readonly why: EgressDoubt };

/** `undefined`: it may match. */
type Match = boolean | undefined;

const allows: Passage = { answer: 'allows' };

/** Whether the subnet lets port 443 of this destination be reached. A rule or route that surely blocks outweighs one that may block. */
export function passage(subnet: SubnetFacts, to: Destination): Passage {
  const judged = [judgeBothSides(subnet, to), judgeRoutes(subnet, to)];
  return judged.find((one) => one.answer === 'blocks') ?? judged.find((one) => one.answer === 'cannot-tell') ?? allows;
}

/** The name of an unknown host may lead outside or inside: the rules decide only where they say the same of both. */
function judgeBothSides(subnet: SubnetFacts, to: Destination): Passage {
  const found = judgeRules(subnet, to);
  if (to.kind !== 'host' || to.known) return found;
  const inside = judgeRules(subnet, { ...to, inside: true });
  return inside.answer === found.answer ? found : { answer: 'cannot-tell', why: 'security-rules-unclear' };
}

/** The first rule that matches decides. Where one before it may match, both count. */
function judgeRules(subnet: SubnetFacts, to: Destination): Passage {
  const { security } = subnet;
  if (security === undefined) return allows;
  const rules = valueOf(security.rules);
  if (rules === undefined) return { answer: 'cannot-tell', why: 'subnet-unreadable' };
  const possible: SecurityRule[] = [];
  for (const rule of rules.toSorted((a, b) => a.priority - b.priority)) {
    const match = ruleMatches(rule, subnet, to);
    if (match !== false) possible.push(rule);
    if (match === true) break;
  }
  const [first] = possible;
  if (first === undefined || new Set(possible.map((rule) => rule.access)).size > 1)
    return { answer: 'cannot-tell', why: 'security-rules-unclear' };
  if (first.access === 'allow') return allows;
  return {
    answer: 'blocks',
    by: { nsg: security.nsg, rule: first.name, priority: freePriority(rules, first.priority) },
  };
}

function ruleMatches(rule: SecurityRule, subnet: SubnetFacts, to: Destination): Match {
  const rest: Match[] = [protocolMatches(rule.protocol), any(rule.ports.map(portMatches))];
  if (rule.grouped) return all([...rest, undefined]);
  const routed = defaultRoute(subnet) !== undefined;
  return all([
    ...rest,
    any(rule.sources.map((source) => sourceMatches(source, subnet.prefixes))),
    any(rule.destinations.map((destination) => destinationMatches(destination, to, routed))),
  ]);
}

function protocolMatches(protocol: string): boolean {
  return protocol === '*' || protocol.toLowerCase() === 'tcp';
}

function any(matches: readonly Match[]): Match {
  return matches.includes(true) || (matches.includes(undefined) ? undefined : false);
}

/** A rule has `*`, a port or a range for each of its ports. Anything else was not understood, so the rule may match. */
function portMatches(port: string): Match {
  if (port === '*') return true;
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(port.trim()) ?? [];
  if (first === undefined) return undefined;
  const ends = [Number(first), Number(last)];
  return Math.min(...ends) <= 443 && 443 <= Math.max(...ends);
}

function all(matches: readonly Match[]): Match {
  return !matches.includes(false) && (matches.includes(undefined) ? undefined : true);
}

function defaultRoute(subnet: SubnetFacts): Route | undefined {
  return valueOf(subnet.routing?.routes)?.find(isDefault);
}

function isDefault(route: Route): boolean {
  return route.prefix === '0.0.0.0/0';
}

/** Whether a rule's source means our subnet. */
function sourceMatches(source: string, prefixes: readonly string[]): Match {
  const text = source.toLowerCase();
  if (text === '*' || text === '0.0.0.0/0' || text === 'virtualnetwork') return true;
  const outer = rangeOf(text);
  if (outer === undefined) return false;
  const [held = 'part', ...others] = prefixes.map((prefix) => {
    const inner = rangeOf(prefix);
    return inner && covers(outer, inner);
  });
  if (held === 'part' || others.some((other) => other !== held)) return undefined;
  return held === 'all';
}

/** Whether an address prefix of a rule or route means this destination. `routed`: the subnet has a route for everything. */
function destinationMatches(prefix: string, to: Destination, routed = false): Match {
  const text = prefix.toLowerCase();
  if (text === '*' || text === '0.0.0.0/0') return true;
  // Environments leave by IPv4, so a rule for IPv6 addresses means none of their connections.
  if (rangeOf(text)?.bits === 128) return false;
  if (/^\d|:/.test(text)) return rangeMatches(text, to);
  if (to.kind === 'service') return tagMatches(text, to, routed);
  if (to.kind === 'host') return hostMatches(text, to, routed);
  return text === 'virtualnetwork';
}

function rangeMatches(text: string, to: Destination): Match {
  const range = rangeOf(text);
  if (range === undefined) return undefined;
  if (to.kind === 'address') {
    const address = rangeOf(to.ip);
    return address && covers(range, address) === 'all';
  }
  // The addresses behind a service or a host are not ours to list.
  return isPrivateRange(text) && (to.kind === 'service' || !to.inside) ? false : undefined;
}

function tagMatches(text: string, to: Destination & { kind: 'service' }, routed: boolean): Match {
  const tag = to.tag.toLowerCase();
  if (text === 'internet' || text === 'azurecloud' || text === tag) return true;
  // With a route for everything, "virtual network" may mean everything.
  if (text === 'virtualnetwork') return routed ? undefined : false;
  if (isTagOf(text, tag)) return text === [tag, to.region].join('.') || undefined;
  return [...otherServices].some((other) => isTagOf(text, other)) ? false : undefined;
}

/** A tag with a region behind it holds the addresses of that region alone. */
function isTagOf(text: string, tag: string): boolean {
  return text === tag || text.startsWith(`${tag}.`);
}

/** Tags of services that share no address with those that a pull needs. Any other tag may hold some of them. */
const otherServices = new Set(
  [
    'ActionGroup',
    'ApiManagement',
    'AppConfiguration',
    'AppService',
    'AzureActiveDirectory',
    'AzureBackup',
    'AzureConnectors',
    'AzureContainerRegistry',
    'AzureCosmosDB',
    'AzureDatabricks',
    'AzureKeyVault',
    'AzureLoadBalancer',
    'AzureMonitor',
    'AzurePlatformDNS',
    'AzurePlatformIMDS',
    'AzurePlatformLKM',
    'AzureResourceManager',
    'AzureSiteRecovery',
    'AzureFrontDoor.Backend',
    'AzureFrontDoor.FirstParty',
    'AzureFrontDoor.Frontend',
    'DataFactory',
    'EventHub',
    'GatewayManager',
    'LogicApps',
    'MicrosoftContainerRegistry',
    'ServiceBus',
    'Sql',
    'Storage',
  ].map((tag) => tag.toLowerCase()),
);

/** Services of Azure that a registry of a person's own can stand behind. */
const hosting = ['apimanagement', 'appservice', 'azurefrontdoor.frontend', 'azureloadbalancer', 'storage'];

function hostMatches(text: string, { known, inside }: HostDestination, routed: boolean): Match {
  if (inside) return text === 'virtualnetwork';
  if (text === 'internet') return true;
  if (text === 'virtualnetwork') return routed ? undefined : false;
  const other = [...otherServices].some((one) => isTagOf(text, one));
  return other && (known || !hosting.some((one) => isTagOf(text, one))) ? false : undefined;
}

/** A free priority that comes before this one; empty if all are taken. */
function freePriority(rules: readonly SecurityRule[], before: number): string {
  const taken = new Set(rules.map((rule) => rule.priority));
  for (let priority = Math.min(before, 4097) - 1; priority >= 100; priority -= 1)
    if (!taken.has(priority)) return String(priority);
  return '';
}

function judgeRoutes(subnet: SubnetFacts, to: Destination): Passage {
  const { routing } = subnet;
  if (routing === undefined) return allows;
  const routes = valueOf(routing.routes);
  if (routes === undefined) return { answer: 'cannot-tell', why: 'subnet-unreadable' };
  return to.kind === 'address' ? judgeAddressRoutes(routes, to) : judgePublicRoutes(routing.table, routes, to);
}

/**
 * A private endpoint brings a route of its own for its address, and that beats the route for everything. A narrower one may win,
 * if the endpoint's subnet has network policies: that we do not read.
 */
function judgeAddressRoutes(routes: readonly Route[], to: Destination): Passage {
  const own = routes.filter((route) => !isDefault(route) && destinationMatches(route.prefix, to) === true);
  const away = own.filter((route) => route.nextHop !== 'vnetlocal');
  return away.length === 0 ? allows : unclear(away);
}

function unclear(hops: readonly Route[]): Passage {
  const appliance = hops.some((route) => route.nextHop === 'virtualappliance');
  return { answer: 'cannot-tell', why: appliance ? 'routed-to-appliance' : 'routes-unclear' };
}

/** A route that names the service beats the route for everything; one that may hold its addresses counts beside the others. */
function judgePublicRoutes(table: string, routes: readonly Route[], to: Destination): Passage {
  const special = routes.filter((route) => !isDefault(route));
  const exact = special.filter((route) => destinationMatches(route.prefix, to) === true);
  const possible = special.filter((route) => destinationMatches(route.prefix, to) === undefined);
  const surest = exact.length > 0 ? exact : routes.filter(isDefault);
  const hops = [...surest, ...possible];
  if (hops.every((route) => route.nextHop === 'internet')) return allows;
  // A gateway can teach the network a route to a host of its own, which no table shows.
  if (to.kind === 'host' && !to.known) return unclear(hops);
  const [first] = surest;
  return first !== undefined && hops.every((route) => route.nextHop === 'none')
    ? { answer: 'blocks', by: { table, route: first.name } }
    : unclear(hops);
}

/** A rule can shut off Azure's own resolver only by naming it, and only networks with servers of their own live without it. */
export function deniesPlatformDns(subnet: SubnetFacts): boolean {
  return platformDnsDenial(subnet) !== undefined;
}

/** The rule that shuts it off, where no rule before it lets it through; with a free priority that comes before. */
export function platformDnsDenial({ security }: SubnetFacts): Readonly<Record<string, string>> | undefined {
  const rules = valueOf(security?.rules);
  if (security === undefined || rules === undefined) return undefined;
  const [first] = rules.filter(isAboutPlatformDns).sort((a, b) => a.priority - b.priority);
  if (first?.access !== 'deny') return undefined;
  return { nsg: security.nsg, rule: first.name, priority: freePriority(rules, first.priority) };
}

function isAboutPlatformDns({ destinations, protocol, ports }: SecurityRule): boolean {
  const named = destinations.some((destination) => destination.toLowerCase() === platformDns.toLowerCase());
  const covers53 = ports.some((port) => port === '*' || port === '53');
  return named && covers53 && protocol.toLowerCase() !== 'tcp';
}

/** The service tag of 168.63.129.16 on port 53 (Microsoft, "Azure service tags"). */
export const platformDns = 'AzurePlatformDNS';
