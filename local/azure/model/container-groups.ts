// The state of container groups, as a world begins with it. A group has what an app has; each of its containers stands where an app has a
// revision, with one replica, because each container pulls by itself and no revision is there.
import type { World } from '../world/world.ts';
import type { App } from './apps.ts';
import { guidFor, resourceId } from './ids.ts';
import { vnetId } from './networks.ts';

/** The container groups of a world, by name, none of them deployed yet. */
export function containerGroupsOf(world: World): Map<string, App> {
  return new Map(
    world.containerGroups.map((one) => {
      const { name, group, secrets, identities, pullIdentityAssigned, subnet } = one;
      const containers = [...one.containers].sort((a, b) => Number(b.init) - Number(a.init));
      const made: App = {
        id: resourceId(world, group, 'Microsoft.ContainerInstance/containerGroups', name),
        name,
        environment: '',
        revisionMode: 'Multiple',
        minReplicas: 1,
        pullCheckedOnWrite: one.validated,
        writesNoFailureRows: false,
        restartable: true,
        provisioningState: 'Succeeded',
        containers,
        revisions: [],
        revisionCount: 0,
        written: one.deployed === 'running',
        secrets,
        identities,
        pullIdentityAssigned,
        containerGroup: {
          policy: one.restartPolicy,
          apiVersion: one.apiVersion,
          sendsEvents: one.logs,
          stage: 'Pending',
          stageSinceMs: 0,
          made: containers,
          containers: new Map(),
          ...(one.runsFor === undefined ? {} : { runsForMs: one.runsFor }),
          ...(subnet === undefined ? {} : { subnetId: `${vnetId(world, subnet.vnet)}/subnets/${subnet.name}` }),
        },
        ...(one.pullIdentity === undefined ? {} : { pullIdentity: one.pullIdentity }),
        ...(one.registries === undefined ? {} : { registries: one.registries }),
        ...(one.systemIdentity || one.pullIdentity === 'system'
          ? { systemPrincipalId: guidFor(`principal|app|${name}`) }
          : {}),
      };
      return [name, made];
    }),
  );
}
