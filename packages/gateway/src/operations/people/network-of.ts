const groupsOf = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));

/**
 * Whose address it is, for counting: an IPv4 address itself, and of IPv6 the /64 around it, all of which one household or one
 * machine has (RFC 6177). IPv4 within IPv6 (`::ffff:203.0.113.7`) counts as IPv4.
 */
export function networkOf(address: string): string {
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address.split('%')[0] ?? address;
  const url = `http://[${plain}]`;
  if (!URL.canParse(url)) return plain;
  const [before = '', after] = new URL(url).hostname.slice(1, -1).split('::');
  const head = groupsOf(before);
  const zeros = after === undefined ? 0 : 8 - head.length - groupsOf(after).length;
  return `${[...head, ...Array<string>(zeros).fill('0'), ...groupsOf(after ?? '')].slice(0, 4).join(':')}::/64`;
}
