// Addresses and ranges of addresses, as rules of registries and subnets name them.
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Whether an address, or a range in CIDR notation, holds this address. A text that is neither an address nor a range holds no address. */
export function rangeHolds(range: string, ip: string): boolean {
  const [net = '', prefix] = range.split('/');
  const [whole, family] = isIPv4(net) ? ([32, 'ipv4'] as const) : ([128, 'ipv6'] as const);
  const bits = Number(prefix ?? whole);
  if (isIP(net) === 0 || !/^\d{1,3}$/.test(prefix ?? '0') || bits > whole) return false;
  const list = new BlockList();
  list.addSubnet(net, bits, family);
  return isIP(ip) !== 0 && list.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6');
}
