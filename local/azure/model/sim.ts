// The state of the simulated Azure: resources by ARM id, role assignments, logs, and a record of who changed what.

import { createHash } from 'node:crypto';
import type { RegistryEvent } from '../event-grid/registry-events.ts';
import type { Fault } from '../happenings/faults.ts';
import type { PublicAnswer } from '../registry/public-registries.ts';
import type { World } from '../world/world.ts';
import { firstImages, type Repositories } from './images.ts';
import type { Scheduler } from './scheduler.ts';

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly init: boolean;
}

export interface Replica {
  readonly name: string;
  readonly createdMs: number;
  /** How often a pull or a start was tried: it sets the back-off. */
  attempts: number;
  ready: boolean;
  state: 'Running' | 'Waiting' | 'Terminated';
  details: string;
  /** The container whose image cannot be pulled; the others wait for it without a complaint of their own. */
  failing?: string | undefined;
  removed: boolean;
}

export interface Revision {
  readonly name: string;
  /** The suffix of its template; empty where the platform chose the name. */
  readonly suffix: string;
  readonly createdMs: number;
  readonly containers: readonly Container[];
  active: boolean;
  replicas: Replica[];
  wasReady: boolean;
}

export interface RegistryEntry {
  readonly server: string;
  readonly identity?: string | undefined;
  readonly username?: string | undefined;
  readonly passwordSecretRef?: string | undefined;
}

export interface Secret {
  readonly name: string;
  readonly valid: boolean;
  /** Which password of a token it holds. */
  readonly password: string;
}

/** A token of a registry. */
export interface RegistryToken {
  readonly name: string;
  enabled: boolean;
  /** One without an end does not expire. */
  passwords: readonly { readonly name: string; readonly expiresMs?: number }[];
}

export interface App {
  readonly id: string;
  readonly name: string;
  readonly environment: string;
  readonly pullIdentity?: string;
  readonly systemPrincipalId?: string;
  /** What it declares of registries where that is said; else the pull identity counts for each of its images. */
  registries?: readonly RegistryEntry[];
  secrets: readonly Secret[];
  /** Names of user-assigned identities that it has besides those that pull. */
  readonly identities: readonly string[];
  readonly pullIdentityAssigned: boolean;
  /** The subnet that it leaves by, in an Express environment. */
  readonly outbound?: { readonly vnetId: string; readonly subnet: string };
  readonly revisionMode: string;
  readonly minReplicas: number;
  /** Whether the control plane tries the pull before it makes a revision. */
  readonly validated: boolean;
  readonly silent: boolean;
  readonly restartable: boolean;
  provisioningState: 'InProgress' | 'Succeeded' | 'Failed';
  containers: readonly Container[];
  revisions: Revision[];
  revisionCount: number;
  /** Whether anybody has written the resource yet: before that it cannot be read, and its own identity does not exist. */
  written: boolean;
  /** Text that the container writes as it exits; none means that it runs. */
  crashText?: string;
}

export interface Environment {
  readonly id: string;
  readonly name: string;
  readonly logs: 'log-analytics' | 'azure-monitor' | 'none';
  readonly workspaceId: string;
  readonly vnetId?: string;
  readonly subnet: string;
  readonly express: boolean;
  readonly principalId?: string;
  readonly egressIp: string;
  readonly region: string;
}

export interface Registry {
  readonly id: string;
  readonly name: string;
  readonly loginServer: string;
  /** The first part of its hosts: the name, with the hash of a domain name label where it has one. */
  readonly label: string;
  /** The hosts by which images are named: the login server, and that of each region. */
  readonly hosts: string[];
  readonly sku: string;
  roleMode: World['registries'][number]['roleMode'];
  publicNetworkAccess: string;
  defaultAction: string;
  ipRules: readonly string[];
  armAudience: string;
  adminUserEnabled: boolean;
  readonly tokens: readonly RegistryToken[];
  /** Pullmedic may not read its subscription. */
  readonly hidden: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether pullmedic itself may read images: a role of its own, in the registry's role mode. */
  readonly readableByPullmedic: boolean;
  readonly repositories: Repositories;
  readonly endpoint?: {
    readonly id: string;
    readonly nicId: string;
    readonly vnetId: string;
    status: string;
    readonly loginIp: string;
    /** The address of each data endpoint, by region: the registry's own first. */
    readonly dataIps: Map<string, string>;
    zoneGroup: boolean;
  };
}

