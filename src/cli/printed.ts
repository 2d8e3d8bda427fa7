// What the commands against a deployed app print: lines in which nothing obeys a value of the answer, and the answer itself as JSON.
import { plain } from './report.ts';

/** Prints one line. Values of an answer are hostile, so characters that a terminal would obey become spaces. `indent`: spaces before it. */
export function say(line: string, indent = 0): void {
  process.stdout.write(`${' '.repeat(indent)}${plain(line)}\n`);
}

/** Prints a text of several lines, such as a command: its own indentation stays. */
export function sayBlock(text: string, indent: number): void {
  for (const line of text.split('\n'))
    process.stdout.write(`${`${' '.repeat(indent)}${line.replace(/\p{C}/gu, ' ')}`.trimEnd()}\n`);
}

/** Prints what the app answered, for programs. */
export function printJson(answered: unknown): void {
  process.stdout.write(`${JSON.stringify(answered, null, 2)}\n`);
}

/** An instant for the beginning of a line, in UTC: `2026-06-01 02:00:00`. Takes milliseconds since 1970. */
export function clock(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}
