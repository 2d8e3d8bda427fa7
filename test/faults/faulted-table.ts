// Tables and blobs whose every request is a place for faults: so a move of a row from one partition to another, or into a blob, can be cut
// anywhere.
import type { AppendBlobs } from '../../src/lib/azure/clients/append-blobs.ts';
import type { Answer, Row, Table } from '../../src/lib/azure/clients/table.ts';

/** The table, each of whose requests goes through `call`. */
export function faultedTable(table: Table, call: <T>(request: () => Promise<T>) => Promise<T>): Table {
  return {
    createTable: () => table.createTable(),
    getEntity: (partition, key) => call(() => table.getEntity(partition, key)),
    createEntity: (entity) => call(() => table.createEntity(entity)),
    updateEntity: (entity, mode, options) =>
      call(() => table.updateEntity(entity, mode, ...(options === undefined ? [] : [options]))),
    upsertEntity: (entity, mode) => call(() => table.upsertEntity(entity, mode)),
    deleteEntity: (partition, key, options) =>
      call(() => table.deleteEntity(partition, key, ...(options === undefined ? [] : [options]))),
    listEntities(asked) {
      async function* rows(): AsyncGenerator<Row> {
        yield* await call(() => all(table.listEntities(asked)));
      }
      async function* pages(settings: { readonly maxPageSize: number }): AsyncGenerator<Answer> {
        yield* await call(() => all(table.listEntities(asked).byPage(settings)));
      }
      return Object.assign(rows(), { byPage: pages });
    },
  };
}

/** The blobs, each of whose requests goes through `call`. */
export function faultedBlobs(blobs: AppendBlobs, call: <T>(request: () => Promise<T>) => Promise<T>): AppendBlobs {
  return {
    makeContainer: () => call(() => blobs.makeContainer()),
    create: (name) => call(() => blobs.create(name)),
    append: (name, atByte, block) => call(() => blobs.append(name, atByte, block)),
    read: (name) => call(() => blobs.read(name)),
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
