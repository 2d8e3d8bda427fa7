// An honest interpreter for the little KQL that is asked here. What it does not know is an error that names it, never a guess.

export type Value = string | number | boolean | Date | null | { [key: string]: Value } | Value[];
export type Row = Record<string, Value>;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** The query asks for something that is not there or not modelled. */
export class KqlError extends Error {
  override readonly name = 'KqlError';
}

type Token = { readonly kind: 'name' | 'string' | 'number' | 'duration' | 'symbol' | 'end'; readonly text: string };

const tokenPattern =
  /\s+|\/\/[^\n]*|(@?"(?:\\.|[^"\\])*"|@?'(?:\\.|[^'\\])*')|(\d+(?:\.\d+)?(?:ms|s|m|h|d)\b)|(\d+(?:\.\d+)?)|([A-Za-z_][\w-]*~?|\$\w+)|(=~|!~|==|!=|>=|<=|\.\.|[|(),=<>.;+*\-[\]])/y;

const unicode = /\\u([0-9a-fA-F]{4})/g;

function unquote(literal: string): string {
  const verbatim = literal.startsWith('@');
  const body = literal.slice(verbatim ? 2 : 1, -1);
  if (verbatim) return body;
  return body
    .replace(unicode, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character === 't' ? '\t' : character));
}

function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < query.length) {
    const from = tokenPattern.lastIndex;
    const match = tokenPattern.exec(query);
    if (match === null) throw new KqlError(`Syntax: unexpected "${query.slice(from, from + 12)}".`);
    const [, text, span, number, name, symbol] = match;
    if (text !== undefined) tokens.push({ kind: 'string', text: unquote(text) });
    else if (span !== undefined) tokens.push({ kind: 'duration', text: span });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
  }
  tokens.push({ kind: 'end', text: 'the end' });
  return tokens;
}

type Expression = (row: Row) => Value;

export interface Source {
  /** `undefined` when there is no table of this name. */
  table(name: string): Table | undefined;
  readonly nowMs: number;
}

interface Parser {
  readonly tokens: readonly Token[];
  at: number;
  readonly source: Source;
  readonly lets: Map<string, Value>;
  /** Columns that the current operator can name. */
  columns: readonly string[];
}

function peek(parser: Parser): Token {
  return parser.tokens[parser.at] ?? { kind: 'end', text: 'the end' };
}

function take(parser: Parser): Token {
  const token = peek(parser);
  parser.at += 1;
  return token;
}

function isNext(parser: Parser, text: string): boolean {
  const token = peek(parser);
  return token.kind !== 'string' && token.text.toLowerCase() === text;
}

function accept(parser: Parser, text: string): boolean {
  if (!isNext(parser, text)) return false;
  parser.at += 1;
  return true;
}

function expect(parser: Parser, text: string): void {
  if (!accept(parser, text)) throw new KqlError(`Syntax: expected "${text}" and found "${peek(parser).text}".`);
}

function takeName(parser: Parser): string {
  const token = take(parser);
  if (token.kind !== 'name') throw new KqlError(`Syntax: expected a name and found "${token.text}".`);
  return token.text;
}

function text(value: Value): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function comparable(value: Value): number | string {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'number' ? value : text(value);
}

