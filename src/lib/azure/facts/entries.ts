// Reads what the entries of an app need of their registries, one entry after the other, where any of them can have stopped a write.
import { signsInAs } from '../../diagnosis/credentials.ts';
import { entriesToRead } from '../../diagnosis/entries.ts';
import { networkProbes } from '../../diagnosis/network.ts';
import { declaredIdentity, type Evidence, registryOf } from '../../evidence/evidence.ts';
import type { EntryFacts } from '../../evidence/registry-facts.ts';
import { type Fact, known, unreadable } from '../../words/fact.ts';
import type { Target } from '../../words/target.ts';
import type { Clients } from '../clients/clients.ts';
import { readEndpoints, readZones } from './network-facts.ts';
import { readRegistry, readToken } from './registry-facts.ts';
import { readRoles } from './roles.ts';

/** The registries of the entries that the diagnosis asks for. What cannot be read of one stays unreadable in its own row. */
export async function readEntries(
  clients: Clients,
  subscriptions: readonly string[],
  target: Target,
  soFar: Evidence,
): Promise<Fact<readonly EntryFacts[]>> {
  const hosts = entriesToRead(target, soFar);
  if (hosts.length === 0) return unreadable('not-asked');
  const read: EntryFacts[] = [];
  for (const host of hosts) {
    const entry = await readEntry(clients, subscriptions, { ...target, registry: host.toLowerCase() }, soFar);
    read.push({ ...entry, ...(await readWay(clients, subscriptions, { ...soFar, ...entry }, read)) });
  }
  return known(read);
}

/** The private way to the registry of an entry. The zone is the same one for all registries of a cloud, so it is read once. */
async function readWay(
  clients: Clients,
  subscriptions: readonly string[],
  evidence: Evidence,
  before: readonly EntryFacts[],
): Promise<Pick<EntryFacts, 'endpoints' | 'zones'>> {
  if (!networkProbes(evidence).includes('endpoints')) return {};
  const endpoints = await readEndpoints(clients, evidence);
  const zones =
    before.find((entry) => entry.zones !== undefined && cloudOf(entry) === cloudOf(evidence))?.zones ??
    (await readZones(clients, subscriptions, evidence));
  return { ...(endpoints && { endpoints }), ...(zones && { zones }) };
}

/** The end of the registry's host: each cloud has its own zone. */
function cloudOf({ registry }: Pick<Evidence, 'registry'>): string | undefined {
  const facts = registryOf({ atMs: 0, ...(registry && { registry }) });
  return facts?.loginServer.split('.').slice(-2).join('.');
}

async function readEntry(
  clients: Clients,
  subscriptions: readonly string[],
  target: Target,
  soFar: Evidence,
): Promise<EntryFacts> {
  const registry = await readRegistry(clients, subscriptions, target);
  const seen: Evidence = { ...soFar, registry };
  const entry = { server: target.registry, registry };
  if (registryOf(seen) === undefined) return entry;
  if (declaredIdentity(target, seen).kind === 'identity')
    return { ...entry, roles: await readRoles(clients, target, seen) };
  return signsInAs(target, seen)?.as === 'token' ? { ...entry, token: await readToken(clients, target, seen) } : entry;
}
