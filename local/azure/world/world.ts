// What a scenario file says of the world and of what happens in it: the schema, with defaults that keep files short.
import { z } from 'zod';
import { publicAnswers } from '../registry/public-registries.ts';
import { duration, durationOr } from './duration.ts';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'is not a resource name');
const ip = z.ipv4();
/** What a registry lets in: an address or a range of them. */
const ipRule = z.string().regex(/^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/, 'is no address and no CIDR range');
const region = z.string().regex(/^[a-z][a-z0-9]{2,40}$/, 'is no name of a region, such as westeurope');

const environment = z.strictObject({
  name,
  group: name.default('rg-apps'),
  logs: z.enum(['log-analytics', 'azure-monitor', 'none']).default('log-analytics'),
  /** The VNet that the environment lives in; none means a network of Azure's own. */
  vnet: name.optional(),
  /** The subnet of that VNet; it needs no entry there unless something is special about it. */
  subnet: name.default('snet-apps'),
  /** An environment of the Express kind has no VNet of its own; each of its apps may leave by a subnet. */
  express: z.boolean().default(false),
  systemIdentity: z.boolean().default(false),
  /** Where it is; by default where everything is. */
  region: region.optional(),
  /** The address by which the environment leaves, for registries with IP rules. */
  egressIp: ip.default('20.50.60.70'),
});

/** An outbound rule; Azure's own rules, which let everything out, come after those of the scenario. */
const securityRule = z.strictObject({
  name,
  priority: z.int().min(100).max(4096),
  access: z.enum(['Allow', 'Deny']),
  /** A service tag, `Internet`, `VirtualNetwork`, `*`, an address or a CIDR range. */
  destination: z.string().regex(/^(?:\*|[\d./]+|[A-Za-z][A-Za-z.]*)$/, 'is no destination of a security rule'),
  port: z
    .string()
    .regex(/^(?:\*|\d+(?:-\d+)?)$/, 'is no port')
    .default('*'),
});

const subnet = z.strictObject({
  name,
  /** Outbound rules of its network security group; without the member it has no group. */
  nsg: z.array(securityRule).optional(),
  /** Everything that leaves goes to an appliance, which lets it pass or not: nobody can see that from outside. */
  routeToAppliance: z.enum(['allows', 'denies']).optional(),
});

const vnet = z.strictObject({
  name,
  group: name.default('rg-network'),
  dnsServers: z.array(ip).default([]),
  /** Whether those servers ask Azure for the names of private zones; if not, such a name resolves publicly. */
  dnsForwards: z.boolean().default(true),
  subnets: z.array(subnet).default([]),
  /** Names of VNets that it is peered with, both ways. */
  peerings: z.array(name).default([]),
});

const privateEndpoint = z.strictObject({
  name,
  group: name.default('rg-network'),
  vnet: name,
  status: z.enum(['Approved', 'Pending', 'Rejected', 'Disconnected']).default('Approved'),
  loginIp: ip.default('10.70.4.5'),
  /** Of the data endpoint in the registry's own region; those of its replicas stand with them. */
  dataIp: ip.default('10.70.4.4'),
  /** Whether a zone group keeps its records. What the zone holds at the beginning is for `dnsZones` to say. */
  zoneGroup: z.boolean().default(true),
});

/** A password of a token: it works until `expires`, counted from the beginning, or for ever. */
const tokenPassword = z.strictObject({ name: z.enum(['password1', 'password2']), expires: duration.optional() });

/** A token of the registry's own, which is a user name; its passwords are in secrets of apps. */
const registryToken = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9-]{5,50}$/, 'is no name of a token'),
  enabled: z.boolean().default(true),
  passwords: z.array(tokenPassword).max(2).default([]),
});

/** A copy of the registry in another region, with the address that the private endpoint has for its data endpoint. */
const replica = z.strictObject({ region, dataIp: ip.default('10.70.4.6') });

