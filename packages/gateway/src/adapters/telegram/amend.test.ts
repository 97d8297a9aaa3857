import { describe, expect, it } from 'vitest';
import type { SendOutcome } from '../../core/delivery/outcome.ts';
import { amend, findAmendment } from './amend.ts';

const refused = (detail: string, providerCode: number | null = 400): SendOutcome => ({
  kind: 'rejected',
  reason: 'refused',
  providerCode,
  detail,
});

const text = { chat_id: 42, text: 'Look' };
const photo = { chat_id: 42, file: { url: 'https://a.test/1', name: null, media_type: null } };
const markup = { reply_markup: { keyboard: [[{ text: 'My number', request_contact: true }]] } };
const captioned = { ...photo, caption: 'Look', caption_entities: [{ type: 'bold', offset: 0, length: 4 }] };

const amendmentOf = (...call: Parameters<typeof findAmendment>) => {
  const outcome = findAmendment(...call);
  return outcome.kind === 'deferred' && outcome.because === 'amendable' ? outcome.amendment : outcome.kind;
};

describe('a message with a part that Telegram refuses', () => {
  it.each([
    ['entities', "Bad Request: can't parse entities: unsupported", { ...text, entities: [] }, 'without-formatting'],
    ['entities', 'Bad Request: ENTITY_BOUNDS_INVALID', { ...text, entities: [] }, 'without-formatting'],
    ['entities that it has not', 'Bad Request: ENTITY_BOUNDS_INVALID', text, 'rejected'],
    ['a topic', 'Bad Request: message thread not found', { ...text, message_thread_id: 7 }, 'without-topic'],
    ['a topic', 'Bad Request: TOPIC_DELETED', { ...text, message_thread_id: 7 }, 'without-topic'],
    ['a topic', 'Bad Request: TOPIC_CLOSED', { ...text, message_thread_id: 7 }, 'without-topic'],
    [
      'a topic that must be there',
      'Bad Request: message thread not found',
      { ...text, direct_messages_topic_id: 7 },
      'rejected',
    ],
    [
      'keys',
      'Bad Request: phone number can be requested in private chats only',
      { ...text, ...markup },
      'without-buttons',
    ],
    ['buttons', 'Bad Request: BUTTON_URL_INVALID', { ...text, ...markup }, 'without-buttons'],
    ['the words', 'Bad Request: message is too long', { ...text, ...markup }, 'rejected'],
    [
      'the topic of a file',
      'Bad Request: message thread not found',
      { ...photo, message_thread_id: 7 },
      'without-topic',
    ],
  ] as const)('(%s: %s) can be sent otherwise or not at all: %#', (_part, detail, wire, expected) => {
    expect(amendmentOf(wire, refused(detail), null)).toBe(expected);
  });

  it.each([
    ['sendVoice', 'Bad Request: VOICE_MESSAGES_FORBIDDEN', photo, 400, 'as-document'],
    ['sendPhoto', 'Bad Request: PHOTO_INVALID_DIMENSIONS', captioned, 400, 'as-document'],
    ['sendPhoto', 'Bad Request: IMAGE_PROCESS_FAILED', captioned, 400, 'as-document'],
    ['sendVideo', 'Bad Request: something that Telegram never said before', photo, 400, 'as-document'],
    ['sendPhoto', 'Bad Request: not enough rights to send photos to the chat', photo, 400, 'as-document'],
    ['sendDocument', 'Bad Request: not enough rights to send documents to the chat', captioned, 400, 'without-file'],
    ['sendDocument', 'Bad Request: not enough rights to send documents to the chat', photo, 400, 'rejected'],
    ['sendVideo', 'Request Entity Too Large', captioned, 413, 'without-file'],
    [null, 'the file could not be fetched from the inbox', captioned, null, 'without-file'],
    [null, 'the file could not be fetched from the inbox', photo, null, 'rejected'],
  ] as const)(
    '(%s: %s) keeps its words and its file as far as possible: %#',
    (method, detail, wire, code, expected) => {
      expect(amendmentOf(wire, refused(detail, code), method)).toBe(expected);
    },
  );

  it('is not sent another way if the customer or the bot is the reason', () => {
    const gone = { kind: 'rejected', reason: 'recipient-gone', providerCode: 403, detail: 'blocked' } as const;
    expect(findAmendment(captioned, gone, 'sendPhoto')).toBe(gone);
    const uncertain = { kind: 'uncertain', detail: 'message thread not found' } as const;
    expect(findAmendment({ ...text, message_thread_id: 7 }, uncertain)).toBe(uncertain);
  });
});

describe('an amended message', () => {
  it('keeps all the rest', () => {
    const wire = { ...captioned, ...markup, message_thread_id: 7 };
    expect(amend(wire, 'without-topic')).toEqual({ ...captioned, ...markup });
    expect(amend(wire, 'without-buttons')).toEqual({ ...captioned, message_thread_id: 7 });
    expect(amend(wire, 'as-document')).toEqual({ ...wire, file: { ...photo.file, as_document: true } });
    expect(amend(wire, 'without-formatting')).toEqual({ ...photo, caption: 'Look', ...markup, message_thread_id: 7 });
    expect(amend(wire, 'without-file')).toEqual({
      ...text,
      ...markup,
      entities: captioned.caption_entities,
      message_thread_id: 7,
    });
  });
});
