// Builds the state that a scenario begins with.
import type { World } from '../world/world.ts';
import { appsOf, environmentsOf } from './apps.ts';
import { containerGroupsOf } from './container-groups.ts';
import { guidFor, resourceId } from './ids.ts';
import { jobsOf } from './jobs.ts';
import { vnetsOf } from './networks.ts';
import { registriesOf } from './registries.ts';
import type { Scheduler } from './scheduler.ts';
import type { Sim } from './sim.ts';

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
    apps: new Map([...appsOf(world), ...jobsOf(world), ...containerGroupsOf(world)]),
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
    allowances: new Map(),
    logs: [],
    groupLogs: [],
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
    onMoment: () => undefined,
    onRegistryEvent: () => undefined,
  };
}
