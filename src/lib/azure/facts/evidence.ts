// The read-only probes. Each one answers with facts in our words; an error of Azure is an unreadable fact, never an empty one.
import type { Evidence, ManifestFacts, Probe } from '../../evidence/evidence.ts';
import { environmentOf, registryOf } from '../../evidence/evidence.ts';
import type { Fact } from '../../words/fact.ts';
import { unreadable } from '../../words/fact.ts';
import { parseImageRef } from '../../words/image-ref.ts';
import type { Target } from '../../words/target.ts';
import type { Clients } from '../clients/clients.ts';
import { counted } from '../clients/clients.ts';
import { withinLimits } from '../clients/reading.ts';
import { readChanges, readRemovals, readWrites } from './activity-log.ts';
import { readApp, readEnvironment, readReplicas, readRevisions } from './app-facts.ts';
import { readManifest } from './data-plane.ts';
import { readHolders } from './holders.ts';
import { readLogs } from './logs.ts';
import { readEndpoints, readSubnet, readVnet, readZoneGroups, readZones } from './network-facts.ts';
import { readRegistry, readToken } from './registry-facts.ts';
import { readDenials, readElsewhere, readIdentity, readRoles } from './roles.ts';

async function readSystemLogs(
  clients: Clients,
  target: Target,
  evidence: Evidence,
  sinceMs: number,
): Promise<Evidence['logs']> {
  const environment = environmentOf(evidence);
  if (environment === undefined) return unreadable('not-asked');
  return readLogs(clients, environment, target.appName, new Date(sinceMs));
}

async function readImage(clients: Clients, target: Target, evidence: Evidence): Promise<Fact<ManifestFacts>> {
  const registry = registryOf(evidence);
  const image = parseImageRef(target.image);
  if (registry === undefined || image === undefined) return unreadable('not-asked');
  return readManifest(clients, registry.loginServer, image);
}

/** Rows are read and not kept; everything else has to fit into the history. */
function limited({ atMs: _atMs, logs, ...facts }: Partial<Evidence>): Partial<Evidence> {
  const kept = Object.entries(facts).map(([name, fact]) => [name, withinLimits<unknown>(fact)] as const);
  return { ...(Object.fromEntries(kept) as Partial<Evidence>), ...(logs === undefined ? {} : { logs }) };
}

/** Reads the facts of one probe. `scopes` are the configured ones: queries over many resources stay within their subscriptions. */
export async function readProbe(
  clients: Clients,
  subscriptions: readonly string[],
  probe: Probe,
  target: Target,
  soFar: Evidence,
  logsSinceMs: number,
  maySend?: () => boolean,
): Promise<{ facts: Partial<Evidence>; calls: number }> {
  const { value, calls } = await counted(async (): Promise<Partial<Evidence>> => {
    switch (probe) {
      case 'app':
        return { app: await readApp(clients, target) };
      case 'revisions':
        return { revisions: await readRevisions(clients, target) };
      case 'replicas':
        return { replicas: await readReplicas(clients, target, soFar) };
      case 'environment':
        return { environment: await readEnvironment(clients, soFar) };
      case 'logs':
        return { logs: (await readSystemLogs(clients, target, soFar, logsSinceMs)) ?? unreadable('not-asked') };
      case 'registry':
        return { registry: await readRegistry(clients, subscriptions, target) };
      case 'roles':
        return { roles: await readRoles(clients, target, soFar) };
      case 'denials':
        return { denials: await readDenials(clients, soFar) };
      case 'elsewhere':
        return { elsewhere: await readElsewhere(clients, subscriptions, target, soFar) };
      case 'identity':
        return { identity: await readIdentity(clients, target, soFar) };
      case 'holders':
        return { holders: await readHolders(clients, target, soFar) };
      case 'vnet':
        return { vnet: (await readVnet(clients, soFar)) ?? unreadable('not-asked') };
      case 'zones':
        return { zones: (await readZones(clients, subscriptions, soFar)) ?? unreadable('not-asked') };
      case 'endpoints':
        return { endpoints: (await readEndpoints(clients, soFar)) ?? unreadable('not-asked') };
      case 'zoneGroups':
        return { zoneGroups: (await readZoneGroups(clients, soFar)) ?? unreadable('not-asked') };
      case 'subnet':
        return { subnet: (await readSubnet(clients, soFar)) ?? unreadable('not-asked') };
      case 'writes':
        return { writes: await readWrites(clients, target.appId, logsSinceMs) };
      case 'removals': {
        const registry = registryOf(soFar);
        return { removals: registry ? await readRemovals(clients, registry, Date.now()) : unreadable('not-asked') };
      }
      case 'changes': {
        const registry = registryOf(soFar);
        return { changes: registry ? await readChanges(clients, registry, Date.now()) : unreadable('not-asked') };
      }
      case 'token':
        return { token: await readToken(clients, target, soFar) };
      case 'manifest':
        return { manifest: await readImage(clients, target, soFar) };
    }
  }, maySend);
  return { facts: limited(value), calls };
}
