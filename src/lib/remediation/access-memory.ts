// Reads and writes what the deployment remembers of one principal on one registry. Each pair has a partition of its own in the
// deployment's ledger: it is short to read, and an append at its last number is a lock for that pair alone.

import type { AccessEntry, AccessMemory, AccessPair } from '../history/access-memory.ts';
import { foldAccess } from '../history/access-memory.ts';
import type { DeploymentLedger, Names } from '../ports/ports.ts';
import { Busy } from '../ports/steering.ts';
import type { Fact } from '../words/fact.ts';
import { appendToPartition, type Partition, recall } from './partition.ts';

type Remembering = DeploymentLedger & Names;

/** What is remembered of the pair. A memory that cannot be read is unreadable, never empty. */
export function recallAccess(ports: Remembering, pair: AccessPair): Promise<Fact<AccessMemory>> {
  return recall(ports, partitionOf(ports, pair));
}

/**
 * Appends an entry to the memory of a pair unless the memory at that very moment speaks against it. Throws when the store cannot be
 * reached.
 */
export function rememberUnless<Objection>(
  ports: Remembering,
  pair: AccessPair,
  entry: AccessEntry,
  objection: (memory: AccessMemory) => Objection | undefined,
): Promise<Objection | 'appended' | 'busy'> {
  return appendToPartition(ports, partitionOf(ports, pair), entry, objection);
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
function partitionOf(names: Names, { registryId, principalId }: AccessPair): Partition<AccessEntry, AccessMemory> {
  return { name: `access-${names.hash(`access|${registryId}|${principalId}`)}`, fold: foldAccess };
}
