// Image references are read the way container runtimes read them.
import { describe, expect, it } from 'vitest';
import { parseImageRef } from '../../../src/lib/words/image-ref.ts';

describe('an image reference', () => {
  it.each([
    ['acrshop.azurecr.io/shop/orders:v1', { registry: 'acrshop.azurecr.io', repository: 'shop/orders', tag: 'v1' }],
    ['nginx', { registry: 'docker.io', repository: 'library/nginx' }],
    ['shop/orders', { registry: 'docker.io', repository: 'shop/orders' }],
    ['my.app', { registry: 'docker.io', repository: 'library/my.app' }],
    ['localhost/a', { registry: 'localhost', repository: 'a' }],
    ['Shop.IO/a:V1', { registry: 'shop.io', repository: 'a', tag: 'V1' }],
    ['localhost:5000/a', { registry: 'localhost:5000', repository: 'a' }],
    [`x.io/a@sha256:${'0'.repeat(64)}`, { registry: 'x.io', repository: 'a', digest: `sha256:${'0'.repeat(64)}` }],
  ])('%s', (text, expected) => {
    expect(parseImageRef(text)).toStrictEqual(expected);
  });

  it.each([
    '',
    'UPPER/Case',
    'a b',
    'x.io/',
    'x.io/a:',
    'x.io/a:-1',
    'x.io/a@sha256:ab',
    'x.io/a@',
    '-x.io/a',
    'x..io/a',
    'x.io/a//b',
  ])('is not %j', (text) => {
    expect(parseImageRef(text)).toBeUndefined();
  });

  it('has 512 characters at most', () => {
    const longest = `${'a/'.repeat(255)}ab`;

    expect(parseImageRef(longest)?.repository).toBe(longest);
    expect(parseImageRef(`${longest}c`)).toBeUndefined();
  });
});
