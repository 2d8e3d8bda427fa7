// The read-only probes. Each one answers with facts in our words; an error of Azure is an unreadable fact, never an empty one.
import type { ContainerApp, ManagedEnvironment } from '@azure/arm-appcontainers';
import type { Registry, Token } from '@azure/arm-containerregistry';
import { z } from 'zod';
import type { ArmId, PrincipalId } from '../arm-id.ts';
import { nameOf, parentOfType, resourceGroupOf, subscriptionOf } from '../arm-id.ts';
import { signsInAs } from '../credentials.ts';
import type {
  AppFacts,
  ContainerFacts,
  DnsZoneFacts,
  EndpointFacts,
  EnvironmentFacts,
  Evidence,
  LogPlace,
  ManifestFacts,
  Probe,
  RegistryFacts,
  ReplicaFacts,
  RevisionFacts,
  SecurityRule,
  SubnetFacts,
  TokenFacts,
  ZoneGroupFacts,
} from '../evidence.ts';
import {
  activeRevisions,
  environmentOf,
  loginServerOf,
  outboundSubnet,
  outboundVnet,
  registryOf,
} from '../evidence.ts';
import type { Fact } from '../fact.ts';
import { unreadable, valueOf } from '../fact.ts';
import { parseImageRef } from '../image-ref.ts';
import { type Latest, latest } from '../latest.ts';
import type { AppSummary } from '../ports.ts';
import type { Target } from '../target.ts';
import { readChanges, readRemovals, readWrites } from './activity-log.ts';
import { type Clients, counted } from './clients.ts';
import { readManifest } from './data-plane.ts';
import { askGraph, askGraphForMany } from './graph.ts';
import { shortHash } from './hash.ts';
import { readHolders } from './holders.ts';
import { kqlString, readLogs } from './logs.ts';
import { BadStatus, collect, factOf, factOrMissing, Unexpected, withinLimits } from './reading.ts';
import { readDenials, readElsewhere, readIdentity, readRoles } from './roles.ts';
import { abort, armIdOf, mostItems, present, principal, requiredId, textOf } from './wire.ts';

const appsVersion = '2026-07-01';
const networkVersion = '2024-05-01';
/** What the platform says of a state in its own words: the beginning tells. Characters. */
const longestDetails = 1000;
/** Replicas are read for so many of the newest active revisions; an app with more is in the middle of something else. */
const mostRevisions = 3;

function imagesOf(
  template: { containers?: readonly { image?: string }[]; initContainers?: readonly { image?: string }[] } | undefined,
): string[] {
  const containers = [...(template?.containers ?? []), ...(template?.initContainers ?? [])];
  return containers.flatMap((container) => textOf(container.image) ?? []);
}

/** What is there and is no subnet is not taken for "none". */
function outboundSubnetOf({ networking }: ContainerApp): AppFacts['subnet'] {
  const text = networking?.outboundVnetSubnetId;
  if (!text) return undefined;
  const id = armIdOf(text);
  return id === undefined || parentOfType(id, 'virtualnetworks') === undefined ? 'unreadable' : id;
}

function appFacts(app: ContainerApp): AppFacts {
  const held = Object.entries(app.identity?.userAssignedIdentities ?? {});
  const userIdentities = held.flatMap(([text, identity]) => {
    const id = armIdOf(text);
    if (id === undefined) return [];
    const ids = { principalId: principal(identity?.principalId), clientId: principal(identity?.clientId) };
    return [{ id, ...present<{ principalId: PrincipalId; clientId: PrincipalId }>(ids) }];
  });
  const registries = (app.configuration?.registries ?? []).map((entry) => ({
    server: (entry.server ?? '').toLowerCase(),
    ...present<{ identity: string; username: string; secret: string }>({
      identity: textOf(entry.identity) || undefined,
      username: textOf(entry.username) || undefined,
      secret: textOf(entry.passwordSecretRef) || undefined,
    }),
  }));
  return {
    id: requiredId(app.id),
    revisionMode: app.configuration?.activeRevisionsMode ?? 'Single',
    provisioningState: textOf(app.provisioningState) ?? 'unknown',
    userIdentities,
    registries,
    images: imagesOf(app.template),
    traffic: trafficOf(app),
    template: templateOf(app),
    ...present<AppFacts>({
      environmentId: armIdOf(app.environmentId ?? app.managedEnvironmentId),
      secrets: app.configuration?.secrets?.flatMap((secret) => textOf(secret.name) ?? []),
      latestRevision: textOf(app.latestRevisionName),
      latestReadyRevision: textOf(app.latestReadyRevisionName),
      systemPrincipalId: principal(app.identity?.principalId),
      subnet: outboundSubnetOf(app),
    } as { [K in keyof AppFacts]: AppFacts[K] | undefined }),
  };
}

