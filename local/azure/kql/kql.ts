// An honest interpreter for the little KQL that is asked here. It answers unknown syntax with an error that names it, and never guesses.
// Not here: the tables. Those of logs are in `monitor/`, those of Resource Graph in `management/`.
import { expression } from './expressions.ts';
import { operator } from './operators.ts';
import { accept, expect, type Parser, peek, type Source, take, takeName } from './parser.ts';
import { quoteInstants, tokenize } from './tokens.ts';
import { KqlError, type Table } from './values.ts';

/** Runs a query over tables. Throws {@link KqlError}. */
export function runKql(query: string, tables: Source): Table {
  const parser: Parser = {
    tokens: tokenize(quoteInstants(query)),
    at: 0,
    source: tables,
    lets: new Map(),
    columns: [],
  };
  while (accept(parser, 'let')) letStatement(parser);
  const table = pipeline(parser);
  accept(parser, ';');
  if (peek(parser).kind !== 'end') throw new KqlError(`Syntax: unexpected "${peek(parser).text}".`);
  return table;
}

function letStatement(parser: Parser): void {
  const name = takeName(parser);
  expect(parser, '=');
  parser.lets.set(name, expression(parser)({}));
  expect(parser, ';');
}

function pipeline(parser: Parser): Table {
  let table = accept(parser, 'union') ? union(parser) : source(parser);
  while (accept(parser, '|')) table = operator(parser, table);
  return table;
}

function source(parser: Parser): Table {
  if (accept(parser, 'datatable')) return emptyTable(parser);
  const name = takeName(parser);
  const table = parser.source.table(name);
  if (table === undefined) throw new MissingTable(name);
  return table;
}

/** `datatable(NAME: TYPE, …)[]`. One with values is not modelled. */
function emptyTable(parser: Parser): Table {
  expect(parser, '(');
  const columns: string[] = [];
  do {
    columns.push(takeName(parser));
    expect(parser, ':');
    takeName(parser);
  } while (accept(parser, ','));
  for (const sign of [')', '[', ']']) expect(parser, sign);
  return { columns, rows: [] };
}

/** With `isfuzzy=true` a leg whose table does not exist is left out; if none is left, the query fails. */
function union(parser: Parser): Table {
  const fuzzy = accept(parser, 'isfuzzy');
  if (fuzzy) {
    expect(parser, '=');
    expect(parser, 'true');
  }
  const legs: Table[] = [];
  do {
    expect(parser, '(');
    const start = parser.at;
    try {
      legs.push(pipeline(parser));
      expect(parser, ')');
    } catch (error) {
      if (!fuzzy || !(error instanceof MissingTable)) throw error;
      parser.at = start;
      skipLeg(parser);
    }
  } while (accept(parser, ','));
  if (legs.length === 0) throw new KqlError('Semantic: none of the tables exists.');
  return { columns: [...new Set(legs.flatMap((leg) => leg.columns))], rows: legs.flatMap((leg) => leg.rows) };
}

class MissingTable extends KqlError {
  constructor(name: string) {
    super(`Semantic: there is no table "${name}".`);
  }
}

function skipLeg(parser: Parser): void {
  let depth = 1;
  while (depth > 0) {
    const token = take(parser);
    if (token.kind === 'end') throw new KqlError('Syntax: a parenthesis is not closed.');
    if (token.kind === 'symbol' && token.text === '(') depth += 1;
    if (token.kind === 'symbol' && token.text === ')') depth -= 1;
  }
}
