import type { FailureReason } from '@chatferry/contract';
import type { RejectionReason, SendOutcome } from '../../core/delivery/outcome.ts';
import type { CallOutcome } from '../../ports/channel.ts';
import type { Envelope, MethodResult } from './client.ts';
import { readRefusal } from './refusal.ts';
import { asInteger, asObject } from './untrusted.ts';

type Refusal = Extract<Envelope, { ok: false }>;

/** Telegram: a 429 names the seconds in `parameters.retry_after`; this is used where it does not. */
const defaultRetryAfterMs = 1_000;

/** The outcome of a send. It is uncertain unless Telegram answered, or nothing was surely written. */
export function classifySend(result: MethodResult): SendOutcome {
  switch (result.kind) {
    case 'not-written':
      return { kind: 'deferred', because: 'not-written', detail: result.detail };
    case 'uncertain':
    case 'foreign':
      return { kind: 'uncertain', detail: result.detail };
    case 'withheld':
      return { kind: 'rejected', reason: 'channel-broken', providerCode: null, detail: result.detail };
    case 'envelope':
      return result.envelope.ok
        ? acceptedOutcome(result.status, result.envelope.result)
        : refusedOutcome(result.envelope, result.status);
  }
}

function acceptedOutcome(status: number, result: unknown): SendOutcome {
  const messageId = asInteger(asObject<{ message_id: number }>(result)?.message_id);
  if (status !== 200) return { kind: 'uncertain', detail: `Telegram answered ok with HTTP ${status}` };
  if (messageId === null) return { kind: 'uncertain', detail: 'Telegram answered ok without a message id' };
  return { kind: 'delivered', channelMessageId: String(messageId) };
}

function refusedOutcome(refusal: Refusal, status: number): SendOutcome {
  const { errorCode: providerCode, description: detail, migrateToChatId } = refusal;
  if (status >= 500 || !isClientError(providerCode)) return { kind: 'uncertain', detail };
  if (providerCode === 429) {
    return { kind: 'deferred', because: 'rate-limited', retryAfterMs: retryAfterMs(refusal), detail };
  }
  if (migrateToChatId !== null) {
    return { kind: 'deferred', because: 'migrated', newChatId: String(migrateToChatId), detail };
  }
  if (isBroken(refusal)) return { kind: 'rejected', reason: 'channel-broken', why: 'refused', providerCode, detail };
  const why = providerCode === 413 ? 'too_large' : readRefusal(detail);
  return { kind: 'rejected', reason: rejectionReason(why), why, providerCode, detail };
}

function rejectionReason(why: FailureReason): RejectionReason {
  switch (why) {
    case 'not_started':
      return 'recipient-unknown';
    case 'blocked':
    case 'deactivated':
    case 'chat_gone':
      return 'recipient-gone';
    default:
      return 'refused';
  }
}

/** The outcome of any other call; `read` returns null if the result does not have the method's form. */
export function classifyCall<T>(result: MethodResult, read: (result: unknown) => T | null): CallOutcome<T> {
  if (result.kind === 'withheld') return { kind: 'refused', broken: true, providerCode: 0, detail: result.detail };
  if (result.kind !== 'envelope') return { kind: 'unavailable', retryAfterMs: null, detail: result.detail };
  const { envelope } = result;
  if (envelope.ok) {
    const value = read(envelope.result);
    if (value !== null) return { kind: 'ok', value };
    return { kind: 'unavailable', retryAfterMs: null, detail: 'Telegram answered ok with an unexpected result' };
  }
  const { errorCode: providerCode, description: detail } = envelope;
  if (providerCode === 429) return { kind: 'unavailable', retryAfterMs: retryAfterMs(envelope), detail };
  if (result.status >= 500 || !isClientError(providerCode)) return { kind: 'unavailable', retryAfterMs: null, detail };
  return { kind: 'refused', broken: isBroken(envelope), providerCode, detail };
}

const isClientError = (code: number): boolean => code >= 400 && code < 500;

/**
 * Telegram: 401 revoked or malformed token, 404 no such bot path, 421 a self-hosted server that does not serve it. A 404 for
 * a method that an older server does not know says nothing of the bot (telegram-bot-api, Client.cpp: "method not found").
 */
const isBroken = ({ errorCode, description }: Refusal): boolean =>
  errorCode === 401 || errorCode === 421 || (errorCode === 404 && !methodUnknown.test(description));

const methodUnknown = /method not found/i;

const retryAfterMs = ({ retryAfterSeconds }: Refusal): number =>
  retryAfterSeconds !== null && retryAfterSeconds > 0 ? retryAfterSeconds * 1_000 : defaultRetryAfterMs;
