/** What an endpoint answered, or why there is no answer. */
export type WebhookOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly kind: 'unanswered'; readonly detail: string };

/** What follows from an attempt. */
export type WebhookVerdict =
  | { readonly kind: 'delivered' }
  /** The endpoint wants no more events. */
  | { readonly kind: 'gone'; readonly detail: string }
  /** `wishMs`: the wait that the endpoint asked for. */
  | { readonly kind: 'retry'; readonly detail: string; readonly wishMs: number | null }
  /** That was the last attempt. */
  | { readonly kind: 'given-up'; readonly detail: string };

/** An event is sent this often at most. */
export const webhookAttemptsMax = 8;

/** A longer wait that an endpoint asks for is not waited: a wrong header must not stop a chat for months. */
const retryAfterMaxMs = 24 * 3_600_000;

/** `failures`: the failed attempts to send this event before this one. */
export function judgeAttempt(outcome: WebhookOutcome, failures: number): WebhookVerdict {
  if (outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300) return { kind: 'delivered' };
  const detail = outcome.kind === 'answered' ? answerDetail(outcome.status) : outcome.detail;
  if (outcome.kind === 'answered' && outcome.status === 410) return { kind: 'gone', detail };
  if (failures + 1 >= webhookAttemptsMax) return { kind: 'given-up', detail };
  const wishMs = outcome.kind === 'answered' ? outcome.retryAfterMs : null;
  return { kind: 'retry', detail, wishMs: wishMs === null ? null : Math.min(wishMs, retryAfterMaxMs) };
}

function answerDetail(status: number): string {
  if (status === 410) return 'the endpoint answered 410: it wants no more events';
  if (status >= 300 && status < 400) return `the endpoint answered ${status}: redirects are not followed`;
  return `the endpoint answered ${status}`;
}

/**
 * The wait of a `Retry-After` header in milliseconds (RFC 9110: seconds, or a date). Null for anything else. `nowMs`: the
 * time of the answer.
 */
export function readRetryAfter(header: string | undefined, nowMs: number): number | null {
  if (header === undefined || header.length > 64) return null;
  const text = header.trim();
  if (/^[0-9]{1,9}$/.test(text)) return Number(text) * 1_000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
