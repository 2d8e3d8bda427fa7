// Image references are read the way container runtimes read them.
import { describe, expect, it } from 'vitest';
import { parseImageRef } from '../../src/lib/image-ref.ts';

describe('an image reference', () => {
  it.each([
    ['acrshop.azurecr.io/shop/orders:v1', { registry: 'acrshop.azurecr.io', repository: 'shop/orders', tag: 'v1' }],
    ['nginx', { registry: 'docker.io', repository: 'library/nginx' }],
    ['shop/orders', { registry: 'docker.io', repository: 'shop/orders' }],
    ['localhost:5000/a', { registry: 'localhost:5000', repository: 'a' }],
    [`x.io/a@sha256:${'0'.repeat(64)}`, { registry: 'x.io', repository: 'a', digest: `sha256:${'0'.repeat(64)}` }],
  ])('%s', (text, expected) => {
    expect(parseImageRef(text)).toEqual(expected);
  });

  it.each(['', 'UPPER/Case', 'a b', 'x.io/', 'x.io/a:'])('is not %j', (text) => {
    expect(parseImageRef(text)).toBeUndefined();
  });
});