/** One entry that follows the latest revision is what an app has by itself; a label or a name is somebody's wish. */
function trafficOf({ configuration }: ContainerApp): NonNullable<AppFacts['traffic']> {
  if ((configuration?.activeRevisionsMode ?? 'Single').toLowerCase() !== 'single') return 'several-revisions';
  const traffic = configuration?.ingress?.traffic ?? [];
  return traffic.every((entry) => entry.latestRevision === true && !entry.label) ? 'latest' : 'pinned';
}

/** The order of members is of no meaning on the wire. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, inOrder(member)]));
}

export function templateOf({ template }: ContainerApp): string {
  return shortHash(JSON.stringify(inOrder({ ...template, revisionSuffix: undefined })));
}

async function readApp(clients: Clients, target: Target): Promise<Fact<AppFacts | 'gone'>> {
  const { appId } = target;
  return factOrMissing('gone' as const, async () =>
    appFacts(
      await clients.apps(subscriptionOf(appId)).containerApps.get(resourceGroupOf(appId), nameOf(appId), abort()),
    ),
  );
}

const wireContainer = z.object({ name: z.string().nullish(), image: z.string().nullish() });
const wireRevision = z.object({
  name: z.string(),
  properties: z.object({
    active: z.boolean().nullish(),
    createdTime: z.string().nullish(),
    provisioningState: z.string().nullish(),
    runningState: z.string().nullish(),
    runningStateDetails: z.string().nullish(),
    provisioningError: z.string().nullish(),
    healthState: z.string().nullish(),
    trafficWeight: z.number().nullish(),
    template: z
      .object({ containers: z.array(wireContainer).nullish(), initContainers: z.array(wireContainer).nullish() })
      .nullish(),
  }),
});

function revisionFacts({ name, properties }: z.infer<typeof wireRevision>): RevisionFacts {
  const template = [...(properties.template?.containers ?? []), ...(properties.template?.initContainers ?? [])];
  const details = [properties.runningStateDetails, properties.provisioningError]
    .filter(Boolean)
    .join('; ')
    .slice(0, longestDetails);
  return {
    name,
    active: properties.active ?? false,
    createdAtMs: Date.parse(properties.createdTime ?? '') || 0,
    images: template.flatMap((container) => container.image ?? []),
    imageOf: Object.fromEntries(template.map(({ name, image }) => [name ?? '', image ?? ''])),
    provisioningState: properties.provisioningState ?? 'unknown',
    runningState: properties.runningState ?? 'unknown',
    healthState: properties.healthState ?? 'unknown',
    trafficWeight: properties.trafficWeight ?? 0,
    ...(details === '' ? {} : { details }),
  };
}

const wireList = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });

/** Read on the raw wire: the SDK's model drops `runningStateDetails`. A second page is not followed: its address is input. */
async function readRevisions(clients: Clients, target: Target): Promise<Fact<readonly RevisionFacts[]>> {
  return factOf(async () => {
    const { status, body } = await clients.get(`${target.appId}/revisions`, appsVersion);
    if (status !== 200) throw new BadStatus(status);
    const list = wireList.safeParse(body);
    if (!list.success || list.data.nextLink || list.data.value.length > mostItems) throw new Unexpected('revisions');
    return z.array(wireRevision).parse(list.data.value).map(revisionFacts);
  });
}

interface WireContainer {
  readonly name?: string;
  readonly ready?: boolean;
  readonly runningState?: string;
  readonly runningStateDetails?: string;
}

/** A replica does not say which image each container runs; the revision's template does. */
function imageIn({ images, imageOf = {} }: RevisionFacts, container: string): string | undefined {
  if (new Set(images).size === 1) return images[0];
  return Object.hasOwn(imageOf, container) ? imageOf[container] || undefined : undefined;
}

/** An init container that has run to its end did what it had to: its image was pulled. It is never "ready". */
function containerFacts(container: WireContainer, revision: RevisionFacts, init: boolean): ContainerFacts {
  const image = imageIn(revision, textOf(container.name) ?? '');
  const state = textOf(container.runningState) ?? 'unknown';
  const ran = init && /^(?:Running|Terminated)$/.test(state);
  return {
    name: textOf(container.name) ?? '',
    ready: container.ready === true || ran,
    state,
    ...present<{ image: string; details: string }>({
      image,
      details: textOf(container.runningStateDetails)?.slice(0, longestDetails),
    }),
  };
}

