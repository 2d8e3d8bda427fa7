// The state of virtual networks and private DNS zones, as a world begins with it.
import type { World } from '../world/world.ts';
import { resourceId } from './ids.ts';

/** The virtual networks of a world, by name, with the subnets that something in it uses. */
export function vnetsOf(world: World): Map<string, Vnet> {
  return new Map(
    world.vnets.map((one) => {
      const made: Vnet = {
        id: vnetId(world, one.name),
        dnsServers: one.dnsServers,
        dnsForwards: one.dnsForwards,
        dnsFailsFor: one.dnsFailsFor,
        peerings: one.peerings.map((peer) => vnetId(world, peer)),
        subnets: subnetsOf(world, one),
      };
      return [one.name, made];
    }),
  );
}

/** The id of a virtual network that the world declares. */
export function vnetId(world: World, name: string): string {
  const group = world.vnets.find((one) => one.name === name)?.group ?? '';
  return resourceId(world, group, 'Microsoft.Network/virtualNetworks', name);
}

/** The subnets that a scenario speaks of, and those of its environments and apps. */
function subnetsOf(world: World, vnet: World['vnets'][number]): Map<string, Subnet> {
  const used = world.environments.filter((one) => one.vnet === vnet.name).map((one) => one.subnet);
  const own = world.apps.flatMap(({ outbound }) => (outbound?.vnet === vnet.name ? [outbound.subnet] : []));
  const names = new Set([...used, ...own, ...vnet.subnets.map((one) => one.name)]);
  return new Map(
    [...names].map((name, index) => {
      const said = vnet.subnets.find((one) => one.name === name);
      const made: Subnet = {
        id: `${vnetId(world, vnet.name)}/subnets/${name}`,
        prefix: `10.70.${16 + 2 * index}.0/23`,
        nsgId: resourceId(world, vnet.group, 'Microsoft.Network/networkSecurityGroups', `nsg-${name}`),
        tableId: resourceId(world, vnet.group, 'Microsoft.Network/routeTables', `rt-${name}`),
        ...(said?.nsg === undefined ? {} : { rules: said.nsg }),
        ...(said?.routeToAppliance === undefined ? {} : { appliance: said.routeToAppliance }),
      };
      return [name, made];
    }),
  );
}

/** An outbound rule of a security group. */
export type SecurityRule = NonNullable<World['vnets'][number]['subnets'][number]['nsg']>[number];

/** A subnet with its rules and its route. */
export interface Subnet {
  readonly id: string;
  readonly prefix: string;
  readonly nsgId: string;
  readonly tableId: string;
  /** None where the subnet has no security group. */
  rules?: readonly SecurityRule[];
  /** What the appliance does with all traffic, or the hosts that it lets pass. */
  readonly appliance?: 'allows' | 'denies' | readonly string[];
}

/** A virtual network. */
export interface Vnet {
  readonly id: string;
  readonly dnsServers: readonly string[];
  readonly dnsForwards: boolean;
  readonly dnsFailsFor: readonly string[];
  /** Ids of VNets. */
  readonly peerings: readonly string[];
  readonly subnets: ReadonlyMap<string, Subnet>;
}

/** A private DNS zone: its links by the name of the VNet, its records by their name in the zone. */
export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly links: Map<string, string>;
  readonly redirects: boolean;
  readonly records: Map<string, string>;
}
