import type { InboxOutcome } from '../../ports/inbox.ts';
import { notAsked, numberIn, type Reply, retryWaitMs, textAt } from '../json-answer.ts';
import { explainUnknownPath } from './apis.ts';

/** What a call was for, as far as it decides what its answer means. */
export interface Asked {
  /** A read may simply be repeated; a write that got no answer may have been carried out. */
  readonly effect: 'reads' | 'writes';
  /** What is missing where HubSpot says that an object is; `message` is a publication on our channel, without which nothing works. */
  readonly about: 'message' | 'thread' | 'contact' | 'account';
}

export interface Refusal {
  readonly kind: 'rejected';
  readonly detail: string;
  readonly status: number;
  /** HubSpot's own words, with the category. */
  readonly message: string;
}

/** An `InboxOutcome` whose refusals carry what HubSpot said. */
export type HubspotOutcome = Exclude<InboxOutcome<unknown>, { kind: 'rejected' }> | Refusal;

/** HubSpot: limits are counted in windows of ten seconds. */
const windowMs = 10_000;

/** `path` is that of the call. */
export function classify(reply: Reply, asked: Asked, path: string): HubspotOutcome {
  if (reply.kind === 'not-written') return notAsked(reply);
  if (reply.kind === 'uncertain') return outcomeWithoutAnswer(asked, reply.detail);
  if (reply.kind === 'withheld') return { kind: 'broken', detail: reply.detail };
  const { status, json, headers } = reply;
  if (status === 204) return { kind: 'ok', value: {} };
  if (status >= 200 && status < 300) {
    return json === undefined
      ? outcomeWithoutAnswer(asked, `HubSpot answered ${status} without a readable body`)
      : { kind: 'ok', value: json };
  }
  const { message, detail } = wordsOf(status, json);
  // HubSpot: 423 is a lock held by another call, 477 a portal on its way to another data centre.
  if (status === 429 || status === 423 || status === 477) {
    return { kind: 'deferred', retryAfterMs: waitMs(headers), detail };
  }
  if (status === 408 || status >= 500) return outcomeWithoutAnswer(asked, detail);
  if (status === 401 || (status === 403 && asked.about === 'message')) return { kind: 'broken', detail };
  if (status === 405 || (status === 404 && !provesMissing(json))) return unknownPath(path, detail);
  if (status === 404 && asked.about === 'contact') return { kind: 'gone', what: 'contact', detail };
  if (status === 404 && asked.about === 'thread') return { kind: 'gone', what: 'conversation', detail };
  return { kind: 'rejected', status, message, detail };
}

/**
 * HubSpot says in the body that it looked for an object and has none:
 * https://developers.hubspot.com/docs/api-reference/error-handling. A path that no API has is answered with a web page.
 */
const provesMissing = (json: unknown): boolean => textAt(json, 'category') === 'OBJECT_NOT_FOUND';

/** Nothing was carried out: the call is repeated, and the alarm of the inbox tells a person. */
export const unknownPath = (path: string, detail: string): Extract<HubspotOutcome, { kind: 'deferred' }> => ({
  kind: 'deferred',
  retryAfterMs: null,
  detail: `${explainUnknownPath(path)}. ${detail}`,
  unanswered: true,
  isUnserved: true,
});

/**
 * What the answer to a refresh means. HubSpot: a dead grant is a 400 with `status` BAD_REFRESH_TOKEN or the like, and a
 * refresh that got no answer may be repeated.
 */
export function classifyRefresh(reply: Reply, path: string): HubspotOutcome {
  if (reply.kind === 'answered' && [400, 401, 403].includes(reply.status)) {
    return { kind: 'broken', detail: `${wordsOf(reply.status, reply.json).detail}; install the app again` };
  }
  return classify(reply, { effect: 'reads', about: 'account' }, path);
}

/** For calls that may be carried out twice: no answer means once more. */
export const asRepeatable = (
  failure: Exclude<HubspotOutcome, { kind: 'ok' }>,
  retryAfterMs: number | null = null,
): Exclude<InboxOutcome<never>, { kind: 'ok' }> =>
  failure.kind === 'uncertain' ? { kind: 'deferred', retryAfterMs, detail: failure.detail, unanswered: true } : failure;

const outcomeWithoutAnswer = (asked: Asked, detail: string): HubspotOutcome =>
  asked.effect === 'reads'
    ? { kind: 'deferred', retryAfterMs: null, detail, unanswered: true }
    : { kind: 'uncertain', detail };

/**
 * How long an answer asks all callers of the portal to wait. HubSpot: `X-HubSpot-RateLimit-Remaining` says what is left of the
 * interval; a 423 is about one record alone.
 */
export function limitOf({ status, headers }: Extract<Reply, { kind: 'answered' }>): number | null {
  const isUsedUp = headers['x-hubspot-ratelimit-remaining'] === '0';
  return status === 429 || status === 477 || isUsedUp ? waitMs(headers) : null;
}

/** HubSpot: "should all be treated as optional". */
function wordsOf(status: number, json: unknown): { readonly message: string; readonly detail: string } {
  const label = textAt(json, 'subCategory') ?? textAt(json, 'category') ?? textAt(json, 'status') ?? '';
  const words = textAt(json, 'message') ?? '';
  const correlationId = textAt(json, 'correlationId');
  const detail = [
    'HubSpot answered',
    String(status),
    label,
    words === '' ? '' : `“${words}”`,
    correlationId === null ? '' : `(correlation ${correlationId})`,
  ];
  return { message: `${label} ${words}`.trim(), detail: detail.filter((part) => part !== '').join(' ') };
}

const waitMs = (headers: Readonly<Record<string, string>>): number =>
  retryWaitMs(headers, numberIn(headers, 'x-hubspot-ratelimit-interval-milliseconds') ?? windowMs);