const registry = z.strictObject({
  name,
  group: name.default('rg-registry'),
  sku: z.enum(['Basic', 'Standard', 'Premium']).default('Premium'),
  /** The hash of a registry with a domain name label: its host is `<name>-<label>.azurecr.io`. */
  domainLabel: z
    .string()
    .regex(/^[a-z0-9]{4,24}$/, 'is no domain name label')
    .optional(),
  roleMode: z.enum(['LegacyRegistryPermissions', 'AbacRepositoryPermissions']).default('LegacyRegistryPermissions'),
  publicNetworkAccess: z.enum(['Enabled', 'Disabled']).default('Enabled'),
  defaultAction: z.enum(['Allow', 'Deny']).default('Allow'),
  ipRules: z.array(ipRule).default([]),
  armAudience: z.enum(['enabled', 'disabled']).default('enabled'),
  /** Whether the registry's own name and password let somebody in. */
  adminUserEnabled: z.boolean().default(false),
  /** Tokens of its own, by which somebody signs in with a password. */
  tokens: z.array(registryToken).default([]),
  /** It lies in a subscription that pullmedic may not read. */
  hidden: z.boolean().default(false),
  tags: z.record(z.string(), z.string()).default({}),
  repositories: z.record(z.string(), z.array(z.string())).default({}),
  /** Whether pullmedic has a role of its own to read images with: AcrPull, or Repository Reader in ABAC mode. */
  readableByPullmedic: z.boolean().default(false),
  privateEndpoint: privateEndpoint.optional(),
  replicas: z.array(replica).default([]),
});

const publicRegistry = z.strictObject({ host: z.string().min(3).max(255), answers: z.enum(publicAnswers) });

const dnsZone = z.strictObject({
  name: z.string().default('privatelink.azurecr.io'),
  group: name.default('rg-network'),
  /** Names of VNets that are linked. */
  links: z.array(name).default([]),
  /** The links ask public DNS for a name that the zone does not have. */
  nxDomainRedirect: z.boolean().default(false),
  records: z.record(z.string(), ip).default({}),
});

const identity = z.strictObject({ name, group: name.default('rg-apps') });

export const roleNames = [
  'AcrPull',
  'AcrPush',
  'Reader',
  'Contributor',
  'Owner',
  'Container Registry Repository Reader',
] as const;

/** A role that somebody defined. */
const customRole = z.strictObject({
  name: z.string().min(1),
  actions: z.array(z.string()).default([]),
  notActions: z.array(z.string()).default([]),
  dataActions: z.array(z.string()).default([]),
  notDataActions: z.array(z.string()).default([]),
});

/** A group of identities; what is assigned to it takes a day to work for them. */
const group = z.strictObject({ name, members: z.array(z.string()).default([]) });

/** A built-in role or the name of a custom one. */
const roleName = z.enum(roleNames).or(z.string().min(1));

const roleAssignment = z.strictObject({
  role: roleName,
  /** A user-assigned identity, `app:<name>` for an app's system identity, `environment:<name>` for an environment's, `group-of:<name>`. */
  principal: z.string(),
  /** A registry's name, or `group:<name>`, or `subscription`. */
  on: z.string(),
  age: durationOr('30d'),
  /** How long after its creation it takes effect. */
  propagation: duration.optional(),
  /** An ABAC condition, version 2.0; the documented forms on a repository's name are evaluated. */
  condition: z.string().min(1).optional(),
});

const denyAssignment = z.strictObject({
  principal: z.string(),
  on: z.string(),
  /** Patterns as in a role; one that names neither denies everything. */
  actions: z.array(z.string()).optional(),
  dataActions: z.array(z.string()).optional(),
});

const container = z.strictObject({
  name: name.default('app'),
  image: z.string(),
  /** Runs to its end before the others start; its image is pulled all the same. */
  init: z.boolean().default(false),
});

/** What the app says about one registry: an identity's name, `system`, `system-environment`; or a user name and a secret. */
const registryEntry = z.strictObject({
  server: z.string().min(1),
  identity: z.string().optional(),
  username: z.string().optional(),
  passwordSecretRef: z.string().optional(),
});

/** A secret of an app; one that is not valid holds a password that was rotated. */
const secret = z.strictObject({
  name,
  valid: z.boolean().default(true),
  /** Which password of a token it holds. */
  password: z.enum(['password1', 'password2']).default('password1'),
});

