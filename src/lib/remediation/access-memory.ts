// Reads and writes what the deployment remembers of one principal on one registry. Each pair has a partition of its own in the
// deployment's ledger: it is short to read, and an append at its last number is a lock for that pair alone.

import type { AccessEntry, AccessMemory, AccessPair } from '../history/access-memory.ts';
import { foldAccess } from '../history/access-memory.ts';
import type { LedgerEntry } from '../history/deployment-ledger.ts';
import type { StoredEntry } from '../history/ledger.ts';
import type { DeploymentLedger, Names } from '../ports/ports.ts';
import { appendTries, Busy } from '../ports/steering.ts';
import { type Fact, known, unreadable } from '../words/fact.ts';

type Remembering = DeploymentLedger & Names;

/** What is remembered of the pair. A memory that cannot be read is unreadable, never empty. */
export async function recallAccess(ports: Remembering, pair: AccessPair): Promise<Fact<AccessMemory>> {
  try {
    return known(await read(ports, pair));
  } catch {
    return unreadable('unavailable');
  }
}

/**
 * Appends an entry to the memory of a pair unless the memory at that very moment speaks against it. Throws when the store cannot be
 * reached.
 */
export async function rememberUnless<Objection>(
  ports: Remembering,
  pair: AccessPair,
  entry: AccessEntry,
  objection: (memory: AccessMemory) => Objection | undefined,
): Promise<Objection | 'appended' | 'busy'> {
  for (let attempt = 0; attempt < appendTries; attempt += 1) {
    const memory = await read(ports, pair);
    const objected = objection(memory);
    if (objected !== undefined) return objected;
    const appended = await ports.deployment.append(partitionOf(ports, pair), memory.lastSeq, entry);
    if (appended === 'appended') return 'appended';
  }
  return 'busy';
}

/** Appends an entry unless it is known already. Throws {@link Busy} when too many others write, and when the store cannot be reached. */
export async function remember(
  ports: Remembering,
  pair: AccessPair,
  entry: AccessEntry,
  isKnown: (memory: AccessMemory) => boolean = () => false,
): Promise<void> {
  const done = await rememberUnless(ports, pair, entry, (memory) => (isKnown(memory) ? 'known' : undefined));
  if (done === 'busy') throw new Busy('The memory of this identity is too busy.');
}

/** The partition of a pair. The ids are hashed: a key of a row has a limited length and fewer characters than an id. */
function partitionOf(names: Names, { registryId, principalId }: AccessPair): string {
  return `access-${names.hash(`access|${registryId}|${principalId}`)}`;
}

async function read(ports: Remembering, pair: AccessPair): Promise<AccessMemory> {
  return foldAccess((await ports.deployment.read(partitionOf(ports, pair))).filter(isAboutAccess));
}

function isAboutAccess(stored: StoredEntry<LedgerEntry>): stored is StoredEntry<AccessEntry> {
  switch (stored.entry.kind) {
    case 'grant-counted':
    case 'grant-proven':
    case 'grant-undone':
    case 'kill-switch-set':
    case 'restart-announced':
    case 'restart-not-made':
      return false;
    case 'grant-refused':
    case 'grant-approved':
    case 'refusal-forgotten':
    case 'access-sighted':
    case 'role-removal-seen':
    case 'grant-made':
    case 'grant-not-made':
      return true;
  }
}
