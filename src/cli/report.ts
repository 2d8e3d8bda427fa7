// Shows classified messages: blocks for people, objects for programs. Control characters are removed before a text reaches a terminal.
import { styleText } from 'node:util';
import { isPullFailure, type Label, meaningOf, type Suspicion } from '../lib/classify/classify.ts';
import { adviceFor } from './advice.ts';
import type { Message } from './messages.ts';

/** A message of a log with the suspicion that `classify` found for it. */
export interface ClassifiedMessage {
  readonly message: Message;
  readonly suspicion: Suspicion;
}

type Style = 'red' | 'green' | 'bold' | 'dim';
export type Paint = (style: Style, text: string) => string;

/** Colours where the stream is a terminal that wants them (NO_COLOR is honoured). */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

/** Replaces characters that a terminal would obey or that turn the direction of a text. */
export function plain(text: string): string {
  return text.replace(/\p{C}/gu, ' ').trim();
}

function named(suspicion: Suspicion): [string, string][] {
  const { image, registry, refusedIp, httpStatus, identity } = suspicion;
  const all: [string, string | number | undefined][] = [
    ['image', image],
    ['registry', registry],
    ['refused', refusedIp],
    ['status', httpStatus],
    ['identity', identity],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, plain(String(value))]]));
}

/** A block for people. */
export function block({ message, suspicion }: ClassifiedMessage, paint: Paint): string {
  const style = isPullFailure(suspicion.label) ? 'red' : 'green';
  const lines: [string, string][] = [
    ['why', `"${plain(suspicion.words)}"`],
    ['means', `${plain(meaningOf(suspicion.rule))} (rule ${suspicion.rule})`],
    ...named(suspicion),
    ['next', adviceFor(suspicion)],
  ];
  const body = lines.map(([name, value]) => `  ${paint('dim', name.padEnd(9))}${value}`).join('\n');
  return `${paint(style, suspicion.label)}  ${paint('dim', `line ${message.line}`)}\n${body}\n`;
}

/** JSON that a terminal can show safely. `JSON.stringify` does not escape C1 controls and direction marks; this does. */
function json(value: object): string {
  return JSON.stringify(value).replace(/\p{C}/gu, (char) =>
    char
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** The object that `--json` prints for one message. */
export function jsonObject({ message, suspicion }: ClassifiedMessage): string {
  const { words, ...rest } = suspicion;
  return json({
    ...(message.id === undefined ? {} : { id: message.id }),
    line: message.line,
    ...rest,
    words: plain(words),
    means: meaningOf(suspicion.rule),
    next: adviceFor(suspicion),
  });
}

/** The object that `--jsonl` prints for one message. It always has the same members. */
export function jsonLine({ message, suspicion }: ClassifiedMessage): string {
  const { label, rule, image = null, registry = null } = suspicion;
  return json({ id: message.id ?? message.line, suspicion: label, rule, image, registry });
}

/** Counts messages by kind, so that the report of a thousand rows is a few lines. */
export class Summary {
  #messages = 0;
  readonly #counts = new Map<string, { readonly label: Label; readonly what: string; times: number; last: number }>();

  /** Counts a message. True if it is the first of its kind. */
  add({ message, suspicion }: ClassifiedMessage): boolean {
    this.#messages += 1;
    const what = isPullFailure(suspicion.label) ? plain(suspicion.image ?? suspicion.registry ?? '') : '';
    const key = JSON.stringify([suspicion.label, what, isPullFailure(suspicion.label) ? suspicion.rule : '']);
    const seen = this.#counts.get(key);
    if (seen === undefined) this.#counts.set(key, { label: suspicion.label, what, times: 1, last: message.line });
    else {
      seen.times += 1;
      seen.last = message.line;
    }
    return seen === undefined;
  }

  get messages(): number {
    return this.#messages;
  }

  get pullFailures(): number {
    return [...this.#counts.values()].reduce((sum, one) => sum + (isPullFailure(one.label) ? one.times : 0), 0);
  }

  text(paint: Paint): string {
    const kinds = [...this.#counts.values()].sort((a, b) => b.times - a.times);
    const width = Math.max(...kinds.map((kind) => kind.label.length));
    const rows = kinds.map((kind) =>
      `  ${String(kind.times).padStart(6)}  ${kind.label.padEnd(width)}  ${kind.what}`.trimEnd(),
    );
    const head = `${this.#messages} messages, ${this.pullFailures} of them about a pull that failed`;
    return `${paint('bold', head)}\n${rows.join('\n')}\n`;
  }
}