async function replicasOf(clients: Clients, target: Target, revision: RevisionFacts): Promise<ReplicaFacts[]> {
  const { appId } = target;
  const api = clients.apps(subscriptionOf(appId)).containerAppsRevisionReplicas;
  const { value } = await api.listReplicas(resourceGroupOf(appId), nameOf(appId), revision.name, abort());
  return value.map((replica) => ({
    name: textOf(replica.name) ?? '',
    revision: revision.name,
    createdAtMs: replica.createdTime?.getTime() ?? 0,
    containers: [
      ...(replica.initContainers ?? []).map((container) => containerFacts(container, revision, true)),
      ...(replica.containers ?? []).map((container) => containerFacts(container, revision, false)),
    ],
  }));
}

/** During triage the target has no image yet: then every active revision counts. */
function revisionsToRead(target: Target, evidence: Evidence): RevisionFacts[] | undefined {
  if (evidence.revisions === undefined || !evidence.revisions.read) return undefined;
  if (target.image !== '') return activeRevisions(target, evidence).slice(0, mostRevisions);
  return evidence.revisions.value.filter((revision) => revision.active).slice(0, mostRevisions);
}

async function readReplicas(
  clients: Clients,
  target: Target,
  evidence: Evidence,
): Promise<Fact<readonly ReplicaFacts[]>> {
  const revisions = revisionsToRead(target, evidence);
  if (revisions === undefined) return unreadable('not-asked');
  return factOf(async () =>
    (await Promise.all(revisions.map((revision) => replicasOf(clients, target, revision)))).flat(),
  );
}

function logPlace(environment: ManagedEnvironment): LogPlace {
  const { destination, logAnalyticsConfiguration } = environment.appLogsConfiguration ?? {};
  if (destination === 'azure-monitor') return { kind: 'resource' };
  const workspaceId = logAnalyticsConfiguration?.customerId;
  return destination === 'log-analytics' && workspaceId ? { kind: 'workspace', workspaceId } : { kind: 'none' };
}

async function readEnvironment(clients: Clients, evidence: Evidence): Promise<Fact<EnvironmentFacts | 'gone'>> {
  const app = valueOf(evidence.app);
  const id = app === undefined || app === 'gone' ? undefined : app.environmentId;
  if (id === undefined) return unreadable('unexpected-answer');
  return factOrMissing('gone' as const, async () => {
    const environment = await clients
      .apps(subscriptionOf(id))
      .managedEnvironments.get(resourceGroupOf(id), nameOf(id), abort());
    return {
      id,
      logs: logPlace(environment),
      ...present<{ subnetId: ArmId; systemPrincipalId: PrincipalId }>({
        subnetId: armIdOf(environment.vnetConfiguration?.infrastructureSubnetId),
        systemPrincipalId: principal(environment.identity?.principalId),
      }),
    };
  });
}

async function readSystemLogs(
  clients: Clients,
  target: Target,
  evidence: Evidence,
  sinceMs: number,
): Promise<Evidence['logs']> {
  const environment = environmentOf(evidence);
  if (environment === undefined) return unreadable('not-asked');
  return readLogs(clients, environment, target.appName, new Date(sinceMs));
}

const graphRow = z.object({
  id: z.string(),
  name: z.string(),
  environmentId: z.string().nullish(),
  loginServer: z.string().nullish(),
});

async function queryGraph(
  clients: Clients,
  subscriptions: readonly string[],
  query: string,
): Promise<readonly z.infer<typeof graphRow>[]> {
  return askGraph(clients, subscriptions, query, graphRow);
}

export function registryQuery(host: string): string {
  return `resources | where type =~ 'microsoft.containerregistry/registries' | where tostring(properties.loginServer) =~ ${kqlString(host)} | project id, name, loginServer = tostring(properties.loginServer)`;
}

const projectedApp = 'project id, name, environmentId = tostring(properties.environmentId)';

export function appQuery(names: readonly string[]): string {
  return `resources | where type =~ 'microsoft.app/containerapps' | where name in~ (${names.map(kqlString).join(', ')}) | ${projectedApp}`;
}

/** Every app. A later page goes on where the one before ended, so their order is fixed. */
export const everyAppQuery = `resources | where type =~ 'microsoft.app/containerapps' | ${projectedApp} | order by id asc`;

export function zonesQuery(zone: string): string {
  return `resources | where type =~ 'microsoft.network/privatednszones' | where name =~ ${kqlString(zone)} | project id, name`;
}

function endpointFactsOf(registry: Registry): RegistryFacts['endpoints'] {
  return (registry.privateEndpointConnections ?? []).flatMap((connection) => {
    const id = armIdOf(connection.privateEndpoint?.id);
    const status = connection.privateLinkServiceConnectionState?.status?.toLowerCase() ?? 'unknown';
    return id === undefined ? [] : [{ id, status }];
  });
}

