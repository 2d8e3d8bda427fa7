// Collects the lines of a JSON value that spans lines, hands over its rows while they come, and gives up where the lines are no JSON.
import { type Found, messagesOfLines, textMessage } from './found.ts';
import { messagesOfJson, messagesOfValue, parsed } from './json-messages.ts';
import { JsonRows } from './json-rows.ts';
import type { Line } from './lines.ts';
import { isStamped } from './paragraphs.ts';

/** Whether a JSON value begins on the line: a pretty-printed one, a row of a stream, or the first row of an array. */
export function opensJson(text: string): boolean {
  return /^\s*(?:\[\s*)?\{\s*(?:["{}[]|$)/.test(text);
}

/** The messages of a row that begins and ends on the line; `undefined` where it does not. */
export function wholeRow({ number, text }: Line): Generator<Found> | undefined {
  const row = text.trim().replace(/,$/, '');
  const read = row.startsWith('{') && row.endsWith('}') ? parsed(row) : undefined;
  return read === undefined ? undefined : messagesOfValue(read.value, row, number);
}

/** A value of more lines than this is read row by row, or given up where it has no rows. */
const mostWholeLines = 2000;
/** Characters of a value that is collected whole. */
const longestWhole = 4 * 1024 * 1024;
/** A text of JSON holds no line break. Some tools write one all the same. After this many of them the quote that opened is a mistake. */
const mostBrokenLines = 30;

/** What JSON may have at the start of a line, outside of a text. */
const startOfJson = /^\s*(?:["{}[\],:\d-]|(?:true|false|null)\b|$)/;

export class OpenJson {
  #lines: Line[] = [];
  #length = 0;
  #depth = 0;
  #inText = false;
  #brokenLines = 0;
  #rows: JsonRows | undefined;
  /** The line on which the row begins that is read. */
  #rowLine: number;

  constructor(first: Line) {
    this.#rowLine = first.number;
  }

  /** Whether the line can belong to the value. A line with a time of its own, or one that no JSON begins with, does not. */
  takes({ text }: Line): boolean {
    if (this.#lines.length === 0 && this.#rows === undefined) return true;
    if (text.startsWith('{"') || isStamped(text)) return false;
    if (this.#rows === undefined && this.#lines.length >= mostWholeLines) return false;
    if (this.#rows === undefined && this.#length > longestWhole) return false;
    return this.#inText ? this.#brokenLines < mostBrokenLines : startOfJson.test(text);
  }

  /** Adds a line. Yields the rows that it completes, where the value is read row by row. */
  *add(line: Line): Generator<Found> {
    if (this.#inText) this.#brokenLines += 1;
    this.#count(line.text);
    if (this.#rows !== undefined) yield* this.#feed(this.#rows, line);
    else {
      this.#lines.push(line);
      this.#length += line.text.length;
      if (this.#lines.length >= mostWholeLines || this.#length > longestWhole) yield* this.#divide();
    }
  }

  /** Whether every bracket is closed. */
  get isComplete(): boolean {
    return this.#depth <= 0;
  }

  /** The rest of a complete value. */
  *end(): Generator<Found> {
    if (this.#rows !== undefined) return;
    const text = this.#lines.map((line) => line.text).join('\n');
    const value = text.trim().replace(/,$/, '');
    // The end of an array whose rows were read one by one.
    const closed = this.#depth < 0 ? value.replace(/,?\s*\]$/, '') : value;
    const read = parsed(closed);
    if (read === undefined) yield* textsOf(this.#lines);
    else yield* messagesOfValue(read.value, closed, this.#rowLine);
  }

  /** The rest of a value that does not go on. */
  *giveUp(): Generator<Found> {
    const text = this.#rows?.rest ?? '';
    const begun = this.#lines[0] ?? { number: this.#rowLine, text };
    if (/^\s*(?:\[\s*)?\{\s*"/.test(begun.text) || this.#rows !== undefined)
      yield { kind: 'problem', line: begun.number, what: 'begins JSON that never ends; it was read as text' };
    if (this.#rows === undefined) yield* textsOf(this.#lines);
    else if (text !== '') yield textMessage(begun.number, text);
  }

  /** Reads what was collected row by row from now on, if it has rows. */
  *#divide(): Generator<Found> {
    const rows = new JsonRows();
    const lines = this.#lines;
    const found = lines.flatMap((line) => [...this.#feed(rows, line)]);
    if (!rows.hasRows) return;
    this.#rows = rows;
    this.#lines = [];
    yield* found;
  }

  *#feed(rows: JsonRows, line: Line): Generator<Found> {
    if (rows.rest === '') this.#rowLine = line.number;
    for (const row of rows.feed(`${line.text}\n`)) {
      yield* messagesOfJson(row, this.#rowLine);
      this.#rowLine = line.number;
    }
  }

  #count(text: string): void {
    for (let at = 0; at < text.length; at += 1) {
      const char = text[at];
      if (this.#inText) {
        if (char === '\\') at += 1;
        else if (char === '"') this.#inText = false;
      } else if (char === '"') this.#inText = true;
      else if (char === '{' || char === '[') this.#depth += 1;
      else if (char === '}' || char === ']') this.#depth -= 1;
    }
  }
}

/** Lines that were taken for one value: rows that are complete on their line, and plain text. */
function* textsOf(lines: readonly Line[]): Generator<Found> {
  let plain: Line[] = [];
  for (const line of lines) {
    const row = wholeRow(line);
    if (row === undefined) plain.push(line);
    else {
      yield* messagesOfLines(plain);
      plain = [];
      yield* row;
    }
  }
  yield* messagesOfLines(plain);
}
