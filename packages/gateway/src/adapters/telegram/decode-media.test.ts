import { bot, group, person, rawMessage, rawUpdate } from '@chatferry/testkit/samples/telegram-update-samples';
import { describe, expect, it } from 'vitest';
import type { InboundContent } from '../../core/message/content.ts';
import { decode } from './decode.ts';

const decoded = (fields: Record<string, unknown>) => {
  const update = decode(rawMessage(fields), bot);
  if (update.kind !== 'event') throw new Error(`decoded as ${JSON.stringify(update)}`);
  return update;
};
const contentOf = (fields: Record<string, unknown>): InboundContent => decoded(fields).event.content;

const file = { file_id: 'F', file_unique_id: 'U', file_size: 1_234 };
const decodedFile = {
  kind: 'file',
  fileId: 'F',
  fileUniqueId: 'U',
  name: null,
  mediaType: null,
  sizeBytes: 1_234,
  caption: null,
};

describe('a file', () => {
  it.each([
    ['document', { document: { ...file, file_name: 'a.pdf', mime_type: 'application/pdf' } }, 'document', 'a.pdf'],
    ['voice', { voice: { ...file, duration: 2, mime_type: 'audio/ogg' } }, 'voice', null],
    ['music', { audio: { ...file, performer: 'Ada', title: 'Notes' } }, 'audio', 'Ada - Notes'],
    ['music with a file name', { audio: { ...file, file_name: 'n.mp3', title: 'Notes' } }, 'audio', 'n.mp3'],
    ['video', { video: { ...file, width: 1, height: 1 } }, 'video', null],
    ['video note', { video_note: { ...file, length: 240 } }, 'video-note', null],
    ['animation, a document too', { document: { ...file, file_id: 'D' }, animation: file }, 'animation', null],
  ] as const)('is understood: %s', (_what, fields, media, name) => {
    expect(contentOf(fields)).toMatchObject({ kind: 'file', media, fileId: 'F', name, sizeBytes: 1_234 });
  });

  it('that is a photo has its largest size, and its caption is trimmed', () => {
    const sizes = [
      { ...file, file_id: 'S', width: 90, height: 60 },
      { ...file, width: 1280, height: 853 },
      { ...file, file_id: 'M', width: 320, height: 213 },
    ];
    expect(contentOf({ photo: sizes, caption: ' My invoice ' })).toEqual({
      ...decodedFile,
      media: 'photo',
      caption: 'My invoice',
    });
  });

  it('of a live photo is its still image', () => {
    expect(contentOf({ live_photo: {}, photo: [file] })).toMatchObject({ media: 'photo', fileId: 'F' });
  });

  it('belongs to its album, and an edited one to none', () => {
    expect(decoded({ photo: [file], media_group_id: '77' }).albumId).toBe('77');
    expect(decoded({ text: 'x', media_group_id: '77' }).albumId).toBeUndefined();
    const message = JSON.parse(
      rawMessage({ photo: [file], media_group_id: '77', edit_date: 1_700_000_060 }).toString(),
    );
    expect(decode(rawUpdate({ edited_message: message.message }), bot)).not.toHaveProperty('albumId');
  });
});

describe('a sticker', () => {
  const thumbnail = { file_id: 'T', file_unique_id: 'TU', file_size: 10, width: 128, height: 128 };

  it('is its image, with its emoji beside it', () => {
    expect(contentOf({ sticker: { ...file, emoji: '😀', thumbnail } })).toEqual({
      ...decodedFile,
      media: 'sticker',
      caption: '😀',
    });
  });

  it.each(['is_animated', 'is_video'])('that moves (%s) is its thumbnail', (moves) => {
    expect(contentOf({ sticker: { ...file, [moves]: true, emoji: '😀', thumbnail } })).toMatchObject({
      kind: 'file',
      media: 'sticker',
      fileId: 'T',
      caption: '😀',
    });
  });

  it('that moves and has no thumbnail is its emoji', () => {
    expect(contentOf({ sticker: { ...file, is_animated: true, emoji: '😀' } })).toEqual({
      kind: 'described',
      text: '😀',
      mark: 'sent an animated sticker, which has no still image',
    });
  });
});

describe('content that is described as text', () => {
  it.each([
    [{ dice: { emoji: '🎯', value: 6 } }, '🎯 6', 'threw a dice'],
    [{ poll: { question: 'Tea?', options: [{ text: 'Yes' }, { text: 'No' }] } }, 'Tea?\n– Yes\n– No', 'sent a poll'],
    [{ web_app_data: { data: '{"a":1}', button_text: 'Form' } }, '{"a":1}', 'sent by the web app behind “Form”'],
    [{ web_app_data: { data: 'x' } }, 'x', 'sent by a web app'],
    [
      { users_shared: { users: [{ user_id: 42, first_name: 'Grace', username: 'grace' }] } },
      'Grace @grace (42)',
      'chose a person',
    ],
    [{ users_shared: { users: [{ user_id: 42 }, { user_id: 43 }] } }, '(42)\n(43)', 'chose 2 people'],
    [{ chat_shared: { chat_id: -100, title: 'Orders' } }, 'Orders (-100)', 'chose a chat'],
  ])('is described: %j', (fields, text, mark) => {
    expect(contentOf(fields)).toEqual({ kind: 'described', text, mark });
  });
});

describe('a forwarded message', () => {
  it.each([
    [{ type: 'user', sender_user: person }, 'Ada Lovelace'],
    [{ type: 'user', sender_user: { id: 5, username: 'ada' } }, 'ada'],
    [{ type: 'hidden_user', sender_user_name: 'Ada' }, 'Ada'],
    [{ type: 'chat', sender_chat: group }, 'Orders'],
    [{ type: 'channel', chat: { ...group, title: 'News' }, message_id: 1 }, 'News'],
    [{ type: 'hologram' }, 'someone'],
  ])('names its original author: %j', (origin, name) => {
    expect(decoded({ text: 'Hi', forward_origin: { date: 1, ...origin } }).event.forwardedFrom).toBe(name);
  });

  it('is no command and no answer to a button', () => {
    const forwarded = { forward_origin: { type: 'hidden_user', sender_user_name: 'Ada', date: 1 } };
    expect(contentOf({ text: '/start abc', ...forwarded })).toEqual({ kind: 'text', text: '/start abc' });
    expect(contentOf({ text: '@ferry_bot help', ...forwarded })).toEqual({ kind: 'text', text: '@ferry_bot help' });
    expect(decoded({ text: 'own' }).event).not.toHaveProperty('forwardedFrom');
  });
});
