// IPv4 addresses and ranges, compared as numbers.

/** An address as a number; `undefined` when the text is no IPv4 address. */
export function ipNumber(ip: string): number | undefined {
  const parts = ip.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(Number.isInteger(part) && part >= 0 && part <= 255)))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** An address or a CIDR range; `undefined` when the text is neither. */
export function rangeOf(text: string): Range | undefined {
  const [base = '', length = '32'] = text.split('/');
  const from = ipNumber(base);
  const size = 2 ** (32 - Number(length));
  if (from === undefined || length === '' || !Number.isInteger(size) || size > 2 ** 32) return undefined;
  const first = Math.floor(from / size) * size;
  return { first, last: first + size - 1 };
}

/** Whether the first range holds all of the second, none of it, or a part. */
export function covers(outer: Range, inner: Range): 'all' | 'none' | 'part' {
  if (inner.last < outer.first || inner.first > outer.last) return 'none';
  return outer.first <= inner.first && inner.last <= outer.last ? 'all' : 'part';
}

/** Whether a rule, an address or a CIDR range, lets this address in. */
export function rangeHolds(range: string, ip: string): boolean {
  const [outer, inner] = [rangeOf(range), rangeOf(ip)];
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

/** Whether the range holds no address of the public Internet. */
export function isPrivateRange(range: string): boolean {
  const inner = rangeOf(range);
  return (
    inner !== undefined &&
    notPublic.some((text) => {
      const outer = rangeOf(text);
      return outer !== undefined && covers(outer, inner) === 'all';
    })
  );
}
