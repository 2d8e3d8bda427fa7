// Facts of networks.

import type { ArmId } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';

export interface DnsZoneFacts {
  readonly id: ArmId;
  readonly links: Fact<readonly ZoneLink[]>;
  /** A records by relative name. */
  readonly records: Fact<Readonly<Record<string, readonly string[]>>>;
}

export interface ZoneLink {
  /** Absent where it could not be read. */
  readonly name?: string;
  readonly vnetId: ArmId;
  readonly completed: boolean;
  /** A name that the zone does not have is asked for in public DNS (`NxDomainRedirect`), instead of ending as "no such host". */
  readonly redirects: boolean;
}

export interface EndpointFacts {
  readonly id: ArmId;
  readonly vnetId: ArmId;
  /** What its network interfaces answer for: login server, a data endpoint for each replica, regional endpoints. */
  readonly addresses: readonly { readonly fqdn: string; readonly ip: string }[];
}

/** The zones in which a private endpoint keeps its records. If there are none, people have to write the records by hand. */
export interface ZoneGroupFacts {
  readonly endpoint: ArmId;
  readonly zones: readonly ArmId[];
}

export interface VnetFacts {
  readonly id: ArmId;
  readonly dnsServers: readonly string[];
  readonly peerings: readonly { readonly vnetId: ArmId; readonly connected: boolean }[];
  /** A gateway can connect networks in ways that no peering shows. */
  readonly gateway: boolean;
}

/** An outbound rule of a network security group. */
export interface SecurityRule {
  readonly name: string;
  readonly priority: number;
  readonly access: 'allow' | 'deny';
  readonly protocol: string;
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: readonly string[];
  /** It speaks of application security groups, whose members ARM does not list here. */
  readonly grouped: boolean;
}

export interface Route {
  readonly name: string;
  readonly prefix: string;
  /** Lower case: `internet`, `none`, `virtualappliance`, `virtualnetworkgateway`, `vnetlocal`. */
  readonly nextHop: string;
}

export interface SubnetFacts {
  readonly id: ArmId;
  readonly prefixes: readonly string[];
  /** Outbound rules, the default ones too; absent where the subnet has no network security group. */
  readonly security?: { readonly nsg: ArmId; readonly rules: Fact<readonly SecurityRule[]> };
  readonly routing?: { readonly table: ArmId; readonly routes: Fact<readonly Route[]> };
}
