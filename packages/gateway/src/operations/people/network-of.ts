const isIpv4 = (text: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text);

const groupsOf = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));

/** The first groups of an IPv6 address, without leading zeros. Null for what is none. */
function readGroups(plain: string, count: number): string | null {
  const url = `http://[${plain}]`;
  if (!URL.canParse(url)) return null;
  const [before = '', after] = new URL(url).hostname.slice(1, -1).split('::');
  const head = groupsOf(before);
  const zeros = after === undefined ? 0 : 8 - head.length - groupsOf(after).length;
  return [...head, ...Array<string>(zeros).fill('0'), ...groupsOf(after ?? '')].slice(0, count).join(':');
}

/** Without the zone of an IPv6 address, and without the length of a network. IPv4 within IPv6 is IPv4. */
const plainAddress = (address: string): string =>
  /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address.split(/[%/]/)[0] ?? address;

/**
 * The network whose attempts are counted together: an IPv4 address alone, and the /64 of an IPv6 address, because one household
 * or one machine owns a whole /64 (RFC 6177). IPv4 within IPv6 (`::ffff:203.0.113.7`) counts as IPv4.
 * What is no address, as a proxy may forward it, is `unknown`: alarms show these networks to people. The network of a network
 * is the same one.
 */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  const groups = readGroups(plain, 4);
  if (groups !== null) return `${groups}::/64`;
  return isIpv4(plain) ? plain : 'unknown';
}

/**
 * The /48 of an IPv6 address or network: one customer may own it whole (RFC 6177), which is 65,536 networks of `networkOf`. Null
 * for IPv4, where one customer owns few addresses.
 */
export function wideNetworkOf(address: string): string | null {
  const groups = readGroups(plainAddress(address), 3);
  return groups === null ? null : `${groups}::/48`;
}
