// The way of a pull through the network: where the name leads, what the subnet lets out, whom the registry lets in. The room is the virtual
// network and private DNS.
// Not here: the proxy that pullmedic talks to (`seam/`).
import type { App, Container, Environment } from '../model/apps.ts';
import { sameId } from '../model/ids.ts';
import type { Subnet, Vnet, Zone } from '../model/networks.ts';
import { dataRecord, type Registry, recordsOf, zoneName } from '../model/registries.ts';
import { regionOf, type Sim } from '../model/sim.ts';
import { rangeHolds } from './ranges.ts';
import { letsOut } from './subnets.ts';

/** How the network ends a pull. `public-refused`: the registry refuses the public network, which is logged as "unauthorized". */
export type Obstacle =
  | { readonly kind: 'public-refused' }
  | { readonly kind: 'address-refused'; readonly ip: string }
  | { readonly kind: 'no-such-host'; readonly host: string; readonly server: string }
  /** An address without a machine behind it: the connection ends in a time-out, and the system log has a row about it. */
  | { readonly kind: 'dead-address'; readonly host: string; readonly ip: string }
  /** Something swallows the packets: nothing is logged at all. */
  | { readonly kind: 'swallowed' };

type Way = 'private' | 'public' | Obstacle;

interface Place {
  readonly vnet: Vnet;
  readonly subnet: Subnet | undefined;
}

/** Where the app's connections leave: by the environment's subnet, by its own, or (`undefined`) by a network of Azure's. */
function placeOf(sim: Sim, app: App): Place | undefined {
  const environment = sim.environments.get(app.environment);
  const { vnetId = environment?.vnetId, subnet = environment?.subnet } = app.outbound ?? {};
  const vnet = [...sim.vnets.values()].find((one) => sameId(one.id, vnetId ?? ''));
  return vnet === undefined ? undefined : { vnet, subnet: vnet.subnets.get(subnet ?? '') };
}

function peered(sim: Sim, vnet: Vnet, otherId: string): boolean {
  if (sameId(vnet.id, otherId)) return true;
  const other = [...sim.vnets.values()].find((one) => sameId(one.id, otherId));
  return vnet.peerings.includes(otherId) || (other?.peerings.includes(vnet.id) ?? false);
}

function linkedZone(sim: Sim, vnet: Vnet, name: string): Zone | undefined {
  return sim.zones.find(
    (zone) => zone.name === name && [...zone.links.keys()].some((name) => sim.vnets.get(name)?.id === vnet.id),
  );
}

/** The names of a registry that a pull asks for, and the addresses of its private endpoint: login, and the data of the nearest copy. */
function names(sim: Sim, registry: Registry, region: string): { record: string; ip: string }[] {
  const { endpoint, label } = registry;
  const nearest = endpoint?.dataIps.has(region) ? region : sim.world.location;
  const asked = [label, dataRecord(label, nearest)];
  return recordsOf(registry).filter(({ record }) => asked.includes(record));
}

/** A linked zone is authoritative: it answers "no such name" for a name that it does not have, unless the link asks public DNS then. */
function privateWay(sim: Sim, registry: Registry, { vnet, subnet }: Place, region: string): Way {
  const { endpoint } = registry;
  const zone = linkedZone(sim, vnet, zoneName(registry));
  const sees = vnet.dnsServers.length === 0 || vnet.dnsForwards;
  if (endpoint?.status !== 'Approved' || zone === undefined || !sees) return 'public';
  const server = vnet.dnsServers[0] ?? '168.63.129.16';
  for (const { record, ip } of names(sim, registry, region)) {
    const found = zone.records.get(record);
    const host = `${record}.${registry.domain}`;
    if (found === undefined) return zone.redirects ? 'public' : { kind: 'no-such-host', host, server };
    if (found !== ip) return { kind: 'dead-address', host, ip: found };
    if (!peered(sim, vnet, endpoint.vnetId)) return { kind: 'swallowed' };
    if (!letsOut(subnet, { ip })) return { kind: 'swallowed' };
  }
  return 'private';
}

function publicObstacle(
  registry: Registry,
  environment: Environment | undefined,
  place: Place | undefined,
): Obstacle | undefined {
  const login = { tag: 'AzureContainerRegistry', host: registry.loginServer };
  const layers = { tag: 'Storage', host: `${registry.label}.blob.core.windows.net` };
  const needed = registry.endpoint === undefined ? [login, layers] : [login];
  if (needed.some((one) => !letsOut(place?.subnet, one))) return { kind: 'swallowed' };
  if (registry.publicNetworkAccess === 'Disabled') return { kind: 'public-refused' };
  const ip = environment?.egressIp ?? '';
  return registry.defaultAction === 'Allow' || registry.ipRules.some((rule) => rangeHolds(rule, ip))
    ? undefined
    : { kind: 'address-refused', ip };
}

/** What stands between the app and the registry, now. */
export function obstacle(sim: Sim, app: App, registry: Registry): Obstacle | undefined {
  const place = placeOf(sim, app);
  const way = place === undefined ? 'public' : privateWay(sim, registry, place, regionOf(sim, app));
  if (way === 'private') return undefined;
  return way === 'public' ? publicObstacle(registry, sim.environments.get(app.environment), place) : way;
}

/** Whether the platform reaches the service that issues the tokens of identities. */
export function reachesTokens(sim: Sim, app: App): boolean {
  return letsOut(placeOf(sim, app)?.subnet, {
    tag: 'AzureActiveDirectory',
    host: 'login.microsoftonline.com',
  });
}

/** What the network makes of a pull from a host outside of Azure: the words of the client, or nothing where the packets are swallowed. */
export type OutsideObstacle = { readonly kind: 'no-answer'; readonly server: string } | { readonly kind: 'swallowed' };

/** What stands between the app and a registry outside of Azure, now. */
export function outsideObstacle(sim: Sim, app: App, host: string): OutsideObstacle | undefined {
  const place = placeOf(sim, app);
  const [server] = place?.vnet.dnsServers ?? [];
  if (server !== undefined && place?.vnet.dnsFailsFor.includes(host)) return { kind: 'no-answer', server };
  const microsoft = ['MicrosoftContainerRegistry', 'AzureFrontDoor.FirstParty'].map((tag) => ({ tag, host }));
  const needed = host === 'mcr.microsoft.com' ? microsoft : [{ host }];
  return needed.every((one) => letsOut(place?.subnet, one)) ? undefined : { kind: 'swallowed' };
}

/** The words of an obstacle, as a client of the registry prints it. */
export function sayObstacle(found: Obstacle, registry: Registry, container?: Container): string {
  switch (found.kind) {
    case 'public-refused':
      return 'Container pull image failed with unauthorized error.';
    case 'address-refused':
      return `{"errors":[{"code":"DENIED","message":"client with IP '${found.ip}' is not allowed access, refer https://aka.ms/acr/firewall to grant access"}]}`;
    case 'no-such-host':
      return `failed to resolve registry '${registry.loginServer}': lookup ${found.host} on ${found.server}:53: no such host`;
    case 'dead-address':
      return `failed to do request: Head "https://${found.host}/v2/${container?.image.split('/').slice(1).join('/').split(':')[0] ?? ''}": dial tcp ${found.ip}:443: i/o timeout`;
    case 'swallowed':
      return `Get "https://${registry.loginServer}/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`;
  }
}