const app = z.strictObject({
  name,
  group: name.default('rg-apps'),
  environment: name,
  containers: z.array(container).min(1),
  /** Which identity pulls: a user-assigned identity's name, `system` or `system-environment`. */
  pullIdentity: z.string().optional(),
  /** Registries that the app declares; by default those of its images that exist here, with `pullIdentity`. */
  registries: z.array(registryEntry).optional(),
  secrets: z.array(secret).default([]),
  /** Further user-assigned identities that the app has and does not pull with. */
  identities: z.array(name).default([]),
  /** False: its registry entries name an identity that nobody assigned to it. */
  pullIdentityAssigned: z.boolean().default(true),
  /** Whether it has an identity of its own even if it does not pull with that. */
  systemIdentity: z.boolean().default(false),
  /** In an Express environment: the subnet that the app leaves by. */
  outbound: z.strictObject({ vnet: name, subnet: name.default('snet-apps') }).optional(),
  minReplicas: z.int().min(0).max(5).default(1),
  revisionMode: z.enum(['Single', 'Multiple']).default('Single'),
  /** `running`: it was deployed long ago and serves. `later`: an event deploys it. `now`: it is deployed as time begins. */
  deployed: z.enum(['now', 'running', 'later']).default('now'),
  /** Whether the control plane tries the pull of a new image reference first, and fails the write if it fails. */
  validated: z.boolean().default(false),
  /** Its pull failures write no rows: the last that is heard of a replica is that it pulls. */
  silent: z.boolean().default(false),
  /** False: Azure refuses to restart its revisions. */
  restartable: z.boolean().default(true),
});

const logAlertRule = z.strictObject({
  kind: z.literal('log').optional(),
  name: name.default('pullmedic-pull-failures'),
  /** KQL; by default the query that comes with pullmedic. */
  query: z.string().optional(),
  frequency: durationOr('1m'),
  window: durationOr('10m'),
});

/** Fires for every failed write of a container app. */
const activityAlertRule = z.strictObject({
  kind: z.literal('activity-log'),
  name: name.default('pullmedic-failed-writes'),
  /** How long after the failure it fires. */
  delay: durationOr('90s'),
});

const alertRule = z.discriminatedUnion('kind', [logAlertRule, activityAlertRule]);

const delays = z.strictObject({
  rolePropagation: durationOr('4m'),
  /** The same where a group holds the role. */
  groupPropagation: durationOr('24h'),
  logIngestion: durationOr('75s'),
  /** How long until an entry of the Activity Log can be read. */
  activityLog: durationOr('2m'),
});

export const worldSchema = z.strictObject({
  start: z.iso.datetime().default('2026-06-01T02:00:00Z'),
  subscription: z.guid().default('5f0c1d2e-0000-4000-8000-000000000001'),
  tenant: z.guid().default('7e0c1d2e-0000-4000-8000-000000000002'),
  location: z.string().default('westeurope'),
  environments: z.array(environment).min(1),
  vnets: z.array(vnet).default([]),
  registries: z.array(registry).default([]),
  /** Registries outside of Azure that do not simply answer; all others do, but for hosts of Azure's registries that nobody declared. */
  publicRegistries: z.array(publicRegistry).default([]),
  dnsZones: z.array(dnsZone).default([]),
  identities: z.array(identity).default([]),
  groups: z.array(group).default([]),
  customRoles: z.array(customRole).default([]),
  roleAssignments: z.array(roleAssignment).default([]),
  denyAssignments: z.array(denyAssignment).default([]),
  apps: z.array(app).min(1),
  alertRules: z.array(alertRule).default([logAlertRule.parse({})]),
  eventGrid: z.enum(['event-grid-schema', 'cloud-events', 'off']).default('cloud-events'),
  /** The share of events that arrive twice. */
  eventGridDuplicates: z.number().min(0).max(1).default(0),
  /** Events are late by up to so much, each by another amount: they overtake each other. */
  eventGridJitter: durationOr('0s'),
  delays: delays.prefault({}),
});

export type World = z.infer<typeof worldSchema>;