export type SecurityRule = NonNullable<World['vnets'][number]['subnets'][number]['nsg']>[number];

export interface Subnet {
  readonly id: string;
  readonly prefix: string;
  readonly nsgId: string;
  readonly tableId: string;
  /** None where the subnet has no security group. */
  rules?: readonly SecurityRule[];
  readonly appliance?: 'allows' | 'denies';
}

export interface Vnet {
  readonly id: string;
  readonly dnsServers: readonly string[];
  readonly dnsForwards: boolean;
  /** Ids of VNets. */
  readonly peerings: readonly string[];
  readonly subnets: ReadonlyMap<string, Subnet>;
}

export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly links: Map<string, string>;
  readonly redirects: boolean;
  readonly records: Map<string, string>;
}

export interface Assignment {
  readonly name: string;
  readonly scope: string;
  readonly roleId: string;
  readonly principalId: string;
  readonly createdMs: number;
  readonly effectiveMs: number;
  readonly condition?: string;
  readonly description?: string;
  readonly by: 'world' | 'pullmedic';
}

export interface DenyAssignment {
  readonly name: string;
  readonly scope: string;
  readonly principalId: string;
  readonly actions: readonly string[];
  readonly dataActions: readonly string[];
}

export interface LogRow {
  readonly atMs: number;
  readonly ingestedMs: number;
  readonly environment: string;
  readonly app: string;
  readonly revision: string;
  readonly replica: string;
  readonly reason: string;
  readonly type: string;
  readonly text: string;
}

/** A request that pullmedic made. */
export interface Call {
  readonly atMs: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly status: number;
  readonly refused?: string;
}

/** An operation of the control plane that ended, as Event Grid and the Activity Log tell of it. */
export interface ResourceEvent {
  readonly type: string;
  readonly operation: string;
  readonly resource: string;
  readonly by: 'world' | 'pullmedic';
  /** Who asked for it: a person's address or an object id; pullmedic itself needs none. */
  readonly caller?: string;
  /** Why it failed. */
  readonly error?: { readonly code: string; readonly message: string };
  /** What was sent and answered, where the Activity Log keeps it. */
  readonly request?: unknown;
  readonly response?: unknown;
}

/** An entry of the Activity Log; it can be read only after the delay. */
export interface ActivityEntry {
  readonly atMs: number;
  readonly visibleMs: number;
  readonly status: 'Started' | 'Succeeded' | 'Failed' | 'Canceled';
  readonly correlationId: string;
  readonly event: ResourceEvent;
}

/** A log alert that fired: one for each combination of dimensions until it resolves. */
export interface FiredAlert {
  readonly alertId: string;
  readonly rule: string;
  readonly firedMs: number;
  /** Values of the rule's dimensions. */
  readonly values: readonly string[];
  readonly count: number;
  /** The payload as it was sent. */
  readonly body: unknown;
  lastMatchMs: number;
  resolved: boolean;
}

/** An alert as Alerts Management keeps it, of either kind of rule. */
export interface ManagedAlert {
  readonly id: string;
  readonly app: string;
  readonly rule: string;
  readonly signalType: 'Log' | 'Activity Log';
  /** The resource that it fired for. */
  readonly target: string;
  /** The payload's context. */
  readonly context: unknown;
  readonly firedMs: number;
  readonly isResolved: () => boolean;
  state: 'New' | 'Acknowledged' | 'Closed';
  setBy?: 'pullmedic' | 'world';
}

/** An asynchronous operation of the control plane; it has no end while it is in progress. */
export interface Operation {
  readonly id: string;
  readonly app: string;
  readonly startMs: number;
  endMs?: number;
}

