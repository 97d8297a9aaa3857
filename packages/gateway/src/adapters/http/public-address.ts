import { BlockList, isIP } from 'node:net';

/** IANA's special-purpose registry for IPv4: these networks are not on the public internet, or not assigned. */
const specialIpv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/**
 * Of IPv6 only global unicast is public (2000::/3), which leaves out loopback, IPv4-mapped addresses, local NAT64, unique local,
 * link-local and multicast; and of that not Teredo and its neighbours, documentation, 6to4 and the old 6bone.
 */
const globalIpv6 = '2000::/3';
const specialIpv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3ffe::/16', '3fff::/20'];

const listOf = (networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
};

const barredIpv4 = listOf(specialIpv4, 'ipv4');
const openIpv6 = listOf([globalIpv6], 'ipv6');
const barredIpv6 = listOf(specialIpv6, 'ipv6');

/** The well-known prefix (RFC 6052): a network without IPv4 reaches the IPv4 address in the last 32 bits by it. */
const translated = listOf(['64:ff9b::/96'], 'ipv6');

/** The IPv4 address in the last 32 bits. */
function translatedIpv4(address: string): string {
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':').slice(-2);
  return groups
    .map((group) => Number.parseInt(group || '0', 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

/** Whether an address, as a resolver gives it, is on the public internet; false for a text that is no address. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !barredIpv4.check(address, 'ipv4');
    case 6:
      // A zone names an interface of this machine.
      if (address.includes('%')) return false;
      if (translated.check(address, 'ipv6')) return isPublicAddress(translatedIpv4(address));
      return openIpv6.check(address, 'ipv6') && !barredIpv6.check(address, 'ipv6');
    default:
      return false;
  }
}
