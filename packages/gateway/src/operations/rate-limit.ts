import { type Bucket, takeToken } from '../core/token-bucket.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeyRecord } from '../store/keys.ts';
import { ApiError } from './api-error.ts';

/** Counts one request against the key's limit; throws RATE_LIMITED when there is no room. Each process counts its own. */
export type RateLimit = (key: KeyRecord) => void;

const bucketsMax = 100_000;

export function createRateLimit(clock: Clock): RateLimit {
  const buckets = new Map<string, Bucket>();
  return (key) => {
    const { bucket, waitMs } = takeToken(buckets.get(key.id) ?? null, key.limit, clock.monotonicMs());
    buckets.set(key.id, bucket);
    const oldest = buckets.keys().next();
    if (buckets.size > bucketsMax && !oldest.done) buckets.delete(oldest.value);
    if (waitMs > 0) throw new ApiError('RATE_LIMITED', { retryAfterMs: waitMs });
  };
}
