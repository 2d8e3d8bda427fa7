// Divides lines of pasted text into messages: joins what a terminal or a page has wrapped, and keeps separate failures apart.
import { classify, isPullFailure, type Suspicion } from '../lib/classify/classify.ts';
import type { LogColumns } from '../lib/classify/labels.ts';
import type { Line } from './lines.ts';

/** More lines than this in a message are a list of messages, not one wrapped message. */
const mostWrappedLines = 30;

/** A paragraph of more lines than this is divided before its end, so that a log without blank lines does not fill the memory. */
const longestParagraph = 300;

/** Terminals and pages of more columns than this are rare. A longer line was not wrapped. */
const widestTerminal = 250;

/** Collects the lines of pasted text. Yields a message, as its lines, as soon as it is certain where the message ends. */
export class Paragraph {
  #lines: Line[] = [];

  *add(line: Line): Generator<readonly Line[]> {
    if (line.text.trim() === '' || (this.#lines.length > 0 && isStamped(line.text))) yield* this.end();
    if (line.text.trim() !== '') this.#lines.push(line);
    if (this.#lines.length <= longestParagraph) return;
    const messages = divide(this.#lines);
    this.#lines = messages.length > 1 ? [...(messages.pop() ?? [])] : [];
    for (const message of messages) yield* unwrapped(message);
  }

  *end(): Generator<readonly Line[]> {
    const messages = divide(this.#lines);
    this.#lines = [];
    for (const message of messages) yield* unwrapped(message);
  }
}

/** The reason and the type in a row that kubectl prints; no columns for any other line. */
export function columnsOfLine(text: string): LogColumns {
  const [, type, reason] = kubernetesRow.exec(text) ?? [];
  return type === undefined || reason === undefined ? {} : { type, reason };
}

/** A row of `kubectl get events` or `kubectl describe`. */
const kubernetesRow =
  /^\s{0,20}(?:[\dhmsd]{1,12}\s{1,20}(?:\([^)]{1,40}\)\s{1,20})?)?(Normal|Warning)\s{1,20}([A-Z]\w{1,40})\s/;
/** The start of a log line with a time. */
const timed =
  /^\s{0,8}(?:\[?\d{4}[-/]\d\d[-/]\d\d|\[?\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|[IWEF]\d{4} \d\d:|time=)/;
/** The start of a log line with a level, or with the mark of a build runner. */
const levelled = /^\s{0,8}(?:level=|##\[|(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL)\b)/;

/** In a log with times, a line without one continues the line above it. */
function isTimed(text: string): boolean {
  return kubernetesRow.test(text) || timed.test(text);
}

/** Whether the line begins with a time, a level or the mark of a build runner: then it begins a message. */
export function isStamped(text: string): boolean {
  return isTimed(text) || levelled.test(text);
}

function* unwrapped(message: readonly Line[]): Generator<readonly Line[]> {
  if (message.length > mostWrappedLines) yield* message.map((line) => [line]);
  else yield message;
}

/** Divides lines without a blank line or a stamped line between them. */
function divide(lines: readonly Line[]): (readonly Line[])[] {
  const width = Math.max(0, ...lines.map(({ text }) => text.trimEnd().length));
  const messages: Line[][] = [];
  for (const line of lines) {
    const message = messages.at(-1);
    if (message === undefined || begins(line.text, message, width)) messages.push([line]);
    else message.push(line);
  }
  return messages;
}

const capital = /^[A-Z]/;
const sentence = /^[A-Z][a-z]{1,30}(?:'s)?[ :]/;
const ended = /[.!?'")\]}]$/;
/** How programs begin a message about an error where they write no time before it. */
const opening =
  /^(?:[A-Z][A-Za-z]{1,60}:? |[[{<(]|(?:error|failed|unable|cannot|could not|unauthorized|denied|toomanyrequests|manifest unknown|manifest for|no such host|rpc error|dial tcp|lookup|docker|x509|back-off|pulling|successfully)\b)/;
/** The end of a line whose sentence goes on below: a colon, a comma, an open bracket, a word such as "with". */
const open =
  /(?:[:,=([{\\]|\s(?:an?|and|as|at|but|by|for|from|has|have|if|in|is|of|on|or|returned|that|the|this|to|was|with|your))$/i;
/** A line of a stack trace, of a frame around an error, or of a list. */
const indented = /^(?:\s|[│|╵└├•*}\])-])/;
/** A detail of the error above it, as Azure's tools and runtimes print them. */
const detail =
  /^(?:Code|Message|Status|Target|Details?|Error details|Inner(?: error)?|Exception|Caused by|Reason|[\w-]{0,20}(?:Request|Correlation|Trace|Activity) ?-?Id|Timestamp)\s?: ?/i;

/** An image in a line. A line that continues a message rarely names another one. */
const image = /[\w-]\/[\w./-]{1,200}(?::\w|@sha256:)/;
/** The name of a program or an image at the start of a line, before its message. */
const speaker = /^(?:[a-z][\w-]{1,30}|[a-z0-9][\w.-]{0,255}\/[\w./-]{1,255}(?::\w[\w.-]{0,127}|@sha256:\w{8,64})): /;

/** Whether a line begins a message of its own. If it does not, it continues `message`, the lines above it. */
function begins(text: string, message: readonly Line[], width: number): boolean {
  const first = message[0]?.text ?? '';
  const above = (message.at(-1)?.text ?? '').trimEnd();
  if (repeats(text, first)) return true;
  const continues = indented.test(text) || open.test(above) || detail.test(text);
  if (continues && !image.test(text)) return false;
  const relates = relation(text, message);
  if (relates === 'of-another-image') return true;
  if (continues) return false;
  // The next word did not fit, so a terminal or a page may have broken the line here.
  const isForced = width <= widestTerminal && above.length + 1 + (/^\S+/.exec(text)?.[0].length ?? 0) > width;
  const isWordFromAbove = isForced && !capital.test(text) && !opening.test(text);
  switch (relates) {
    case 'another-failure':
      return !isWordFromAbove || speaker.test(text);
    case 'the-same-failure':
      return false;
    case 'unrelated':
      if (isWordFromAbove) return false;
      return (sentence.test(text) && ended.test(above)) || (!isForced && !isTimed(first) && opening.test(text));
  }
}

/** The same two words at the start show that the program wrote the same sentence once more. */
function repeats(text: string, first: string): boolean {
  const start = /^\S+(?:\s+\S+)?/.exec(text)?.[0];
  return start !== undefined && start === /^\S+(?:\s+\S+)?/.exec(first)?.[0];
}

type Relation = 'of-another-image' | 'another-failure' | 'the-same-failure' | 'unrelated';

/** Compares what a line claims with what the lines above it claim. Two failures that each name a cause are two. */
function relation(text: string, message: readonly Line[]): Relation {
  const line = classify(text);
  if (!isPullFailure(line.label)) return 'unrelated';
  const before = classify(message.map((one) => one.text).join('\n'));
  if (!isPullFailure(before.label)) return 'unrelated';
  if (differ(line.image, before.image) || differ(line.registry, before.registry)) return 'of-another-image';
  return namesCause(line) && namesCause(before) ? 'another-failure' : 'the-same-failure';
}

/** The platform's own words say that a pull failed, above or below the error that says why. */
const prose = new Set(['platform-unauthorized', 'aca-not-found-or-denied']);

function namesCause({ label, rule }: Suspicion): boolean {
  return label !== 'unknown-pull-failure' && !prose.has(rule);
}

function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}