function compare(a: Value, b: Value): number {
  const [x, y] = [comparable(a), comparable(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function same(a: Value, b: Value, caseless: boolean): boolean {
  return caseless ? text(a).toLowerCase() === text(b).toLowerCase() : compare(a, b) === 0;
}

/** `has` looks for whole terms: runs of letters and digits. */
function hasTerm(value: Value, term: Value): boolean {
  const needle = text(term).toLowerCase();
  const hay = text(value).toLowerCase();
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1)) {
    const before = hay[at - 1] ?? ' ';
    const after = hay[at + needle.length] ?? ' ';
    if (!/[a-z0-9]/.test(before) && !/[a-z0-9]/.test(after)) return true;
  }
  return false;
}

const durations: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationMs(literal: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(literal);
  return Number(match?.[1] ?? 0) * (durations[match?.[2] ?? ''] ?? 0);
}

function list(parser: Parser): Expression[] {
  expect(parser, '(');
  const items: Expression[] = [];
  while (!isNext(parser, ')')) {
    items.push(expression(parser));
    if (!accept(parser, ',')) break;
  }
  expect(parser, ')');
  return items;
}

function datetimeLiteral(parser: Parser): Expression {
  expect(parser, '(');
  if (peek(parser).kind === 'string') {
    const quoted = new Date(take(parser).text);
    expect(parser, ')');
    return () => quoted;
  }
  throw new KqlError('Syntax: datetime() holds no instant.');
}

/** Functions of values; each gets its arguments unevaluated. */
const functions: Readonly<Record<string, (args: readonly Expression[], parser: Parser) => Expression>> = {
  tostring:
    ([value]) =>
    (row) =>
      text(value?.(row) ?? null),
  tolower:
    ([value]) =>
    (row) =>
      text(value?.(row) ?? null).toLowerCase(),
  isempty:
    ([value]) =>
    (row) =>
      text(value?.(row) ?? null) === '',
  isnotempty:
    ([value]) =>
    (row) =>
      text(value?.(row) ?? null) !== '',
  strcat: (args) => (row) => args.map((arg) => text(arg(row))).join(''),
  iff:
    ([condition, yes, no]) =>
    (row) =>
      condition?.(row) === true ? (yes?.(row) ?? null) : (no?.(row) ?? null),
  now: (_, parser) => () => new Date(parser.source.nowMs),
  ago:
    ([span], parser) =>
    (row) =>
      new Date(parser.source.nowMs - Number(span?.(row) ?? 0)),
  bin:
    ([value, size]) =>
    (row) => {
      const step = Number(size?.(row) ?? 1);
      const given = value?.(row) ?? null;
      if (given instanceof Date) return new Date(Math.floor(given.getTime() / step) * step);
      return Math.floor(Number(given) / step) * step;
    },
  extract:
    ([pattern, group, value]) =>
    (row) =>
      new RegExp(text(pattern?.(row) ?? '')).exec(text(value?.(row) ?? ''))?.[Number(group?.(row) ?? 0)] ?? '',
};

function columnIfExists(parser: Parser): Expression {
  expect(parser, '(');
  const name = take(parser).text;
  expect(parser, ',');
  const fallback = expression(parser);
  expect(parser, ')');
  return parser.columns.includes(name) ? (row) => row[name] ?? null : fallback;
}

function column(parser: Parser, name: string): Expression {
  const bound = parser.lets.get(name);
  if (bound !== undefined) return () => bound;
  if (!parser.columns.includes(name)) throw new KqlError(`Semantic: there is no column "${name}".`);
  return (row) => row[name] ?? null;
}

function member(value: Value, name: string): Value {
  return typeof value === 'object' && value !== null && !(value instanceof Date) && !Array.isArray(value)
    ? (value[name] ?? null)
    : null;
}

function withMembers(parser: Parser, base: Expression): Expression {
  let read = base;
  while (accept(parser, '.')) {
    const name = takeName(parser);
    const before = read;
    read = (row) => member(before(row), name);
  }
  return read;
}

function call(parser: Parser, name: string): Expression {
  if (name === 'column_ifexists') return columnIfExists(parser);
  if (name === 'datetime') return datetimeLiteral(parser);
  const make = functions[name];
  if (make === undefined) throw new KqlError(`The function ${name}() is not modelled here.`);
  return make(list(parser), parser);
}

function primary(parser: Parser): Expression {
  if (accept(parser, '(')) {
    const inner = expression(parser);
    expect(parser, ')');
    return inner;
  }
  const token = take(parser);
  if (token.kind === 'string') return () => token.text;
  if (token.kind === 'number') return () => Number(token.text);
  if (token.kind === 'duration') return () => durationMs(token.text);
  if (token.kind !== 'name') throw new KqlError(`Syntax: unexpected "${token.text}".`);
  if (token.text === 'true' || token.text === 'false') return () => token.text === 'true';
  if (isNext(parser, '(')) return call(parser, token.text.toLowerCase());
  return withMembers(parser, column(parser, token.text));
}

const operators: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  '==': (a, b) => same(a, b, false),
  '!=': (a, b) => !same(a, b, false),
  '=~': (a, b) => same(a, b, true),
  '!~': (a, b) => !same(a, b, true),
  '>': (a, b) => compare(a, b) > 0,
  '>=': (a, b) => compare(a, b) >= 0,
  '<': (a, b) => compare(a, b) < 0,
  '<=': (a, b) => compare(a, b) <= 0,
  has: hasTerm,
  contains: (a, b) => text(a).toLowerCase().includes(text(b).toLowerCase()),
  startswith: (a, b) => text(a).toLowerCase().startsWith(text(b).toLowerCase()),
};

