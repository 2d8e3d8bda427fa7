// The parser's place in a query: what comes next, and taking it.

import type { Token } from './tokens.ts';
import { KqlError, type Table, type Value } from './values.ts';

/** The tokens of one query and how far they have been read. */
export interface Parser {
  readonly tokens: readonly Token[];
  at: number;
  readonly source: Source;
  readonly lets: Map<string, Value>;
  /** Columns that the current operator can name. */
  columns: readonly string[];
}

/** The tables that a query can name, and the instant that `now()` means. */
export interface Source {
  /** `undefined` when there is no table of this name. */
  table(name: string): Table | undefined;
  readonly nowMs: number;
}

/** The next token, which stays the next one. */
export function peek(parser: Parser): Token {
  return parser.tokens[parser.at] ?? { kind: 'end', text: 'the end' };
}

/** The next token; the place moves behind it. */
export function take(parser: Parser): Token {
  const token = peek(parser);
  parser.at += 1;
  return token;
}

/** Whether the next token is this word or sign, in any case. */
export function isNext(parser: Parser, text: string): boolean {
  const token = peek(parser);
  return token.kind !== 'string' && token.text.toLowerCase() === text;
}

/** Takes this word or sign if it is next, and says whether it was. */
export function accept(parser: Parser, text: string): boolean {
  if (!isNext(parser, text)) return false;
  parser.at += 1;
  return true;
}

/** Takes this word or sign; throws {@link KqlError} if another one is next. */
export function expect(parser: Parser, text: string): void {
  if (!accept(parser, text)) throw new KqlError(`Syntax: expected "${text}" and found "${peek(parser).text}".`);
}

/** Takes a name; throws {@link KqlError} if something else is next. */
export function takeName(parser: Parser): string {
  const token = take(parser);
  if (token.kind !== 'name') throw new KqlError(`Syntax: expected a name and found "${token.text}".`);
  return token.text;
}
