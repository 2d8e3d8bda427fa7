// What the first bytes of an input show: text, text without a mark, or a packed file.
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodingOf } from '../../src/cli/not-text.ts';
import { containing } from './streams.ts';

const line = 'Failed to pull image "shop.azurecr.io/orders:1"\n';

describe('an input', () => {
  it.each([
    ['plain text', Buffer.from(`${line}ü`), 'utf-8'],
    ['nothing', Buffer.alloc(0), 'utf-8'],
    ['UTF-16 with its mark', Buffer.from(`\ufeff${line}`, 'utf16le'), 'utf-16le'],
    ['UTF-16 of the other order', Buffer.from(`\ufeff${line}`, 'utf16le').swap16(), 'utf-16be'],
  ])('of %s is read, and nothing has to be said', (_of, bytes, label) => {
    expect(encodingOf(bytes)).toEqual({ kind: 'text', label });
  });

  it.each([
    ['utf-16le', Buffer.from(line, 'utf16le')],
    ['utf-16be', Buffer.from(line, 'utf16le').swap16()],
  ])('of UTF-16 without its mark is read as %s, with a word about it', (label, bytes) => {
    expect(encodingOf(bytes)).toMatchObject({ kind: 'text', label, what: containing('without a mark') });
  });

  it.each([
    ['gzip', gzipSync(line)],
    ['zstd', zstdCompressSync(line)],
    ['zip', Buffer.from('PK\u0003\u0004')],
    ['zero bytes', Buffer.from([1, 0, 0, 3, 0, 0, 6, 0, 0, 9])],
  ])('of %s is not read, and it says so', (what, bytes) => {
    expect(encodingOf(bytes)).toMatchObject({ kind: 'not-text', what: containing(what) });
  });

  it('of text with a few zero bytes is read, with a word about it', () => {
    expect(encodingOf(Buffer.from(`${line}\0${line}`))).toMatchObject({
      kind: 'text',
      label: 'utf-8',
      what: containing('zero bytes'),
    });
  });
});
