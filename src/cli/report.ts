// Shows classified messages: blocks for people, objects for programs. Control characters are removed before a text reaches a terminal.
import { styleText } from 'node:util';
import { isPullFailure, type Label, meaningOf, type Suspicion } from '../lib/classify/classify.ts';
import { adviceFor } from './advice.ts';
import type { Message } from './found.ts';

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

/** So many kinds are told apart. Of a log with more, such as one of a registry's own clean-up, the rest is counted by label. */
const mostKinds = 1000;
/** So many kinds are listed, the most frequent first. */
const mostListed = 100;

interface Kind {
  readonly label: Label;
  readonly what: string;
  times: number;
}

/** Counts messages by kind, so that the report of a thousand rows is a few lines. */
export class Summary {
  #messages = 0;
  #pullFailures = 0;
  readonly #kinds = new Map<string, Kind>();

  /** Counts a message. True if it is the first of its kind. */
  add({ suspicion }: ClassifiedMessage): boolean {
    this.#messages += 1;
    if (isPullFailure(suspicion.label)) this.#pullFailures += 1;
    const what = isPullFailure(suspicion.label) ? plain(suspicion.image ?? suspicion.registry ?? '') : '';
    const key = JSON.stringify([suspicion.label, what, isPullFailure(suspicion.label) ? suspicion.rule : '']);
    const seen = this.#kinds.get(key);
    if (seen !== undefined) seen.times += 1;
    else if (this.#kinds.size < mostKinds) this.#kinds.set(key, { label: suspicion.label, what, times: 1 });
    else this.#addOther(suspicion.label);
    return seen === undefined && this.#kinds.size <= mostKinds;
  }

  #addOther(label: Label): void {
    const other = this.#kinds.get(label) ?? { label, what: '(others)', times: 0 };
    other.times += 1;
    this.#kinds.set(label, other);
  }

  get messages(): number {
    return this.#messages;
  }

  get pullFailures(): number {
    return this.#pullFailures;
  }

  text(paint: Paint): string {
    const kinds = [...this.#kinds.values()].sort((a, b) => b.times - a.times);
    const listed = kinds.slice(0, mostListed);
    const width = Math.max(...listed.map((kind) => kind.label.length));
    const rows = listed.map((kind) =>
      `  ${String(kind.times).padStart(6)}  ${kind.label.padEnd(width)}  ${kind.what}`.trimEnd(),
    );
    const head = `${this.#messages} messages, ${this.#pullFailures} of them about a pull that failed`;
    const rest = kinds.length - listed.length;
    const more = rest === 0 ? '' : `          and ${rest} more kinds, each less often\n`;
    return `${paint('bold', head)}\n${rows.join('\n')}\n${more}`;
  }
}
