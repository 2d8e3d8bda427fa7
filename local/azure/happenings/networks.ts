// Events about private DNS, security rules and private endpoints.

import { guidFor } from '../model/ids.ts';
import { recordsOf } from '../model/registries.ts';
import { note, type Sim } from '../model/sim.ts';
import type { WorldEvent } from '../world/events.ts';
import { named, registryOf, zoneOf } from './named.ts';
import { callerOf, written } from './written.ts';

/** Changes private DNS, a security rule or a private endpoint. */
export function changeNetwork(sim: Sim, event: NetworkEvent): void {
  switch (event.do) {
    case 'link-dns':
    case 'unlink-dns':
      return linkDns(sim, event);
    case 'set-dns-record':
      return setRecord(sim, event);
    case 'add-zone-group':
      return addZoneGroup(sim, event);
    case 'set-security-rule':
      return setRule(sim, event);
    case 'approve-endpoint':
      return approveEndpoint(sim, event);
  }
}

type NetworkEvent = Extract<
  WorldEvent,
  {
    do: 'link-dns' | 'unlink-dns' | 'set-dns-record' | 'add-zone-group' | 'set-security-rule' | 'approve-endpoint';
  }
>;

function linkDns(sim: Sim, event: Extract<WorldEvent, { do: 'link-dns' | 'unlink-dns' }>): void {
  const zone = zoneOf(sim, event.zone);
  const link = `link-${event.vnet}`;
  if (event.do === 'link-dns') zone.links.set(event.vnet, link);
  else zone.links.delete(event.vnet);
  const verb = event.do === 'link-dns' ? 'write' : 'delete';
  note(sim, `${callerOf(event)} ${event.do === 'link-dns' ? 'links' : 'unlinks'} ${zone.name} and ${event.vnet}`);
  written(
    sim,
    event,
    `Microsoft.Network/privateDnsZones/virtualNetworkLinks/${verb}`,
    `${zone.id}/virtualNetworkLinks/${link}`,
  );
}

function setRecord(sim: Sim, event: Extract<WorldEvent, { do: 'set-dns-record' }>): void {
  const zone = zoneOf(sim, event.zone);
  zone.records.set(event.record, event.ip);
  note(sim, `${callerOf(event)} writes the record ${event.record}`);
  written(sim, event, 'Microsoft.Network/privateDnsZones/A/write', `${zone.id}/A/${event.record}`);
}

function addZoneGroup(sim: Sim, event: Extract<WorldEvent, { do: 'add-zone-group' }>): void {
  const registry = registryOf(sim, event.registry);
  const endpoint = named(registry.endpoint, `private endpoint of ${event.registry}`);
  const zone = zoneOf(sim, event.zone);
  endpoint.zoneGroup = true;
  for (const { record, ip } of recordsOf(registry)) zone.records.set(record, ip);
  note(sim, `${callerOf(event)} gives the private endpoint of ${registry.name} a zone group`);
  const operation = 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups/write';
  written(sim, event, operation, `${endpoint.id}/privateDnsZoneGroups/default`);
}

function setRule(sim: Sim, event: Extract<WorldEvent, { do: 'set-security-rule' }>): void {
  const { name, priority, access, destination, port } = event;
  const subnet = named(sim.vnets.get(event.vnet)?.subnets.get(event.subnet), `subnet ${event.subnet}`);
  const others = (subnet.rules ?? []).filter((rule) => rule.name !== name);
  subnet.rules = [...others, { name, priority, access, destination, port }];
  note(sim, `${callerOf(event)} writes the security rule ${name}`);
  const operation = 'Microsoft.Network/networkSecurityGroups/securityRules/write';
  written(sim, event, operation, `${subnet.nsgId}/securityRules/${name}`);
}

function approveEndpoint(sim: Sim, event: Extract<WorldEvent, { do: 'approve-endpoint' }>): void {
  const registry = registryOf(sim, event.registry);
  const endpoint = named(registry.endpoint, `private endpoint of ${event.registry}`);
  endpoint.status = 'Approved';
  note(sim, `${callerOf(event)} approves the private endpoint of ${registry.name}`);
  const connection = `${registry.name}.${guidFor(endpoint.id).replaceAll('-', '')}`;
  const operation = 'Microsoft.ContainerRegistry/registries/privateEndpointConnections/write';
  written(sim, event, operation, `${registry.id}/privateEndpointConnections/${connection}`);
}
