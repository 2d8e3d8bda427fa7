// What a scenario file says of registries: those of Azure with their tokens, copies and private endpoints, and those outside of it.
import { z } from 'zod';
import { duration } from './duration.ts';
import { groupName, ip, ipRule, name, region } from './words.ts';

const privateEndpoint = z.strictObject({
  name,
  group: groupName.default('rg-network'),
  vnet: name,
  status: z.enum(['Approved', 'Pending', 'Rejected', 'Disconnected']).default('Approved'),
  loginIp: ip.default('10.70.4.5'),
  /** Of the data endpoint in the registry's own region; those of its replicas stand with them. */
  dataIp: ip.default('10.70.4.4'),
  /** Whether a zone group keeps its records. What the zone holds at the beginning is for `dnsZones` to say. */
  zoneGroup: z.boolean().default(true),
});

/** A password of a token: it works until `expires`, counted from the beginning, or for ever. */
export const tokenPassword = z.strictObject({ name: z.enum(['password1', 'password2']), expires: duration.optional() });

/** A token of the registry's own, which is a user name; its passwords are in secrets of apps. */
const registryToken = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9-]{5,50}$/, 'is not a valid token name'),
  enabled: z.boolean().default(true),
  passwords: z.array(tokenPassword).max(2).default([]),
});

/** The credentials by which the registry signs in to another one; the reason is what ARM says of unhealthy ones. */
export const credentialSet = z.strictObject({
  name,
  loginServer: z.string().min(3).max(255),
  healthy: z.boolean().default(true),
  error: z.string().default('unauthorized_client'),
});

/** A rule by which the registry fetches images of another one and keeps copies. A `*` at the end stands for any rest. */
const cacheRule = z.strictObject({
  name,
  source: z.string().min(3).max(255),
  target: z.string().min(1).max(255),
  /** The name of a credential set of the same registry. */
  credentials: name.optional(),
});

/** A copy of the registry in another region, with the address that the private endpoint has for its data endpoint. */
export const replica = z.strictObject({ region, dataIp: ip.default('10.70.4.6') });

/** A registry of Azure. */
export const registry = z.strictObject({
  name,
  group: groupName.default('rg-registry'),
  sku: z.enum(['Basic', 'Standard', 'Premium']).default('Premium'),
  /** The hash of a registry with a domain name label: its host is `<name>-<label>.azurecr.io`. */
  domainLabel: z
    .string()
    .regex(/^[a-z0-9]{4,24}$/, 'is not a domain name label')
    .optional(),
  /** The domain of its host: that of the public cloud, of the US government's, or of the one in China. */
  domain: z.enum(['azurecr.io', 'azurecr.us', 'azurecr.cn']).default('azurecr.io'),
  roleMode: z.enum(['LegacyRegistryPermissions', 'AbacRepositoryPermissions']).default('LegacyRegistryPermissions'),
  publicNetworkAccess: z.enum(['Enabled', 'Disabled']).default('Enabled'),
  defaultAction: z.enum(['Allow', 'Deny']).default('Allow'),
  ipRules: z.array(ipRule).default([]),
  armAudience: z.enum(['enabled', 'disabled']).default('enabled'),
  /** Whether the admin user of the registry may sign in. */
  adminUserEnabled: z.boolean().default(false),
  /** Whether it lets pulls without a sign-in through. */
  anonymousPull: z.boolean().default(false),
  /** Tokens of the registry: each is a user name with passwords. */
  tokens: z.array(registryToken).default([]),
  /** Whether trusted services of Azure pass the firewall; the registry's own cache is one. */
  trustedServices: z.boolean().default(true),
  cacheRules: z.array(cacheRule).default([]),
  credentialSets: z.array(credentialSet).default([]),
  /** It lies in a subscription that pullmedic may not read. */
  hidden: z.boolean().default(false),
  tags: z.record(z.string(), z.string()).default({}),
  repositories: z.record(z.string(), z.array(z.string())).default({}),
  /** Whether pullmedic has a role of its own to read images with: AcrPull, or Repository Reader in ABAC mode. */
  readableByPullmedic: z.boolean().default(false),
  privateEndpoint: privateEndpoint.optional(),
  replicas: z.array(replica).default([]),
});

/** What a registry outside of Azure can answer. */
export const publicAnswers = [
  'ok',
  'rate-limited',
  'unavailable',
  'unavailable-by-mirror',
  'unauthorized',
  'not-found',
  'no-such-host',
  'untrusted-certificate',
  'wrong-platform',
  'broken-image',
  'disk-full',
  'invalid-reference',
] as const;

/** One of those answers. */
export type PublicAnswer = (typeof publicAnswers)[number];

/** A registry outside of Azure that does not simply answer. */
export const publicRegistry = z.strictObject({ host: z.string().min(3).max(255), answers: z.enum(publicAnswers) });
