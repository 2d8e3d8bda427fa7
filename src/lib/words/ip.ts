// Addresses and ranges of both versions of IP, compared as numbers.

import ipaddr from 'ipaddr.js';

/** From the first to the last address. An address is a range of one. `bits`: 32 for IPv4, 128 for IPv6. */
export interface Range {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
}

/** Whether the text is one address. */
export function isAddress(text: string): boolean {
  return !text.includes('/') && rangeOf(text) !== undefined;
}

/**
 * Reads an address or a CIDR range; `undefined` if the text is neither. An IPv6 address that stands for an IPv4 one (`::ffff:20.1.2.3`) is read
 * as that. Parts with leading zeros are not read, because some programs take them as octal.
 */
export function rangeOf(text: string): Range | undefined {
  const [address = '', size, ...more] = text.split('/');
  const parsed = parse(address);
  if (parsed === undefined || more.length > 0 || (size !== undefined && !/^\d{1,3}$/.test(size))) return undefined;
  const whole = parsed.mapped ? 128 : parsed.bits;
  const prefix = size === undefined ? parsed.bits : Number(size) - (whole - parsed.bits);
  if (prefix < 0 || prefix > parsed.bits) return undefined;
  const length = 2n ** BigInt(parsed.bits - prefix);
  const first = (parsed.number / length) * length;
  return { bits: parsed.bits, first, last: first + length - 1n };
}

interface Parsed {
  readonly bits: 32 | 128;
  readonly number: bigint;
  /** It was written as an IPv6 address. */
  readonly mapped: boolean;
}

function parse(address: string): Parsed | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) {
    const parsed = ipaddr.IPv4.parse(address);
    return { bits: 32, number: numberOf(parsed.toByteArray()), mapped: false };
  }
  // A zone behind `%` names a network card of one machine.
  if (!/^[0-9a-f:.]{2,45}$/i.test(address) || !ipaddr.IPv6.isValid(address)) return undefined;
  const dotted = /[^:]*\.[^:]*$/.exec(address)?.[0];
  if (dotted !== undefined && !ipaddr.IPv4.isValidFourPartDecimal(dotted)) return undefined;
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.isIPv4MappedAddress()
    ? { bits: 32, number: numberOf(parsed.toIPv4Address().toByteArray()), mapped: true }
    : { bits: 128, number: numberOf(parsed.toByteArray()), mapped: false };
}

function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** Says whether the first range holds all of the second, none of it, or a part. */
export function covers(outer: Range, inner: Range): 'all' | 'none' | 'part' {
  if (outer.bits !== inner.bits || inner.last < outer.first || inner.first > outer.last) return 'none';
  return outer.first <= inner.first && inner.last <= outer.last ? 'all' : 'part';
}

/** True if the first address or CIDR range holds all of the second. False if one of the texts is neither an address nor a range. */
export function rangeHolds(range: string, within: string): boolean {
  const [outer, inner] = [rangeOf(range), rangeOf(within)];
  return outer !== undefined && inner !== undefined && covers(outer, inner) === 'all';
}

const notPublic = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '168.63.129.16',
  '::1',
  'fc00::/7',
  'fe80::/10',
];

/** True if the range holds no address of the public Internet. */
export function isPrivateRange(range: string): boolean {
  return notPublic.some((own) => rangeHolds(own, range));
}
