// What a scenario lets happen: each event changes the world as somebody with the right to do so would.

import { writeApp } from '../apps/deployments.ts';
import { beginCrashing, scale } from '../apps/replicas.ts';
import { writeRow } from '../apps/system-log.ts';
import { wireAssignment } from '../authorization/role-assignments.ts';
import type { App } from '../model/apps.ts';
import { type Assignment, roleIdOf } from '../model/assignments.ts';
import { guidFor, sameId } from '../model/ids.ts';
import { deleteTag, pushTag } from '../model/images.ts';
import type { Zone } from '../model/networks.ts';
import { principalIdOf, propagationOf, scopeOf } from '../model/principals.ts';
import type { ResourceEvent } from '../model/records.ts';
import { dataRecord, type Registry, recordsOf, regionalHost, tokenPasswords } from '../model/registries.ts';
import { note, type Sim } from '../model/sim.ts';
import { publish } from '../monitor/activity-log.ts';
import { fireAlert } from '../monitor/log-alerts.ts';
import { testAlert } from '../monitor/test-alert.ts';
import type { WorldEvent } from '../world/events.ts';
import { beginFault } from './faults.ts';

function named<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`There is no ${what} in this world.`);
  return found;
}

function appOf(sim: Sim, name: string): App {
  return named(sim.apps.get(name), `app ${name}`);
}

function registryOf(sim: Sim, name: string): Registry {
  return named(sim.registries.get(name), `registry ${name}`);
}

function zoneOf(sim: Sim, name: string): Zone {
  return named(
    sim.zones.find((zone) => zone.name === name),
    `zone ${name}`,
  );
}

/** Who does what nobody in particular does. */
const somebody = 'ops@contoso.example';

function written(
  sim: Sim,
  event: WorldEvent,
  operation: string,
  resource: string,
  bodies: Pick<ResourceEvent, 'request' | 'response'> = {},
): void {
  const type = operation.endsWith('/delete') ? 'ResourceDeleteSuccess' : 'ResourceWriteSuccess';
  publish(sim, { type, operation, resource, by: 'world', caller: callerOf(event), ...bodies });
}

function callerOf(event: WorldEvent): string {
  return 'by' in event ? (event.by ?? somebody) : somebody;
}

function deploy(sim: Sim, event: Extract<WorldEvent, { do: 'deploy' }>): void {
  const app = appOf(sim, event.app);
  const { image } = event;
  if (image !== undefined)
    app.containers = app.containers.map((container, index) => (index === 0 ? { ...container, image } : container));
  writeApp(sim, app, callerOf(event));
}

/** What the Activity Log keeps of a grant: who was to get which role, and what came of it. */
function assignmentBodies(sim: Sim, made: Assignment): Pick<ResourceEvent, 'request' | 'response'> {
  const { roleId, principalId } = made;
  const roleDefinitionId = `/subscriptions/${sim.world.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`;
  return {
    request: { properties: { roleDefinitionId, principalId, principalType: 'ServicePrincipal' } },
    response: wireAssignment(sim, made),
  };
}

