// Decides which changes can matter to a waiting remediation. A change is ignored only if the changed resource itself rules it out.

import type { ArmId } from '../words/arm-id.ts';
import { isAzureRegistry } from '../words/registry-host.ts';

/**
 * Whether a change of this resource can matter to a pull from this host. Another registry and its roles cannot, nor can the private
 * zone of another service or the record of another registry. Everything else can: networks, resource groups, what we do not know.
 */
export function canMatter(change: ArmId, host: string): boolean {
  if (!isAzureRegistry(host)) return true;
  const registry = segmentAfter(change, 'registries');
  if (registry !== undefined && change.includes('/providers/microsoft.containerregistry/'))
    return isNamed(host, registry);
  const zone = segmentAfter(change, 'privatednszones');
  return zone === undefined || zoneMatters(change, zone, host);
}

/** The login server begins with the registry's name; one with a unique label adds a hyphen and a hash to it. */
function isNamed(host: string, registry: string): boolean {
  const label = host.split('.')[0] ?? '';
  return label === registry || label.startsWith(`${registry}-`);
}

function zoneMatters(change: ArmId, zone: string, host: string): boolean {
  if (!zone.startsWith('privatelink.')) return true;
  if (!zonesOfPulls.test(zone)) return false;
  return zone.startsWith('privatelink.blob.') || recordMatters(segmentAfter(change, 'a'), host);
}

/** Zones of private link that a pull asks: the registry's own, and the storage that serves layers where it has no data endpoints. */
const zonesOfPulls = /^privatelink\.(?:azurecr\.|blob\.)/;

/** A record of the registries' zone is about the registry that its first label names, unless it is one for all names. */
function recordMatters(record: string | undefined, host: string): boolean {
  const [label = ''] = record?.split('.') ?? [];
  return record === undefined || label === '*' || label === '@' || isNamed(host, label);
}

function segmentAfter(id: ArmId, type: string): string | undefined {
  const parts = id.split('/');
  const at = parts.indexOf(type);
  return at < 0 ? undefined : parts[at + 1];
}
