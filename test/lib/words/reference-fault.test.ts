// A reference is called wrong only where its text proves it: what a runtime may read otherwise stays unclear.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCertain, meantReference, namesHost, referenceFault } from '../../../src/lib/words/reference-fault.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('a reference that cannot be right', () => {
  it.each([
    ['/albumapp-ui', 'leading-slash'],
    ['/albumapp-ui:v1', 'leading-slash'],
    ['acrshop.azurecr.io/#{environmentName}:v1', 'placeholder'],
    ['$' + '{REGISTRY}/orders:v1', 'placeholder'],
    ['acrshop.azurecr.io/orders:$(tag)', 'placeholder'],
    ['acrshop.azurecr.io/orders:{{ tag }}', 'placeholder'],
    ['<registry>/orders', 'placeholder'],
    ['acrshop.azurecr.io/Shop/Orders:v3', 'upper-case'],
    ['Contoso/Orders:v3', 'upper-case'],
    ['contoso/Orders:v3', 'upper-case'],
    ['Orders:v3', 'upper-case'],
    [`acrshop.azurecr.io/Orders@${digest}`, 'upper-case'],
    ['docker.io/docker.io/contoso/orders:v1', 'host-doubled'],
    ['index.docker.io/ghcr.io/orders', 'host-doubled'],
    ['acrshop.azurecr.io.azurecr.io/orders:v1', 'host-doubled'],
    ['acrshop.azurecr.cn.azurecr.io/orders', 'host-doubled'],
    ['acrshop.azurecr.io/orders:v1 beta', 'space'],
    ['acrshop.azurecr.io/orders:v1\n', 'space'],
    ['acrshop.azurecr.io/orders:\u00a0v1', 'space'],
    ['https://acrshop.azurecr.io/orders', 'scheme'],
    ['acrshop.azurecr.io//orders', 'empty-part'],
    ['acrshop.azurecr.io/', 'empty-part'],
    ['acrshop.azurecr.io/:v1', 'empty-part'],
    ['acrshop.azurecr.io/orders:', 'empty-tag'],
    ['acrshop.azurecr.io/orders@', 'empty-tag'],
    [`acrshop.azurecr.io/orders:@${digest}`, 'empty-tag'],
    ['acrshop.azurecr.io/orders:v1:v2', 'tag'],
    ['acrshop.azurecr.io/orders:-v1', 'tag'],
    [`acrshop.azurecr.io/orders:${'v'.repeat(129)}`, 'tag'],
    ['acrshop.azurecr.io/orders:v1!', 'character'],
    ['', 'empty-tag'],
  ])('%s: %s', (image, fault) => {
    expect(referenceFault(image)).toBe(fault);
    expect(isCertain(referenceFault(image) ?? 'unclear')).toBe(true);
  });
});

describe('a first part with upper-case letters', () => {
  it.each(['Contoso/orders:v3', 'Registry/foo', `Registry/foo@${digest}`])(
    'may be a host to the runtime: %s is doubted and not certain',
    (image) => {
      expect(referenceFault(image)).toBe('upper-case-first');
      expect(isCertain('upper-case-first')).toBe(false);
      expect(meantReference(image, undefined)).toBe(image.replace(/^[A-Z]/, (letter) => letter.toLowerCase()));
    },
  );
});

describe('a reference that may be right', () => {
  it.each([
    'acrshop.azurecr.io/shop/orders:v1',
    'ACRSHOP.azurecr.io/orders:V1',
    'nginx',
    'contoso/my.app:1.0',
    'acrshop.azurecr.io/docker.io/library/nginx:1.27',
    'acrshop.azurecr.io/azurecr.io/x',
    'acrshop-abc123.azurecr.io/orders',
    'acrshop.westeurope.geo.azurecr.io/orders',
    'localhost:5000/orders',
    'my.app/orders',
    `acrshop.azurecr.io/orders:v1@${digest}`,
    `acrshop.azurecr.io/orders:${'v'.repeat(128)}`,
  ])('%s has no fault', (image) => {
    expect(referenceFault(image)).toBeUndefined();
  });

  it.each([
    ['[2001:db8::1]:5000/orders:v1', 'unclear'],
    [`${'a/'.repeat(300)}b`, 'unclear'],
    ['images:ubuntu/24.04', 'unclear'],
    ['acrshop.azurecr.io/orders@sha256:ab', 'unclear'],
    ['acrshop.azurecr.io/acrshop.azurecr.io/orders:v1', 'host-in-path'],
  ] as const)('%s is no proof: %s', (image, fault) => {
    expect(referenceFault(image)).toBe(fault);
    expect(isCertain(fault)).toBe(false);
  });
});

describe('the reference that was meant', () => {
  const server = 'acrshop.azurecr.io';

  it.each([
    ['/albumapp-ui:v1', 'acrshop.azurecr.io/albumapp-ui:v1'],
    ['https://acrshop.azurecr.io/orders:v1', 'acrshop.azurecr.io/orders:v1'],
    ['acrshop.azurecr.io/Shop/Orders:V3', 'acrshop.azurecr.io/shop/orders:V3'],
    ['docker.io/docker.io/contoso/orders:v1', 'docker.io/contoso/orders:v1'],
    ['acrshop.azurecr.io/acrshop.azurecr.io/orders:v1', 'acrshop.azurecr.io/orders:v1'],
    ['acrshop.azurecr.io.azurecr.io/orders:v1', 'acrshop.azurecr.io/orders:v1'],
    ['orders:v1', 'acrshop.azurecr.io/orders:v1'],
  ])('of %s is %s', (image, meant) => {
    expect(meantReference(image, server)).toBe(meant);
  });

  it.each(['acrshop.azurecr.io/orders:v1', 'acrshop.azurecr.io/#{name}', 'acrshop.azurecr.io/orders:v1 beta', 'a::b'])(
    'of %s is not guessed',
    (image) => {
      expect(meantReference(image, server)).toBeUndefined();
    },
  );

  it('has no host where the app has no single registry to take', () => {
    expect(meantReference('/albumapp-ui:v1', undefined)).toBeUndefined();
    expect(meantReference('orders:v1', undefined)).toBeUndefined();
  });

  it('has no fault itself, whatever was written and whatever the entry says', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 30 }), (image, entry) => {
        const meant = meantReference(image, entry);

        return meant === undefined || referenceFault(meant) === undefined;
      }),
    );
  });
});

it('names its host only where the part before the first slash can be one', () => {
  expect(['nginx', 'shop/orders', 'my.app', '/orders'].map(namesHost)).toEqual([false, false, false, false]);
  expect(['x.io/a', 'x:5000/a', 'localhost/a'].map(namesHost)).toEqual([true, true, true]);
});
