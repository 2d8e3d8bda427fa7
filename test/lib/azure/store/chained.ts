// A history in a table in memory, and an archive of append blobs: what tests of the archive begin with.
import { type MemoryBlobs, memoryBlobs } from '../../../../local/engine/memory-blobs.ts';
import { memoryTable } from '../../../../local/engine/memory-tables.ts';
import type { Table } from '../../../../src/lib/azure/clients/table.ts';
import { archiveIn } from '../../../../src/lib/azure/store/history-archive.ts';
import { ledger } from '../../../../src/lib/azure/store/store.ts';
import type { Entry } from '../../../../src/lib/history/entries.ts';
import type { Ledger } from '../../../../src/lib/history/ledger.ts';
import { closed, decided, looked, opened } from '../../console-entries.ts';

export const partition = `t${'a'.repeat(24)}`;
export const kinds = ['opened', 'looked', 'decided', 'closed', 'put-off', 'undo-asked'] as const;

export interface Kept {
  readonly table: Table;
  readonly blobs: MemoryBlobs;
  /** A ledger of a host that remembers nothing of what others read. */
  host(now?: () => number): Ledger<Entry>;
}

/** One remediation from its beginning to its end. */
export const wholeRemediation: readonly Entry[] = [
  opened,
  looked,
  decided({ do: 'wait', because: 'looking-again' }),
  looked,
  closed,
];

/** A table with this history; the entries are a minute apart, the first one at 0. */
export async function keptHistory(entries: readonly Entry[] = wholeRemediation): Promise<Kept> {
  const table = memoryTable(() => undefined) as unknown as Table;
  await table.createTable();
  const blobs = memoryBlobs();
  const host = (now = (): number => 0): Ledger<Entry> =>
    ledger<Entry>(table, kinds, now, { readArchive: archiveIn(blobs) });
  for (const [at, entry] of entries.entries()) await host(() => at * 60_000).append(partition, at, entry);
  return { table, blobs, host };
}
