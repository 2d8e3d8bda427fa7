// Image references are read the way container runtimes read them.
import { describe, expect, it } from 'vitest';
import { meansImage, parseImageRef } from '../../../src/lib/words/image-ref.ts';

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

describe('a text means an image', () => {
  const digest = `sha256:${'0'.repeat(64)}`;

  it.each([
    ['docker.io/library/redis:latest', 'redis'],
    ['docker.io/library/redis:7', 'redis:7'],
    ['docker.io/contoso/orders:v1', 'contoso/orders:v1'],
    ['shop/orders:v1', 'acrshop.azurecr.io/shop/orders:v1'],
    ['ACRSHOP.azurecr.io/shop/orders:v1', 'acrshop.azurecr.io/shop/orders:v1'],
    ['acrshop.azurecr.io/shop/orders:latest', 'acrshop.azurecr.io/shop/orders'],
    [`acrshop.azurecr.io/orders@${digest}`, `acrshop.azurecr.io/orders@${digest}`],
    ['#{name}', '#{name}'],
  ])('that it writes in full, in another case or without its host: %s for %s', (named, image) => {
    expect(meansImage(named, image)).toBe(true);
  });

  it.each([
    ['docker.io/library/redis:6', 'redis:7'],
    ['docker.io/contoso/redis:7', 'redis:7'],
    ['ghcr.io/shop/orders:v1', 'acrshop.azurecr.io/shop/orders:v1'],
    [`acrshop.azurecr.io/orders@${digest}`, 'acrshop.azurecr.io/orders:latest'],
    ['', 'redis:7'],
  ])('and not another one: %s for %s', (named, image) => {
    expect(meansImage(named, image)).toBe(false);
  });
});
