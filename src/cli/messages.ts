// Splits a log into messages. Recognises rows of exports, events and pasted text by themselves; the caller does not name the format.
import { parse as parseCsv } from 'csv-parse/sync';
import type { LogColumns } from '../lib/classify/classify.ts';
import { columnsOf, textOf } from './columns.ts';
import { type Line, longestLine } from './lines.ts';
import { columnsOfLine, Paragraph } from './paragraphs.ts';

export interface Message {
  readonly kind: 'message';
  /** The line on which its text begins, from 1. */
  readonly line: number;
  readonly id?: string | number;
  readonly text: string;
  readonly columns: LogColumns;
}

/** A place where the input breaks its format. Reading goes on after it. `what` completes the sentence "line 7 …". */
export interface Problem {
  readonly kind: 'problem';
  readonly line: number;
  readonly what: string;
}

export type Found = Message | Problem;
export type Splitting = 'auto' | 'lines' | 'whole';

type Row = Readonly<Record<string, unknown>>;

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rowsOfTable(table: unknown): Row[] {
  if (!isRow(table) || !Array.isArray(table['columns']) || !Array.isArray(table['rows'])) return [];
  const names = table['columns'].map((column: unknown) => (isRow(column) ? String(column['name']) : ''));
  const rows: unknown[] = table['rows'];
  return rows.flatMap((row) =>
    Array.isArray(row) ? [Object.fromEntries(row.map((cell: unknown, at) => [names[at] ?? '', cell]))] : [],
  );
}

const rowMembers = ['items', 'value', 'rows', 'results', 'records', 'events', 'data', 'logs'];

/** The rows inside an API answer, if it has any: Log Analytics puts them into `tables`, Kubernetes into `items`, ARM into `value`. */
function rowsWithin(value: Row): readonly unknown[] | undefined {
  if (Array.isArray(value['tables'])) return value['tables'].flatMap(rowsOfTable);
  const member = rowMembers.find((name) => Array.isArray(value[name]));
  return member === undefined ? undefined : (value[member] as readonly unknown[]);
}

/** The messages in a JSON value. A row gives the text of its text column; other JSON, such as an error body, is the text itself. */
function messagesOf(value: unknown, line: number): Message[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => messagesOf(one, line));
  if (!isRow(value)) return [{ kind: 'message', line, text: String(value), columns: {} }];
  const within = rowsWithin(value);
  if (within !== undefined) return within.flatMap((one) => messagesOf(one, line));
  return [{ kind: 'message', line, text: textOf(value) ?? JSON.stringify(value), columns: columnsOf(value) }];
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Collects lines until a JSON value is complete. A pretty-printed value spans lines; a stream has one value per line. */
class OpenJson {
  readonly #lines: string[] = [];
  readonly line: number;
  #depth = 0;
  #inText = false;
  #length = 0;

  constructor(line: number) {
    this.line = line;
  }

  /** Adds a line. True if the value ends on it. */
  add(text: string): boolean {
    this.#lines.push(text);
    this.#length += text.length;
    for (let at = 0; at < text.length; at += 1) {
      const char = text[at];
      if (this.#inText) {
        if (char === '\\') at += 1;
        else if (char === '"') this.#inText = false;
      } else if (char === '"') this.#inText = true;
      else if (char === '{' || char === '[') this.#depth += 1;
      else if (char === '}' || char === ']') this.#depth -= 1;
    }
    return this.#depth <= 0;
  }

  get text(): string {
    return this.#lines.join('\n').trim().replace(/,$/, '');
  }

  get isTooLong(): boolean {
    return this.#length > longestLine;
  }
}

function textMessage(line: number, text: string): Message {
  return { kind: 'message', line, text, columns: columnsOfLine(text) };
}

function* messagesOfText(messages: Iterable<readonly Line[]>): Generator<Message> {
  for (const lines of messages) yield textMessage(lines[0]?.number ?? 0, lines.map((line) => line.text).join('\n'));
}

const delimiters = [',', ';', '\t'];

function csvCells(text: string, delimiter: string): string[] | undefined {
  try {
    const [row] = parseCsv(text, { delimiter, relaxColumnCount: true, bom: true });
    return row;
  } catch {
    return undefined;
  }
}

interface Csv {
  readonly delimiter: string;
  readonly names: readonly string[];
}

/** Reads the line as the header of a CSV export: it names a text column and at least one other. `undefined` if it is not a header. */
function csvHeader(text: string): Csv | undefined {
  if (text.length > 20_000) return undefined;
  for (const delimiter of delimiters) {
    const names = csvCells(text, delimiter)?.map((name) => name.replace(/ ?\[UTC\]$/, '').trim());
    if (names === undefined || names.length < 2) continue;
    if (textOf(Object.fromEntries(names.map((name) => [name, 'x']))) !== undefined) return { delimiter, names };
  }
  return undefined;
}

