// The state of registries, as a world begins with it, and the names of their hosts.
import type { World } from '../world/world.ts';
import { resourceId } from './ids.ts';
import { firstImages, type Repositories } from './images.ts';

/** The registries of a world, by name, with the images that it begins with. */
export function registriesOf(world: World): Map<string, Registry> {
  return new Map(
    world.registries.map((one) => {
      const endpoint = one.privateEndpoint;
      const vnet = world.vnets.find((candidate) => candidate.name === endpoint?.vnet);
      const label = [one.name.toLowerCase(), one.domainLabel].filter((part) => part !== undefined).join('-');
      const made: Registry = {
        id: resourceId(world, one.group, 'Microsoft.ContainerRegistry/registries', one.name),
        name: one.name,
        loginServer: `${label}.${one.domain}`,
        label,
        domain: one.domain,
        hosts: [
          `${label}.${one.domain}`,
          ...[world.location, ...one.replicas.map(({ region }) => region)].map((region) =>
            regionalHost({ label, domain: one.domain }, region),
          ),
        ],
        sku: one.sku,
        roleMode: one.roleMode,
        publicNetworkAccess: one.publicNetworkAccess,
        defaultAction: one.defaultAction,
        ipRules: one.ipRules,
        armAudience: one.armAudience,
        adminUserEnabled: one.adminUserEnabled,
        anonymousPull: one.anonymousPull,
        tokens: one.tokens.map(({ name, enabled, passwords }) => ({
          name,
          enabled,
          passwords: tokenPasswords(world, passwords),
        })),
        trustedServices: one.trustedServices,
        cacheRules: one.cacheRules,
        credentialSets: one.credentialSets.map((set) => ({ ...set })),
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

/** The private zone of a registry's names. */
export function zoneName({ domain }: Pick<Registry, 'domain'>): string {
  return `privatelink.${domain}`;
}

/** The login server's door in a region. */
export function regionalHost({ label, domain }: Pick<Registry, 'label' | 'domain'>, region: string): string {
  return `${label}.${region}.geo.${domain}`;
}

/** The record of a registry's data endpoint in a region, relative to the zone. */
export function dataRecord(label: string, region: string): string {
  return `${label}.${region}.data`;
}

/** The records that a private endpoint of the registry needs: login, and data of every region. */
export function recordsOf({ endpoint, label }: Registry): { record: string; ip: string }[] {
  if (endpoint === undefined) return [];
  const data = [...endpoint.dataIps].map(([region, ip]) => ({ record: dataRecord(label, region), ip }));
  return [{ record: label, ip: endpoint.loginIp }, ...data];
}

/** A token of a registry. */
export interface RegistryToken {
  readonly name: string;
  enabled: boolean;
  /** One without an end does not expire. */
  passwords: readonly { readonly name: string; readonly expiresMs?: number }[];
}

/** The credentials by which a registry signs in to another one. */
export interface CredentialSet {
  readonly name: string;
  readonly loginServer: string;
  healthy: boolean;
  readonly error: string;
}

/** A registry of Azure. */
export interface Registry {
  readonly id: string;
  readonly name: string;
  readonly loginServer: string;
  /** The first part of its hosts: the name, with the hash of a domain name label where it has one. */
  readonly label: string;
  /** The domain of its hosts. */
  readonly domain: string;
  /** The hosts by which images are named: the login server, and that of each region. */
  readonly hosts: string[];
  readonly sku: string;
  roleMode: World['registries'][number]['roleMode'];
  publicNetworkAccess: string;
  defaultAction: string;
  ipRules: readonly string[];
  armAudience: string;
  adminUserEnabled: boolean;
  readonly anonymousPull: boolean;
  readonly tokens: readonly RegistryToken[];
  trustedServices: boolean;
  readonly cacheRules: World['registries'][number]['cacheRules'];
  /** The credentials of cache rules; whether they are healthy can change. */
  readonly credentialSets: readonly CredentialSet[];
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