export interface Sim {
  readonly world: World;
  readonly scheduler: Scheduler;
  readonly speed: number;
  readonly apps: Map<string, App>;
  readonly environments: Map<string, Environment>;
  readonly registries: Map<string, Registry>;
  readonly publicRegistries: Map<string, PublicAnswer>;
  readonly vnets: Map<string, Vnet>;
  readonly identities: Map<string, { readonly id: string; readonly principalId: string; readonly clientId: string }>;
  /** Names of identities that were deleted. */
  readonly deleted: Set<string>;
  readonly zones: Zone[];
  /** What a read makes of `$expand`: some services honour it, some leave the references as they are, some refuse. */
  expands: 'honours' | 'ignores' | 'refuses';
  assignments: Assignment[];
  /** Role assignments that pullmedic removed. */
  readonly removed: Assignment[];
  denials: readonly DenyAssignment[];
  readonly faults: Fault[];
  readonly logs: LogRow[];
  readonly calls: Call[];
  readonly timeline: { readonly atMs: number; readonly text: string }[];
  /** Pullmedic's own identity. */
  readonly self: { readonly clientId: string; readonly principalId: string };
  readonly seed: string;
  readonly activity: ActivityEntry[];
  onResourceEvent: (event: ResourceEvent) => void;
  onActivity: (entry: ActivityEntry) => void;
  readonly alerts: FiredAlert[];
  readonly managedAlerts: ManagedAlert[];
  /** Hands a payload to the action group. */
  onAlert: (body: unknown) => void;
  readonly operations: Operation[];
  /** What happens just before pullmedic's first role assignment is processed. */
  beforeGrant: () => void;
  onRegistryEvent: (event: RegistryEvent) => void;
}

