// Hashes for the names of histories, the chain of entries and the names of role assignments. They need node:crypto, which the pure core
// may not import.
import { createHash } from 'node:crypto';

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** 96 bits of SHA-256 as 24 hex digits: short enough for an address, and long enough that two texts never share one. */
export function shortHash(text: string): string {
  return sha256(text).slice(0, 24);
}

/** A UUID of version 5 (RFC 9562): the same name in the same namespace is always the same UUID. */
export function uuidV5(name: string, namespace: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest();
  const hex = [...bytes.subarray(0, 16)].map((byte, index) => {
    const marked = index === 6 ? (byte & 0x0f) | 0x50 : index === 8 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, '0');
  });
  return [hex.slice(0, 4), hex.slice(4, 6), hex.slice(6, 8), hex.slice(8, 10), hex.slice(10)]
    .map((part) => part.join(''))
    .join('-');
}
