import { describe, expect, it } from 'vitest';
import { classifyCall, classifySend } from './classify.ts';
import type { MethodResult } from './client.ts';

const accepted = (result: unknown, status = 200): MethodResult => ({
  kind: 'envelope',
  status,
  envelope: { ok: true, result },
});

const refused = (
  errorCode: number,
  description: string,
  parameters: { retryAfterSeconds?: number; migrateToChatId?: number } = {},
  status = errorCode,
): MethodResult => ({
  kind: 'envelope',
  status,
  envelope: { ok: false, errorCode, description, retryAfterSeconds: null, migrateToChatId: null, ...parameters },
});

describe('a send to Telegram', () => {
  it('that Telegram accepted is delivered under its message id', () => {
    expect(classifySend(accepted({ message_id: 2418 }))).toEqual({ kind: 'delivered', channelMessageId: '2418' });
  });

  it('is deferred when nothing was written', () => {
    expect(classifySend({ kind: 'not-written', detail: 'why' })).toEqual({
      kind: 'deferred',
      because: 'not-written',
      detail: 'why',
    });
  });

  it.each<[string, MethodResult]>([
    ['the transport does not know', { kind: 'uncertain', detail: 'the connection was reset (ECONNRESET)' }],
    [
      'the answer is not Telegram’s',
      { kind: 'foreign', status: 200, detail: 'HTTP 200 with a body that is not Telegram’s' },
    ],
    ['a proxy refuses in its own words', { kind: 'foreign', status: 403, detail: 'HTTP 403' }],
    ['ok comes without a message', accepted(true)],
    ['ok comes with a status of failure', accepted({ message_id: 1 }, 502)],
    ['ok comes with a redirect', accepted({ message_id: 1 }, 302)],
    ['Telegram has an error of its own', refused(500, 'Internal Server Error: restart')],
    ['a gateway between gives up', refused(502, 'Bad Gateway')],
    ['the words and the status differ', refused(400, 'Bad Request: chat not found', {}, 504)],
    ['the code is none', refused(0, 'what')],
    ['the code is a redirect', refused(301, 'what')],
  ])('is uncertain where %s', (_name, result) => {
    expect(classifySend(result)).toEqual({ kind: 'uncertain', detail: expect.any(String) });
  });

  it.each([
    [7, 7_000],
    [5_329, 5_329_000],
    [0, 1_000],
    [-3, 1_000],
    [undefined, 1_000],
  ])('is deferred by a 429 with retry_after %s for %i ms', (seconds, retryAfterMs) => {
    const parameters = seconds === undefined ? {} : { retryAfterSeconds: seconds };
    expect(classifySend(refused(429, 'Too Many Requests: retry after 7', parameters))).toEqual({
      kind: 'deferred',
      because: 'rate-limited',
      retryAfterMs,
      detail: 'Too Many Requests: retry after 7',
    });
  });

  it('to a group that became a supergroup is deferred to the new chat', () => {
    const description = 'Bad Request: group chat was upgraded to a supergroup chat';
    expect(classifySend(refused(400, description, { migrateToChatId: -1001234567890 }))).toEqual({
      kind: 'deferred',
      because: 'migrated',
      newChatId: '-1001234567890',
      detail: description,
    });
  });

  it.each([
    [400, 'Bad Request: chat not found', 'recipient-unknown', 'not_started'],
    [400, 'Bad Request: private chat not found', 'recipient-unknown', 'not_started'],
    [400, 'Bad Request: chat_id is empty', 'recipient-unknown', 'not_started'],
    [403, "Forbidden: bot can't initiate conversation with a user", 'recipient-unknown', 'not_started'],
    [400, 'Bad Request: PEER_ID_INVALID', 'recipient-unknown', 'not_started'],
    [400, 'Bad Request: CHAT_ID_INVALID', 'recipient-unknown', 'not_started'],
    [400, 'Bad Request: CHANNEL_INVALID', 'recipient-unknown', 'not_started'],
    [400, 'Bad Request: REPLY_TO_MONOFORUM_PEER_ID_INVALID', 'refused', 'refused'],
    [400, 'Bad Request: USER_IS_BLOCKED', 'recipient-gone', 'blocked'],
    [400, 'Bad Request: USER_DELETED', 'recipient-gone', 'deactivated'],
    [400, 'Bad Request: INPUT_USER_DEACTIVATED', 'recipient-gone', 'deactivated'],
    [400, 'Bad Request: CHANNEL_PRIVATE', 'recipient-gone', 'chat_gone'],
    [403, 'Forbidden: bot was blocked by the user', 'recipient-gone', 'blocked'],
    [403, 'Forbidden: user is deactivated', 'recipient-gone', 'deactivated'],
    [403, 'Forbidden: bot was kicked from the supergroup chat', 'recipient-gone', 'chat_gone'],
    [403, 'Forbidden: bot is not a member of the channel chat', 'recipient-gone', 'chat_gone'],
    [403, 'Forbidden: the group chat was deleted', 'recipient-gone', 'chat_gone'],
    [401, 'Unauthorized', 'channel-broken', 'refused'],
    [401, 'Unauthorized: invalid token specified', 'channel-broken', 'refused'],
    [404, 'Not Found', 'channel-broken', 'refused'],
    [404, 'Not Found: method not found', 'refused', 'refused'],
    [421, 'Misdirected Request: unallowed token specified', 'channel-broken', 'refused'],
    [400, 'Bad Request: BUTTON_DATA_INVALID', 'refused', 'refused'],
    [400, 'Bad Request: message is too long', 'refused', 'too_large'],
    [400, 'Bad Request: not enough rights to send text messages to the chat', 'refused', 'no_rights'],
    [403, "Forbidden: the bot can't send messages to the bot", 'refused', 'refused'],
    [413, 'Request Entity Too Large: too many parameters', 'refused', 'too_large'],
    [400, 'Bad Request: have no rights to send a message', 'refused', 'no_rights'],
    [400, 'Bad Request: need administrator rights in the channel chat', 'refused', 'no_rights'],
    [400, 'Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN', 'refused', 'no_rights'],
    [400, 'Bad Request: VOICE_MESSAGES_FORBIDDEN', 'refused', 'no_rights'],
    [400, 'Bad Request: file is too big', 'refused', 'too_large'],
    [400, 'Bad Request: MEDIA_CAPTION_TOO_LONG', 'refused', 'too_large'],
  ])('answered %i "%s" is rejected: %s, %s', (providerCode, detail, reason, why) => {
    const outcome = { kind: 'rejected', reason, why, providerCode, detail };
    expect(classifySend(refused(providerCode, detail))).toEqual(outcome);
  });
});

