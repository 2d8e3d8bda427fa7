// Events about registries: their images, their settings, their tokens, their copies.

import { deleteTag, pushTag } from '../model/images.ts';
import { dataRecord, regionalHost, tokenPasswords, zoneName } from '../model/registries.ts';
import { note, type Sim } from '../model/sim.ts';
import type { WorldEvent } from '../world/events.ts';
import { named, registryOf } from './named.ts';
import { callerOf, written } from './written.ts';

/** Changes what a registry holds, or how it is set up. */
export function changeRegistry(sim: Sim, event: RegistryChange): void {
  switch (event.do) {
    case 'push-tag':
    case 'delete-tag':
      return setTag(sim, event);
    case 'set-public-registry':
      note(sim, `${event.host} answers ${event.answers}`);
      sim.publicRegistries.set(event.host.toLowerCase(), event.answers);
      return undefined;
    case 'add-replica':
      return addReplica(sim, event);
    case 'set-registry':
      return setRegistry(sim, event);
    case 'set-token':
      return setToken(sim, event);
    case 'set-cache-credentials':
      return setCacheCredentials(sim, event);
  }
}

type RegistryChange = Extract<
  WorldEvent,
  {
    do:
      | 'push-tag'
      | 'delete-tag'
      | 'set-public-registry'
      | 'add-replica'
      | 'set-registry'
      | 'set-token'
      | 'set-cache-credentials';
  }
>;

function setTag(sim: Sim, event: Extract<WorldEvent, { do: 'push-tag' | 'delete-tag' }>): void {
  const registry = registryOf(sim, event.registry);
  const { repository, tag } = event;
  note(sim, `${callerOf(event)} ${event.do === 'push-tag' ? 'pushes' : 'deletes'} ${repository}:${tag}`);
  if (event.do === 'push-tag') {
    const { digest, size } = pushTag(registry.repositories, repository, tag, sim.scheduler.now());
    return sim.onRegistryEvent({ type: 'ImagePushed', registry, repository, digest, tag, size });
  }
  const digest = deleteTag(registry.repositories, repository, tag);
  if (digest !== undefined) sim.onRegistryEvent({ type: 'ImageDeleted', registry, repository, digest });
}

function setRegistry(sim: Sim, event: Extract<WorldEvent, { do: 'set-registry' }>): void {
  const registry = registryOf(sim, event.registry);
  registry.roleMode = event.roleMode ?? registry.roleMode;
  registry.publicNetworkAccess = event.publicNetworkAccess ?? registry.publicNetworkAccess;
  registry.defaultAction = event.defaultAction ?? registry.defaultAction;
  registry.ipRules = event.ipRules ?? registry.ipRules;
  registry.armAudience = event.armAudience ?? registry.armAudience;
  registry.adminUserEnabled = event.adminUserEnabled ?? registry.adminUserEnabled;
  registry.trustedServices = event.trustedServices ?? registry.trustedServices;
  note(sim, `${callerOf(event)} changes the registry ${registry.name}`);
  written(sim, event, 'Microsoft.ContainerRegistry/registries/write', registry.id);
}

/** The private endpoint gets one more address; the zone group writes its record, and without a group it has no record. */
function addReplica(sim: Sim, event: Extract<WorldEvent, { do: 'add-replica' }>): void {
  const registry = registryOf(sim, event.registry);
  const { endpoint, label } = registry;
  registry.hosts.push(regionalHost(registry, event.region));
  endpoint?.dataIps.set(event.region, event.dataIp);
  const zone = sim.zones.find((one) => one.name === zoneName(registry));
  if (endpoint?.zoneGroup === true) zone?.records.set(dataRecord(label, event.region), event.dataIp);
  note(sim, `${callerOf(event)} copies the registry ${registry.name} to ${event.region}`);
  const operation = 'Microsoft.ContainerRegistry/registries/replications/write';
  written(sim, event, operation, `${registry.id}/replications/${event.region}`);
}

function setToken(sim: Sim, event: Extract<WorldEvent, { do: 'set-token' }>): void {
  const registry = registryOf(sim, event.registry);
  const token = named(
    registry.tokens.find((one) => one.name === event.token),
    `token ${event.token} of ${event.registry}`,
  );
  token.enabled = event.enabled ?? token.enabled;
  if (event.passwords !== undefined) token.passwords = tokenPasswords(sim.world, event.passwords);
  note(sim, `${callerOf(event)} changes the token ${token.name}`);
  written(sim, event, 'Microsoft.ContainerRegistry/registries/tokens/write', `${registry.id}/tokens/${token.name}`);
}

function setCacheCredentials(sim: Sim, event: Extract<WorldEvent, { do: 'set-cache-credentials' }>): void {
  const registry = registryOf(sim, event.registry);
  const set = named(
    registry.credentialSets.find(({ name }) => name === event.credentials),
    `credentials ${event.credentials} of ${event.registry}`,
  );
  set.healthy = event.healthy;
  note(sim, `${callerOf(event)} ${event.healthy ? 'repairs' : 'spoils'} the credentials ${set.name}`);
  const operation = 'Microsoft.ContainerRegistry/registries/credentialSets/write';
  written(sim, event, operation, `${registry.id}/credentialSets/${set.name}`);
}
