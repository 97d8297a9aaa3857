type AnyFunction = (...values: unknown[]) => unknown;

/** Sees the promise that a call returned, and returns the one that the caller gets. */
export type MapResult = (result: Promise<unknown>) => Promise<unknown>;

/** A copy of an object of functions and of further such objects. What its functions promise goes through `mapResult`. */
export function mapCalls<T extends object>(target: T, mapResult: MapResult): T {
  const mapped = Object.entries(target).map(([name, part]): [string, unknown] => {
    if (typeof part === 'function') return [name, mapCall(part as AnyFunction, mapResult)];
    return [name, typeof part === 'object' && part !== null ? mapCalls(part, mapResult) : part];
  });
  return Object.fromEntries(mapped) as T;
}

const mapCall =
  (call: AnyFunction, mapResult: MapResult): AnyFunction =>
  (...values) => {
    const result = call(...values);
    return result instanceof Promise ? mapResult(result) : result;
  };
