// The parser's place in a query: what comes next, and taking it.

import type { Token } from './tokens.ts';
import { KqlError, type Table, type Value } from './values.ts';

export interface Parser {
  readonly tokens: readonly Token[];
  at: number;
  readonly source: Source;
  readonly lets: Map<string, Value>;
  /** Columns that the current operator can name. */
  columns: readonly string[];
}

export interface Source {
  /** `undefined` when there is no table of this name. */
  table(name: string): Table | undefined;
  readonly nowMs: number;
}

export function peek(parser: Parser): Token {
  return parser.tokens[parser.at] ?? { kind: 'end', text: 'the end' };
}

export function take(parser: Parser): Token {
  const token = peek(parser);
  parser.at += 1;
  return token;
}

export function isNext(parser: Parser, text: string): boolean {
  const token = peek(parser);
  return token.kind !== 'string' && token.text.toLowerCase() === text;
}

export function accept(parser: Parser, text: string): boolean {
  if (!isNext(parser, text)) return false;
  parser.at += 1;
  return true;
}

export function expect(parser: Parser, text: string): void {
  if (!accept(parser, text)) throw new KqlError(`Syntax: expected "${text}" and found "${peek(parser).text}".`);
}

export function takeName(parser: Parser): string {
  const token = take(parser);
  if (token.kind !== 'name') throw new KqlError(`Syntax: expected a name and found "${token.text}".`);
  return token.text;
}
