import { rateLimited } from './refusal.ts';
import type { Workspace } from './workspace.ts';

const windowMs = 10_000;

/**
 * Counts a call. Intercom: the limit applies to windows of 10 s. Every authenticated answer has the headers
 * `X-RateLimit-Limit`, `-Remaining` and `-Reset` (Unix seconds); above the limit the answer is 429
 * `rate_limit_exceeded`, without `Retry-After`.
 */
export function countCall(workspace: Workspace, nowMs: number): Readonly<Record<string, string>> {
  const limit = workspace.options.rateLimitPer10s;
  if (limit === null) return {};
  const { window } = workspace;
  if (nowMs - window.startedAtMs >= windowMs) {
    window.startedAtMs = nowMs - (nowMs % windowMs);
    window.used = 0;
  }
  window.used += 1;
  const headers = {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(0, limit - window.used)),
    'x-ratelimit-reset': String(Math.ceil((window.startedAtMs + windowMs) / 1000)),
  };
  if (window.used > limit) throw rateLimited(limit, headers);
  return headers;
}