/** A GUID that follows from a text: the same world has the same ids in every run. */
export function guidFor(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A number from 0 to 1 that follows from a text: jitter without chance. */
export function chance(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 0x1_0000_0000;
}

export const roleIds: Readonly<Record<string, string>> = {
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  AcrPush: '8311e382-0749-4cb8-b61a-304f252e45ec',
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  'Container Registry Repository Reader': 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
};

/** The id of a role by its name; custom ones have one that follows from the name. */
export function roleIdOf(role: string): string {
  return roleIds[role] ?? guidFor(`role|${role}`);
}

export function groupId(world: World, group: string): string {
  return `/subscriptions/${world.subscription}/resourceGroups/${group}`;
}

export function resourceId(world: World, group: string, type: string, name: string): string {
  return `${groupId(world, group)}/providers/${type}/${name}`;
}

export function note(sim: Sim, text: string): void {
  sim.timeline.push({ atMs: sim.scheduler.now(), text });
}

function environmentsOf(world: World): Sim['environments'] {
  return new Map(
    world.environments.map((one) => {
      const vnet = world.vnets.find((candidate) => candidate.name === one.vnet);
      const made: Environment = {
        id: resourceId(world, one.group, 'Microsoft.App/managedEnvironments', one.name),
        name: one.name,
        logs: one.logs,
        workspaceId: guidFor(`workspace|${world.subscription}|${one.name}`),
        egressIp: one.egressIp,
        subnet: one.subnet,
        express: one.express,
        region: one.region ?? world.location,
        ...(vnet === undefined
          ? {}
          : { vnetId: resourceId(world, vnet.group, 'Microsoft.Network/virtualNetworks', vnet.name) }),
        ...(one.systemIdentity ? { principalId: guidFor(`principal|environment|${one.name}`) } : {}),
      };
      return [one.name, made];
    }),
  );
}

/** The passwords of a token, with the instants at which they end. */
export function tokenPasswords(
  world: World,
  passwords: readonly { name: string; expires?: number | undefined }[],
): RegistryToken['passwords'] {
  const startMs = Date.parse(world.start);
  return passwords.map(({ name, expires }) => ({
    name,
    ...(expires === undefined ? {} : { expiresMs: startMs + expires }),
  }));
}

function registriesOf(world: World): Sim['registries'] {
  return new Map(
    world.registries.map((one) => {
      const endpoint = one.privateEndpoint;
      const vnet = world.vnets.find((candidate) => candidate.name === endpoint?.vnet);
      const label = [one.name.toLowerCase(), one.domainLabel].filter((part) => part !== undefined).join('-');
      const made: Registry = {
        id: resourceId(world, one.group, 'Microsoft.ContainerRegistry/registries', one.name),
        name: one.name,
        loginServer: `${label}.azurecr.io`,
        label,
        hosts: [
          `${label}.azurecr.io`,
          regionalHost(label, world.location),
          ...one.replicas.map(({ region }) => regionalHost(label, region)),
        ],
        sku: one.sku,
        roleMode: one.roleMode,
        publicNetworkAccess: one.publicNetworkAccess,
        defaultAction: one.defaultAction,
        ipRules: one.ipRules,
        armAudience: one.armAudience,
        adminUserEnabled: one.adminUserEnabled,
        tokens: one.tokens.map(({ name, enabled, passwords }) => ({
          name,
          enabled,
          passwords: tokenPasswords(world, passwords),
        })),
        hidden: one.hidden,
        tags: one.tags,
        readableByPullmedic: one.readableByPullmedic,
        repositories: firstImages(one.repositories, Date.parse(world.start)),
        ...(endpoint === undefined || vnet === undefined
          ? {}
          : {
              endpoint: {
                id: resourceId(world, endpoint.group, 'Microsoft.Network/privateEndpoints', endpoint.name),
                nicId: resourceId(world, endpoint.group, 'Microsoft.Network/networkInterfaces', `${endpoint.name}.nic`),
                vnetId: resourceId(world, vnet.group, 'Microsoft.Network/virtualNetworks', vnet.name),
                status: endpoint.status,
                loginIp: endpoint.loginIp,
                dataIps: new Map([
                  [world.location, endpoint.dataIp],
                  ...one.replicas.map((replica) => [replica.region, replica.dataIp] as const),
                ]),
                zoneGroup: endpoint.zoneGroup,
              },
            }),
      };
      return [one.name, made];
    }),
  );
}

/** The login server's door in a region. */
export function regionalHost(label: string, region: string): string {
  return `${label}.${region}.geo.azurecr.io`;
}

/** The record of a registry's data endpoint in a region, relative to the zone. */
export function dataRecord(label: string, region: string): string {
  return `${label}.${region}.data`;
}

/** An app is where its environment is. */
export function regionOf(sim: Sim, app: App): string {
  return sim.environments.get(app.environment)?.region ?? sim.world.location;
}

/** The records that a private endpoint of the registry needs: login, and data of every region. */
export function recordsOf({ endpoint, label }: Registry): { record: string; ip: string }[] {
  if (endpoint === undefined) return [];
  const data = [...endpoint.dataIps].map(([region, ip]) => ({ record: dataRecord(label, region), ip }));
  return [{ record: label, ip: endpoint.loginIp }, ...data];
}

function isSystem({ identity }: RegistryEntry): boolean {
  return identity === 'system';
}

function appsOf(world: World): Sim['apps'] {
  return new Map(
    world.apps.map((one) => {
      const made: App = {
        id: resourceId(world, one.group, 'Microsoft.App/containerApps', one.name),
        name: one.name,
        environment: one.environment,
        revisionMode: one.revisionMode,
        minReplicas: one.minReplicas,
        validated: one.validated,
        silent: one.silent,
        restartable: one.restartable,
        provisioningState: 'Succeeded',
        // Init containers come first: nothing starts before their images are pulled.
        containers: [...one.containers].sort((a, b) => Number(b.init) - Number(a.init)),
        revisions: [],
        revisionCount: 0,
        written: one.deployed !== 'later',
        ...(one.pullIdentity === undefined ? {} : { pullIdentity: one.pullIdentity }),
        secrets: one.secrets,
        identities: one.identities,
        pullIdentityAssigned: one.pullIdentityAssigned,
        ...(one.outbound === undefined
          ? {}
          : { outbound: { vnetId: vnetId(world, one.outbound.vnet), subnet: one.outbound.subnet } }),
        ...(one.registries === undefined ? {} : { registries: one.registries }),
        ...(one.systemIdentity || one.pullIdentity === 'system' || one.registries?.some(isSystem)
          ? { systemPrincipalId: guidFor(`principal|app|${one.name}`) }
          : {}),
      };
      return [one.name, made];
    }),
  );
}

/** The object id of a group in Entra. */
function groupPrincipal(name: string): string {
  return guidFor(`principal|group|${name}`);
}

/** A principal and the groups that it is in. */
export function principalsOf(sim: Sim, principalId: string): string[] {
  const groups = sim.world.groups.filter((group) =>
    group.members.some((member) => principalIdOf(sim, member) === principalId),
  );
  return [principalId, ...groups.map((group) => groupPrincipal(group.name))];
}

export function isGroup(sim: Sim, principalId: string): boolean {
  return sim.world.groups.some((group) => groupPrincipal(group.name) === principalId);
}

/** How long a new assignment takes: the back end of managed identities remembers what their groups could for a day. */
export function propagationOf(sim: Sim, principalId: string, asked: number | undefined): number {
  const { groupPropagation, rolePropagation } = sim.world.delays;
  return asked ?? (isGroup(sim, principalId) ? groupPropagation : rolePropagation);
}

/** The object id behind a principal as a scenario writes it. */
export function principalIdOf(sim: Pick<Sim, 'identities' | 'apps' | 'environments'>, text: string): string {
  const [kind, rest] = text.split(':');
  if (kind === 'group-of' && rest !== undefined) return groupPrincipal(rest);
  const id =
    rest === undefined
      ? sim.identities.get(text)?.principalId
      : kind === 'app'
        ? sim.apps.get(rest)?.systemPrincipalId
        : sim.environments.get(rest)?.principalId;
  if (id === undefined) throw new Error(`"${text}" has no identity in this world.`);
  return id;
}

/** The scope that a scenario means. */
export function scopeOf(sim: Pick<Sim, 'world' | 'registries'>, text: string): string {
  if (text === 'subscription') return `/subscriptions/${sim.world.subscription}`;
  if (text.startsWith('group:')) return groupId(sim.world, text.slice('group:'.length));
  return sim.registries.get(text)?.id ?? text;
}

/** The assignments that a scenario begins with; their age counts from the beginning. */
export function firstAssignments(sim: Sim): Assignment[] {
  return sim.world.roleAssignments.map((one, index) => {
    const createdMs = sim.scheduler.now() - one.age;
    const principalId = principalIdOf(sim, one.principal);
    return {
      name: guidFor(`assignment|${index}|${one.role}|${one.principal}|${one.on}`),
      scope: scopeOf(sim, one.on),
      roleId: roleIdOf(one.role),
      principalId,
      createdMs,
      effectiveMs: createdMs + propagationOf(sim, principalId, one.propagation),
      by: 'world',
      ...(one.condition === undefined ? {} : { condition: one.condition }),
    };
  });
}

function vnetId(world: World, name: string): string {
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

function vnetsOf(world: World): Sim['vnets'] {
  return new Map(
    world.vnets.map((one) => {
      const made: Vnet = {
        id: vnetId(world, one.name),
        dnsServers: one.dnsServers,
        dnsForwards: one.dnsForwards,
        peerings: one.peerings.map((peer) => vnetId(world, peer)),
        subnets: subnetsOf(world, one),
      };
      return [one.name, made];
    }),
  );
}

/** Builds the state that a scenario begins with. */
export function createSim(world: World, scheduler: Scheduler, speed: number, seed: string): Sim {
  const identities = world.identities.map((one) => {
    const id = resourceId(world, one.group, 'Microsoft.ManagedIdentity/userAssignedIdentities', one.name);
    return [
      one.name,
      { id, principalId: guidFor(`principal|${one.name}`), clientId: guidFor(`client|${one.name}`) },
    ] as const;
  });
  return {
    world,
    scheduler,
    speed,
    seed,
    apps: appsOf(world),
    environments: environmentsOf(world),
    registries: registriesOf(world),
    publicRegistries: new Map(world.publicRegistries.map((one) => [one.host.toLowerCase(), one.answers])),
    vnets: vnetsOf(world),
    identities: new Map(identities),
    deleted: new Set(),
    expands: 'honours',
    zones: world.dnsZones.map((zone) => ({
      id: resourceId(world, zone.group, 'Microsoft.Network/privateDnsZones', zone.name),
      name: zone.name,
      links: new Map(zone.links.map((link) => [link, `link-${link}`])),
      redirects: zone.nxDomainRedirect,
      records: new Map(Object.entries(zone.records)),
    })),
    assignments: [],
    removed: [],
    denials: [],
    faults: [],
    logs: [],
    calls: [],
    timeline: [],
    self: { clientId: guidFor(`client|pullmedic|${seed}`), principalId: guidFor(`principal|pullmedic|${seed}`) },
    activity: [],
    onResourceEvent: () => undefined,
    onActivity: () => undefined,
    alerts: [],
    managedAlerts: [],
    onAlert: () => undefined,
    operations: [],
    beforeGrant: () => undefined,
    onRegistryEvent: () => undefined,
  };
}

export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
