// One partition of the deployment's ledger: a list of entries, and what they add up to. An append at its last number is a lock for it alone.

import type { LedgerEntry } from '../history/deployment-ledger.ts';
import type { StoredEntry } from '../history/ledger.ts';
import type { DeploymentLedger } from '../ports/ports.ts';
import { appendTries } from '../ports/steering.ts';
import { type Fact, known, unreadable } from '../words/fact.ts';

/** What entries add up to. */
interface Numbered {
  /** The number of the last entry; 0 where there is none. */
  readonly lastSeq: number;
}

/** A partition holds entries of one kind only, because {@link appendToPartition} takes no others for it. */
export interface Partition<Entry extends LedgerEntry, Memory extends Numbered> {
  readonly name: string;
  readonly fold: (entries: readonly StoredEntry<Entry>[]) => Memory;
}

/** What the partition holds. One that cannot be read is unreadable, never empty. */
export async function recall<Entry extends LedgerEntry, Memory extends Numbered>(
  ports: DeploymentLedger,
  partition: Partition<Entry, Memory>,
): Promise<Fact<Memory>> {
  try {
    return known(await read(ports, partition));
  } catch {
    return unreadable('unavailable');
  }
}

/**
 * Appends an entry unless what the partition holds at that very moment speaks against it. `busy`: too many others write there. Throws when
 * the store cannot be reached.
 */
export async function appendToPartition<Entry extends LedgerEntry, Memory extends Numbered, Objection>(
  ports: DeploymentLedger,
  partition: Partition<Entry, Memory>,
  entry: Entry,
  objection: (memory: Memory) => Objection | undefined,
): Promise<Objection | 'appended' | 'busy'> {
  for (let attempt = 0; attempt < appendTries; attempt += 1) {
    const memory = await read(ports, partition);
    const objected = objection(memory);
    if (objected !== undefined) return objected;
    if ((await ports.deployment.append(partition.name, memory.lastSeq, entry)) === 'appended') return 'appended';
  }
  return 'busy';
}

async function read<Entry extends LedgerEntry, Memory extends Numbered>(
  { deployment }: DeploymentLedger,
  { name, fold }: Partition<Entry, Memory>,
): Promise<Memory> {
  // The store knows the kinds of entries of the whole ledger; which of them a partition holds, its own writer decides.
  return fold((await deployment.read(name)) as readonly StoredEntry<Entry>[]);
}
