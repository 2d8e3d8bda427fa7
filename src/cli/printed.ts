// What the commands against a deployed app print: lines in which nothing obeys a value of the answer, and the answer itself as JSON.
import { paintFor, plain, safeJson, widthOf, wrapped } from './terminal.ts';

/**
 * A text as the lines that a terminal shows. Values of an answer are hostile, so characters that a terminal would obey become spaces. A
 * terminal gets lines of its width; a file or a program gets one. `indent`: spaces before it. `state`: a word of the text that is the state of a
 * remediation, which gets a colour.
 */
export function linesOf(text: string, { indent = 0, state = '' }: Shown = {}): readonly string[] {
  const start = ' '.repeat(indent);
  const width = widthOf(process.stdout);
  const line = `${start}${plain(text)}`;
  const lines = width === undefined ? [line] : wrapped(line, width, `${start}    `);
  return state === '' ? lines : painted(lines, state);
}

interface Shown {
  readonly indent?: number;
  readonly state?: string;
}

/** A text of several lines, such as a command, as the lines that a terminal shows: they stay as they are, so that they can be copied. */
export function blockLines(text: string, indent: number): readonly string[] {
  return text.split('\n').map((line) => `${' '.repeat(indent)}${line.replace(/\p{C}/gu, ' ')}`.trimEnd());
}

/** Prints lines that are safe to print. */
export function print(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}

/** Prints one text. */
export function say(text: string, shown: Shown = {}): void {
  print(linesOf(text, shown));
}

/** Prints what the app answered, for programs. */
export function printJson(answered: unknown): void {
  process.stdout.write(`${safeJson(answered, 2)}\n`);
}

/** Prints what the app answered to a request, as JSON or in a sentence. */
export function printAnswer(json: boolean | undefined, answered: unknown, sentence: string): void {
  if (json === true) printJson(answered);
  else say(sentence);
}

/** An instant for the beginning of a line, in UTC: `2026-06-01 02:00:00`. Takes milliseconds since 1970. */
export function clock(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** The states of a remediation that have a colour. The words say the same. */
const colours = new Map([
  ['needs-person', 'red'],
  ['needs-approval', 'bold'],
  ['recovered', 'green'],
] as const);

function painted(lines: readonly string[], state: string): readonly string[] {
  const colour = new Map<string, 'red' | 'bold' | 'green'>(colours).get(state);
  if (colour === undefined) return lines;
  const paint = paintFor(process.stdout);
  const at = lines.findIndex((line) => line.split(' ').includes(state));
  return lines.map((line, index) => {
    if (index !== at) return line;
    const words = line.split(' ');
    return words.with(words.indexOf(state), paint(colour, state)).join(' ');
  });
}
