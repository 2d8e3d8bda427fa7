// Splits a log into messages. Recognises rows of exports, events and pasted text by themselves; the caller does not name the format.
import { columnsOf, textsOf } from './columns.ts';
import { CsvRows, csvHeader } from './csv-rows.ts';
import { type Found, messagesOfText, textMessage } from './found.ts';
import { isRow, parsed } from './json-messages.ts';
import type { Batches, Line } from './lines.ts';
import { OpenJson, opensJson, wholeRow } from './open-json.ts';
import { Paragraph } from './paragraphs.ts';
import { plainLines } from './plain-lines.ts';

export type Splitting = 'auto' | 'lines' | 'whole';

/** Reads a log of unknown format. `lines`: every line is a message. `whole`: the whole log is one message. */
export function messagesIn(lines: Batches<Line>, splitting: Splitting): AsyncGenerator<readonly Found[]> {
  switch (splitting) {
    case 'auto':
      return divided(plainLines(lines), new Log());
    case 'lines':
      return divided(lines, new SingleLines());
    case 'whole':
      return divided(lines, new Whole());
  }
}

/** Reads JSON lines of `{id, text, columns?}`. */
export function labelledLines(lines: Batches<Line>): AsyncGenerator<readonly Found[]> {
  return divided(lines, new LabelledLines());
}

/** Takes lines, and hands over what it finds as soon as it is certain where that ends. */
interface Divider {
  add(line: Line): Iterable<Found>;
  end(): Iterable<Found>;
}

async function* divided(batches: Batches<Line>, divider: Divider): AsyncGenerator<readonly Found[]> {
  for await (const lines of batches) {
    const found: Found[] = [];
    for (const line of lines) for (const one of divider.add(line)) found.push(one);
    yield found;
  }
  yield [...divider.end()];
}

class SingleLines implements Divider {
  add({ number, text }: Line): Found[] {
    return text.trim() === '' ? [] : [textMessage(number, text)];
  }

  end(): Found[] {
    return [];
  }
}

class Whole implements Divider {
  readonly #texts: string[] = [];

  add({ text }: Line): Found[] {
    this.#texts.push(text);
    return [];
  }

  end(): Found[] {
    return this.#texts.some((text) => text.trim() !== '') ? [textMessage(1, this.#texts.join('\n'))] : [];
  }
}

class LabelledLines implements Divider {
  add({ number, text }: Line): Found[] {
    if (text.trim() === '') return [];
    const value = parsed(text);
    return [
      value === undefined ? { kind: 'problem', line: number, what: 'is not JSON' } : labelled(value.value, number),
    ];
  }

  end(): Found[] {
    return [];
  }
}

function labelled(value: unknown, line: number): Found {
  if (!isRow(value)) return { kind: 'problem', line, what: 'is not a JSON object' };
  const { id, text, columns } = value;
  if (typeof text !== 'string') return { kind: 'problem', line, what: 'has no member "text"' };
  const message = {
    kind: 'message',
    line,
    text,
    columns: columnsOf(textsOf(isRow(columns) ? columns : {})),
  } as const;
  return typeof id === 'string' || typeof id === 'number' ? { ...message, id } : message;
}

/** A log whose first line tells whether it is CSV. */
class Log implements Divider {
  #reads: Divider | undefined;

  add(line: Line): Iterable<Found> {
    if (this.#reads !== undefined) return this.#reads.add(line);
    const csv = csvHeader(line.text);
    if (csv !== undefined) {
      this.#reads = new CsvRows(csv);
      return [];
    }
    this.#reads = new Mixed();
    return this.#reads.add(line);
  }

  end(): Iterable<Found> {
    return this.#reads?.end() ?? [];
  }
}

/** A line of brackets and commas only. An array is read row by row, so such a line is skipped. */
const punctuation = /^\s*[[\],]+\s*$/;

/** Lines of text between values of JSON, which may each take one line or many. */
class Mixed implements Divider {
  readonly #paragraph = new Paragraph();
  #json: OpenJson | undefined;

  *add(line: Line): Generator<Found> {
    if (this.#json !== undefined && !this.#json.takes(line)) {
      yield* this.#json.giveUp();
      this.#json = undefined;
    }
    if (this.#json !== undefined) yield* this.#goOn(this.#json, line);
    else if (opensJson(line.text)) yield* this.#begin(line);
    else if (!punctuation.test(line.text)) yield* messagesOfText(this.#paragraph.add(line));
  }

  *#begin(line: Line): Generator<Found> {
    yield* messagesOfText(this.#paragraph.end());
    const row = wholeRow(line);
    if (row === undefined) yield* this.#goOn(new OpenJson(line), { ...line, text: withoutOpenBracket(line.text) });
    else yield* row;
  }

  *#goOn(json: OpenJson, line: Line): Generator<Found> {
    this.#json = json;
    yield* json.add(line);
    if (!json.isComplete) return;
    yield* json.end();
    this.#json = undefined;
  }

  *end(): Generator<Found> {
    yield* messagesOfText(this.#paragraph.end());
    if (this.#json !== undefined) yield* this.#json.giveUp();
  }
}

/** Without the bracket of an array that goes on below: its rows are read one by one. */
function withoutOpenBracket(text: string): string {
  return text.replace(/^\s*\[\s*(?=\{)(?![^]*\]\s*$)/, '');
}
