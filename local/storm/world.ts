// The world of a storm: many apps over many registries, most of them broken by a few root causes, the rest healthy.
import { type World, worldSchema } from '../azure/world/world.ts';

/** The trouble of an app of the storm. It determines how the remediation must be decided. */
export type Kind = 'firewall' | 'dns' | 'roles' | 'own-role' | 'tag' | 'healthy';

export interface StormApp {
  readonly name: string;
  readonly environment: string;
  readonly kind: Kind;
  /** The registry that its image comes from. */
  readonly registry: string;
}

export interface StormWorld {
  readonly world: World;
  readonly apps: readonly StormApp[];
  /** How many apps share each root cause: one incident each. */
  readonly shared: Readonly<Record<'firewall' | 'dns' | 'roles', number>>;
}

const group = 'rg-apps';

function padded(value: number): string {
  return String(value).padStart(4, '0');
}

/** The share of each kind of app, in order; the rest is healthy. Of a thousand apps, 300 are behind a firewall, 200 lack a DNS link, … */
const shares: readonly (readonly [Kind, number])[] = [
  ['firewall', 0.3],
  ['dns', 0.2],
  ['roles', 0.1],
  ['own-role', 0.005],
  ['tag', 0.1],
];

function kinds(count: number): Kind[] {
  const broken = shares.flatMap(([kind, share]) =>
    Array.from({ length: Math.max(1, Math.round(count * share)) }, () => kind),
  );
  return [...broken, ...Array.from({ length: Math.max(0, count - broken.length) }, (): Kind => 'healthy')].slice(
    0,
    count,
  );
}

const environments: Readonly<Record<Exclude<Kind, 'healthy'>, string>> = {
  firewall: 'cae-refused',
  dns: 'cae-unlinked',
  roles: 'cae-open',
  'own-role': 'cae-open',
  tag: 'cae-open',
};

/** The registry of an app. Each cause has its registries. Healthy apps use all registries, each from an environment that may pull. */
function registryOf(kind: Kind, index: number, registries: number): string {
  switch (kind) {
    case 'firewall':
      return 'crstorm01';
    case 'dns':
      return 'crstorm02';
    case 'roles':
      return 'crstorm03';
    case 'own-role':
      return 'crstorm04';
    case 'tag':
      return `crstorm${String(5 + (index % Math.max(1, registries - 4))).padStart(2, '0')}`;
    case 'healthy':
      return `crstorm${String(1 + (index % registries)).padStart(2, '0')}`;
  }
}

function identityOf(app: StormApp): string {
  if (app.kind === 'roles') return 'id-without-role';
  return app.kind === 'own-role' ? `id-${app.name}` : `id-${app.registry}`;
}

function worldApp(app: StormApp): unknown {
  const tag = app.kind === 'tag' ? 'v2' : 'v1';
  return {
    name: app.name,
    environment: app.environment,
    pullIdentity: identityOf(app),
    containers: [{ image: `${app.registry}.azurecr.io/team/${app.name}:${tag}` }],
    deployed: app.kind === 'healthy' ? 'running' : 'now',
  };
}

function registryWorld(name: string, apps: readonly StormApp[]): unknown {
  const repositories = Object.fromEntries(
    apps.filter((app) => app.registry === name).map((app) => [`team/${app.name}`, ['v1']]),
  );
  const base = { name, repositories, readableByPullmedic: true };
  if (name === 'crstorm01') return { ...base, defaultAction: 'Deny', ipRules: ['20.50.60.70'] };
  if (name !== 'crstorm02') return base;
  return { ...base, publicNetworkAccess: 'Disabled', privateEndpoint: { name: 'pe-crstorm02', vnet: 'vnet-linked' } };
}

/** Builds the world. It needs at least 20 apps and 5 registries, so that it has every root cause. */
export function stormWorld(appCount: number, registryCount: number): StormWorld {
  const apps = kinds(appCount).map((kind, index): StormApp => {
    const registry = registryOf(kind, index, registryCount);
    const healthy = registry === 'crstorm02' ? 'cae-linked' : 'cae-open';
    return {
      name: `ca-${padded(index)}`,
      kind,
      registry,
      environment: kind === 'healthy' ? healthy : environments[kind],
    };
  });
  const registries = Array.from(
    { length: registryCount },
    (_, index) => `crstorm${String(index + 1).padStart(2, '0')}`,
  );
  const identities = [...new Set(apps.map(identityOf))];
  const world = worldSchema.parse({
    start: new Date().toISOString(),
    environments: [
      { name: 'cae-open', group },
      { name: 'cae-refused', group, egressIp: '20.61.2.9' },
      { name: 'cae-linked', group, vnet: 'vnet-linked' },
      { name: 'cae-unlinked', group, vnet: 'vnet-unlinked' },
    ],
    vnets: [{ name: 'vnet-linked' }, { name: 'vnet-unlinked' }],
    registries: registries.map((name) => registryWorld(name, apps)),
    dnsZones: [
      {
        links: ['vnet-linked'],
        records: { crstorm02: '10.70.4.5', 'crstorm02.westeurope.data': '10.70.4.4' },
      },
    ],
    identities: identities.map((name) => ({ name, group })),
    roleAssignments: registries
      .filter((name) => identities.includes(`id-${name}`))
      .map((name) => ({ role: 'AcrPull', principal: `id-${name}`, on: name })),
    apps: apps.map(worldApp),
    alertRules: [],
    eventGrid: 'off',
    delays: { logIngestion: '5s' },
  });
  const count = (kind: Kind): number => apps.filter((app) => app.kind === kind).length;
  return { world, apps, shared: { firewall: count('firewall'), dns: count('dns'), roles: count('roles') } };
}
