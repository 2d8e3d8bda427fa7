// Turns bytes into numbered lines. Reads every encoding that consoles and exports write, and cuts lines that would fill the memory.
import { TextDecoder } from 'node:util';

/** A longer line is cut: the rules read the start and the end of a message, and no message is this long. Characters. */
export const longestLine = 64 * 1024 * 1024;

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly cut: boolean;
}

/** PowerShell redirects in UTF-16; everything else writes UTF-8, with or without a mark. */
function decoderFor(first: Uint8Array): TextDecoder {
  if (first[0] === 0xff && first[1] === 0xfe) return new TextDecoder('utf-16le');
  if (first[0] === 0xfe && first[1] === 0xff) return new TextDecoder('utf-16be');
  return new TextDecoder('utf-8');
}

async function* textsOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of input) {
    decoder ??= decoderFor(chunk);
    yield decoder.decode(chunk, { stream: true });
  }
  const rest = decoder?.decode();
  if (rest !== undefined) yield rest;
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/** The lines of a stream, one at a time. No bytes make it throw: bytes that are not text become replacement characters. */
export async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 0;
  let pieces: string[] = [];
  let length = 0;
  let cut = false;

  function keep(piece: string): void {
    const kept = piece.slice(0, Math.max(0, longestLine - length));
    cut ||= kept.length < piece.length;
    length += kept.length;
    pieces.push(kept);
  }
  function take(): Line {
    number += 1;
    const line = { number, text: withoutReturn(pieces.join('')), cut };
    pieces = [];
    length = 0;
    cut = false;
    return line;
  }

  for await (const text of textsOf(input)) {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      keep(text.slice(from, end));
      yield take();
      from = end + 1;
    }
    keep(text.slice(from));
  }
  if (length > 0) yield take();
}
