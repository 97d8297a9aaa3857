/** Ids made from the sandbox's random source. */
export interface RandomIds {
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  uuid(): string;
}

export interface Ids<Kind extends string> extends RandomIds {
  /** The next number of a kind. Each kind has a count of its own, shared by all accounts of the provider. */
  next(kind: Kind): string;
}

/** `first` is the first number of each kind. */
export function createIds<Kind extends string>(random: () => number, first: Readonly<Record<Kind, number>>): Ids<Kind> {
  const counts: Record<Kind, number> = { ...first };
  const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  return {
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    next(kind) {
      counts[kind] += 1;
      return String(counts[kind] - 1);
    },
  };
}
