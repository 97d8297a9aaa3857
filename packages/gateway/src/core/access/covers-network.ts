/** A network as its leading bits. Addresses are those that the contract accepts. */
interface Network {
  readonly width: 32 | 128;
  readonly value: bigint;
  readonly length: number;
}

/** Whether every address of `inner` (an address or a network) belongs to one of `outer`. IPv4 is not within IPv6. */
export function coversNetwork(outer: readonly string[], inner: string): boolean {
  const asked = parseNetwork(inner);
  return outer.map(parseNetwork).some(({ width, value, length }) => {
    if (width !== asked.width || length > asked.length) return false;
    const rest = BigInt(width - length);
    return value >> rest === asked.value >> rest;
  });
}

function parseNetwork(text: string): Network {
  const [address = '', length] = text.split('/');
  const width = address.includes(':') ? 128 : 32;
  const value = width === 32 ? joinParts(address.split('.').map(Number), 8n) : parseIpv6(address);
  return { width, value, length: length === undefined ? width : Number(length) };
}

/** `::` stands for as many zeros as are missing, and the last two parts may be written as an IPv4 address. */
function parseIpv6(address: string): bigint {
  const [head = '', tail] = address.split('::');
  const before = partsOf(head);
  const after = tail === undefined ? [] : partsOf(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return joinParts([...before, ...zeros, ...after], 16n);
}

const partsOf = (text: string): readonly number[] =>
  text === '' ? [] : text.split(':').flatMap((part) => (part.includes('.') ? quadOf(part) : Number.parseInt(part, 16)));

function quadOf(address: string): readonly number[] {
  const value = Number(joinParts(address.split('.').map(Number), 8n));
  return [Math.floor(value / 0x1_00_00), value % 0x1_00_00];
}

const joinParts = (parts: readonly number[], bits: bigint): bigint =>
  parts.reduce((value, part) => (value << bits) | BigInt(part), 0n);