/** An absent mode is the legacy one: the property is younger than most registries. A mode that we do not know is not guessed. */
function roleModeOf(registry: Registry): RegistryFacts['roleMode'] {
  switch (registry.roleAssignmentMode) {
    case undefined:
    case 'LegacyRegistryPermissions':
      return 'legacy';
    case 'AbacRepositoryPermissions':
      return 'abac';
    default:
      return 'unknown';
  }
}

/** ARM leaves the setting out where nobody chose: then it is on. The SDK knows two values; a perimeter is a third on the wire. */
function publicAccessOf(registry: Registry): RegistryFacts['publicAccess'] {
  switch (registry.publicNetworkAccess ?? 'Enabled') {
    case 'Enabled':
      return 'open';
    case 'Disabled':
      return 'closed';
    case 'SecuredByPerimeter':
      return 'perimeter';
    default:
      return 'unknown';
  }
}

function registryFacts(registry: Registry): RegistryFacts {
  return {
    id: requiredId(registry.id),
    loginServer: (registry.loginServer ?? '').toLowerCase(),
    location: registry.location.toLowerCase().replaceAll(' ', ''),
    sku: textOf(registry.sku.name) ?? 'unknown',
    roleMode: roleModeOf(registry),
    publicAccess: publicAccessOf(registry),
    defaultAction: registry.networkRuleSet?.defaultAction === 'Deny' ? 'deny' : 'allow',
    ipRules: (registry.networkRuleSet?.ipRules ?? []).flatMap((rule) => textOf(rule.iPAddressOrRange) ?? []),
    armAudience: registry.policies?.azureADAuthenticationAsArmPolicy?.status !== 'disabled',
    dataEndpoints: registry.dataEndpointEnabled ?? false,
    endpoints: endpointFactsOf(registry),
    ...present<{ adminUser: boolean; anonymousPull: boolean }>({
      adminUser: registry.adminUserEnabled,
      anonymousPull: registry.anonymousPullEnabled,
    }),
    denied: registry.tags?.['pullmedic']?.toLowerCase() === 'deny',
  };
}

/** Where registries were found, by host: a host seldom moves, and what is read there says whether it did. */
const found = new WeakMap<Clients, Latest<string, ArmId>>();
/** Registries that the configuration names by their ids, so that nobody has to search for them. */
const configured = new WeakMap<Clients, readonly ArmId[]>();
const mostRegistries = 500;

function foundBy(clients: Clients): Latest<string, ArmId> {
  const known = found.get(clients) ?? latest<string, ArmId>(mostRegistries);
  found.set(clients, known);
  return known;
}

/** Tells where these registries are: read there first, and believed only where their host is the one that is asked for. */
export function knowRegistries(clients: Clients, ids: readonly ArmId[]): void {
  configured.set(clients, ids);
}

async function registryAt(clients: Clients, id: ArmId): Promise<RegistryFacts> {
  return registryFacts(
    await clients.registries(subscriptionOf(id)).registries.get(resourceGroupOf(id), nameOf(id), abort()),
  );
}

/** The registry where it was last time, or where the configuration says; `undefined` where it is not there. */
async function registryAsBefore(clients: Clients, host: string): Promise<RegistryFacts | undefined> {
  const named = configured.get(clients)?.find((id) => nameOf(id) === host.split('.')[0]);
  const id = foundBy(clients).get(host) ?? named;
  if (id === undefined) return undefined;
  const facts = await factOrMissing('gone' as const, () => registryAt(clients, id));
  if (facts.read && facts.value !== 'gone' && facts.value.loginServer === host) return facts.value;
  foundBy(clients).drop(host);
  return undefined;
}

/** The registry is found by its host, because a name alone is no host and a host alone is no name. */
async function readRegistry(
  clients: Clients,
  subscriptions: readonly string[],
  target: Target,
): Promise<Fact<RegistryFacts | 'not-found'>> {
  return factOf(async () => {
    const host = loginServerOf(target.registry);
    const before = await registryAsBefore(clients, host);
    if (before !== undefined) return before;
    const [hit, ...more] = await queryGraph(clients, subscriptions, registryQuery(host));
    if (more.length > 0) throw new Unexpected('two registries of one host');
    if (hit === undefined) return 'not-found' as const;
    const id = requiredId(hit.id);
    const facts = await registryAt(clients, id);
    if (facts.loginServer !== host) throw new Unexpected('another host');
    foundBy(clients).put(host, id);
    return facts;
  });
}

