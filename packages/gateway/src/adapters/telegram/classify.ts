import type { RejectionReason, SendOutcome } from '../../core/delivery/outcome.ts';
import type { CallOutcome } from '../../ports/channel.ts';
import type { Envelope, MethodResult } from './client.ts';
import { asInteger, asObject } from './untrusted.ts';

type Refusal = Extract<Envelope, { ok: false }>;

/** Telegram: a 429 names the seconds in `parameters.retry_after`; this is used where it does not. */
const defaultRetryAfterMs = 1_000;

/**
 * Telegram's own words, which have been stable for years; its codes do not tell these cases apart. "Can't initiate
 * conversation" is what it says of a person who never started the bot. What its data center says in capitals reaches bots
 * where TDLib has no sentence for it: PEER_ID_INVALID of a group that the bot never saw (TDLib MessagesManager.cpp,
 * process_send_message_fail_error).
 */
const recipientUnknown =
  /chat not found|can't initiate conversation|chat_id is empty|\b(?:PEER_ID|CHAT_ID|CHANNEL)_INVALID\b/i;
const recipientGone =
  /was blocked by the user|user is deactivated|was kicked from|is not a member of|chat was deleted|\b(?:USER_IS_BLOCKED|USER_DELETED|INPUT_USER_DEACTIVATED|CHANNEL_PRIVATE)\b/i;

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
  return { kind: 'rejected', reason: rejectionReason(refusal), providerCode, detail };
}

function rejectionReason(refusal: Refusal): RejectionReason {
  if (isBroken(refusal)) return 'channel-broken';
  if (recipientUnknown.test(refusal.description)) return 'recipient-unknown';
  if (recipientGone.test(refusal.description)) return 'recipient-gone';
  return 'refused';
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
