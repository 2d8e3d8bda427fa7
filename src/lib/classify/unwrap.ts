// Takes the wrapping off a message: terminal codes, escapes upon escapes, box characters and line breaks, so that rules read plain words.
import type { LogColumns } from './labels.ts';

/** Of a longer text the start and the end are read: the cause stands in one of the two. */
const readAtStart = 12_288;
const readAtEnd = 4_096;
/** The middle of a longer text is not read. Characters. */
export const longestReadText = readAtStart + readAtEnd;
/** Azure wraps its JSON in JSON up to three times; a run of backslashes halves with every round. */
const rounds = 8;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\n', t: ' ', b: ' ', f: ' ', '/': '/' };
const entities: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&apos;': "'",
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
};

/** Reads at most 16 KiB, so that no input costs more than a fixed time. */
export function capped(text: string): string {
  if (text.length <= longestReadText) return text;
  return `${text.slice(0, readAtStart)}\n${text.slice(-readAtEnd)}`;
}

// Built from texts, because a control character in a pattern reads like a mistake.
const [escape, bell] = ['\\u001b', '\\u0007'];
const controlSequence = new RegExp(`${escape}\\[[0-?]{0,32}[ -/]{0,4}[@-~]`, 'g');
const systemCommand = new RegExp(`${escape}\\][^${bell}${escape}]{0,512}(?:${bell}|${escape}\\\\)`, 'g');

/** Most lines are plain ASCII without a caret: nothing has to be searched for in them. */
function isPlain(text: string): boolean {
  return /^[\n -\]_-~]*$/.test(text);
}

/**
 * Removes terminal sequences (also in the caret notation of `cat -v`, and its return at the end of a line) and marks without width, and
 * makes every blank a plain one. Line breaks and other characters stay.
 */
export function withoutControlCodes(text: string): string {
  if (isPlain(text)) return text;
  return text
    .replace(controlSequence, '')
    .replace(systemCommand, '')
    .replace(/\^\[\[[0-?]{0,32}[@-~]|\^M(?=\n|$)/g, '')
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
    .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, ' ');
}

/** Removes terminal escape sequences and every control character but the line break. */
export function withoutControls(text: string): string {
  if (isPlain(text)) return text;
  return withoutControlCodes(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{C}\n]|[\u2028\u2029]/gu, ' ');
}

function unescapedOne(all: string, code: string | undefined, letter: string | undefined): string {
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  return escapes[letter ?? ''] ?? letter ?? all;
}

/** One layer of JSON, Go or Markdown escaping. Where the letter does not form an escape (`C:\app`), the text stays as it is. */
function unescapedOnce(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([nrtbf"'/\\<>_*[\]\n]))/g, unescapedOne);
}

function unescaped(text: string): string {
  let read = text;
  for (let round = 0; round < rounds && read.includes('\\'); round += 1) {
    const next = unescapedOnce(read);
    if (next === read) return read;
    read = next;
  }
  return read;
}

function plainQuotes(text: string): string {
  return text
    .replace(/&(?:quot|apos|lt|gt|amp|#34|#39|#x27);/g, (entity) => entities[entity] ?? entity)
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/`/g, '');
}

/** Terraform frames its errors with box characters, azcore draws rulers. */
function withoutFrames(text: string): string {
  return text.replace(/[\u2500-\u257f]/g, ' ').replace(/-{8,80}/g, ' ');
}

export interface Unwrapped {
  /** Lines joined by a space. */
  readonly joined: string;
  /** Lines joined by nothing, for texts that a terminal or a table broke in mid-word; absent where there is only one line. */
  readonly glued?: string;
  /** The lines that are not empty; absent where there is only one. */
  readonly lines?: readonly string[];
}

/** Whether the text is one line of ASCII without escapes, entities and carets: only its blanks are left to tidy. */
function isBare(text: string): boolean {
  return text.length <= longestReadText && /^[ -%'-[\]_a-~]*$/.test(text) && !text.includes('--------');
}

/** The plain words of a message. */
export function unwrap(text: string): Unwrapped {
  if (isBare(text)) return { joined: text.trim().replace(/ {2,}/g, ' ') };
  const plain = withoutFrames(plainQuotes(withoutControls(unescaped(withoutControls(capped(text))))));
  const lines = plain.split('\n').map((line) => line.trim());
  const filled = lines.filter((line) => line !== '');
  const joined = filled.join(' ').replace(/ {2,}/g, ' ');
  return filled.length > 1 ? { joined, glued: filled.join('').replace(/ {2,}/g, ' '), lines: filled } : { joined };
}

/** The columns that the text itself carries, when it is a row or an event written as JSON. */
export function columnsWithin(joined: string): LogColumns {
  const reason = /"Reason(?:_s)?" ?: ?"([\w:.-]{1,80})"/i.exec(joined)?.[1];
  const eventSource = /"EventSource(?:_s)?" ?: ?"(\w{1,60})"/i.exec(joined)?.[1];
  return { ...(reason === undefined ? {} : { reason }), ...(eventSource === undefined ? {} : { eventSource }) };
}
