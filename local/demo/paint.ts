// How the terminal shows a text: safe, in colour where it is a terminal, and no wider than a terminal is.
import { styleText } from 'node:util';

/** No line is wider than this, in characters. */
export const widest = 100;

/** What a line is about: a success, a failure, a person who has to act, a change in Azure, or what is beside the point. */
export type Tone = 'good' | 'bad' | 'person' | 'change' | 'plain' | 'quiet';

export type Paint = (tone: Tone, text: string) => string;

const styles = {
  good: 'green',
  bad: 'red',
  person: 'yellow',
  change: 'cyan',
  plain: 'reset',
  quiet: 'dim',
} as const satisfies Readonly<Record<Tone, Parameters<typeof styleText>[0]>>;

/** Colours for a terminal; text alone for a pipe or a file, and where NO_COLOR is set (no-color.org). */
export function painter(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const colours = stream.isTTY === true && (env['NO_COLOR'] ?? '') === '';
  return (tone, text) =>
    colours && tone !== 'plain' && text !== '' ? styleText(styles[tone], text, { validateStream: false }) : text;
}

/** Control characters, escape sequences and direction marks could rewrite the terminal: they are shown as a question mark. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
}

/** A text of at most so many characters; the end of a longer one is cut off. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** The words of a text in lines of at most so many characters; a longer word is cut. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').map((one) => cut(one, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** What stands at the left, then the text; where the text needs more lines, they begin below it. */
export function beside(left: string, text: string, tone: Tone, paint: Paint): string {
  const [first = '', ...rest] = wrapped(plain(text), widest - left.length);
  const indent = ' '.repeat(left.length);
  return [
    `${paint('quiet', plain(left))}${paint(tone, first)}`,
    ...rest.map((line) => `${indent}${paint(tone, line)}`),
  ].join('\n');
}

/** A duration as people write it, e.g. `59s` or `10m05s`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}

/** The time of day in UTC, e.g. `02:07:10`. */
export function timeOfDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 19);
}
