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
  const of = originOfText(text);
  return { kind: 'message', line, text, columns: columnsOfLine(text), ...(of === undefined ? {} : { of }) };
}

/** The time at the start of a line, and the app that a sentence of the platform names. */
function originOfText(text: string): Origin | undefined {
  const time = /^\s{0,8}\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?Z?)/.exec(text)?.[1];
  const app = /\bcontainer ?app '([a-z][a-z0-9-]{0,62})'/i.exec(text)?.[1];
  if (time === undefined && app === undefined) return undefined;
  return { ...(app === undefined ? {} : { app }), ...(time === undefined ? {} : { time }) };
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
