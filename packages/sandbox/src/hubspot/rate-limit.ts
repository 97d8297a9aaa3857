import type { Portal } from './portal.ts';
import { rateLimited } from './refusal.ts';

const windowMs = 10_000;

/**
 * Counts a call. HubSpot: answers have `X-HubSpot-RateLimit-*` headers for the window of 10 s; above the limit 429 with
 * `Retry-After`.
 */
export function countCall(portal: Portal, nowMs: number): Readonly<Record<string, string>> {
  const limit = portal.options.rateLimitPer10s;
  if (limit === null) return {};
  const { window } = portal;
  if (nowMs - window.startedAtMs >= windowMs) {
    window.startedAtMs = nowMs;
    window.used = 0;
  }
  window.used += 1;
  const headers = {
    'x-hubspot-ratelimit-max': String(limit),
    'x-hubspot-ratelimit-remaining': String(Math.max(0, limit - window.used)),
    'x-hubspot-ratelimit-interval-milliseconds': String(windowMs),
  };
  if (window.used <= limit) return headers;
  const retryAfterSeconds = Math.max(1, Math.ceil((window.startedAtMs + windowMs - nowMs) / 1000));
  throw rateLimited({ ...headers, 'retry-after': String(retryAfterSeconds) });
}
