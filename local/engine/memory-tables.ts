// Tables in memory, behind the calls of the real client that pullmedic makes. It refuses every call that it does not know.
import { RestError, type TableClient } from '@azure/data-tables';

type Row = Readonly<Record<string, unknown>>;

interface Kept {
  readonly row: Row;
  readonly etag: string;
}

function failure(status: number, code: string): RestError {
  return new RestError(code, { statusCode: status, code });
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

type Condition = (row: Row) => boolean;

const names: Readonly<Record<string, string>> = { PartitionKey: 'partitionKey', RowKey: 'rowKey' };
const comparisons: Readonly<Record<string, (a: string | boolean, b: string | boolean) => boolean>> = {
  eq: (a, b) => a === b,
  ge: (a, b) => a >= b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  lt: (a, b) => a < b,
};

/** One comparison of a filter, e.g. `RowKey gt '0000000003'`. */
const comparison = /^(\w+) (\w+) (?:'((?:[^']|'')*)'|(true|false))(?: and |$)/;

function conditionsOf(filter: string): Condition[] {
  const conditions: Condition[] = [];
  for (let rest = filter; rest !== ''; ) {
    const group = /^\(([^()]*)\)(?: and |$)/.exec(rest);
    const match = comparison.exec(rest);
    if (group?.[1] === undefined && match === null) throw failure(501, `The filter "${filter}" is not modelled here.`);
    conditions.push(group?.[1] === undefined ? comparisonOf(match, filter) : anyOf(group[1]));
    rest = rest.slice(((group ?? match)?.[0] ?? rest).length);
  }
  return conditions;
}

/** Alternatives, as they stand between brackets. No text that is searched for holds ` or `. */
function anyOf(text: string): Condition {
  const alternatives = text.split(' or ').map((one) => comparisonOf(comparison.exec(one), text));
  return (row) => alternatives.some((holds) => holds(row));
}

function comparisonOf(match: RegExpExecArray | null, filter: string): Condition {
  const compare = comparisons[match?.[2] ?? ''];
  if (match === null || compare === undefined) throw failure(501, `The filter "${filter}" is not modelled here.`);
  const name = names[match[1] ?? ''] ?? match[1] ?? '';
  const value = match[3]?.replaceAll("''", "'") ?? match[4] === 'true';
  return (row) => {
    const held = row[name];
    return (typeof held === 'string' || typeof held === 'boolean') && compare(held, value);
  };
}

function partitionIn(filter: string): string {
  const match = /^PartitionKey eq '((?:[^']|'')*)'/.exec(filter);
  if (match === null) throw failure(501, `The filter "${filter}" does not begin with a partition.`);
  return match[1]?.replaceAll("''", "'") ?? '';
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
  async function* list(filter: string): AsyncGenerator<Row> {
    if (!exists) throw failure(404, 'TableNotFound');
    yield* matching(partitions, filter);
  }
  /** The rows from a position on, so many in an answer. */
  async function* pages(filter: string, size: number, token: string | undefined): AsyncGenerator<Page> {
    if (!exists) throw failure(404, 'TableNotFound');
    let rows = matching(partitions, filter);
    const from = token === undefined ? '' : positionIn(token);
    rows = rows.filter((row) => String(row['rowKey']) >= from);
    for (let at = 0; at < rows.length || at === 0; at += size) {
      const next = rows[at + size];
      const page = rows.slice(at, at + size);
      yield next === undefined ? page : Object.assign(page, { continuationToken: tokenAt(next) });
    }
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
      const kept = find(entity['partitionKey'], entity['rowKey']);
      if (kept === undefined) throw notFound();
      if ((options.etag ?? '*') !== '*' && options.etag !== kept.etag)
        throw failure(412, 'UpdateConditionNotSatisfied');
      return write(entity, mode === 'Merge' ? kept.row : {});
    },
    async upsertEntity(entity: Row, mode: 'Merge' | 'Replace' = 'Merge') {
      return write(entity, mode === 'Merge' ? find(entity['partitionKey'], entity['rowKey'])?.row : {});
    },
    async deleteEntity(partition: string, key: string, { etag = '*' }: { readonly etag?: string } = {}) {
      const kept = find(partition, key);
      if (kept === undefined) throw notFound();
      if (etag !== '*' && etag !== kept.etag) throw failure(412, 'UpdateConditionNotSatisfied');
      partitions.get(partition)?.delete(key);
      changed();
      return {};
    },
    listEntities({ queryOptions }: { readonly queryOptions?: { readonly filter?: string } } = {}) {
      const filter = queryOptions?.filter ?? '';
      return Object.assign(list(filter), {
        byPage: ({ maxPageSize = mostOfAnswer, continuationToken }: PageSettings = {}) =>
          pages(filter, Math.min(maxPageSize, mostOfAnswer), continuationToken),
      });
    },
  };
  return table as unknown as TableClient;
}
