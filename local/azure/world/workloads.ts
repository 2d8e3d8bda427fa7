// Every workload of a world, whatever its kind: its name, where it is, and what it declares of registries.
import type { World } from './world.ts';

/** The workloads of a world, apps first. Their names are different from each other. */
export function workloadsOf(world: World): readonly Workload[] {
  const { apps, jobs, containerGroups } = world;
  return [
    ...apps.map((one) => workload(world, one, 'Microsoft.App/containerApps')),
    ...jobs.map((one) => workload(world, one, 'Microsoft.App/jobs')),
    ...containerGroups.map((one) => workload(world, one, 'Microsoft.ContainerInstance/containerGroups')),
  ];
}

export interface Workload {
  readonly name: string;
  /** Its resource id. */
  readonly id: string;
  /** The registries for which it has an entry, by their hosts. */
  readonly servers: readonly string[];
}

interface Declared {
  readonly name: string;
  readonly group: string;
  readonly registries?: readonly { readonly server: string }[] | undefined;
}

function workload({ subscription }: World, { name, group, registries = [] }: Declared, type: string): Workload {
  const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`;
  return { name, id, servers: registries.map(({ server }) => server) };
}
