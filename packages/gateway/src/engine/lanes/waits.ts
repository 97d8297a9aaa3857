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

/** A copy of an object of functions and of further such objects. What its functions promise counts as a wait. */
export function countCalls<T extends object>(waits: Pick<Waits, 'during'>, target: T): T {
  const counted = Object.entries(target).map(([name, part]): [string, unknown] => {
    if (typeof part === 'function') return [name, countingCall(waits, part)];
    return [name, typeof part === 'object' && part !== null ? countCalls(waits, part) : part];
  });
  return Object.fromEntries(counted) as T;
}

type AnyFunction = (...values: unknown[]) => unknown;

const countingCall =
  (waits: Pick<Waits, 'during'>, call: unknown): AnyFunction =>
  (...values) => {
    const result = (call as AnyFunction)(...values);
    return result instanceof Promise ? waits.during(result) : result;
  };
