import type { FastifyReply } from 'fastify';
import { ApiError } from '../operations/api-error.ts';
import type { CountRequest } from '../operations/rate-limit.ts';
import type { KeyRecord } from '../store/keys.ts';

/**
 * Counts a request against its key, and says on the answer how much is left: the fields of the IETF's draft “RateLimit header
 * fields for HTTP” in the form that clients read today (draft 07). Throws RATE_LIMITED where there is no room.
 */
export function limitKey(count: CountRequest, key: Pick<KeyRecord, 'id' | 'limit'>, reply: FastifyReply): void {
  const { burst, remaining, fullInMs, waitMs } = count(key);
  const windowSeconds = Math.ceil(burst / key.limit.perSecond);
  void reply.headers({
    'ratelimit-policy': `${burst};w=${windowSeconds}`,
    'ratelimit-limit': String(burst),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(Math.ceil(fullInMs / 1_000)),
  });
  if (waitMs > 0) throw new ApiError('RATE_LIMITED', { retryAfterMs: waitMs });
}
