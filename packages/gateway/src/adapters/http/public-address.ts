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
 * Of IPv6 only global unicast is public (2000::/3), which leaves out loopback, IPv4-mapped and NAT64 addresses, unique local,
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

/** Whether an address, as a resolver gives it, is on the public internet; false for a text that is no address. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !barredIpv4.check(address, 'ipv4');
    case 6:
      // A zone names an interface of this machine.
      return !address.includes('%') && openIpv6.check(address, 'ipv6') && !barredIpv6.check(address, 'ipv6');
    default:
      return false;
  }
}
