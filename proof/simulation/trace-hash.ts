/** A hash of everything that happened, the same for the same history. */
export interface TraceHash {
  mixNumber(value: number): void;
  mixLabel(label: string): void;
  toString(): string;
}

export function createTraceHash(): TraceHash {
  const numbers = new Map<string, number>();
  let hashA = 0x811c9dc5;
  let hashB = 0x1234567;

  const mixNumber = (value: number): void => {
    hashA = Math.imul(hashA ^ value, 0x01000193);
    hashB = Math.imul(hashB ^ (value + (hashA >>> 7)), 0x85ebca6b);
  };
  const toNumber = (label: string): number => {
    const known = numbers.get(label);
    if (known !== undefined) return known;
    let number = 0;
    for (let index = 0; index < label.length; index += 1)
      number = Math.imul(number ^ label.charCodeAt(index), 0x01000193);
    numbers.set(label, number);
    return number;
  };
  return {
    mixNumber,
    mixLabel: (label) => mixNumber(toNumber(label)),
    toString: () => [hashA, hashB].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  };
}
