import { bot, rawMessage } from '@chatferry/testkit/samples/telegram-update-samples';
import type { RichBlock, RichText } from '@grammyjs/types';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../core/inbox/entry.ts';
import { htmlOf } from '../../core/inbox/entry-html.ts';
import { filesOf } from '../../core/inbox/files.ts';
import { bodyOfInbound } from '../../core/inbox/inbound-body.ts';
import { decode } from './decode.ts';

const eventOf = (blocks: readonly unknown[]) => {
  const decoded = decode(rawMessage({ rich_message: { blocks } }), bot);
  if (decoded.kind !== 'event') throw new Error(`decoded as ${JSON.stringify(decoded)}`);
  return decoded.event;
};
const bodyOf = (...blocks: readonly unknown[]) => bodyOfInbound(eventOf(blocks), null);
const read = (...blocks: readonly RichBlock[]): string => plainText(bodyOf(...blocks));
const words = (...text: readonly RichText[]): string => read({ type: 'paragraph', text: [...text] });

const media = { file_unique_id: 'U', width: 1, height: 1, duration: 1 };

describe('a rich message', () => {
  it.each<readonly [string, RichBlock, string]>([
    [
      'a summary before its details',
      { type: 'details', summary: 'More', blocks: [{ type: 'paragraph', text: 'Less' }] },
      'More\n  Less',
    ],
    [
      'the source of a quotation',
      { type: 'blockquote', blocks: [{ type: 'paragraph', text: 'To be' }], credit: 'Hamlet' },
      '> To be\n> — Hamlet',
    ],
    ['a long quotation', { type: 'expandable_blockquote', text: 'a\nb', credit: 'Ada' }, '> a\n> b\n> — Ada'],
    ['a quotation aside', { type: 'pullquote', text: 'a', credit: 'Ada' }, '> a\n> — Ada'],
    [
      'the labels and checkboxes of a list',
      {
        type: 'list',
        items: [
          { label: '1.', blocks: [{ type: 'paragraph', text: 'Eggs' }], has_checkbox: true, is_checked: true },
          {
            label: '2.',
            blocks: [
              { type: 'paragraph', text: 'Milk' },
              { type: 'paragraph', text: 'whole' },
            ],
            has_checkbox: true,
          },
          { label: '3.', blocks: [] },
        ],
      },
      '1. ☑ Eggs\n2. ☐ Milk\n  whole\n3.',
    ],
    [
      'a table, with its empty cells',
      {
        type: 'table',
        caption: 'Prices',
        cells: [
          [
            { text: 'Item', is_header: true, align: 'left', valign: 'top' },
            { text: 'Price', is_header: true, align: 'left', valign: 'top', colspan: 2 },
          ],
          [
            { text: 'Tea\nhot', align: 'left', valign: 'top' },
            { align: 'left', valign: 'top' },
            { text: '2 €', align: 'left', valign: 'top' },
          ],
        ],
      },
      'Prices\nItem | Price |\nTea hot |  | 2 €',
    ],
    ['a program and its language', { type: 'pre', text: 'x = 1', language: 'python' }, '```python\nx = 1\n```'],
    ['a formula', { type: 'mathematical_expression', expression: 'a^2' }, 'a^2'],
    ['a line between blocks', { type: 'divider' }, '———'],
    ['a footer', { type: 'footer', text: 'End' }, 'End'],
    [
      'a row of buttons',
      {
        type: 'buttons',
        buttons: [
          { text: 'Prices', url: 'https://a.test/p' },
          { text: 'Yes', callback_data: 'y' },
          { text: 'Code', copy_text: { text: '42' } },
          { text: 'Sold out', disabled: {} },
          { text: 'Find', switch_inline_query: 'tea' },
          { text: 'Ask', switch_inline_query_current_chat: 'milk' },
          { text: 'Sign in', login_url: { url: 'https://a.test/in' } },
          { text: ['Shop'], web_app: { url: 'https://a.test/shop' } },
        ],
      },
      '[Prices → https://a.test/p]  [Yes → y]  [Code → copies “42”]  [Sold out → disabled]  ' +
        '[Find → suggests “tea” in another chat]  [Ask → suggests “milk”]  [Sign in → https://a.test/in]  [Shop → https://a.test/shop]',
    ],
    [
      'a map as a place, with its caption',
      {
        type: 'map',
        location: { latitude: 52.5, longitude: 13.4 },
        zoom: 13,
        width: 1,
        height: 1,
        caption: { text: 'Here', credit: 'OSM' },
      },
      '52.5, 13.4 https://maps.google.com/?q=52.5,13.4\nHere\n— OSM',
    ],
    [
      'a photo, with its caption and source',
      { type: 'photo', photo: [{ ...media, file_id: 'P' }], caption: { text: 'Cat', credit: 'Ada' } },
      '⁂ (the photo)\nCat\n— Ada',
    ],
  ])('shows %s', (_what, block, entry) => {
    expect(read(block)).toBe(entry);
  });

  it.each<readonly [string, RichText, string]>([
    ['the address of a link', { type: 'url', text: 'here', url: 'https://a.test/' }, 'here (https://a.test/)'],
    ['an address that no inbox opens', { type: 'url', text: 'here', url: 'tonsite://a.ton' }, 'here (tonsite://a.ton)'],
    [
      'an e-mail address behind words',
      { type: 'email_address', text: 'us', email_address: 'a@b.test' },
      'us (a@b.test)',
    ],
    ['a number behind words', { type: 'phone_number', text: 'us', phone_number: '+4930' }, 'us (+4930)'],
    ['a number once', { type: 'phone_number', text: '+49 30', phone_number: '+4930' }, '+49 30'],
    ['a mention once', { type: 'mention', text: '@ada', username: 'ada' }, '@ada'],
    ['what is struck out', { type: 'strikethrough', text: 'no' }, '~~no~~'],
    ['what is hidden', { type: 'spoiler', text: 'no' }, '||no||'],
    [
      'a time',
      { type: 'date_time', text: 'tomorrow', unix_time: 1_796_119_200, date_time_format: 'dt' },
      'tomorrow (2026-12-01 10:00 UTC)',
    ],
    ['a power', ['x', { type: 'superscript', text: '2' }], 'x²'],
    ['a power in words', ['x', { type: 'superscript', text: 'n+1' }], 'x^(n+1)'],
    ['an index', ['H', { type: 'subscript', text: '2' }, 'O'], 'H₂O'],
    ['a formula', { type: 'mathematical_expression', expression: 'a^2' }, 'a^2'],
    ['an emoji', { type: 'custom_emoji', custom_emoji_id: '1', alternative_text: '🙂' }, '🙂'],
    [
      'a button in a line',
      { type: 'button', button: { text: 'Go', url: 'https://a.test/' } },
      '[Go → https://a.test/]',
    ],
    [
      'a footnote',
      [
        { type: 'reference_link', text: '1', reference_name: 'a' },
        { type: 'reference', text: ' Source', name: 'a' },
      ],
      '1 Source',
    ],
  ])('shows %s', (_what, text, entry) => {
    expect(words(text)).toBe(entry);
  });

  it('keeps its formatting, also inside of other formatting', () => {
    const bold: RichText = { type: 'bold', text: ['now ', { type: 'italic', text: 'or' }] };
    expect(htmlOf(bodyOf({ type: 'heading', text: 'Menu' }, { type: 'paragraph', text: ['Eat ', bold] }))).toBe(
      '<p><b>Menu</b><br>Eat <b>now </b><i><b>or</b></i></p>',
    );
  });

  it('has every file in it as a real file, in order, and names them in its words', () => {
    const event = eventOf([
      { type: 'paragraph', text: 'Look:' },
      {
        type: 'collage',
        blocks: [
          {
            type: 'photo',
            photo: [
              { ...media, file_id: 'S' },
              { ...media, file_id: 'P', width: 9 },
            ],
          },
          { type: 'video', video: { ...media, file_id: 'V', mime_type: 'video/mp4' } },
        ],
        caption: { text: 'Both' },
      },
      {
        type: 'slideshow',
        blocks: [{ type: 'animation', animation: { ...media, file_id: 'G', mime_type: 'video/mp4' } }],
      },
      {
        type: 'list',
        items: [{ blocks: [{ type: 'document', document: { ...media, file_id: 'D', file_name: 'a.pdf' } }] }],
      },
      {
        type: 'blockquote',
        blocks: [{ type: 'audio', audio: { ...media, file_id: 'A', performer: 'Ada', title: 'Notes' } }],
      },
      { type: 'voice_note', voice_note: { ...media, file_id: 'O', mime_type: 'audio/ogg' } },
      { type: 'paragraph', text: 'Bye' },
    ]);
    expect(filesOf(event.content).map(({ fileId, name }) => [fileId, name])).toEqual([
      ['P', 'photo-1.jpg'],
      ['V', 'video-2.mp4'],
      ['G', 'animation-3.mp4'],
      ['D', 'a.pdf'],
      ['A', 'Ada - Notes'],
      ['O', 'voice-6.ogg'],
    ]);
    expect(plainText(bodyOfInbound(event, null)).split('\n')).toEqual([
      'Look:',
      '⁂ (the photo “photo-1.jpg”)',
      '⁂ (the video “video-2.mp4”)',
      'Both',
      '⁂ (the animation “animation-3.mp4”)',
      '•',
      '⁂ (the document “a.pdf”)',
      '⁂ (the audio file “Ada - Notes”)',
      '⁂ (the voice message “voice-6.ogg”)',
      'Bye',
    ]);
  });

  it('has its maps as places too', () => {
    const map = { type: 'map', location: { latitude: 1, longitude: 2 } };
    expect(bodyOf(map, { ...map, location: { latitude: 3, longitude: 4 } }).extras).toMatchObject([
      { kind: 'location', latitude: 1, longitude: 2 },
      { kind: 'location', latitude: 3, longitude: 4 },
    ]);
  });

  it('names what is not known, once, behind the words that could be read', () => {
    const hologram = { type: 'hologram', text: 'Spin', blocks: [{ text: 'round' }] };
    const text = ['Hi ', { type: 'shimmer', text: 'you' }, '!'];
    expect(plainText(bodyOf({ type: 'paragraph', text }, hologram, hologram))).toBe(
      'Hi you!\n⁂ (a part of the message that Chatferry does not know: shimmer)\n' +
        'Spin\nround\n⁂ (a part of the message that Chatferry does not know: hologram)\nSpin\nround',
    );
  });

  it('says which of its known parts could not be read', () => {
    expect(plainText(bodyOf({ type: 'photo', photo: [] }, { type: 'map' }, 7))).toBe(
      '⁂ (a part of the message that Chatferry does not know: photo)\n' +
        '⁂ (a part of the message that Chatferry does not know: map)\n' +
        '⁂ (a part of the message that Chatferry does not know: without a name)',
    );
  });

  it('says that it is nested too deeply', () => {
    let block: object = { type: 'paragraph', text: 'deep' };
    for (let depth = 0; depth < 100; depth += 1) block = { type: 'blockquote', blocks: [block] };
    expect(plainText(bodyOf(block))).toBe('⁂ (a part of the message is nested too deeply to be shown)');
  });
});

describe('a message that answers a rich message', () => {
  it('quotes its words', () => {
    const answered = { message_id: 5, date: 1, rich_message: { blocks: [{ type: 'heading', text: 'Menu' }] } };
    const decoded = decode(rawMessage({ text: 'Tea', reply_to_message: answered }), bot);
    expect(decoded).toMatchObject({ event: { answers: { excerpt: 'Menu' } } });
  });
});
