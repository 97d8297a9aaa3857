/**
 * Counts what the jobs of this process wait for outside: a provider's answer, a file, a clock. A lane that waits keeps its
 * lease, but occupies no slot of the worker.
 */
export interface Waits {
  /** How many waits are under way. */
  count(): number;
  /** Waits for `outside`. */
  during<T>(outside: Promise<T>): Promise<T>;
  /** `listener` is called whenever a wait begins. */
  onBegin(listener: () => void): void;
}

export function createWaits(): Waits {
  let count = 0;
  let listener = (): void => undefined;

  return {
    count: () => count,
    async during(outside) {
      count += 1;
      listener();
      try {
        return await outside;
      } finally {
        count -= 1;
      }
    },
    onBegin(next) {
      listener = next;
    },
  };
}
