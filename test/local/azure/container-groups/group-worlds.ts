// A world with one container group, for the tests of the room.
import type { Answer } from '../../../../local/azure/wire/answers.ts';
import { at, list, type Small, small } from '../worlds.ts';

export const image = 'acrshop.azurecr.io/shop/orders:v1';

/** A group that waits to be written, and the role that its identity needs, where that is asked for. */
export function grouped(group: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Small {
  return small({
    apps: [],
    containerGroups: [
      { name: 'aci-orders', pullIdentity: 'id-orders', deployed: 'later', containers: [{ image }], ...group },
    ],
    ...more,
  });
}

export const role = { roleAssignments: [{ role: 'AcrPull', principal: 'id-orders', on: 'acrshop' }] };

/** Writes the group as the world says it, now. */
export function deploy(world: Small, event: Record<string, unknown> = {}): void {
  world.now({ do: 'deploy', app: 'aci-orders', ...event });
}

/** Asks as pullmedic does. */
export function ask({ arm, app }: Small, method = 'GET', path = '', version = '2025-09-01'): Answer {
  return arm(method, `${app.id}${path}`, { 'api-version': version });
}

/** The group as it is shown now. */
export function shown(world: Small): unknown {
  return ask(world).body;
}

/** The events of the first container, each as `Name: message (count)`. */
export function eventsOf(world: Small, container = 0): string[] {
  return list(shown(world), 'properties', 'containers', container, 'properties', 'instanceView', 'events').map(
    (event) => `${String(at(event, 'name'))}: ${String(at(event, 'message'))} (${String(at(event, 'count'))})`,
  );
}

/** A state of the first container by its path below `instanceView`. */
export function viewOf(world: Small, ...path: (string | number)[]): unknown {
  return at(shown(world), 'properties', 'containers', 0, 'properties', 'instanceView', ...path);
}

/** The error of the last write of the group, as the Activity Log keeps it. */
export function refusedWrite({ sim }: Small): { readonly code: string; readonly message: string } | undefined {
  return sim.activity.findLast(({ status }) => status === 'Failed')?.event.error;
}

/** The state of the group and of its provisioning. */
export function statesOf(world: Small): string {
  const body = shown(world);
  return `${String(at(body, 'properties', 'instanceView', 'state'))}, ${String(at(body, 'properties', 'provisioningState'))}`;
}