describe('any other call to Telegram', () => {
  const read = (value: unknown): true | null => (value === true ? true : null);

  it('returns the value that was read', () => {
    expect(classifyCall(accepted(true), read)).toEqual({ kind: 'ok', value: true });
  });

  it.each<[string, MethodResult, number | null]>([
    ['nothing was written', { kind: 'not-written', detail: 'why' }, null],
    ['the outcome is unknown', { kind: 'uncertain', detail: 'why' }, null],
    ['another server answered', { kind: 'foreign', status: 404, detail: 'why' }, null],
    ['Telegram has an error of its own', refused(500, 'Internal Server Error'), null],
    ['the result is another one', accepted('something'), null],
    ['Telegram asks for patience', refused(429, 'Too Many Requests', { retryAfterSeconds: 3 }), 3_000],
    ['Telegram asks for patience of no length', refused(429, 'Too Many Requests'), 1_000],
  ])('is unavailable where %s', (_name, result, retryAfterMs) => {
    expect(classifyCall(result, read)).toEqual({ kind: 'unavailable', retryAfterMs, detail: expect.any(String) });
  });

  it.each([
    [400, 'Bad Request: query is too old and response timeout expired or query ID is invalid', false],
    [409, 'Conflict: terminated by other getUpdates request', false],
    [401, 'Unauthorized', true],
    [404, 'Not Found', true],
  ])('answered %i "%s" is refused, broken: %s', (providerCode, detail, broken) => {
    expect(classifyCall(refused(providerCode, detail), read)).toEqual({
      kind: 'refused',
      broken,
      providerCode,
      detail,
    });
  });
});
