// Operators of KQL: each makes another table of one.

import { type Expression, expression, list, namedList } from './expressions.ts';
import { accept, expect, type Parser, take, takeName } from './parser.ts';
import { compare, KqlError, type Row, type Table, text, type Value } from './values.ts';

/** Parses the operator after a `|` and applies it to the table before it. Throws {@link KqlError} for an unknown one. */
export function operator(parser: Parser, table: Table): Table {
  const name = takeName(parser).toLowerCase();
  parser.columns = table.columns;
  switch (name) {
    case 'where': {
      const condition = expression(parser);
      return { columns: table.columns, rows: table.rows.filter((row) => condition(row) === true) };
    }
    case 'project':
      return project(table, namedList(parser), false);
    case 'extend':
      return project(table, namedList(parser), true);
    case 'summarize':
      return summarize(parser, table);
    case 'order':
    case 'sort':
      return order(parser, table);
    case 'take':
    case 'limit':
      return { columns: table.columns, rows: table.rows.slice(0, Number(take(parser).text)) };
    case 'distinct':
      return distinct(parser, table);
    default:
      throw new KqlError(`The operator ${name} is not modelled here.`);
  }
}

function project(table: Table, items: readonly [string, Expression][], keep: boolean): Table {
  const added = items.map(([name]) => name);
  const columns = keep ? [...new Set([...table.columns, ...added])] : added;
  const rows = table.rows.map((row) => ({
    ...(keep ? row : {}),
    ...Object.fromEntries(items.map(([name, read]) => [name, read(row)])),
  }));
  return { columns, rows };
}

function summarize(parser: Parser, table: Table): Table {
  const aggregates = [aggregate(parser)];
  while (accept(parser, ',')) aggregates.push(aggregate(parser));
  const by = accept(parser, 'by') ? namedList(parser) : [];
  const groups = new Map<string, { keys: Row; rows: Row[] }>();
  for (const row of table.rows) {
    const keys = Object.fromEntries(by.map(([name, read]) => [name, read(row)]));
    const key = JSON.stringify(keys);
    const group = groups.get(key) ?? { keys, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  const columns = [...by.map(([name]) => name), ...aggregates.map(([name]) => name)];
  return {
    columns,
    rows: [...groups.values()].map(({ keys, rows }) => ({
      ...keys,
      ...Object.fromEntries(aggregates.map(([name, of]) => [name, of(rows)])),
    })),
  };
}

function aggregate(parser: Parser): [string, Aggregate] {
  const next = parser.tokens[parser.at + 1];
  let name: string | undefined;
  if (next?.kind === 'symbol' && next.text === '=') {
    name = takeName(parser);
    expect(parser, '=');
  }
  const kind = takeName(parser).toLowerCase();
  const [argument] = list(parser);
  const values = (rows: readonly Row[]): Value[] => rows.map((row) => argument?.(row) ?? null);
  const kinds: Record<string, Aggregate> = {
    count: (rows) => rows.length,
    dcount: (rows) => new Set(values(rows).map(text)).size,
    max: (rows) => values(rows).sort(compare).at(-1) ?? null,
    min: (rows) => values(rows).sort(compare)[0] ?? null,
    take_any: (rows) => values(rows)[0] ?? null,
  };
  const made = kinds[kind];
  if (made === undefined) throw new KqlError(`The aggregate ${kind}() is not modelled here.`);
  return [name ?? `${kind}_`, made];
}

type Aggregate = (rows: readonly Row[]) => Value;

function order(parser: Parser, table: Table): Table {
  expect(parser, 'by');
  const key = expression(parser);
  const ascending = accept(parser, 'asc') || (accept(parser, 'desc') ? false : false);
  const sorted = [...table.rows].sort((a, b) => compare(key(a), key(b)) * (ascending ? 1 : -1));
  return { columns: table.columns, rows: sorted };
}

function distinct(parser: Parser, table: Table): Table {
  const items = namedList(parser);
  const { columns, rows } = project(table, items, false);
  return { columns, rows: [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()] };
}
