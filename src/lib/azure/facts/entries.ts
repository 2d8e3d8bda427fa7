// Reads what the entries of an app need of their registries, one entry after the other, where any of them can have stopped a write.
import { signsInAs } from '../../diagnosis/credentials.ts';
import { entriesToRead } from '../../diagnosis/entries.ts';
import { declaredIdentity, type Evidence, registryOf } from '../../evidence/evidence.ts';
import type { EntryFacts } from '../../evidence/registry-facts.ts';
import { type Fact, known, unreadable } from '../../words/fact.ts';
import type { Target } from '../../words/target.ts';
import type { Clients } from '../clients/clients.ts';
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
  for (const host of hosts)
    read.push(await readEntry(clients, subscriptions, { ...target, registry: host.toLowerCase() }, soFar));
  return known(read);
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
