import { canonicalJson } from './json/canonical.ts';

/**
 * The text whose digest tells whether two requests under one Idempotency-Key are the same. `value` is the parsed body, so the order of keys, the object or
 * string form of the message and `123` or `"123"` make no difference. The route keeps the bodies of different operations apart.
 */
export const fingerprintSource = (route: string, value: unknown): string => `${route}\n${canonicalJson(value)}`;
