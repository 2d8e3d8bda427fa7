import { describe, expect, it } from 'vitest';
import { covers, ipNumber, isPrivateRange, rangeHolds, rangeOf } from '../../../src/lib/words/ip.ts';

describe('an address', () => {
  it.each([
    ['0.0.0.0', 0],
    ['0.0.1.2', 258],
    ['10.70.4.5', 10 * 2 ** 24 + 70 * 2 ** 16 + 4 * 256 + 5],
    ['255.255.255.255', 2 ** 32 - 1],
  ])('%s is a number', (text, number) => {
    expect(ipNumber(text)).toBe(number);
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
    'fd00::1',
  ])('is not written “%s”', (text) => {
    expect(ipNumber(text)).toBeUndefined();
    expect(rangeOf(text)).toBeUndefined();
  });
});

describe('a range', () => {
  const ten = 10 * 2 ** 24;

  it.each([
    ['10.0.0.0/8', ten, ten + 2 ** 24 - 1],
    ['10.0.0.1/8', ten, ten + 2 ** 24 - 1],
    ['10.0.0.0/31', ten, ten + 1],
    ['10.0.0.7/32', ten + 7, ten + 7],
    ['10.0.0.7', ten + 7, ten + 7],
    ['0.0.0.0/0', 0, 2 ** 32 - 1],
    ['128.0.0.0/1', 2 ** 31, 2 ** 32 - 1],
  ])('%s has a first and a last address', (text, first, last) => {
    expect(rangeOf(text)).toEqual({ first, last });
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
  ])('%s', (range) => {
    expect(isPrivateRange(range)).toBe(true);
  });

  it.each(['10.0.0.0/7', '172.32.0.0/16', '192.169.0.0/16', '168.63.129.0/24', '20.1.2.3', '0.0.0.0/0', 'x', ''])(
    'are not all of %s',
    (range) => {
      expect(isPrivateRange(range)).toBe(false);
    },
  );
});
