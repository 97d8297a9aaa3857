import { BlockList, isIP, isIPv4 } from 'node:net';

/** Whether an address equals one of these, or is in one of these networks. IPv4 within IPv6 (`::ffff:203.0.113.7`) counts as IPv4. */
export function isWithin(networks: readonly string[], address: string): boolean {
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  if (isIP(plain) === 0) return false;
  return listOf(networks).check(plain, familyOf(plain));
}

const lists = new WeakMap<readonly string[], BlockList>();

/** Built once for each list of networks in memory. */
function listOf(networks: readonly string[]): BlockList {
  const known = lists.get(networks);
  if (known !== undefined) return known;
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', length] = network.split('/');
    if (length === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(length), familyOf(address));
  }
  lists.set(networks, list);
  return list;
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6');
