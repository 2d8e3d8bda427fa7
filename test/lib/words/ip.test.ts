import { describe, expect, it } from 'vitest';
import { covers, isAddress, isPrivateRange, rangeHolds, rangeOf } from '../../../src/lib/words/ip.ts';

describe('an address', () => {
  it.each([
    ['0.0.0.0', 32, 0n],
    ['0.0.1.2', 32, 258n],
    ['10.70.4.5', 32, 10n * 2n ** 24n + 70n * 2n ** 16n + 4n * 256n + 5n],
    ['255.255.255.255', 32, 2n ** 32n - 1n],
    ['::', 128, 0n],
    ['::1', 128, 1n],
    ['2001:DB8::1', 128, 0x20010db8n * 2n ** 96n + 1n],
    ['2001:db8:0:0:0:0:0:1', 128, 0x20010db8n * 2n ** 96n + 1n],
    ['::ffff:20.1.2.3', 32, 0x14010203n],
    ['::ffff:1401:203', 32, 0x14010203n],
  ] as const)('%s is a number of %d bits', (text, bits, number) => {
    expect(rangeOf(text)).toEqual({ bits, first: number, last: number });
    expect(isAddress(text)).toBe(true);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.1000',
    '256.0.0.0',
    '1.2..4',
    '1.2.3.',
    '.1.2.3',
    '...',
    '-1.2.3.4',
    '1.2.3.4x',
    'x1.2.3.4',
    ' 1.2.3.4',
    '1.2.3.0x1',
    '1.2.3.1e1',
    '1.2.3.4.',
    '1a2a3a4',
    '010.1.2.3',
    '1.2.3.08',
    '16909060',
    ':',
    ':::',
    '1::2::3',
    '2001:db8::12345',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7',
    'fe80::1%eth0',
    '[2001:db8::1]',
    '2001:db8::1 ',
    '::ffff:1.2.3.256',
    '::ffff:01.2.3.4',
  ])('is not written “%s”', (text) => {
    expect(rangeOf(text)).toBeUndefined();
    expect(isAddress(text)).toBe(false);
  });

  it('is not a range', () => {
    expect(isAddress('10.0.0.0/8')).toBe(false);
    expect(isAddress('2001:db8::/32')).toBe(false);
  });
});

describe('a range', () => {
  const ten = 10n * 2n ** 24n;

  it.each([
    ['10.0.0.0/8', ten, ten + 2n ** 24n - 1n],
    ['10.0.0.1/8', ten, ten + 2n ** 24n - 1n],
    ['10.0.0.0/31', ten, ten + 1n],
    ['10.0.0.7/32', ten + 7n, ten + 7n],
    ['10.0.0.7', ten + 7n, ten + 7n],
    ['0.0.0.0/0', 0n, 2n ** 32n - 1n],
    ['128.0.0.0/1', 2n ** 31n, 2n ** 32n - 1n],
    ['::ffff:10.0.0.0/104', ten, ten + 2n ** 24n - 1n],
  ])('%s has a first and a last address', (text, first, last) => {
    expect(rangeOf(text)).toEqual({ bits: 32, first, last });
  });

  it('of IPv6 has a first and a last address', () => {
    const first = 0x20010db8n * 2n ** 96n;

    expect(rangeOf('2001:db8::7/32')).toEqual({ bits: 128, first, last: first + 2n ** 96n - 1n });
    expect(rangeOf('::/0')).toEqual({ bits: 128, first: 0n, last: 2n ** 128n - 1n });
    expect(rangeOf('2001:db8::7/128')).toEqual({ bits: 128, first: first + 7n, last: first + 7n });
  });

  it.each([
    '10.0.0.0/',
    '\n10.0.0.0/8',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/x',
    '10.0.0.0/8/9',
    '10.0.0/8',
    '/8',
    '10.0.0.0/8x',
    '2001:db8::/129',
    '2001:db8::/',
    '::ffff:10.0.0.0/95',
    '::ffff:10.0.0.0/129',
  ])('is not written “%s”', (text) => {
    expect(rangeOf(text)).toBeUndefined();
  });

  it.each([
    ['10.0.0.0/8', '10.1.0.0/16', 'all'],
    ['10.0.0.0/8', '10.0.0.0/8', 'all'],
    ['10.0.0.0/8', '10.0.0.0', 'all'],
    ['10.0.0.0/8', '10.255.255.255', 'all'],
    ['10.0.0.0/8', '9.255.255.255', 'none'],
    ['10.0.0.0/8', '11.0.0.0', 'none'],
    ['10.0.0.0/8', '192.168.0.0/16', 'none'],
    ['10.0.0.0/8', '8.0.0.0/6', 'part'],
    ['10.0.0.0/8', '10.0.0.0/7', 'part'],
    ['11.0.0.0/8', '10.0.0.0/7', 'part'],
    ['2001:db8::/32', '2001:db8:1::1', 'all'],
    ['2001:db8::/32', '2001:db9::1', 'none'],
    ['2001:db8::/33', '2001:db8::/32', 'part'],
    ['0.0.0.0/0', '::1', 'none'],
    ['::/0', '10.0.0.1', 'none'],
    ['20.1.2.0/24', '::ffff:20.1.2.3', 'all'],
  ] as const)('%s holds of %s: %s', (outer, inner, held) => {
    const [first, second] = [rangeOf(outer), rangeOf(inner)];

    expect(first && second && covers(first, second)).toBe(held);
    expect(rangeHolds(outer, inner)).toBe(held === 'all');
  });

  it('that cannot be read holds nothing, and nothing holds it', () => {
    expect(rangeHolds('nonsense', '10.0.0.1')).toBe(false);
    expect(rangeHolds('0.0.0.0/0', 'nonsense')).toBe(false);
    expect(rangeHolds('', '')).toBe(false);
  });
});

describe('addresses that are not of the public Internet', () => {
  it.each([
    '10.255.255.255',
    '172.16.0.0/12',
    '172.31.255.255',
    '192.168.1.0/24',
    '100.64.0.0/16',
    '127.0.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '::1',
    'fd12:3456::/32',
    'fe80::1',
    '::ffff:10.0.0.1',
  ])('%s', (range) => {
    expect(isPrivateRange(range)).toBe(true);
  });

  it.each([
    '10.0.0.0/7',
    '172.32.0.0/16',
    '192.169.0.0/16',
    '168.63.129.0/24',
    '20.1.2.3',
    '0.0.0.0/0',
    '2001:db8::1',
    '::/0',
    'x',
    '',
  ])('are not all of %s', (range) => {
    expect(isPrivateRange(range)).toBe(false);
  });
});
