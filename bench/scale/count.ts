// Counts what tables are asked: requests, rows that came back, and rows that real storage reads for them.
import { conditionsOf } from '../../local/engine/table-filters.ts';
import type { Answer, PageSettings, Row, Table } from '../../src/lib/azure/clients/table.ts';
import type { Entity } from './plant.ts';

export interface Counted {
  readonly requests: number;
  /** Rows that came back. */
  readonly rows: number;
  /**
   * Rows that storage reads to answer: all within the keys that a filter names, until an answer is full. A condition on any other column is
   * compared row by row (https://learn.microsoft.com/azure/storage/tables/table-storage-design-for-query). Only of planted rows.
   */
  readonly scanned: number;
}

export interface Counter {
  /** The same table, counted. */
  over(table: Table, planted?: readonly Entity[]): Table;
  /** What was counted since the last time. */
  take(): Counted;
}

/** As many rows as storage gives in one answer. */
const mostOfAnswer = 1000;

export function counter(): Counter {
  let counted = { requests: 0, rows: 0, scanned: 0 };
  const add = (rows: number, scanned: number): void => {
    counted = { requests: counted.requests + 1, rows: counted.rows + rows, scanned: counted.scanned + scanned };
  };
  const one = <T>(answer: Promise<T>): Promise<T> => {
    add(1, 1);
    return answer;
  };
  return {
    take() {
      const taken = counted;
      counted = { requests: 0, rows: 0, scanned: 0 };
      return taken;
    },
    over: (table, planted = []) => ({
      createTable: () => table.createTable(),
      getEntity: (...asked) => one(table.getEntity(...asked)),
      createEntity: (entity) => one(table.createEntity(entity)),
      updateEntity: (...asked) => one(table.updateEntity(...asked)),
      upsertEntity: (...asked) => one(table.upsertEntity(...asked)),
      deleteEntity: (...asked) => one(table.deleteEntity(...asked)),
      listEntities(asked) {
        const byPage = (settings: PageSettings): AsyncGenerator<Answer> =>
          pages(table.listEntities(asked).byPage(settings), (rows) =>
            add(rows, scannedFor(planted, asked.queryOptions.filter, settings)),
          );
        return Object.assign(rowsOf(byPage({ maxPageSize: mostOfAnswer })), { byPage });
      },
    }),
  };
}

async function* pages(answers: AsyncIterable<Answer>, note: (rows: number) => void): AsyncGenerator<Answer> {
  for await (const answer of answers) {
    note(answer.length);
    yield answer;
  }
}

async function* rowsOf(answers: AsyncIterable<Answer>): AsyncGenerator<Row> {
  for await (const answer of answers) yield* answer;
}

/** How many planted rows within the keys of the filter are read until the answer is full. */
function scannedFor(
  planted: readonly Entity[],
  filter: string,
  { maxPageSize, continuationToken }: PageSettings,
): number {
  const keys = filter.split(' and ').filter((condition) => /^(?:PartitionKey|RowKey) /.test(condition));
  const inKeys = conditionsOf(keys.join(' and '));
  const isFound = conditionsOf(filter);
  const from = continuationToken === undefined ? '' : positionIn(continuationToken);
  let [scanned, found] = [0, 0];
  for (const row of planted) {
    if (row.rowKey < from || !inKeys.every((holds) => holds(row))) continue;
    scanned += 1;
    if (isFound.every((holds) => holds(row))) found += 1;
    if (found === maxPageSize) break;
  }
  return scanned;
}

/** The row key with which storage stopped. */
function positionIn(token: string): string {
  const { nextRowKey = '' } = JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as { nextRowKey?: string };
  return nextRowKey;
}
