// What the readers of a log find: messages, and places that they could not read.
import type { LogColumns } from '../lib/classify/classify.ts';
import type { Origin } from './columns.ts';
import type { Line, Problem } from './lines.ts';
import { columnsOfLine, Paragraph } from './paragraphs.ts';

export interface Message {
  readonly kind: 'message';
  /** The line on which its text begins, from 1. */
  readonly line: number;
  readonly id?: string | number;
  readonly text: string;
  readonly columns: LogColumns;
  /** The names of the app and the revision and the time, where the row has them. */
  readonly of?: Origin;
}

export type Found = Message | Problem;

export function textMessage(line: number, text: string): Message {
  return { kind: 'message', line, text, columns: columnsOfLine(text) };
}

/** The messages of plain text whose lines were divided already. */
export function* messagesOfText(messages: Iterable<readonly Line[]>): Generator<Message> {
  for (const lines of messages) yield textMessage(lines[0]?.number ?? 0, lines.map((line) => line.text).join('\n'));
}

/** Reads lines that looked like rows and are not: as plain text, so that no failure among them is lost. */
export function* messagesOfLines(lines: Iterable<Line>): Generator<Message> {
  const paragraph = new Paragraph();
  for (const line of lines) yield* messagesOfText(paragraph.add(line));
  yield* messagesOfText(paragraph.end());
}
