// Finds in the world what an event names.
import type { App } from '../model/apps.ts';
import type { Zone } from '../model/networks.ts';
import type { Registry } from '../model/registries.ts';
import type { Sim } from '../model/sim.ts';

/** The app of this name; throws without one. */
export function appOf(sim: Sim, name: string): App {
  return named(sim.apps.get(name), `app ${name}`);
}

/** The registry of this name; throws without one. */
export function registryOf(sim: Sim, name: string): Registry {
  return named(sim.registries.get(name), `registry ${name}`);
}

/** The private DNS zone of this name; throws without one. */
export function zoneOf(sim: Sim, name: string): Zone {
  return named(
    sim.zones.find((zone) => zone.name === name),
    `zone ${name}`,
  );
}

/** What was found; throws where a scenario names what its world does not have. */
export function named<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`There is no ${what} in this world.`);
  return found;
}
