import type { SandboxClock } from '../clock.ts';

/** A limit of messages: `perSecond` on average, `burst` at once. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * Telegram: about one message a second in a chat (short bursts pass), about 30 a second for a bot. Default: no limit.
 */
export interface RateLimits {
  readonly perChat?: RateLimit;
  readonly perBot?: RateLimit;
}

export interface Limiter {
  set(limits: RateLimits): void;
  limits(): RateLimits;
  /** Counts one message and returns 0; above the limit returns the seconds to wait and counts nothing. */
  take(botId: number, chatId: number): number;
}

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

export function createLimiter(clock: SandboxClock, initial: RateLimits): Limiter {
  let limits = initial;
  const buckets = new Map<string, Bucket>();

  const filled = (key: string, limit: RateLimit): Bucket => {
    const nowMs = clock.nowMs();
    const bucket = buckets.get(key) ?? { tokens: limit.burst, filledAtMs: nowMs };
    bucket.tokens = Math.min(limit.burst, bucket.tokens + ((nowMs - bucket.filledAtMs) / 1000) * limit.perSecond);
    bucket.filledAtMs = nowMs;
    buckets.set(key, bucket);
    return bucket;
  };

  return {
    set(next) {
      limits = next;
      buckets.clear();
    },
    limits: () => limits,
    take(botId, chatId) {
      const { perChat, perBot } = limits;
      if (perChat === undefined && perBot === undefined) return 0;
      const shares = [
        ...(perChat ? [{ bucket: filled(`${botId}:${chatId}`, perChat), limit: perChat }] : []),
        ...(perBot ? [{ bucket: filled(`${botId}`, perBot), limit: perBot }] : []),
      ];
      const waitS = Math.max(...shares.map(({ bucket, limit }) => (1 - bucket.tokens) / limit.perSecond));
      if (waitS > 0) return Math.max(1, Math.ceil(waitS));
      for (const { bucket } of shares) bucket.tokens -= 1;
      return 0;
    },
  };
}
