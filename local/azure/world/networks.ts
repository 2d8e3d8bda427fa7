// What a scenario file says of networks: VNets with their subnets and rules, private DNS zones.
import { z } from 'zod';
import { groupName, ip, name } from './words.ts';

/** An outbound rule; Azure's own rules, which let everything out, come after those of the scenario. */
export const securityRule = z.strictObject({
  name,
  priority: z.int().min(100).max(4096),
  access: z.enum(['Allow', 'Deny']),
  /** A service tag, `Internet`, `VirtualNetwork`, `*`, an address or a CIDR range. */
  destination: z.string().regex(/^(?:\*|[\d./]+|[A-Za-z][A-Za-z.]*)$/, 'is not a destination of a security rule'),
  port: z
    .string()
    .regex(/^(?:\*|\d+(?:-\d+)?)$/, 'is not a port')
    .default('*'),
});

const subnet = z.strictObject({
  name,
  /** Outbound rules of its network security group; without the member it has no group. */
  nsg: z.array(securityRule).optional(),
  /**
   * All outbound traffic goes to an appliance, which lets it pass or drops it, or lets only these hosts pass (`*.` stands for any first part
   * of a name). ARM does not show which of them.
   */
  routeToAppliance: z
    .enum(['allows', 'denies'])
    .or(z.array(z.string().regex(/^(?:\*\.)?[a-z0-9.-]{1,253}$/, 'is not a host')))
    .optional(),
});

/** A virtual network. */
export const vnet = z.strictObject({
  name,
  group: groupName.default('rg-network'),
  dnsServers: z.array(ip).default([]),
  /** Whether those servers ask Azure for the names of private zones; if not, such a name resolves publicly. */
  dnsForwards: z.boolean().default(true),
  /** Names that those servers fail to look up: they answer "server misbehaving". */
  dnsFailsFor: z.array(z.string()).default([]),
  subnets: z.array(subnet).default([]),
  /** Names of VNets that it is peered with, both ways. */
  peerings: z.array(name).default([]),
});

/** A private DNS zone with its links and records. */
export const dnsZone = z.strictObject({
  name: z.string().default('privatelink.azurecr.io'),
  group: groupName.default('rg-network'),
  /** Names of VNets that are linked. */
  links: z.array(name).default([]),
  /** The links ask public DNS for a name that the zone does not have. */
  nxDomainRedirect: z.boolean().default(false),
  records: z.record(z.string(), ip).default({}),
});
