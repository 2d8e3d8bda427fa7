// What may reach a terminal: texts and JSON without characters that it would obey, in lines of its width, and colours where it wants them.
import { styleText } from 'node:util';

type Style = 'red' | 'green' | 'bold' | 'dim';
export type Paint = (style: Style, text: string) => string;

/** Colours where the stream is a terminal that wants them. The library of Node knows terminals, NO_COLOR and FORCE_COLOR. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

/** Replaces characters that a terminal would obey or that turn the direction of a text. */
export function plain(text: string): string {
  return text.replace(/\p{C}/gu, ' ').trim();
}

/**
 * JSON that a terminal can show safely. `JSON.stringify` does not escape C1 controls and direction marks; this does. `indent`: spaces for each
 * level; without it, one line.
 */
export function safeJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(/(?!\n)\p{C}/gu, (char) =>
    char
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** Columns of the terminal behind the stream; `undefined` where a file or a program reads it, which takes lines of any length. */
export function widthOf(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY && stream.columns >= narrowest ? stream.columns : undefined;
}

/** Narrower than this, a terminal breaks the lines itself. Columns. */
const narrowest = 20;

/** The text in lines of at most so many characters, broken between words. A longer word has a line of its own. `indent` begins all but the first. */
export function wrapped(text: string, most: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(' ')) {
    const longer: string = line === undefined ? word : `${line} ${word}`;
    if (line === undefined || longer.length <= most || line.trim() === '') {
      line = longer;
      continue;
    }
    lines.push(line.trimEnd());
    line = word === '' ? '' : `${indent}${word}`;
  }
  return [...lines, (line ?? '').trimEnd()];
}