/** Names that Azure allows. They are shown and put into commands, so anything else is not read. */
const wireName = z.string().regex(/^[\w.-]{1,80}$/);
const wireHost = z.string().regex(/^[A-Za-z0-9.-]{1,253}$/);
const wireId = z.object({ id: z.string() });
const wireVnet = z.object({
  properties: z.object({
    dhcpOptions: z.object({ dnsServers: z.array(z.string()).nullish() }).nullish(),
    subnets: z.array(z.object({ name: z.string().nullish() })).nullish(),
    virtualNetworkPeerings: z
      .array(
        z.object({
          properties: z.object({
            remoteVirtualNetwork: wireId.nullish(),
            peeringState: z.string().nullish(),
            allowVirtualNetworkAccess: z.boolean().nullish(),
          }),
        }),
      )
      .nullish(),
  }),
});

async function rawGet<T>(
  clients: Clients,
  id: string,
  schema: z.ZodType<T>,
  query?: Readonly<Record<string, string>>,
): Promise<T> {
  const { status, body } = await clients.get(id, networkVersion, query);
  if (status !== 200) throw new BadStatus(status);
  return schema.parse(body);
}

async function readVnet(clients: Clients, evidence: Evidence): Promise<Evidence['vnet']> {
  const id = outboundVnet(evidence);
  if (id === undefined) return unreadable('not-asked');
  return factOf(async () => {
    const { properties } = await rawGet(clients, id, wireVnet);
    return {
      id,
      dnsServers: properties.dhcpOptions?.dnsServers ?? [],
      gateway: (properties.subnets ?? []).some((subnet) => subnet.name?.toLowerCase() === 'gatewaysubnet'),
      peerings: (properties.virtualNetworkPeerings ?? []).map((peering) => ({
        vnetId: requiredId(peering.properties.remoteVirtualNetwork?.id),
        connected:
          peering.properties.peeringState === 'Connected' && peering.properties.allowVirtualNetworkAccess !== false,
      })),
    };
  });
}

async function zoneFacts(clients: Clients, id: ArmId): Promise<DnsZoneFacts> {
  const api = clients.privateDns(subscriptionOf(id));
  const group = resourceGroupOf(id);
  const links = factOf(async () => {
    const read = await collect(api.virtualNetworkLinks.list(group, nameOf(id), abort()), mostItems);
    return read.map((link) => ({
      vnetId: requiredId(link.virtualNetwork?.id),
      completed: link.virtualNetworkLinkState === 'Completed',
      redirects: link.resolutionPolicy === 'NxDomainRedirect',
    }));
  });
  const records = factOf(async () => {
    const read = await collect(api.recordSets.listByType(group, nameOf(id), 'A', abort()), mostItems);
    return Object.fromEntries(
      read.map((set) => [
        (set.name ?? '').toLowerCase(),
        (set.aRecords ?? []).flatMap((record) => record.ipv4Address ?? []),
      ]),
    );
  });
  return { id, links: await links, records: await records };
}

/** The zone is named after the registry's own cloud. */
function privateZone(registry: RegistryFacts): string {
  return `privatelink.${registry.loginServer.split('.').slice(-2).join('.')}`;
}

async function readZones(
  clients: Clients,
  subscriptions: readonly string[],
  evidence: Evidence,
): Promise<Evidence['zones']> {
  const registry = registryOf(evidence);
  if (registry === undefined) return unreadable('not-asked');
  return factOf(async () => {
    const rows = await queryGraph(clients, subscriptions, zonesQuery(privateZone(registry)));
    if (rows.length > 20) throw new Unexpected('too many zones');
    return Promise.all(rows.map((row) => zoneFacts(clients, requiredId(row.id))));
  });
}

const wireEndpoint = z.object({
  properties: z.object({ subnet: wireId, networkInterfaces: z.array(wireId).nullish() }),
});
const wireNic = z.object({
  properties: z.object({
    ipConfigurations: z.array(
      z.object({
        properties: z.object({
          privateIPAddress: z.ipv4().nullish(),
          privateLinkConnectionProperties: z.object({ fqdns: z.array(wireHost).nullish() }).nullish(),
        }),
      }),
    ),
  }),
});

async function endpointFacts(clients: Clients, id: ArmId): Promise<EndpointFacts> {
  const endpoint = await rawGet(clients, id, wireEndpoint);
  const nics = await Promise.all(
    (endpoint.properties.networkInterfaces ?? []).map((nic) => rawGet(clients, requiredId(nic.id), wireNic)),
  );
  const addresses = nics.flatMap((nic) =>
    nic.properties.ipConfigurations.flatMap(({ properties }) =>
      (properties.privateLinkConnectionProperties?.fqdns ?? []).map((fqdn) => ({
        fqdn: fqdn.toLowerCase(),
        ip: properties.privateIPAddress ?? '',
      })),
    ),
  );
  const vnetId = parentOfType(requiredId(endpoint.properties.subnet.id), 'virtualnetworks');
  if (vnetId === undefined) throw new Unexpected('an endpoint without a network');
  return { id, vnetId, addresses };
}

