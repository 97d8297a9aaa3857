import { describe, expect, it } from 'vitest';
import type { InboxAttachment } from '../../core/inbox/inbox-event.ts';
import type { OutgoingReply } from '../../core/inbox/prepare-reply.ts';
import type { Span } from '../../core/message/rich-text.ts';
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

  it('has its buttons under the last words, which no file can take with it', () => {
    const quickReplies = [{ label: 'Yes', value: 'y' }];
    const encoded = encodeReply(chat, reply('Is it this?', [file('a.png'), file('b.png')], { quickReplies }));
    expect(encoded.map(({ wire }) => wire['reply_markup'])).toEqual([
      { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] },
      undefined,
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

describe('the links of a reply', () => {
  const sent = (text: string, spans: readonly Span[]) =>
    encodeReply(chat, { ...reply('', []), body: { text, spans } }).map(({ wire }) => wire);
  const link = (url: string, start: number, end: number): Span => ({ kind: 'link', url, start, end });

  it.each(['https://example.com/x', 'http://192.0.2.1:8080/', 'https://[2001:db8::1]/', 'tg://resolve?domain=x_bot'])(
    'stay links where Telegram takes them: %s',
    (url) => {
      expect(sent('Look here', [link(url, 5, 9)])).toEqual([
        { chat_id: 42, text: 'Look here', entities: [{ type: 'text_link', url, offset: 5, length: 4 }] },
      ]);
    },
  );

  it.each([
    'http://intranet/wiki',
    'https://example.com:0/',
    'tonsite://example.ton:8080/',
    'tg://user?id=7',
    'tg://a.b',
  ])('show the address that Telegram refuses behind the words: %s', (url) => {
    const bold: Span = { kind: 'style', style: 'bold', start: 11, end: 14 };
    expect(sent('Look here, Ada', [link(url, 5, 9), bold])).toEqual([
      {
        chat_id: 42,
        text: `Look here (${url}), Ada`,
        entities: [{ type: 'bold', offset: 11 + url.length + 3, length: 3 }],
      },
    ]);
  });

  it('do not show an address twice that is among the words', () => {
    const url = 'http://intranet/';
    for (const text of ['http://intranet', 'intranet']) {
      expect(sent(text, [link(url, 0, text.length)])).toEqual([{ chat_id: 42, text }]);
    }
  });

  it('show the address of what Telegram shows as code alone', () => {
    const code: Span = { kind: 'style', style: 'code', start: 4, end: 8 };
    const url = 'https://example.com/x';
    expect(sent('See docs now', [link(url, 4, 8), code])).toEqual([
      { chat_id: 42, text: `See docs (${url}) now`, entities: [{ type: 'code', offset: 4, length: 4 }] },
    ]);
    expect(sent('See docs now', [link(url, 0, 12), code]).at(0)?.['entities']).toContainEqual({
      type: 'text_link',
      url,
      offset: 0,
      length: 12,
    });
  });

  it('show the address of a link that crosses the border of a quotation', () => {
    const quote: Span = { kind: 'style', style: 'quote', start: 4, end: 8 };
    const url = 'https://example.com/x';
    expect(sent('See docs now', [link(url, 6, 12), quote]).at(0)?.['text']).toBe(`See docs now (${url})`);
    expect(sent('See docs now', [link(url, 5, 8), quote]).at(0)?.['text']).toBe('See docs now');
  });

  it('show the addresses of those for which a message has no room', () => {
    const words = Array.from({ length: 110 }, (_none, index) => `w${String(index).padStart(3, '0')}`);
    const url = (index: number) => `https://example.com/${index}`;
    const bold: Span = { kind: 'style', style: 'bold', start: 0, end: 4 };
    const [wire, ...others] = sent(words.join(' '), [
      bold,
      ...words.map((_word, at) => link(url(at), at * 5, at * 5 + 4)),
    ]);
    expect(others).toEqual([]);
    const entities = Array.isArray(wire?.['entities']) ? wire['entities'] : [];
    expect(entities.map(({ url: address }) => address)).toEqual(words.slice(0, 100).map((_word, at) => url(at)));
    const rest = words.slice(100).map((word, at) => `${word} (${url(at + 100)})`);
    expect(wire?.['text']).toBe([...words.slice(0, 100), ...rest].join(' '));
  });

  it('are all there if the addresses make the message too long', () => {
    const words = Array.from({ length: 400 }, (_none, index) => `word${String(index).padStart(4, '0')}`);
    const url = (index: number) => `https://example.com/${'x'.repeat(30)}/${index}`;
    const wires = sent(
      words.join(' '),
      words.map((_word, at) => link(url(at), at * 9, at * 9 + 8)),
    );
    const shown = wires.flatMap(({ text, entities }) => [
      ...[...String(text).matchAll(/\((https:[^)]+)\)/g)].map(([, address]) => address),
      ...(Array.isArray(entities) ? entities.map(({ url: address }) => address) : []),
    ]);
    expect(new Set(shown)).toEqual(new Set(words.map((_word, at) => url(at))));
    expect(wires.every(({ text }) => String(text).length <= 4096)).toBe(true);
  });
});
