// Expressions of KQL: parsed into functions of a row.

import { accept, expect, isNext, type Parser, peek, take, takeName } from './parser.ts';
import { compare, hasTerm, KqlError, member, type Row, same, text, type Value } from './values.ts';

/** What an expression means for one row. */
export type Expression = (row: Row) => Value;

/** Parses one expression, down to the lowest binding, `or`. */
export function expression(parser: Parser): Expression {
  let left = conjunction(parser);
  while (accept(parser, 'or')) {
    const [a, b] = [left, conjunction(parser)];
    left = (row) => a(row) === true || b(row) === true;
  }
  return left;
}

function conjunction(parser: Parser): Expression {
  let left = negation(parser);
  while (accept(parser, 'and')) {
    const [a, b] = [left, negation(parser)];
    left = (row) => a(row) === true && b(row) === true;
  }
  return left;
}

function negation(parser: Parser): Expression {
  if (!accept(parser, 'not')) return comparison(parser);
  const inner = negation(parser);
  return (row) => inner(row) !== true;
}

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

function call(parser: Parser, name: string): Expression {
  if (name === 'column_ifexists') return columnIfExists(parser);
  if (name === 'datetime') return datetimeLiteral(parser);
  const make = functions[name];
  if (make === undefined) throw new KqlError(`The function ${name}() is not modelled here.`);
  return make(list(parser), parser);
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
  coalesce: (args) => (row) => {
    const values = args.map((arg) => arg(row));
    return values.find((value) => value !== null && value !== '') ?? '';
  },
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

function column(parser: Parser, name: string): Expression {
  const bound = parser.lets.get(name);
  if (bound !== undefined) return () => bound;
  if (!parser.columns.includes(name)) throw new KqlError(`Semantic: there is no column "${name}".`);
  return (row) => row[name] ?? null;
}

function columnIfExists(parser: Parser): Expression {
  expect(parser, '(');
  const name = take(parser).text;
  expect(parser, ',');
  const fallback = expression(parser);
  expect(parser, ')');
  return parser.columns.includes(name) ? (row) => row[name] ?? null : fallback;
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

function withMembers(parser: Parser, base: Expression): Expression {
  let read = base;
  while (accept(parser, '.')) {
    const name = takeName(parser);
    const before = read;
    read = (row) => member(before(row), name);
  }
  return read;
}

/** Parses expressions in brackets, with commas between them. */
export function list(parser: Parser): Expression[] {
  expect(parser, '(');
  const items: Expression[] = [];
  while (!isNext(parser, ')')) {
    items.push(expression(parser));
    if (!accept(parser, ',')) break;
  }
  expect(parser, ')');
  return items;
}

const durations: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationMs(literal: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(literal);
  return Number(match?.[1] ?? 0) * (durations[match?.[2] ?? ''] ?? 0);
}

/** Parses expressions with commas between them, each with the name that it gives its column. */
export function namedList(parser: Parser): [string, Expression][] {
  const items = [named(parser)];
  while (accept(parser, ',')) items.push(named(parser));
  return items;
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
