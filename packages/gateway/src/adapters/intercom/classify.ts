import type { InboxOutcome } from '../../ports/inbox.ts';
import { notAsked, numberIn, type Reply, retryWaitMs, textAt } from '../json-answer.ts';
import { apiVersion } from './api-version.ts';

/** What a call was for, as far as it decides what its answer means. */
export interface Asked {
  /** A read may simply be repeated; a write that got no answer may have been carried out. */
  readonly effect: 'reads' | 'writes';
  /**
   * What is missing where Intercom says that something is: `match` for a search by a value, where nothing may have it, and
   * `account` for calls about no object.
   */
  readonly about: 'contact' | 'conversation' | 'match' | 'account';
  readonly nowMs: number;
  /** Nothing else needs the permission for it: that it is missing says nothing of the credential. */
  readonly isAside?: boolean;
}

export interface Refusal {
  readonly kind: 'rejected';
  readonly detail: string;
  readonly status: number;
  /** Intercom's own words. */
  readonly message: string;
}

/** An `InboxOutcome` whose refusals carry what Intercom said. */
export type IntercomOutcome = Exclude<InboxOutcome<unknown>, { kind: 'rejected' }> | Refusal;

/** Intercom: limits are counted in windows of ten seconds. */
const windowMs = 10_000;

export function classify(reply: Reply, asked: Asked): IntercomOutcome {
  if (reply.kind === 'not-written') return notAsked(reply);
  if (reply.kind === 'uncertain') return outcomeWithoutAnswer(asked, reply.detail);
  if (reply.kind === 'withheld') return { kind: 'broken', detail: reply.detail };
  const { status, json } = reply;
  if (status >= 200 && status < 300) {
    return json === undefined
      ? outcomeWithoutAnswer(asked, `Intercom answered ${status} without a readable body`)
      : { kind: 'ok', value: json };
  }
  const code = textAt(json, 'errors', 0, 'code') ?? '';
  const message = textAt(json, 'errors', 0, 'message') ?? '';
  const detail = ['Intercom answered', String(status), code, message === '' ? '' : `“${message}”`]
    .filter((part) => part !== '')
    .join(' ');
  if (status === 429) return { kind: 'deferred', retryAfterMs: waitMs(reply.headers, asked.nowMs), detail };
  if (status === 408 || status >= 500) return outcomeWithoutAnswer(asked, detail);
  if (status === 401 || (status === 403 && !asked.isAside && workspaceIsClosed(code)))
    return { kind: 'broken', detail };
  if (status === 410 && code === 'contact_merged') return mergedContact(reply.headers['link'], detail);
  if (saysNothingOfAnObject(status, code, asked)) return unknownPath(detail);
  if (isMissing(status, code) && (asked.about === 'contact' || asked.about === 'conversation')) {
    return { kind: 'gone', what: asked.about, detail };
  }
  return { kind: 'rejected', status, message, detail };
}

/** Intercom: the code of a missing contact or conversation. A path that does not exist has it too: see `client.ts`. */
const isMissing = (status: number, code: string): boolean => status === 404 && code === 'not_found';

/**
 * Intercom answers so for a path or a version that it does not have: `intercom_version_invalid`, a 404 of a call about no
 * object, or an answer without one of its codes.
 * https://developers.intercom.com/docs/references/2.17/rest-api/errors/error-codes
 */
const saysNothingOfAnObject = (status: number, code: string, { about }: Asked): boolean =>
  code === 'intercom_version_invalid' ||
  status === 405 ||
  ((status === 404 || status === 410) && code === '') ||
  (isMissing(status, code) && about === 'account');

/** The call was not carried out: it is repeated, and the alarm of the inbox tells a person. */
export const unknownPath = (detail: string): Extract<IntercomOutcome, { kind: 'deferred' }> => ({
  kind: 'deferred',
  retryAfterMs: null,
  detail: `Intercom does not serve this path in version ${apiVersion} of its API: update Chatferry to a release that calls the version that Intercom serves now. ${detail}`,
  unanswered: true,
  isUnserved: true,
});

/** For calls that may be carried out twice: no answer means once more. */
export const asRepeatable = (
  failure: Exclude<IntercomOutcome, { kind: 'ok' }>,
): Exclude<InboxOutcome<never>, { kind: 'ok' }> =>
  failure.kind === 'uncertain'
    ? { kind: 'deferred', retryAfterMs: null, detail: failure.detail, unanswered: true }
    : failure;

const outcomeWithoutAnswer = (asked: Asked, detail: string): IntercomOutcome =>
  asked.effect === 'reads'
    ? { kind: 'deferred', retryAfterMs: null, detail, unanswered: true }
    : { kind: 'uncertain', detail };

/**
 * How long an answer asks all callers of the workspace to wait. Intercom: `X-RateLimit-Remaining` says what is left of the window
 * of ten seconds that ends at `X-RateLimit-Reset`.
 */
export function limitOf({ status, headers }: Extract<Reply, { kind: 'answered' }>, nowMs: number): number | null {
  const isUsedUp = headers['x-ratelimit-remaining'] === '0' && headers['x-ratelimit-reset'] !== undefined;
  return status === 429 || isUsedUp ? waitMs(headers, nowMs) : null;
}

/** Intercom: `api_plan_restricted` says that the subscription ended; the others that the token may do nothing. */
const workspaceIsClosed = (code: string): boolean =>
  ['api_plan_restricted', 'token_revoked', 'token_suspended', 'token_blocked', 'token_unauthorized'].includes(code);

/** Intercom: `X-RateLimit-Reset` is in unix seconds; there is no documented `Retry-After`, which counts if it comes. */
function waitMs(headers: Readonly<Record<string, string>>, nowMs: number): number {
  const resetSeconds = numberIn(headers, 'x-ratelimit-reset');
  return retryWaitMs(headers, resetSeconds === null ? windowMs : resetSeconds * 1_000 - nowMs);
}

/** Intercom: `Link: </contacts/{id}>; rel="canonical"` names the contact that this one was merged into. */
function mergedContact(link: string | undefined, detail: string): IntercomOutcome {
  const canonicalId = /\/contacts\/([0-9A-Za-z_-]+)>?\s*;\s*rel="?canonical"?/.exec(link ?? '')?.[1];
  if (canonicalId === undefined) return { kind: 'gone', what: 'contact', detail };
  return { kind: 'gone', what: 'contact', detail, successor: { contactId: canonicalId, data: {} } };
}
