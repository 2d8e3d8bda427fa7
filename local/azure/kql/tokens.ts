// Cuts the text of a query into tokens.
import { KqlError } from './values.ts';

/** A word or a sign of a query. Strings are without their quotes. */
export type Token = {
  readonly kind: 'name' | 'string' | 'number' | 'duration' | 'symbol' | 'end';
  readonly text: string;
};

const tokenPattern =
  /\s+|\/\/[^\n]*|(@?"(?:\\.|[^"\\])*"|@?'(?:\\.|[^'\\])*')|(\d+(?:\.\d+)?(?:ms|s|m|h|d)\b)|(\d+(?:\.\d+)?)|([A-Za-z_][\w-]*~?|\$\w+)|(=~|!~|==|!=|>=|<=|\.\.|[|(),=<>.;:+*\-[\]])/y;

const unicode = /\\u([0-9a-fA-F]{4})/g;

/** The tokens of a query, with one of kind `end` after them. Throws {@link KqlError} at a sign that KQL does not have. */
export function tokenize(query: string): Token[] {
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

/** `datetime(2026-06-01T02:00:00Z)` holds no string: it is rewritten to one before the text is cut into tokens. */
export function quoteInstants(query: string): string {
  return query.replace(/datetime\(\s*([0-9][0-9T:.Z+-]*)\s*\)/g, 'datetime("$1")');
}

function unquote(literal: string): string {
  const verbatim = literal.startsWith('@');
  const body = literal.slice(verbatim ? 2 : 1, -1);
  if (verbatim) return body;
  return body
    .replace(unicode, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character === 't' ? '\t' : character));
}