const wireZoneGroups = z.object({
  value: z.array(
    z.object({
      properties: z.object({
        privateDnsZoneConfigs: z
          .array(z.object({ properties: z.object({ privateDnsZoneId: z.string().nullish() }) }))
          .nullish(),
      }),
    }),
  ),
  nextLink: z.string().nullish(),
});

async function zoneGroupFacts(clients: Clients, endpoint: ArmId): Promise<ZoneGroupFacts> {
  const { value, nextLink } = await rawGet(clients, `${endpoint}/privateDnsZoneGroups`, wireZoneGroups);
  if (nextLink) throw new Unexpected('zone groups');
  const configs = value.flatMap((group) => group.properties.privateDnsZoneConfigs ?? []);
  return {
    endpoint,
    zones: configs.flatMap((config) => armIdOf(config.properties.privateDnsZoneId ?? undefined) ?? []),
  };
}

/** Asked for only once a record is missing: then it matters who should have written it. */
async function readZoneGroups(clients: Clients, evidence: Evidence): Promise<Evidence['zoneGroups']> {
  const endpoints = valueOf(evidence.endpoints);
  if (endpoints === undefined) return unreadable('not-asked');
  return factOf(() => Promise.all(endpoints.map((endpoint) => zoneGroupFacts(clients, endpoint.id))));
}

const wireSubnet = z.object({
  properties: z.object({
    addressPrefix: z.string().nullish(),
    addressPrefixes: z.array(z.string()).nullish(),
    networkSecurityGroup: z.looseObject(wireId.shape).nullish(),
    routeTable: z.looseObject(wireId.shape).nullish(),
  }),
});
const wireRule = z.object({
  name: wireName,
  properties: z.object({
    direction: z.string(),
    priority: z.number(),
    access: z.enum(['Allow', 'Deny']),
    protocol: z.string(),
    sourceAddressPrefix: z.string().nullish(),
    sourceAddressPrefixes: z.array(z.string()).nullish(),
    sourceApplicationSecurityGroups: z.array(wireId).nullish(),
    destinationAddressPrefix: z.string().nullish(),
    destinationAddressPrefixes: z.array(z.string()).nullish(),
    destinationApplicationSecurityGroups: z.array(wireId).nullish(),
    destinationPortRange: z.string().nullish(),
    destinationPortRanges: z.array(z.string()).nullish(),
  }),
});
const wireSecurityGroup = z.object({
  properties: z.object({ securityRules: z.array(wireRule).nullish(), defaultSecurityRules: z.array(wireRule) }),
});
const wireRouteTable = z.object({
  properties: z.object({
    routes: z.array(
      z.object({ name: wireName, properties: z.object({ addressPrefix: z.string(), nextHopType: z.string() }) }),
    ),
  }),
});

/** Azure spells one value in the singular and several in the plural. */
function oneOrMany(one: string | null | undefined, many: readonly string[] | null | undefined): string[] {
  return [...(one ? [one] : []), ...(many ?? [])];
}

function securityRule({ name, properties }: z.infer<typeof wireRule>): SecurityRule {
  const groups = [
    ...(properties.sourceApplicationSecurityGroups ?? []),
    ...(properties.destinationApplicationSecurityGroups ?? []),
  ];
  return {
    name,
    priority: properties.priority,
    access: properties.access === 'Allow' ? 'allow' : 'deny',
    protocol: properties.protocol,
    sources: oneOrMany(properties.sourceAddressPrefix, properties.sourceAddressPrefixes),
    destinations: oneOrMany(properties.destinationAddressPrefix, properties.destinationAddressPrefixes),
    ports: oneOrMany(properties.destinationPortRange, properties.destinationPortRanges),
    grouped: groups.length > 0,
  };
}

/**
 * What a subnet refers to comes with it where ARM honours `$expand`; a bare reference is read by itself. Without the list that
 * matters a body is no answer: an empty object never reads as "no rules".
 */
async function referred<T>(clients: Clients, reference: z.infer<typeof wireId>, schema: z.ZodType<T>): Promise<T> {
  const expanded = schema.safeParse(reference);
  return expanded.success ? expanded.data : rawGet(clients, requiredId(reference.id), schema);
}

async function securityOf(
  clients: Clients,
  reference: z.infer<typeof wireId>,
): Promise<NonNullable<SubnetFacts['security']>> {
  const nsg = requiredId(reference.id);
  const rules = await factOf(async () => {
    const { properties } = await referred(clients, reference, wireSecurityGroup);
    const all = [...(properties.securityRules ?? []), ...properties.defaultSecurityRules];
    return all.filter((rule) => rule.properties.direction === 'Outbound').map(securityRule);
  });
  return { nsg, rules };
}

