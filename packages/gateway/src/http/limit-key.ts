import type { FastifyReply } from 'fastify';
import { ApiError } from '../operations/api-error.ts';
import type { CountRequest } from '../operations/rate-limit.ts';
import type { KeyRecord } from '../store/keys.ts';

/**
 * Counts a request against its key's rate limit, and sets the headers that report the limit: the structured fields (RFC 9651) of
 * the IETF draft “RateLimit header fields for HTTP”, version 11
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/11/). Throws RATE_LIMITED.
 */
export function limitKey(count: CountRequest, key: Pick<KeyRecord, 'id' | 'limit'>, reply: FastifyReply): void {
  const { burst, remaining, fullInMs, waitMs } = count(key);
  const windowSeconds = Math.ceil(burst / key.limit.perSecond);
  void reply.headers({
    'ratelimit-policy': `"key";q=${burst};w=${windowSeconds}`,
    ratelimit: `"key";r=${remaining};t=${Math.ceil(fullInMs / 1_000)}`,
  });
  if (waitMs > 0) throw new ApiError('RATE_LIMITED', { retryAfterMs: waitMs });
}
