// Reads the rows of a CSV export. A row goes on over line breaks inside quotes.
import { parse as parseCsv } from 'csv-parse/sync';
import { textOf, textsOf } from './columns.ts';
import { type Found, messagesOfLines } from './found.ts';
import { messageOfRow } from './json-messages.ts';
import type { Line } from './lines.ts';

const delimiters = [',', ';', '\t'];

function csvCells(text: string, delimiter: string): string[] | undefined {
  try {
    const [row] = parseCsv(text, { delimiter, relaxColumnCount: true, bom: true });
    return row;
  } catch {
    return undefined;
  }
}

export interface Csv {
  readonly delimiter: string;
  readonly names: readonly string[];
}

/** Reads the line as the header of a CSV export: it names a text column and at least one other. `undefined` if it is not a header. */
export function csvHeader(text: string): Csv | undefined {
  if (text.length > 20_000) return undefined;
  for (const delimiter of delimiters) {
    const names = csvCells(text, delimiter)?.map((name) => name.replace(/ ?\[UTC\]$/, '').trim());
    if (names === undefined || names.length < 2) continue;
    if (textOf(textsOf(Object.fromEntries(names.map((name) => [name, 'x'])))) !== undefined)
      return { delimiter, names };
  }
  return undefined;
}

function* csvRow(csv: Csv, lines: readonly Line[]): Generator<Found> {
  const line = lines[0]?.number ?? 0;
  const cells = csvCells(lines.map(({ text }) => text).join('\n'), csv.delimiter);
  const row = Object.fromEntries(csv.names.slice(0, cells?.length ?? 0).map((name, at) => [name, cells?.[at] ?? '']));
  if (textOf(textsOf(row)) === undefined) {
    yield { kind: 'problem', line, what: 'is not a row of CSV; it was read as text' };
    yield* messagesOfLines(lines);
    return;
  }
  yield messageOfRow(row, line, () => '');
}

/** Counts quotes. Quotes inside a row come in pairs; after an odd number the row continues on the next line. */
function quotesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count += 1;
  return count;
}

/** After this many lines a quote that opened is a mistake, and the lines are read as text. */
const mostCsvLines = 2000;

/** Reads the rows below a header. */
export class CsvRows {
  readonly #csv: Csv;
  #open: Line[] = [];
  #quotes = 0;

  constructor(csv: Csv) {
    this.#csv = csv;
  }

  /** Yields the row that the line completes. */
  *add(line: Line): Generator<Found> {
    if (this.#open.length === 0 && line.text.trim() === '') return;
    this.#open.push(line);
    this.#quotes += quotesIn(line.text);
    if (this.#quotes % 2 === 1 && this.#open.length < mostCsvLines) return;
    yield* csvRow(this.#csv, this.#open);
    this.#open = [];
    this.#quotes = 0;
  }

  /** The rest of a row that never ends. */
  *end(): Generator<Found> {
    const [first] = this.#open;
    if (first === undefined) return;
    yield { kind: 'problem', line: first.number, what: 'begins a row of CSV that never ends; it was read as text' };
    yield* messagesOfLines(this.#open);
  }
}