async function routingOf(
  clients: Clients,
  reference: z.infer<typeof wireId>,
): Promise<NonNullable<SubnetFacts['routing']>> {
  const table = requiredId(reference.id);
  const routes = await factOf(async () => {
    const { properties } = await referred(clients, reference, wireRouteTable);
    return properties.routes.map((route) => ({
      name: route.name,
      prefix: route.properties.addressPrefix,
      nextHop: route.properties.nextHopType.toLowerCase(),
    }));
  });
  return { table, routes };
}

/** The subnet with what it refers to, in one call; where ARM does not know how, the subnet alone. */
async function subnetWithReferences(clients: Clients, id: ArmId): Promise<z.infer<typeof wireSubnet>> {
  try {
    return await rawGet(clients, id, wireSubnet, { $expand: 'networkSecurityGroup,routeTable' });
  } catch (error) {
    if (!(error instanceof BadStatus) || error.statusCode !== 400) throw error;
    return rawGet(clients, id, wireSubnet);
  }
}

async function readSubnet(clients: Clients, evidence: Evidence): Promise<Evidence['subnet']> {
  const id = outboundSubnet(evidence);
  if (id === undefined || id === 'cannot-tell') return unreadable('not-asked');
  return factOf(async () => {
    const { properties } = await subnetWithReferences(clients, id);
    const { networkSecurityGroup: nsg, routeTable: table } = properties;
    const [security, routing] = await Promise.all([
      nsg ? securityOf(clients, nsg) : undefined,
      table ? routingOf(clients, table) : undefined,
    ]);
    return {
      id,
      prefixes: oneOrMany(properties.addressPrefix, properties.addressPrefixes),
      ...(security === undefined ? {} : { security }),
      ...(routing === undefined ? {} : { routing }),
    };
  });
}

async function readEndpoints(clients: Clients, evidence: Evidence): Promise<Evidence['endpoints']> {
  const approved = (registryOf(evidence)?.endpoints ?? []).filter((endpoint) => endpoint.status === 'approved');
  if (approved.length > 10) return unreadable('too-many');
  return factOf(() => Promise.all(approved.map((endpoint) => endpointFacts(clients, endpoint.id))));
}

async function readImage(clients: Clients, target: Target, evidence: Evidence): Promise<Fact<ManifestFacts>> {
  const registry = registryOf(evidence);
  const image = parseImageRef(target.image);
  if (registry === undefined || image === undefined) return unreadable('not-asked');
  return readManifest(clients, registry.loginServer, image);
}

/** A token's passwords by their names and ends. ARM does not show when a password is missing: an entry without a name is none. */
function tokenFacts({ status, credentials }: Token): TokenFacts {
  if (status !== 'enabled' && status !== 'disabled') throw new Unexpected('the status of a token');
  return {
    enabled: status === 'enabled',
    passwords: (credentials?.passwords ?? []).flatMap(({ name, expiry }) => {
      const said = textOf(name);
      const expiresAtMs = expiry?.getTime();
      if (Number.isNaN(expiresAtMs)) throw new Unexpected('the end of a password');
      return said === undefined ? [] : [{ name: said, ...present<{ expiresAtMs: number }>({ expiresAtMs }) }];
    }),
  };
}

async function readToken(clients: Clients, target: Target, evidence: Evidence): Promise<Fact<TokenFacts | 'none'>> {
  const registry = registryOf(evidence);
  const who = signsInAs(target, evidence);
  if (registry === undefined || who?.as !== 'token') return unreadable('not-asked');
  const { id } = registry;
  return factOrMissing('none' as const, async () =>
    tokenFacts(
      await clients.registries(subscriptionOf(id)).tokens.get(resourceGroupOf(id), nameOf(id), who.token, abort()),
    ),
  );
}

/** Rows are read and not kept; everything else has to fit into the history. */
function limited({ atMs: _atMs, logs, ...facts }: Partial<Evidence>): Partial<Evidence> {
  const kept = Object.entries(facts).map(([name, fact]) => [name, withinLimits<unknown>(fact)] as const);
  return { ...(Object.fromEntries(kept) as Partial<Evidence>), ...(logs === undefined ? {} : { logs }) };
}

