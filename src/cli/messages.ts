// Splits a log into messages. Recognises rows of exports, events and pasted text by themselves; the caller does not name the format.
import { columnsOf } from './columns.ts';
import { csvHeader, csvRows } from './csv-rows.ts';
import { type Found, messagesOfText, textMessage } from './found.ts';
import { isRow, parsed } from './json-messages.ts';
import type { Line } from './lines.ts';
import { OpenJson, opensJson, wholeRow } from './open-json.ts';
import { Paragraph } from './paragraphs.ts';
import { plainLines } from './plain-lines.ts';

export type Splitting = 'auto' | 'lines' | 'whole';

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
  const iterator = plainLines(lines);
  const first = await iterator.next();
  if (first.done === true) return;
  const csv = csvHeader(first.value.text);
  if (csv === undefined) yield* mixed(followedBy([first.value], iterator));
  else yield* csvRows(csv, iterator);
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

function labelled(value: unknown, line: number): Found {
  if (!isRow(value)) return { kind: 'problem', line, what: 'is not a JSON object' };
  const { id, text, columns } = value;
  if (typeof text !== 'string') return { kind: 'problem', line, what: 'has no member "text"' };
  const message = { kind: 'message', line, text, columns: columnsOf(isRow(columns) ? columns : {}) } as const;
  return typeof id === 'string' || typeof id === 'number' ? { ...message, id } : message;
}

async function* followedBy(first: readonly Line[], rest: AsyncIterable<Line>): AsyncGenerator<Line> {
  yield* first;
  yield* rest;
}

/** A line of brackets and commas only. An array is read row by row, so such a line is skipped. */
const punctuation = /^\s*[[\],]+\s*$/;

/** Lines of text between values of JSON, which may each take one line or many. */
async function* mixed(lines: AsyncIterable<Line>): AsyncGenerator<Found> {
  const paragraph = new Paragraph();
  let json: OpenJson | undefined;
  for await (const line of lines) {
    if (json !== undefined && !json.takes(line)) {
      yield* json.giveUp();
      json = undefined;
    }
    if (json === undefined && punctuation.test(line.text)) continue;
    if (json === undefined && !opensJson(line.text)) {
      yield* messagesOfText(paragraph.add(line));
      continue;
    }
    yield* messagesOfText(paragraph.end());
    const row = json === undefined ? wholeRow(line) : undefined;
    if (row !== undefined) {
      yield* row;
      continue;
    }
    const isFirst = json === undefined;
    json ??= new OpenJson(line);
    yield* json.add(isFirst ? { ...line, text: withoutOpenBracket(line.text) } : line);
    if (!json.isComplete) continue;
    yield* json.end();
    json = undefined;
  }
  yield* messagesOfText(paragraph.end());
  if (json !== undefined) yield* json.giveUp();
}

/** Without the bracket of an array that goes on below: its rows are read one by one. */
function withoutOpenBracket(text: string): string {
  return text.replace(/^\s*\[\s*(?=\{)(?![^]*\]\s*$)/, '');
}
