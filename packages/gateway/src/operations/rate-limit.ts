import { type Bucket, milliTokensEach, takeToken } from '../core/delivery/token-bucket.ts';
import { putNewest } from '../core/memory/put-newest.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeyRecord } from '../store/keys.ts';

/** The state of a key's rate limit after a request. */
export interface Quota {
  /** The number of requests that may arrive at once. */
  readonly burst: number;
  readonly remaining: number;
  /** The time until the full burst is available again. */
  readonly fullInMs: number;
  /** The time until the next request is allowed. 0 if this request was allowed. */
  readonly waitMs: number;
}

/** Counts one request against the key's limit. Each process counts separately. */
export type CountRequest = (key: Pick<KeyRecord, 'id' | 'limit'>) => Quota;

const bucketsMax = 100_000;

export function createRateLimit(clock: Clock): CountRequest {
  const buckets = new Map<string, Bucket>();
  return ({ id, limit }) => {
    const { bucket, waitMs } = takeToken(buckets.get(id) ?? null, limit, clock.monotonicMs());
    putNewest(buckets, id, bucket, bucketsMax);
    return {
      burst: limit.burst,
      remaining: Math.floor(bucket.milliTokens / milliTokensEach),
      fullInMs: Math.ceil((limit.burst * milliTokensEach - bucket.milliTokens) / limit.perSecond),
      waitMs,
    };
  };
}