/** Reads the facts of one probe. `scopes` are the configured ones: queries over many resources stay within their subscriptions. */
export async function readProbe(
  clients: Clients,
  subscriptions: readonly string[],
  probe: Probe,
  target: Target,
  soFar: Evidence,
  logsSinceMs: number,
  maySend?: () => boolean,
): Promise<{ facts: Partial<Evidence>; calls: number }> {
  const { value, calls } = await counted(async (): Promise<Partial<Evidence>> => {
    switch (probe) {
      case 'app':
        return { app: await readApp(clients, target) };
      case 'revisions':
        return { revisions: await readRevisions(clients, target) };
      case 'replicas':
        return { replicas: await readReplicas(clients, target, soFar) };
      case 'environment':
        return { environment: await readEnvironment(clients, soFar) };
      case 'logs':
        return { logs: (await readSystemLogs(clients, target, soFar, logsSinceMs)) ?? unreadable('not-asked') };
      case 'registry':
        return { registry: await readRegistry(clients, subscriptions, target) };
      case 'roles':
        return { roles: await readRoles(clients, target, soFar) };
      case 'denials':
        return { denials: await readDenials(clients, soFar) };
      case 'elsewhere':
        return { elsewhere: await readElsewhere(clients, subscriptions, target, soFar) };
      case 'identity':
        return { identity: await readIdentity(clients, target, soFar) };
      case 'holders':
        return { holders: await readHolders(clients, target, soFar) };
      case 'vnet':
        return { vnet: (await readVnet(clients, soFar)) ?? unreadable('not-asked') };
      case 'zones':
        return { zones: (await readZones(clients, subscriptions, soFar)) ?? unreadable('not-asked') };
      case 'endpoints':
        return { endpoints: (await readEndpoints(clients, soFar)) ?? unreadable('not-asked') };
      case 'zoneGroups':
        return { zoneGroups: (await readZoneGroups(clients, soFar)) ?? unreadable('not-asked') };
      case 'subnet':
        return { subnet: (await readSubnet(clients, soFar)) ?? unreadable('not-asked') };
      case 'writes':
        return { writes: await readWrites(clients, target.appId, logsSinceMs) };
      case 'removals': {
        const registry = registryOf(soFar);
        return { removals: registry ? await readRemovals(clients, registry, Date.now()) : unreadable('not-asked') };
      }
      case 'changes': {
        const registry = registryOf(soFar);
        return { changes: registry ? await readChanges(clients, registry, Date.now()) : unreadable('not-asked') };
      }
      case 'token':
        return { token: await readToken(clients, target, soFar) };
      case 'manifest':
        return { manifest: await readImage(clients, target, soFar) };
    }
  }, maySend);
  return { facts: limited(value), calls };
}

/** An app as Resource Graph lists it, with its environment's name. */
export interface GraphApp {
  readonly id: ArmId;
  readonly environment: string;
}

/** Apps of these names within the subscriptions, or all that there are. */
export async function graphApps(
  clients: Clients,
  subscriptions: readonly string[],
  names: readonly string[] | 'all',
): Promise<Fact<readonly GraphApp[]>> {
  return factOf(async () => {
    const rows =
      names === 'all'
        ? await askGraphForMany(clients, subscriptions, everyAppQuery, graphRow)
        : await queryGraph(clients, subscriptions, appQuery(names));
    return rows.map((row) => ({ id: requiredId(row.id), environment: nameOfText(row.environmentId) }));
  });
}

const mostApps = 5000;

function readyOf(app: ContainerApp): Pick<AppSummary, 'ready'> {
  const { latestRevisionName, latestReadyRevisionName, provisioningState } = app;
  if (!latestRevisionName || latestRevisionName !== latestReadyRevisionName || provisioningState !== 'Succeeded')
    return {};
  const registries = new Set(imagesOf(app.template).flatMap((image) => parseImageRef(image)?.registry ?? []));
  const environmentId = armIdOf(app.environmentId ?? app.managedEnvironmentId);
  return { ready: { registries: [...registries], ...(environmentId === undefined ? {} : { environmentId }) } };
}

async function appsWithin(clients: Clients, scope: ArmId): Promise<AppSummary[]> {
  const api = clients.apps(subscriptionOf(scope)).containerApps;
  const group = resourceGroupOf(scope);
  const pages = group === '' ? api.listBySubscription(abort()) : api.listByResourceGroup(group, abort());
  const apps = await collect(pages, mostApps);
  return apps.map((app) => ({
    id: requiredId(app.id),
    provisioningState: app.provisioningState ?? 'unknown',
    ...present<{ latestRevision: string }>({ latestRevision: app.latestRevisionName || undefined }),
    ...readyOf(app),
  }));
}

/** All apps within the scopes: subscriptions or resource groups. */
export async function listApps(clients: Clients, scopes: readonly ArmId[]): Promise<Fact<readonly AppSummary[]>> {
  return factOf(async () => {
    const found = (await Promise.all(scopes.map((scope) => appsWithin(clients, scope)))).flat();
    return [...new Map(found.map((app) => [app.id, app])).values()];
  });
}

function nameOfText(id: string | null | undefined): string {
  const parsed = armIdOf(id ?? undefined);
  return parsed === undefined ? '' : nameOf(parsed);
}
