import { BlockList, isIPv4 } from 'node:net';

/** Whether every address of `inner` (an address or a network) belongs to one of `outer`. Two forms of an address do not match. */
export function coversNetwork(outer: readonly string[], inner: string): boolean {
  const asked = parse(inner);
  return outer.some((network) => {
    const allowed = parse(network);
    if (allowed.family !== asked.family || allowed.length > asked.length) return false;
    const list = new BlockList();
    list.addSubnet(allowed.address, allowed.length, allowed.family);
    return list.check(asked.address, asked.family);
  });
}

function parse(network: string) {
  const [address = '', length] = network.split('/');
  const family = isIPv4(address) ? ('ipv4' as const) : ('ipv6' as const);
  const whole = family === 'ipv4' ? 32 : 128;
  return { address, family, length: length === undefined ? whole : Number(length) };
}