const listOperators: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  in: (a, b) => same(a, b, false),
  'in~': (a, b) => same(a, b, true),
  has_any: hasTerm,
};

function comparison(parser: Parser): Expression {
  const left = primary(parser);
  const word = peek(parser).kind === 'string' ? '' : peek(parser).text.toLowerCase();
  const single = operators[word];
  if (single !== undefined) {
    take(parser);
    const right = primary(parser);
    return (row) => single(left(row), right(row));
  }
  const many = listOperators[word];
  if (many === undefined) return left;
  take(parser);
  const items = list(parser);
  return (row) => items.some((item) => many(left(row), item(row)));
}

function negation(parser: Parser): Expression {
  if (!accept(parser, 'not')) return comparison(parser);
  const inner = negation(parser);
  return (row) => inner(row) !== true;
}

function conjunction(parser: Parser): Expression {
  let left = negation(parser);
  while (accept(parser, 'and')) {
    const [a, b] = [left, negation(parser)];
    left = (row) => a(row) === true && b(row) === true;
  }
  return left;
}

function expression(parser: Parser): Expression {
  let left = conjunction(parser);
  while (accept(parser, 'or')) {
    const [a, b] = [left, conjunction(parser)];
    left = (row) => a(row) === true || b(row) === true;
  }
  return left;
}

function named(parser: Parser): [string, Expression] {
  const next = parser.tokens[parser.at + 1];
  if (peek(parser).kind === 'name' && next?.kind === 'symbol' && next.text === '=') {
    const name = takeName(parser);
    expect(parser, '=');
    return [name, expression(parser)];
  }
  const name = peek(parser).text;
  return [name, expression(parser)];
}

function namedList(parser: Parser): [string, Expression][] {
  const items = [named(parser)];
  while (accept(parser, ',')) items.push(named(parser));
  return items;
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

type Aggregate = (rows: readonly Row[]) => Value;

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

function operator(parser: Parser, table: Table): Table {
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

function pipeline(parser: Parser): Table {
  let table = accept(parser, 'union') ? union(parser) : source(parser);
  while (accept(parser, '|')) table = operator(parser, table);
  return table;
}

function source(parser: Parser): Table {
  const name = takeName(parser);
  const table = parser.source.table(name);
  if (table === undefined) throw new MissingTable(name);
  return table;
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

function letStatement(parser: Parser): void {
  const name = takeName(parser);
  expect(parser, '=');
  parser.lets.set(name, expression(parser)({}));
  expect(parser, ';');
}

/** `datetime(2026-06-01T02:00:00Z)` holds no string: it is rewritten to one before the text is cut into tokens. */
function quoteInstants(query: string): string {
  return query.replace(/datetime\(\s*([0-9][0-9T:.Z+-]*)\s*\)/g, 'datetime("$1")');
}

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