function assignRole(sim: Sim, event: Extract<WorldEvent, { do: 'assign-role' }>): void {
  const createdMs = sim.scheduler.now();
  const scope = scopeOf(sim, event.on);
  const name = guidFor(`assignment|${createdMs}|${event.role}|${event.principal}|${event.on}|${event.condition ?? ''}`);
  const principalId = principalIdOf(sim, event.principal);
  const effectiveMs = createdMs + propagationOf(sim, principalId, event.propagation);
  const made: Assignment = {
    name,
    scope,
    roleId: roleIdOf(event.role),
    principalId,
    createdMs,
    effectiveMs,
    by: 'world',
    ...(event.condition === undefined ? {} : { condition: event.condition }),
  };
  sim.assignments.push(made);
  note(sim, `somebody assigns ${event.role} to ${event.principal}`);
  written(
    sim,
    event,
    'Microsoft.Authorization/roleAssignments/write',
    `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    assignmentBodies(sim, made),
  );
}

function removeRole(sim: Sim, event: Extract<WorldEvent, { do: 'remove-role' }>): void {
  const scope = scopeOf(sim, event.on);
  const principal = principalIdOf(sim, event.principal);
  const gone = sim.assignments.find(
    (one) => sameId(one.scope, scope) && one.principalId === principal && one.roleId === roleIdOf(event.role),
  );
  if (gone === undefined) return;
  sim.assignments = sim.assignments.filter((one) => one !== gone);
  note(sim, `somebody removes ${event.role} from ${event.principal}`);
  written(
    sim,
    event,
    'Microsoft.Authorization/roleAssignments/delete',
    `${scope}/providers/Microsoft.Authorization/roleAssignments/${gone.name}`,
    { response: wireAssignment(sim, gone) },
  );
}

function linkDns(sim: Sim, event: Extract<WorldEvent, { do: 'link-dns' | 'unlink-dns' }>): void {
  const zone = zoneOf(sim, event.zone);
  const link = `link-${event.vnet}`;
  if (event.do === 'link-dns') zone.links.set(event.vnet, link);
  else zone.links.delete(event.vnet);
  const verb = event.do === 'link-dns' ? 'write' : 'delete';
  note(sim, `somebody ${event.do === 'link-dns' ? 'links' : 'unlinks'} ${zone.name} and ${event.vnet}`);
  written(
    sim,
    event,
    `Microsoft.Network/privateDnsZones/virtualNetworkLinks/${verb}`,
    `${zone.id}/virtualNetworkLinks/${link}`,
  );
}

function setTag(sim: Sim, event: Extract<WorldEvent, { do: 'push-tag' | 'delete-tag' }>): void {
  const registry = registryOf(sim, event.registry);
  const { repository, tag } = event;
  note(sim, `somebody ${event.do === 'push-tag' ? 'pushes' : 'deletes'} ${repository}:${tag}`);
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
  note(sim, `somebody changes the registry ${registry.name}`);
  written(sim, event, 'Microsoft.ContainerRegistry/registries/write', registry.id);
}

/** The private endpoint gets one more address; its record is written by the zone group, or by nobody. */
function addReplica(sim: Sim, event: Extract<WorldEvent, { do: 'add-replica' }>): void {
  const registry = registryOf(sim, event.registry);
  const { endpoint, label } = registry;
  registry.hosts.push(regionalHost(label, event.region));
  endpoint?.dataIps.set(event.region, event.dataIp);
  const zone = sim.zones.find((one) => one.name === 'privatelink.azurecr.io');
  if (endpoint?.zoneGroup === true) zone?.records.set(dataRecord(label, event.region), event.dataIp);
  note(sim, `somebody copies the registry ${registry.name} to ${event.region}`);
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
  note(sim, `somebody changes the token ${token.name}`);
  written(sim, event, 'Microsoft.ContainerRegistry/registries/tokens/write', `${registry.id}/tokens/${token.name}`);
}

function setRecord(sim: Sim, event: Extract<WorldEvent, { do: 'set-dns-record' }>): void {
  const zone = zoneOf(sim, event.zone);
  zone.records.set(event.record, event.ip);
  note(sim, `somebody writes the record ${event.record}`);
  written(sim, event, 'Microsoft.Network/privateDnsZones/A/write', `${zone.id}/A/${event.record}`);
}

function addZoneGroup(sim: Sim, event: Extract<WorldEvent, { do: 'add-zone-group' }>): void {
  const registry = registryOf(sim, event.registry);
  const endpoint = named(registry.endpoint, `private endpoint of ${event.registry}`);
  const zone = zoneOf(sim, event.zone);
  endpoint.zoneGroup = true;
  for (const { record, ip } of recordsOf(registry)) zone.records.set(record, ip);
  note(sim, `somebody gives the private endpoint of ${registry.name} a zone group`);
  const operation = 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups/write';
  written(sim, event, operation, `${endpoint.id}/privateDnsZoneGroups/default`);
}

function setRule(sim: Sim, event: Extract<WorldEvent, { do: 'set-security-rule' }>): void {
  const { name, priority, access, destination, port } = event;
  const subnet = named(sim.vnets.get(event.vnet)?.subnets.get(event.subnet), `subnet ${event.subnet}`);
  const others = (subnet.rules ?? []).filter((rule) => rule.name !== name);
  subnet.rules = [...others, { name, priority, access, destination, port }];
  note(sim, `somebody writes the security rule ${name}`);
  const operation = 'Microsoft.Network/networkSecurityGroups/securityRules/write';
  written(sim, event, operation, `${subnet.nsgId}/securityRules/${name}`);
}

/** The configuration of an app is no part of its revisions: the next pull uses it. */
function configureApp(sim: Sim, event: Extract<WorldEvent, { do: 'configure-app' }>): void {
  const app = appOf(sim, event.app);
  if (event.registries !== undefined) app.registries = event.registries;
  app.secrets = event.secrets ?? app.secrets;
  note(sim, `somebody configures ${app.name}`);
  written(sim, event, 'Microsoft.App/containerApps/write', app.id);
}

function deleteIdentity(sim: Sim, event: Extract<WorldEvent, { do: 'delete-identity' }>): void {
  const identity = named(sim.identities.get(event.identity), `identity ${event.identity}`);
  sim.deleted.add(event.identity);
  note(sim, `somebody deletes the identity ${event.identity}`);
  written(sim, event, 'Microsoft.ManagedIdentity/userAssignedIdentities/delete', identity.id);
}

function approveEndpoint(sim: Sim, event: Extract<WorldEvent, { do: 'approve-endpoint' }>): void {
  const registry = registryOf(sim, event.registry);
  const endpoint = named(registry.endpoint, `private endpoint of ${event.registry}`);
  endpoint.status = 'Approved';
  note(sim, `somebody approves the private endpoint of ${registry.name}`);
  const connection = `${registry.name}.${guidFor(endpoint.id).replaceAll('-', '')}`;
  const operation = 'Microsoft.ContainerRegistry/registries/privateEndpointConnections/write';
  written(sim, event, operation, `${registry.id}/privateEndpointConnections/${connection}`);
}

function stopRevisions(app: App): void {
  for (const revision of app.revisions.filter((one) => one.active)) {
    for (const replica of revision.replicas) replica.removed = true;
    revision.replicas = [];
    revision.active = false;
  }
}

function deactivate(sim: Sim, event: Extract<WorldEvent, { do: 'deactivate' }>): void {
  const app = appOf(sim, event.app);
  const active = app.revisions.filter((one) => one.active);
  stopRevisions(app);
  const operation = 'Microsoft.App/containerApps/revisions/deactivate/action';
  for (const { name } of active) {
    note(sim, `somebody deactivates ${name}`);
    const resource = `${app.id}/revisions/${name}`;
    publish(sim, { type: 'ResourceActionSuccess', operation, resource, by: 'world', caller: callerOf(event) });
  }
}

function deleteApp(sim: Sim, event: Extract<WorldEvent, { do: 'delete-app' }>): void {
  const app = appOf(sim, event.app);
  stopRevisions(app);
  app.revisions = [];
  app.written = false;
  note(sim, `somebody deletes ${app.name}`);
  written(sim, event, 'Microsoft.App/containerApps/delete', app.id);
}

function cancelDeploy(sim: Sim, event: Extract<WorldEvent, { do: 'cancel-deploy' }>): void {
  const { id, name } = appOf(sim, event.app);
  note(sim, `somebody calls off a write of ${name}`);
  const operation = 'Microsoft.App/containerApps/write';
  publish(sim, { type: 'ResourceWriteCancel', operation, resource: id, by: 'world', caller: callerOf(event) });
}

/** Lets one event happen. What is done to pullmedic itself happens outside of Azure. */
export function happen(sim: Sim, event: WorldEvent): void {
  switch (event.do) {
    case 'deploy':
      return deploy(sim, event);
    case 'assign-role':
      return assignRole(sim, event);
    case 'remove-role':
      return removeRole(sim, event);
    case 'link-dns':
    case 'unlink-dns':
      return linkDns(sim, event);
    case 'set-dns-record':
      return setRecord(sim, event);
    case 'add-zone-group':
      return addZoneGroup(sim, event);
    case 'set-security-rule':
      return setRule(sim, event);
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
    case 'configure-app':
      return configureApp(sim, event);
    case 'delete-app':
      return deleteApp(sim, event);
    case 'deactivate':
      return deactivate(sim, event);
    case 'approve-endpoint':
      return approveEndpoint(sim, event);
    case 'delete-identity':
      return deleteIdentity(sim, event);
    case 'crash':
      return beginCrashing(sim, appOf(sim, event.app), event.text);
    case 'write-log-row':
      return writeRow(sim, appOf(sim, event.app), {
        revision: appOf(sim, event.app).revisions.at(-1)?.name ?? '',
        reason: event.reason,
        type: event.type,
        text: event.text,
      });
    case 'scale':
      return scale(sim, appOf(sim, event.app), event.replicas);
    case 'cancel-deploy':
      return cancelDeploy(sim, event);
    case 'fire-alert':
      return fireAlert(sim, appOf(sim, event.app), event);
    case 'send-test-alert':
      note(sim, 'somebody sends a test alert');
      return sim.onAlert(testAlert);
    case 'throttle':
    case 'outage':
      return beginFault(sim, event);
    case 'approve':
    case 'reject':
    case 'undo':
    case 'ask-pullmedic':
    case 'kill-switch':
    case 'kill-pullmedic':
      return undefined;
  }
}

/** Puts the events of a scenario on the clock, which begins now, or before pullmedic's first grant. */
export function schedule(sim: Sim, events: readonly WorldEvent[]): void {
  const startMs = sim.scheduler.now();
  for (const event of events) {
    if (event.at !== undefined) sim.scheduler.at(startMs + event.at, () => happen(sim, event));
  }
  sim.beforeGrant = () => {
    sim.beforeGrant = () => undefined;
    for (const event of events) if ('when' in event && event.when !== undefined) happen(sim, event);
  };
}
