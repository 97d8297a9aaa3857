const isIpv4 = (text: string): boolean => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text);

const groupsOf = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));

/**
 * The network whose attempts are counted together: an IPv4 address alone, and the /64 of an IPv6 address, because one household
 * or one machine owns a whole /64 (RFC 6177). IPv4 within IPv6 (`::ffff:203.0.113.7`) counts as IPv4.
 * What is no address, as a proxy may forward it, is `unknown`: alarms show these networks to people.
 */
export function networkOf(address: string): string {
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address.split('%')[0] ?? address;
  const url = `http://[${plain}]`;
  if (!URL.canParse(url)) return isIpv4(plain) ? plain : 'unknown';
  const [before = '', after] = new URL(url).hostname.slice(1, -1).split('::');
  const head = groupsOf(before);
  const zeros = after === undefined ? 0 : 8 - head.length - groupsOf(after).length;
  return `${[...head, ...Array<string>(zeros).fill('0'), ...groupsOf(after ?? '')].slice(0, 4).join(':')}::/64`;
}