/** What every event may say of itself. */
const happens = {
  at: duration.optional(),
  /** Instead of a time: just before pullmedic's first role assignment is processed, as a pipeline that wins the race. */
  when: z.literal('pullmedic-grants').optional(),
  /** Who does it: a person's address, or the object id of a pipeline's identity. */
  by: z.union([z.email(), z.guid()]).optional(),
};
const service = z.enum(['management', 'logs', 'registry', 'graph', 'identity']);

const anyEvent = z.discriminatedUnion('do', [
  z.strictObject({ ...happens, do: z.literal('deploy'), app: name, image: z.string().optional() }),
  z.strictObject({ ...happens, do: z.literal('assign-role'), ...roleAssignment.omit({ age: true }).shape }),
  z.strictObject({
    ...happens,
    do: z.literal('remove-role'),
    role: roleName,
    principal: z.string(),
    on: z.string(),
  }),
  z.strictObject({
    ...happens,
    do: z.literal('link-dns'),
    zone: z.string().default('privatelink.azurecr.io'),
    vnet: name,
  }),
  z.strictObject({
    ...happens,
    do: z.literal('unlink-dns'),
    zone: z.string().default('privatelink.azurecr.io'),
    vnet: name,
  }),
  z.strictObject({
    ...happens,
    do: z.literal('set-dns-record'),
    zone: z.string().default('privatelink.azurecr.io'),
    record: z.string(),
    ip,
  }),
  /** Somebody gives the registry's private endpoint a zone group, which writes its records. */
  z.strictObject({
    ...happens,
    do: z.literal('add-zone-group'),
    registry: name,
    zone: z.string().default('privatelink.azurecr.io'),
  }),
  /** A rule of a subnet's security group is written; one of the same name is replaced. */
  z.strictObject({
    ...happens,
    do: z.literal('set-security-rule'),
    vnet: name,
    subnet: name.default('snet-apps'),
    ...securityRule.shape,
  }),
  z.strictObject({ ...happens, do: z.literal('push-tag'), registry: name, repository: z.string(), tag: z.string() }),
  z.strictObject({ ...happens, do: z.literal('delete-tag'), registry: name, repository: z.string(), tag: z.string() }),
  z.strictObject({
    ...happens,
    do: z.literal('set-registry'),
    registry: name,
    roleMode: z.enum(['LegacyRegistryPermissions', 'AbacRepositoryPermissions']).optional(),
    publicNetworkAccess: z.enum(['Enabled', 'Disabled']).optional(),
    defaultAction: z.enum(['Allow', 'Deny']).optional(),
    ipRules: z.array(ipRule).optional(),
    armAudience: z.enum(['enabled', 'disabled']).optional(),
    adminUserEnabled: z.boolean().optional(),
  }),
  /** Somebody has the registry copied to one more region. */
  z.strictObject({ ...happens, do: z.literal('add-replica'), registry: name, ...replica.shape }),
  /** Somebody switches a token on or off, or makes new passwords for it; its times count from the beginning. */
  z.strictObject({
    ...happens,
    do: z.literal('set-token'),
    registry: name,
    token: z.string(),
    enabled: z.boolean().optional(),
    passwords: z.array(tokenPassword).max(2).optional(),
  }),
  /** Somebody changes what the app says about registries, or its secrets. */
  z.strictObject({
    ...happens,
    do: z.literal('configure-app'),
    app: name,
    registries: z.array(registryEntry).optional(),
    secrets: z.array(secret).optional(),
  }),
  /** The app is deleted, with all its revisions. */
  z.strictObject({ ...happens, do: z.literal('delete-app'), app: name }),
  /** The active revisions of the app are deactivated: their replicas go, the template stays. */
  z.strictObject({ ...happens, do: z.literal('deactivate'), app: name }),
  /** The owner of the registry approves its private endpoint. */
  z.strictObject({ ...happens, do: z.literal('approve-endpoint'), registry: name }),
  /** A user-assigned identity is deleted; its roles and its place on apps stay behind. */
  z.strictObject({ ...happens, do: z.literal('delete-identity'), identity: name }),
  /** A registry outside of Azure answers otherwise from now on. */
  z.strictObject({ ...happens, do: z.literal('set-public-registry'), ...publicRegistry.shape }),
  /** From now on the app's containers start and exit, writing this text. */
  z.strictObject({ ...happens, do: z.literal('crash'), app: name, text: z.string() }),
  z.strictObject({
    ...happens,
    do: z.literal('write-log-row'),
    app: name,
    reason: z.string(),
    type: z.string().default('Warning'),
    text: z.string(),
  }),
  z.strictObject({ ...happens, do: z.literal('scale'), app: name, replicas: z.int().min(0).max(5) }),
  /** A write of the app that is called off. */
  z.strictObject({ ...happens, do: z.literal('cancel-deploy'), app: name }),
  /**
   * A log alert fires for the app, whatever the logs say; `again` sends the last one of this app once more, `underIdOf` one that never
   * fired, under the id of the last alert of another app.
   */
  z.strictObject({
    ...happens,
    do: z.literal('fire-alert'),
    app: name,
    rule: name.optional(),
    again: z.boolean().default(false),
    underIdOf: name.optional(),
  }),
  /** Somebody presses "Test action group" in the portal. */
  z.strictObject({ ...happens, do: z.literal('send-test-alert') }),
  /** A person answers what pullmedic asks about this app: from this moment on, as soon as something is asked. */
  z.strictObject({
    at: duration,
    do: z.enum(['approve', 'reject']),
    app: name,
    by: z.string().default('anna@contoso.example'),
  }),
  /** A person has what pullmedic granted this app taken back: from this moment on, as soon as there is something. */
  z.strictObject({
    at: duration,
    do: z.literal('undo'),
    app: name,
    by: z.string().default('anna@contoso.example'),
  }),
  /** Somebody says "look at this app", with the function key. */
  z.strictObject({ at: duration, do: z.literal('ask-pullmedic'), app: name }),
  /** A person throws pullmedic's kill switch, or lets go of it, with the function key. */
  z.strictObject({
    at: duration,
    do: z.literal('kill-switch'),
    on: z.boolean().default(true),
    by: z.string().default('anna@contoso.example'),
  }),
  /** The service answers 429; how long to wait is in simulated seconds. */
  z.strictObject({
    ...happens,
    do: z.literal('throttle'),
    service,
    for: duration,
    retryAfter: z.int().min(1).default(5),
  }),
  /** A share of the service's answers is an error, and the requests have no effect. */
  z.strictObject({
    ...happens,
    do: z.literal('outage'),
    service,
    for: duration,
    status: z.int().min(500).max(599).default(503),
    share: z.number().min(0).max(1).default(1),
  }),
  /** Kills pullmedic's process and starts it again: what it was doing must go on. */
  z.strictObject({ at: duration, do: z.literal('kill-pullmedic'), for: durationOr('1m') }),
]);

