/** Values that wait, each for a party. The parties take turns. The values of one party keep their order. */
export interface Turns<K, V> {
  /** Appends a value. The result removes it, and is false if it had its turn. */
  add(party: K, value: V): () => boolean;
  isWaiting(party: K): boolean;
  /** Takes the first value of the first party that may have its turn. That party is the last one then. */
  take(mayTake: (party: K, value: V) => boolean): V | null;
}

export function createTurns<K, V>(): Turns<K, V> {
  const waiting = new Map<K, Set<{ readonly value: V }>>();

  return {
    add(party, value) {
      const values = waiting.get(party) ?? new Set();
      const entry = { value };
      waiting.set(party, values.add(entry));
      return () => {
        const isRemoved = values.delete(entry);
        if (values.size === 0 && waiting.get(party) === values) waiting.delete(party);
        return isRemoved;
      };
    },
    isWaiting: (party) => waiting.has(party),
    take(mayTake) {
      for (const [party, values] of waiting) {
        const [first] = values;
        if (first === undefined || !mayTake(party, first.value)) continue;
        values.delete(first);
        waiting.delete(party);
        if (values.size > 0) waiting.set(party, values);
        return first.value;
      }
      return null;
    },
  };
}