function csvRow(csv: Csv, text: string, line: number): Found {
  const cells = csvCells(text, csv.delimiter);
  if (cells === undefined) return { kind: 'problem', line, what: 'is not a row of CSV; it was read as text' };
  const row = Object.fromEntries(csv.names.map((name, at) => [name, cells[at] ?? '']));
  return { kind: 'message', line, text: textOf(row) ?? '', columns: columnsOf(row) };
}

/** Counts quotes. Quotes inside a row come in pairs; after an odd number the row continues on the next line. */
function quotesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count += 1;
  return count;
}

const mostCsvLines = 2000;

async function* csvRows(csv: Csv, lines: AsyncIterable<Line>): AsyncGenerator<Found> {
  let open: Line[] = [];
  let quotes = 0;
  for await (const line of lines) {
    if (open.length === 0 && line.text.trim() === '') continue;
    open.push(line);
    quotes += quotesIn(line.text);
    if (quotes % 2 === 1 && open.length < mostCsvLines) continue;
    yield csvRow(csv, open.map((one) => one.text).join('\n'), open[0]?.number ?? 0);
    open = [];
    quotes = 0;
  }
  const [first] = open;
  if (first === undefined) return;
  yield { kind: 'problem', line: first.number, what: 'begins a row of CSV that never ends; it was read as text' };
  yield textMessage(first.number, open.map((one) => one.text).join('\n'));
}

function* closeJson(json: OpenJson): Generator<Found> {
  const value = parsed(json.text);
  if (value === undefined) yield textMessage(json.line, json.text);
  else yield* withLines(messagesOf(value.value, json.line), json);
}

/** Texts that are escaped in another way than JSON.stringify does it are not found; after so many the search stops. */
const mostMissedTexts = 20;

/** Gives each message of a JSON value that spans lines the line on which its own text stands. */
function* withLines(messages: readonly Message[], { text, line }: OpenJson): Generator<Message> {
  let at = 0;
  let current = line;
  let missed = 0;
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

/** A line of brackets and commas only. An array is read row by row, so such a line is skipped. */
const punctuation = /^\s*[[\],]+\s*$/;
const opensJson = /^\s*(?:\[\s*)?\{/;

async function* mixed(lines: AsyncIterable<Line>): AsyncGenerator<Found> {
  const paragraph = new Paragraph();
  let json: OpenJson | undefined;
  for await (const line of lines) {
    // A cut stream leaves a value open: it ends where the next value begins. Only a value at the start of a line counts, because
    // nested values are indented.
    if (json !== undefined && (line.text.startsWith('{"') || json.isTooLong)) {
      yield* closeJson(json);
      json = undefined;
    }
    if (json === undefined && punctuation.test(line.text)) continue;
    if (json === undefined && !opensJson.test(line.text)) {
      yield* messagesOfText(paragraph.add(line));
      continue;
    }
    yield* messagesOfText(paragraph.end());
    json ??= new OpenJson(line.number);
    const text = json.line === line.number ? line.text.replace(/^\s*\[\s*(?=\{)(?![^]*\]\s*$)/, '') : line.text;
    if (!json.add(text)) continue;
    yield* closeJson(json);
    json = undefined;
  }
  yield* messagesOfText(paragraph.end());
  if (json !== undefined) yield* closeJson(json);
}

async function* followedBy(first: readonly Line[], rest: AsyncIterator<Line>): AsyncGenerator<Line> {
  yield* first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Reads a log of unknown format. `lines`: every line is a message. `whole`: the whole log is one message. */
export async function* messagesIn(lines: AsyncIterable<Line>, splitting: Splitting): AsyncGenerator<Found> {
  if (splitting === 'lines') {
    for await (const line of lines) if (line.text.trim() !== '') yield textMessage(line.number, line.text);
    return;
  }
  if (splitting === 'whole') {
    const all: string[] = [];
    for await (const line of lines) all.push(line.text);
    if (all.some((text) => text.trim() !== '')) yield textMessage(1, all.join('\n'));
    return;
  }
  const iterator = lines[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const csv = csvHeader(first.value.text);
  if (csv === undefined) yield* mixed(followedBy([first.value], iterator));
  else yield* csvRows(csv, followedBy([], iterator));
}

function labelled(value: unknown, line: number): Found {
  if (!isRow(value)) return { kind: 'problem', line, what: 'is not a JSON object' };
  const { id, text, columns } = value;
  if (typeof text !== 'string') return { kind: 'problem', line, what: 'has no member "text"' };
  const message = { kind: 'message', line, text, columns: columnsOf(isRow(columns) ? columns : {}) } as const;
  return typeof id === 'string' || typeof id === 'number' ? { ...message, id } : message;
}

/** Reads JSON lines of `{id, text, columns?}`. */
export async function* labelledLines(lines: AsyncIterable<Line>): AsyncGenerator<Found> {
  for await (const line of lines) {
    if (line.text.trim() === '') continue;
    const value = parsed(line.text);
    yield value === undefined
      ? { kind: 'problem', line: line.number, what: 'is not JSON' }
      : labelled(value.value, line.number);
  }
}
