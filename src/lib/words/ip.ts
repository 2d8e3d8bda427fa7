// IPv4 addresses and ranges, compared as numbers.

/** An address as a number; `undefined` if the text is not an IPv4 address. */
export function ipNumber(ip: string): number | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(ip)) return undefined;
  const parts = ip.split('.').map(Number);
  return parts.every((part) => part <= 255) ? parts.reduce((sum, part) => sum * 256 + part) : undefined;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Reads an address or a CIDR range; `undefined` if the text is neither. */
export function rangeOf(text: string): Range | undefined {
  const sized = /^(.*)\/(\d+)$/.exec(text);
  const from = ipNumber(sized?.[1] ?? text);
  const size = 2 ** (32 - Number(sized?.[2] ?? 32));
  if (from === undefined || size < 1) return undefined;
  const first = Math.floor(from / size) * size;
  return { first, last: first + size - 1 };
}

/** Says whether the first range holds all of the second, none of it, or a part. */
export function covers(outer: Range, inner: Range): 'all' | 'none' | 'part' {
  if (inner.last < outer.first || inner.first > outer.last) return 'none';
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
];

/** True if the range holds no address of the public Internet. */
export function isPrivateRange(range: string): boolean {
  return notPublic.some((own) => rangeHolds(own, range));
}
