// Tells by its first bytes that an input is not text, or is text in UTF-16 without a mark.

/** What the first bytes show. `what` completes the sentence "line 1 …". */
export type Encoding =
  | { readonly kind: 'text'; readonly label: 'utf-8' | 'utf-16le' | 'utf-16be'; readonly what?: string }
  | { readonly kind: 'not-text'; readonly what: string };

/** The first bytes of packed files, from the formats' own specifications (RFC 1952, RFC 8878, PKWARE's APPNOTE, bzip2, xz). */
const packed: readonly (readonly [string, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
];

function begins(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, at) => bytes[at] === byte);
}

/** Logs that were rotated or cut hold a few zero bytes; programs and archives hold many. */
const mostZeros = 0.2;

/** The share of zero bytes at even or odd places: text of Western letters in UTF-16 has one in nearly every pair. */
function zeros(bytes: Uint8Array, first: 0 | 1): number {
  let count = 0;
  for (let at = first; at < bytes.length; at += 2) if (bytes[at] === 0) count += 1;
  return count / Math.max(1, bytes.length / 2);
}

/** Reads the first bytes of an input, a few at least. PowerShell redirects in UTF-16; nearly everything else writes UTF-8. */
export function encodingOf(bytes: Uint8Array): Encoding {
  if (begins(bytes, [0xff, 0xfe])) return { kind: 'text', label: 'utf-16le' };
  if (begins(bytes, [0xfe, 0xff])) return { kind: 'text', label: 'utf-16be' };
  const format = packed.find(([, mark]) => begins(bytes, mark))?.[0];
  if (format !== undefined)
    return { kind: 'not-text', what: `is not text but ${format}: unpack it first; nothing was read` };
  const head = bytes.subarray(0, 4096);
  const [even, odd] = [zeros(head, 0), zeros(head, 1)];
  const guess = 'is UTF-16 without a mark in front; it was read as that';
  if (odd > 0.5 && even < 0.2) return { kind: 'text', label: 'utf-16le', what: guess };
  if (even > 0.5 && odd < 0.2) return { kind: 'text', label: 'utf-16be', what: guess };
  if (even + odd > mostZeros)
    return { kind: 'not-text', what: 'is not text: it is full of zero bytes; nothing was read' };
  if (head.includes(0))
    return { kind: 'text', label: 'utf-8', what: 'begins a text with zero bytes; they were read as blanks' };
  return { kind: 'text', label: 'utf-8' };
}
