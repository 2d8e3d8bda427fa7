// Turns a JSON value into messages: its rows where it has some, or the value itself as a text.
import type { LogColumns } from '../lib/classify/classify.ts';
import { columnsOf, originOf, textOf, textsOf } from './columns.ts';
import { type Found, type Message, textMessage } from './found.ts';
import { rowMembers } from './json-rows.ts';

type Row = Readonly<Record<string, unknown>>;

/** The messages in a JSON text. Where it cannot be read, the text is the message, and nesting that exceeds the memory is a problem. */
export function* messagesOfJson(text: string, line: number): Generator<Found> {
  const value = parsed(text);
  if (value === undefined) yield textMessage(line, text);
  else yield* messagesOfValue(value.value, text, line);
}

/** The messages in the value of a JSON text. */
export function* messagesOfValue(value: unknown, text: string, line: number): Generator<Found> {
  const messages = messagesWithin(value, line);
  if (messages === undefined) {
    yield { kind: 'problem', line, what: 'holds JSON that is nested too deeply; it was read as text' };
    yield textMessage(line, text);
  } else yield* withLines(messages, text, line);
}

/** The value of a JSON text; `undefined` if it is none. */
export function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The message of a row: the text of its text column, or what `otherwise` says where it has none. */
export function messageOfRow(row: Row, line: number, otherwise: () => string): Message {
  const texts = textsOf(row);
  const columns: LogColumns = columnsOf(texts);
  const of = originOf(texts);
  const text = textOf(texts) ?? otherwise();
  return { kind: 'message', line, text, columns, ...(of === undefined ? {} : { of }) };
}

/** `undefined` where the value is nested more deeply than the stack of this program. */
function messagesWithin(value: unknown, line: number): Message[] | undefined {
  try {
    return messagesOf(value, line);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A row gives the text of its text column; other JSON, such as an error body, is the text itself. */
function messagesOf(value: unknown, line: number): Message[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => messagesOf(one, line));
  if (!isRow(value)) return [{ kind: 'message', line, text: String(value), columns: {} }];
  const within = rowsWithin(value);
  if (within !== undefined) return within.flatMap((one) => messagesOf(one, line));
  return [messageOfRow(value, line, () => JSON.stringify(value))];
}

/** The rows inside an API answer, if it has any: Log Analytics puts them into `tables`, Kubernetes into `items`, ARM into `value`. */
function rowsWithin(value: Row): readonly unknown[] | undefined {
  if (Array.isArray(value['tables'])) return value['tables'].flatMap(rowsOfTable);
  const member = rowMembers.find((name) => Array.isArray(value[name]));
  return member === undefined ? undefined : (value[member] as readonly unknown[]);
}

function rowsOfTable(table: unknown): Row[] {
  if (!isRow(table) || !Array.isArray(table['columns']) || !Array.isArray(table['rows'])) return [];
  const names = table['columns'].map((column: unknown) => (isRow(column) ? String(column['name']) : ''));
  const rows: unknown[] = table['rows'];
  return rows.flatMap((row) =>
    Array.isArray(row) ? [Object.fromEntries(row.map((cell: unknown, at) => [names[at] ?? '', cell]))] : [],
  );
}

/** Texts that are escaped in another way than JSON.stringify does it are not found. After this many of them the search stops. */
const mostMissedTexts = 20;

/** Gives each message of a JSON value that spans lines the line on which its own text stands. */
function* withLines(messages: readonly Message[], text: string, line: number): Generator<Message> {
  let at = 0;
  let current = line;
  let missed = text.includes('\n') ? 0 : mostMissedTexts;
  for (const message of messages) {
    const found = missed < mostMissedTexts ? text.indexOf(JSON.stringify(message.text), at) : -1;
    if (found < 0) missed += 1;
    else {
      current += linesIn(text.slice(at, found));
      at = found + 1;
    }
    yield { ...message, line: current };
  }
}

function linesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
