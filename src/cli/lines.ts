// Turns bytes into numbered lines, and says what it could not read. An array on one line of any length becomes a line for each row.
import { TextDecoder } from 'node:util';
import { JsonRows } from './json-rows.ts';
import { encodingOf } from './not-text.ts';

/** A longer line is cut: the rules read the start and the end of a message, and no message is this long. Characters. */
export const longestLine = 64 * 1024 * 1024;

/** A line of more characters than this is divided into the rows of the JSON in it, if it has rows. */
const longestWholeLine = 1024 * 1024;

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** A place where the input breaks its format or could not be read. Reading goes on after it. `what` completes the sentence "line 7 …". */
export interface Problem {
  readonly kind: 'problem';
  readonly line: number;
  readonly what: string;
}

/** Hears what could not be read, once for each place. */
export type Report = (problem: Problem) => void;

/** The first piece has enough bytes to tell text from a packed file, also where they come one at a time. */
const enoughBytes = 64;

async function* textsOf(input: AsyncIterable<Uint8Array>, report: Report): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let waiting = new Uint8Array(0);
  const start = (): TextDecoder | undefined => {
    const encoding = encodingOf(waiting);
    if (encoding.what !== undefined) report({ kind: 'problem', line: 1, what: encoding.what });
    return encoding.kind === 'text' ? new TextDecoder(encoding.label) : undefined;
  };
  for await (const chunk of input) {
    if (decoder !== undefined) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    waiting = Buffer.concat([waiting, chunk]);
    if (waiting.length < enoughBytes) continue;
    decoder = start();
    if (decoder === undefined) return;
    yield decoder.decode(waiting, { stream: true });
  }
  if (decoder === undefined) {
    decoder = start();
    yield decoder?.decode(waiting, { stream: true }) ?? '';
  }
  yield decoder?.decode() ?? '';
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/** The line that is being read: whole, or as the rows of the JSON in it. */
class OpenLine {
  #pieces: string[] = [];
  #length = 0;
  #cut = false;
  #rows: JsonRows | undefined;
  /** The start of the line holds no rows, so the rest is not searched for them. */
  #isPlain: boolean;

  constructor(isPlain: boolean) {
    this.#isPlain = isPlain;
  }

  get isEmpty(): boolean {
    return this.#length === 0 && this.#rows === undefined;
  }

  /** Reads on. Returns the rows that this piece completes. */
  add(piece: string): string[] {
    if (this.#rows !== undefined) return this.#rows.feed(piece);
    const kept = piece.slice(0, Math.max(0, longestLine - this.#length));
    this.#cut ||= kept.length < piece.length;
    this.#length += kept.length;
    this.#pieces.push(kept);
    return this.#isPlain || this.#length <= longestWholeLine ? [] : this.#divide();
  }

  #divide(): string[] {
    this.#isPlain = true;
    const start = this.#pieces.join('');
    if (!/^\s*[[{]/.test(start)) return [];
    const rows = new JsonRows();
    const complete = rows.feed(start);
    if (!rows.hasRows) return [];
    this.#rows = rows;
    this.#pieces = [];
    return complete;
  }

  /** What is left when the line ends: the line itself, or nothing where all of its rows are complete. */
  end(number: number, report: Report): string | undefined {
    if (this.#rows === undefined) {
      if (this.#cut)
        report({ kind: 'problem', line: number, what: 'is longer than 64 MiB; the rest of it was not read' });
      return withoutReturn(this.#pieces.join(''));
    }
    if (this.#rows.isOver) return undefined;
    report({ kind: 'problem', line: number, what: 'holds JSON that never ends; its last row was read as text' });
    return withoutReturn(this.#rows.rest);
  }
}

interface Reading {
  /** Divides a long array into its rows. */
  readonly rows: boolean;
  readonly report: Report;
}

/** Things that come one after the other, handed over as many at a time as a piece of the input holds: to wait for each would cost more than to read it. */
export type Batches<T> = AsyncIterable<readonly T[]>;

/** The lines of a stream, piece by piece. No bytes make it throw: bytes that are not text become replacement characters. */
export async function* linesOf(
  input: AsyncIterable<Uint8Array>,
  { rows, report }: Reading,
): AsyncGenerator<readonly Line[]> {
  let number = 1;
  let open = new OpenLine(!rows);

  for await (const text of textsOf(input, report)) {
    const lines: Line[] = [];
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      // Nearly every line begins and ends within a piece, and is short.
      if (open.isEmpty && end - from <= longestWholeLine)
        lines.push({ number, text: withoutReturn(text.slice(from, end)) });
      else {
        for (const row of open.add(text.slice(from, end))) lines.push({ number, text: row });
        const last = open.end(number, report);
        if (last !== undefined) lines.push({ number, text: last });
        open = new OpenLine(!rows);
      }
      number += 1;
      from = end + 1;
    }
    for (const row of open.add(text.slice(from))) lines.push({ number, text: row });
    if (lines.length > 0) yield lines;
  }
  if (open.isEmpty) return;
  const last = open.end(number, report);
  if (last !== undefined) yield [{ number, text: last }];
}
