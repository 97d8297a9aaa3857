import { describe, expect, it } from 'vitest';
import type { InboxAttachment } from '../../core/inbox/inbox-event.ts';
import type { OutgoingReply } from '../../core/inbox/prepare-reply.ts';
import { readdress } from './encode.ts';
import { encodeReply } from './encode-reply.ts';

const chat = { chatId: '42', topicId: null };
const file = (name: string | null, mediaType: string | null = null): InboxAttachment => ({
  url: `https://downloads.intercomcdn.com/i/${name ?? 'file'}?expires=1&signature=x`,
  name,
  mediaType,
});
const reply = (text: string, attachments: readonly InboxAttachment[], more: Partial<OutgoingReply> = {}) => ({
  body: { text, spans: [] },
  attachments,
  quickReplies: [],
  ...more,
});

describe('a reply with files', () => {
  it('has its text under the first file, then a message for each file', () => {
    const encoded = encodeReply(chat, reply('Here they are', [file('a.pdf'), file('b.pdf')]));
    expect(encoded.map(({ wire }) => wire)).toEqual([
      { chat_id: 42, file: { url: file('a.pdf').url, name: 'a.pdf', media_type: null }, caption: 'Here they are' },
      { chat_id: 42, file: { url: file('b.pdf').url, name: 'b.pdf', media_type: null } },
    ]);
    expect(encoded.map(({ content }) => content)).toEqual([
      { text: 'Here they are', controls: { kind: 'none' }, file: { name: 'a.pdf' } },
      { text: '', controls: { kind: 'none' }, file: { name: 'b.pdf' } },
    ]);
  });

  it.each([
    ['1024 characters', '🎉'.repeat(1024), [undefined]],
    ['1025 characters', '🎉'.repeat(1025), ['🎉'.repeat(1025), undefined]],
  ])('of %s has its text where it fits', (_what, text, texts) => {
    const encoded = encodeReply(chat, reply(text, [file('a.pdf')]));
    expect(encoded.map(({ wire }) => wire['text'])).toEqual(texts);
    expect(encoded.at(-1)?.wire['caption']).toBe(texts.length === 1 ? text : undefined);
  });

  it('keeps its formatting under the file', () => {
    const body = { text: 'Look', spans: [{ kind: 'style', style: 'bold', start: 0, end: 4 }] } as const;
    const [encoded] = encodeReply(chat, { ...reply('', [file('a.pdf')]), body });
    expect(encoded?.wire['caption_entities']).toEqual([{ type: 'bold', offset: 0, length: 4 }]);
  });

  it('has its buttons under the last file', () => {
    const quickReplies = [{ label: 'Yes', value: 'y' }];
    const encoded = encodeReply(chat, reply('Is it this?', [file('a.png'), file('b.png')], { quickReplies }));
    expect(encoded.map(({ wire }) => wire['reply_markup'])).toEqual([
      undefined,
      { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] },
    ]);
  });

  it('goes to a topic, and can be sent to another chat', () => {
    const encoded = encodeReply({ chatId: '-5', topicId: '7' }, reply('x'.repeat(2_000), [file('a.pdf')]));
    for (const { wire } of encoded) {
      expect(wire).toMatchObject({ chat_id: -5, message_thread_id: 7 });
      expect(readdress(wire, '-1001')).toEqual({ ...wire, chat_id: -1001 });
    }
    expect(encoded).toHaveLength(2);
  });

  it.each([
    [file('a.bin', 'image/png'), 'photo'],
    [file('a.JPG'), 'photo'],
    [file('a.gif'), 'video'],
    [file('a', 'video/mp4'), 'video'],
    [file('a.ogg'), 'voice'],
    [file('a.pdf', 'application/pdf'), 'document'],
    [file(null), 'document'],
    [{ ...file(null), url: 'https://downloads.intercomcdn.com/i/1.jpeg?x=.pdf' }, 'photo'],
  ])('shows the activity for its file: %j', (attachment, activity) => {
    expect(encodeReply(chat, reply('', [attachment])).map((piece) => piece.activity)).toEqual([activity]);
  });

  it('shows no activity for text', () => {
    expect(encodeReply(chat, reply('Hello', [])).map(({ activity }) => activity)).toEqual([null]);
  });
});
