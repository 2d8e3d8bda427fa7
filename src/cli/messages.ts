// What a log holds, as messages: finds rows of exports, events and pasted text in lines, without being told the format.
import { parse as parseCsv } from 'csv-parse/sync';
import type { LogColumns } from '../lib/classify/classify.ts';
import { columnsOf, textOf } from './columns.ts';
import { type Line, longestLine } from './lines.ts';

export interface Message {
  readonly kind: 'message';
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly id?: string | number;
  readonly text: string;
  readonly columns: LogColumns;
}

/** Something that is not what the format promises. The rest is read all the same. */
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

/** Answers of APIs hold their rows in a member: Log Analytics in `tables`, Kubernetes in `items`, ARM in `value`. */
function rowsWithin(value: Row): readonly unknown[] | undefined {
  if (Array.isArray(value['tables'])) return value['tables'].flatMap(rowsOfTable);
  const member = rowMembers.find((name) => Array.isArray(value[name]));
  return member === undefined ? undefined : (value[member] as readonly unknown[]);
}

/** A row with a column that holds the text; any other JSON is text itself, for example the body of an error. */
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

/** Collects lines until a JSON value is complete. Pretty-printed values span lines, streams have one a line. */
class OpenJson {
  readonly #lines: string[] = [];
  readonly line: number;
  #depth = 0;
  #inText = false;
  #length = 0;

  constructor(line: number) {
    this.line = line;
  }

  /** Whether the value ends on this line. */
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

/** A row of `kubectl get events` or `kubectl describe`. */
const kubernetesRow =
  /^\s{0,20}(?:[\dhmsd]{1,12}\s{1,20}(?:\([^)]{1,40}\)\s{1,20})?)?(Normal|Warning)\s{1,20}([A-Z]\w{1,40})\s/;
/** What begins a line of a log: a time, a level, a name and a value, a runner's mark. */
const stamped =
  /^\s{0,8}(?:\[?\d{4}[-/]\d\d[-/]\d\d|\[?\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|[IWEF]\d{4} \d\d:|time=|level=|##\[|(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL)\b)/;
const sentence = /^[A-Z][a-z]{1,30}(?:'s)?[ :]/;
const ended = /[.!?'")\]}]$/;
/** A longer run of lines is no wrapped message but a list of them. */
const mostWrappedLines = 30;

/** Whether this line begins a message of its own, or goes on with the one above it. */
function begins(text: string, above: string): boolean {
  if (kubernetesRow.test(text) || stamped.test(text)) return true;
  return sentence.test(text) && ended.test(above.trimEnd());
}

function columnsOfLine(text: string): LogColumns {
  const [, type, reason] = kubernetesRow.exec(text) ?? [];
  return type === undefined || reason === undefined ? {} : { type, reason };
}

function textMessage(line: number, text: string): Message {
  return { kind: 'message', line, text, columns: columnsOfLine(text) };
}

/** Lines of pasted text: messages that a terminal or a page wrapped are put together again. */
class Paragraph {
  #lines: Line[] = [];

  *add(line: Line): Generator<Found> {
    const above = this.#lines.at(-1);
    if (line.text.trim() === '' || (above !== undefined && begins(line.text, above.text))) yield* this.end();
    if (line.text.trim() !== '') this.#lines.push(line);
  }

  *end(): Generator<Found> {
    const lines = this.#lines;
    this.#lines = [];
    const [first] = lines;
    if (first === undefined) return;
    if (lines.length > mostWrappedLines) yield* lines.map((line) => textMessage(line.number, line.text));
    else yield textMessage(first.number, lines.map((line) => line.text).join('\n'));
  }
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

/** The header of an export, if this line is one: it names a column that holds the text, and others. */
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
  if (cells === undefined) return { kind: 'problem', line, what: 'is no row of CSV; it was read as text' };
  const row = Object.fromEntries(csv.names.map((name, at) => [name, cells[at] ?? '']));
  return { kind: 'message', line, text: textOf(row) ?? '', columns: columnsOf(row) };
}

/** Quotes inside a row come in pairs; an odd number means that the row goes on, on the next line. */
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
  else yield* messagesOf(value.value, json.line);
}

/** An array of rows is read row by row: its brackets and commas by themselves say nothing. */
const punctuation = /^\s*[[\],]+\s*$/;
const opensJson = /^\s*(?:\[\s*)?\{/;

async function* mixed(lines: AsyncIterable<Line>): AsyncGenerator<Found> {
  const paragraph = new Paragraph();
  let json: OpenJson | undefined;
  for await (const line of lines) {
    // A value that a cut stream never closed ends where the next one begins: only at the margin, where nothing nested stands.
    if (json !== undefined && (line.text.startsWith('{"') || json.isTooLong)) {
      yield* closeJson(json);
      json = undefined;
    }
    if (json === undefined && punctuation.test(line.text)) continue;
    if (json === undefined && !opensJson.test(line.text)) {
      yield* paragraph.add(line);
      continue;
    }
    yield* paragraph.end();
    json ??= new OpenJson(line.number);
    const text = json.line === line.number ? line.text.replace(/^\s*\[\s*(?=\{)(?![^]*\]\s*$)/, '') : line.text;
    if (!json.add(text)) continue;
    yield* closeJson(json);
    json = undefined;
  }
  yield* paragraph.end();
  if (json !== undefined) yield* closeJson(json);
}

async function* followedBy(first: readonly Line[], rest: AsyncIterator<Line>): AsyncGenerator<Line> {
  yield* first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Reads a log of unknown format. `lines`: every line is a message. `whole`: all of it is one. */
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
  if (!isRow(value)) return { kind: 'problem', line, what: 'is no JSON object' };
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
      ? { kind: 'problem', line: line.number, what: 'is no JSON' }
      : labelled(value.value, line.number);
  }
}
