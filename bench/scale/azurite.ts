// Measures on Azurite: the real clients on the real protocol.
import type { TableClient } from '@azure/data-tables';
import { startStorage } from '../../local/storage.ts';
import { storageConnection } from '../../src/lib/azure/store/storage-connection.ts';
import { connectTables, createTables } from '../../src/lib/azure/store/store.ts';
import { measureScale } from './measure.ts';
import type { Entity } from './plant.ts';
import type { ScaleFigures } from './table.ts';

export async function measureOnAzurite(remediations: readonly number[], incidents: number): Promise<ScaleFigures> {
  const accounts = remediations.map((_, at) => `scale${at}`);
  const storage = await startStorage(accounts, { heapMb });
  try {
    const sizes = [];
    for (const [at, many] of remediations.entries()) {
      const tables = connectTables(storageConnection({ S: storage.connection(accounts[at] ?? '') }, 'S'));
      await createTables(tables);
      const plant = (rows: readonly Entity[]): Promise<void> => inBatches(tables.index, rows);
      const measured = await measureScale({ tables, plant }, many, incidents, () => performance.now());
      sizes.push({ remediations: many, measured });
    }
    return { incidents, sizes };
  } finally {
    await storage.stop();
  }
}

/** Memory for the rows of 100,000 remediations. */
const heapMb = 4000;

/** A transaction takes at most 100 rows of one partition. */
const mostOfBatch = 100;

async function inBatches(table: TableClient, rows: readonly Entity[]): Promise<void> {
  const partitions = Map.groupBy(rows, ({ partitionKey }) => partitionKey);
  for (const ofOne of partitions.values())
    for (let from = 0; from < ofOne.length; from += mostOfBatch)
      await table.submitTransaction(ofOne.slice(from, from + mostOfBatch).map((row) => ['create', row] as const));
}
