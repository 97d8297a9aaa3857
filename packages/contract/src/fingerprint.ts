import { canonicalJson } from './json/canonical.ts';

/**
 * The text whose digest identifies the request of an Idempotency-Key. `value` is the parsed body: the order of its keys, the object or string form of the
 * message, and `123` or `"123"` make no difference. The route separates the same body of different operations.
 */
export const fingerprintSource = (route: string, value: unknown): string => `${route}\n${canonicalJson(value)}`;