export const eventSchema = anyEvent.superRefine((event, context) => {
  const times = [event.at, 'when' in event ? event.when : undefined].filter((one) => one !== undefined);
  if (times.length !== 1)
    context.addIssue({ code: 'custom', message: 'an event has either "at", a duration, or "when"', input: event });
});

export type WorldEvent = z.infer<typeof eventSchema>;

/** Names that are used but not declared, with the place in the file. */
export function unknownNames(
  world: World,
  events: readonly WorldEvent[],
): { path: (string | number)[]; message: string }[] {
  const logRules = world.alertRules.filter((one) => one.kind !== 'activity-log').map((one) => one.name);
  const known = {
    environment: new Set(world.environments.map((one) => one.name)),
    vnet: new Set(world.vnets.map((one) => one.name)),
    registry: new Set(world.registries.map((one) => one.name)),
    app: new Set(world.apps.map((one) => one.name)),
    identity: new Set(world.identities.map((one) => one.name)),
    group: new Set(world.groups.map((one) => one.name)),
    token: new Set(world.registries.flatMap((one) => one.tokens.map((token) => token.name))),
    role: new Set<string>([...roleNames, ...world.customRoles.map((one) => one.name)]),
    'log alert rule': new Set(logRules),
  };
  const problems: { path: (string | number)[]; message: string }[] = [];
  const check = (kind: keyof typeof known, value: string | undefined, path: (string | number)[]): void => {
    if (value !== undefined && !known[kind].has(value))
      problems.push({ path, message: `there is no ${kind} named "${value}" in this world` });
  };
  const principal = (text: string, path: (string | number)[]): void => {
    const [kind, rest] = text.split(':');
    if (rest === undefined) check('identity', text, path);
    else check(kind === 'app' ? 'app' : kind === 'group-of' ? 'group' : 'environment', rest, path);
  };
  const scope = (text: string, path: (string | number)[]): void => {
    if (text !== 'subscription' && !text.startsWith('group:')) check('registry', text, path);
  };
  world.vnets.forEach((one, index) => {
    one.peerings.forEach((peer, at) => check('vnet', peer, ['world', 'vnets', index, 'peerings', at]));
  });
  const pulls = (identity: string | undefined, path: (string | number)[]): void => {
    if (!identity?.startsWith('system')) check('identity', identity, path);
  };
  const entries = (listed: readonly { identity?: string | undefined }[] | undefined, path: (string | number)[]): void =>
    listed?.forEach((entry, at) => pulls(entry.identity, [...path, 'registries', at, 'identity']));
  const express = new Set(world.environments.filter((one) => one.express).map((one) => one.name));
  world.environments.forEach((one, index) => {
    check('vnet', one.vnet, ['world', 'environments', index, 'vnet']);
    if (one.express && one.vnet !== undefined)
      problems.push({ path: ['world', 'environments', index, 'vnet'], message: 'an Express environment has no VNet' });
  });
  world.registries.forEach((one, index) =>
    check('vnet', one.privateEndpoint?.vnet, ['world', 'registries', index, 'privateEndpoint', 'vnet']),
  );
  world.apps.forEach((one, index) => {
    check('environment', one.environment, ['world', 'apps', index, 'environment']);
    check('vnet', one.outbound?.vnet, ['world', 'apps', index, 'outbound', 'vnet']);
    if (one.outbound !== undefined && !express.has(one.environment))
      problems.push({
        path: ['world', 'apps', index, 'outbound'],
        message: 'only an app in an Express environment has a subnet of its own',
      });
    pulls(one.pullIdentity, ['world', 'apps', index, 'pullIdentity']);
    entries(one.registries, ['world', 'apps', index]);
    one.identities.forEach((held, at) => check('identity', held, ['world', 'apps', index, 'identities', at]));
  });
  world.roleAssignments.forEach((one, index) => {
    check('role', one.role, ['world', 'roleAssignments', index, 'role']);
    principal(one.principal, ['world', 'roleAssignments', index, 'principal']);
    scope(one.on, ['world', 'roleAssignments', index, 'on']);
  });
  world.groups.forEach((one, index) =>
    one.members.forEach((member, at) => principal(member, ['world', 'groups', index, 'members', at])),
  );
  world.denyAssignments.forEach((one, index) => {
    principal(one.principal, ['world', 'denyAssignments', index, 'principal']);
    scope(one.on, ['world', 'denyAssignments', index, 'on']);
  });
  events.forEach((event, index) => {
    if ('app' in event) check('app', event.app, ['events', index, 'app']);
    if (event.do === 'fire-alert') {
      check('app', event.underIdOf, ['events', index, 'underIdOf']);
      check('log alert rule', event.rule, ['events', index, 'rule']);
      if (logRules.length === 0)
        problems.push({ path: ['events', index], message: 'there is no log alert rule in this world that could fire' });
    }
    if (event.do === 'configure-app') entries(event.registries, ['events', index]);
    if (event.do === 'set-token') check('token', event.token, ['events', index, 'token']);
    if (event.do === 'delete-identity') check('identity', event.identity, ['events', index, 'identity']);
    if ('registry' in event) check('registry', event.registry, ['events', index, 'registry']);
    if ('vnet' in event) check('vnet', event.vnet, ['events', index, 'vnet']);
    if ('role' in event) check('role', event.role, ['events', index, 'role']);
    if ('principal' in event) principal(event.principal, ['events', index, 'principal']);
    if ('on' in event && typeof event.on === 'string') scope(event.on, ['events', index, 'on']);
  });
  return problems;
}
