// Tables in memory, behind the calls of the real client that pullmedic makes. It refuses every call that it does not know.
import type { RestError, TableClient } from '@azure/data-tables';
import { conditionsOf, failure, partitionIn, type Row } from './table-filters.ts';

interface Kept {
  readonly row: Row;
  readonly etag: string;
}

function notFound(): RestError {
  return failure(404, 'ResourceNotFound');
}

/** Values as the service gives them back: a typed one as its value, an absent one not at all. */
function stored(entity: Row): Row {
  const members = Object.entries(entity).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined || name === 'etag' || name === 'timestamp') return [];
    const typed = typeof value === 'object' && value !== null && 'type' in value && 'value' in value;
    return [[name, typed ? value.value : value]];
  });
  return Object.fromEntries(members);
}

/** The rows that a filter selects, by their keys. */
function matching(partitions: ReadonlyMap<string, ReadonlyMap<string, Kept>>, filter: string): Row[] {
  const conditions = conditionsOf(filter);
  const rows = [...(partitions.get(partitionIn(filter)) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return rows.flatMap(([, { row, etag }]) =>
    conditions.every((holds) => holds(row)) ? [{ ...row, etag, timestamp: '' }] : [],
  );
}

type Page = Row[] & { readonly continuationToken?: string };

interface PageSettings {
  readonly maxPageSize?: number;
  readonly continuationToken?: string;
}

/** The selected rows one by one, and with `byPage` so many in an answer, from a position on. */
function listing(select: () => Row[]): AsyncIterable<Row> & { byPage(settings?: PageSettings): AsyncIterable<Page> } {
  async function* one(): AsyncGenerator<Row> {
    yield* select();
  }
  async function* byPage({ maxPageSize = mostOfAnswer, continuationToken }: PageSettings = {}): AsyncGenerator<Page> {
    const from = continuationToken === undefined ? '' : positionIn(continuationToken);
    const rows = select().filter((row) => String(row['rowKey']) >= from);
    const size = Math.min(maxPageSize, mostOfAnswer);
    for (let at = 0; at < rows.length || at === 0; at += size) {
      const next = rows[at + size];
      const page = rows.slice(at, at + size);
      yield next === undefined ? page : Object.assign(page, { continuationToken: tokenAt(next) });
    }
  }
  return Object.assign(one(), { byPage });
}

/** As many rows as storage gives in one answer. */
const mostOfAnswer = 1000;

/** A position, in the form of the real client. */
function tokenAt(row: Row): string {
  const position = { nextPartitionKey: row['partitionKey'], nextRowKey: row['rowKey'] };
  return Buffer.from(JSON.stringify(position)).toString('base64');
}

function positionIn(token: string): string {
  const position = JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as { readonly nextRowKey?: string };
  return position.nextRowKey ?? '';
}

/** The row, if there is one and it is still the one with this etag. */
function unchanged(kept: Kept | undefined, etag = '*'): Kept {
  if (kept === undefined) throw notFound();
  if (etag !== '*' && etag !== kept.etag) throw failure(412, 'UpdateConditionNotSatisfied');
  return kept;
}

/**
 * A table in memory. `changed` is called after every change. The real client is a class with far more calls: those that are missing here
 * throw, and pullmedic makes none of them.
 */
export function memoryTable(changed: () => void): TableClient {
  const partitions = new Map<string, Map<string, Kept>>();
  let written = 0;
  let exists = false;
  function find(partition: unknown, key: unknown): Kept | undefined {
    if (!exists) throw failure(404, 'TableNotFound');
    return partitions.get(String(partition))?.get(String(key));
  }
  function write(entity: Row, before: Row = {}): { etag: string } {
    const row = { ...before, ...stored(entity) };
    const [partition, key] = [String(row['partitionKey']), String(row['rowKey'])];
    written += 1;
    const etag = `W/"${written}"`;
    const rows = partitions.get(partition) ?? new Map<string, Kept>();
    partitions.set(partition, rows.set(key, { row, etag }));
    changed();
    return { etag };
  }
  const table = {
    async createTable() {
      exists = true;
    },
    async deleteTable() {
      exists = false;
      partitions.clear();
    },
    async getEntity(partition: string, key: string) {
      const kept = find(partition, key);
      if (kept === undefined) throw notFound();
      return { ...kept.row, etag: kept.etag, timestamp: '' };
    },
    async createEntity(entity: Row) {
      if (find(entity['partitionKey'], entity['rowKey']) !== undefined) throw failure(409, 'EntityAlreadyExists');
      return write(entity);
    },
    async updateEntity(entity: Row, mode: 'Merge' | 'Replace' = 'Merge', options: { readonly etag?: string } = {}) {
      const kept = unchanged(find(entity['partitionKey'], entity['rowKey']), options.etag);
      return write(entity, mode === 'Merge' ? kept.row : {});
    },
    async upsertEntity(entity: Row, mode: 'Merge' | 'Replace' = 'Merge') {
      return write(entity, mode === 'Merge' ? find(entity['partitionKey'], entity['rowKey'])?.row : {});
    },
    async deleteEntity(partition: string, key: string, { etag }: { readonly etag?: string } = {}) {
      unchanged(find(partition, key), etag);
      partitions.get(partition)?.delete(key);
      changed();
      return {};
    },
    listEntities: ({ queryOptions }: { readonly queryOptions?: { readonly filter?: string } } = {}) =>
      listing(() => {
        if (!exists) throw failure(404, 'TableNotFound');
        return matching(partitions, queryOptions?.filter ?? '');
      }),
  };
  return table as unknown as TableClient;
}
