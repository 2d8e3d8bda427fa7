// Addresses and ranges of addresses, as rules of registries and subnets name them.
import { BlockList, isIPv4 } from 'node:net';

/** Whether an address, or a range in CIDR notation, holds this address. A text that is neither an address nor a range holds no address. */
export function rangeHolds(range: string, ip: string): boolean {
  const [net = '', prefix = '32'] = range.split('/');
  const bits = Number(prefix);
  if (!isIPv4(net) || !/^\d{1,2}$/.test(prefix) || bits > 32) return false;
  const list = new BlockList();
  list.addSubnet(net, bits);
  return list.check(ip);
}
