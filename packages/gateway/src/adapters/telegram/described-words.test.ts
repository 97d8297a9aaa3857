import { bot, rawMessage } from '@chatferry/testkit/samples/telegram-update-samples';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../core/inbox/entry.ts';
import { filesOf } from '../../core/inbox/files.ts';
import { bodyOfInbound } from '../../core/inbox/inbound-body.ts';
import { nameOfAuthor } from '../../core/inbox/prepare-reply.ts';
import { decode } from './decode.ts';
import { labelOfButton } from './label-of-button.ts';

const eventOf = (fields: Record<string, unknown>) => {
  const decoded = decode(rawMessage(fields), bot);
  if (decoded.kind !== 'event') throw new Error(`decoded as ${JSON.stringify(decoded)}`);
  return decoded.event;
};
const read = (fields: Record<string, unknown>): string => plainText(bodyOfInbound(eventOf(fields), null));

const file = { file_id: 'F', file_unique_id: 'U', width: 1, height: 1 };
const struck = (offset: number, length: number) => [{ type: 'strikethrough', offset, length }];

describe('a poll', () => {
  it('has all of its words', () => {
    const options = [{ text: 'Tea' }, { text: 'Milk' }];
    const poll = {
      description: 'Old plan',
      description_entities: struck(0, 3),
      question: 'What?',
      options,
      explanation: 'Hot',
    };
    expect(read({ poll })).toBe('~~Old~~ plan\nWhat?\n– Tea\n– Milk\nHot\n⁂ (sent a poll)');
  });

  it('has the files, places and links of its question and options', () => {
    const options = [
      {
        text: 'Here',
        media: { venue: { title: 'Museum', address: 'Island 1', location: { latitude: 1, longitude: 2 } } },
      },
      { text: 'There', media: { link: { url: 'https://a.test/' } } },
      { text: 'Nowhere', media: { photo: [file] } },
    ];
    const event = eventOf({
      poll: { question: 'Where?', media: { document: { ...file, file_name: 'plan.pdf' } }, options },
    });
    expect(plainText(bodyOfInbound(event, null)).split('\n')).toEqual([
      'Where?',
      '– Here',
      '– There',
      '– Nowhere',
      '⁂ (the document “plan.pdf”)',
      'Museum',
      'Island 1',
      '1, 2 https://maps.google.com/?q=1,2',
      'https://a.test/',
      '⁂ (the photo “photo-2.jpg”)',
      '⁂ (sent a poll)',
    ]);
    expect(filesOf(event.content)).toHaveLength(2);
  });
});

describe('what is struck out', () => {
  it.each<readonly [string, Record<string, unknown>, string]>([
    [
      'in a checklist',
      { checklist: { title: 'Shop', tasks: [{ id: 1, text: 'Old tea', text_entities: struck(0, 3) }] } },
      'Shop\n☐ ~~Old~~ tea',
    ],
    [
      'in the words with a gift',
      { gift: { gift: { star_count: 1 }, text: 'no yes', entities: struck(0, 2) } },
      '~~no~~ yes',
    ],
    [
      'in the words with what is not supported',
      { hologram: {}, caption: 'no yes', caption_entities: struck(0, 2) },
      '~~no~~ yes',
    ],
    [
      'in a quote',
      {
        text: 'Really?',
        reply_to_message: { message_id: 2, date: 1, text: 'a no yes' },
        quote: { text: 'no yes', position: 2, entities: struck(0, 2) },
      },
      '⁂ > ~~no~~ yes',
    ],
    [
      'in a message that is answered',
      {
        text: 'Really?',
        reply_to_message: { message_id: 2, date: 1, photo: [file], caption: 'no yes', caption_entities: struck(0, 2) },
      },
      '⁂ > ~~no~~ yes',
    ],
  ])('is shown so %s', (_where, fields, beginning) => {
    expect(read(fields).startsWith(beginning)).toBe(true);
  });
});

describe('a game', () => {
  it('has its title and what is said about it', () => {
    expect(read({ game: { title: 'Chess', description: 'For two', photo: [file] } })).toBe(
      'Chess\nFor two\n⁂ (sent a game)',
    );
  });
});

describe('a name that looks blank', () => {
  it.each<readonly [string, Record<string, unknown>, string]>([
    [
      'of a group',
      { chat: { id: -100, type: 'supergroup', title: 'ㅤ', username: 'team' }, text: 'x' },
      '⁂ (“Ada Lovelace” in “team”:)',
    ],
    [
      'of a group without a username',
      { chat: { id: -100, type: 'supergroup', title: '⠀' }, text: 'x' },
      '⁂ (“Ada Lovelace” in “-100”:)',
    ],
    [
      'of who speaks as a chat',
      {
        chat: { id: -100, type: 'supergroup', title: 'T' },
        sender_chat: { id: -7, type: 'channel', title: 'ㅤ', username: 'news' },
        text: 'x',
      },
      '⁂ (“news” in “T”:)',
    ],
    [
      'of the author of a forwarded message',
      { text: 'x', forward_origin: { type: 'user', sender_user: { id: 8, first_name: 'ㅤ' } } },
      '⁂ (forwarded from “8”)',
    ],
    [
      'of a hidden author',
      { text: 'x', forward_origin: { type: 'hidden_user', sender_user_name: 'ㅤ' } },
      '⁂ (forwarded from “someone”)',
    ],
    [
      'of a channel',
      { text: 'x', forward_origin: { type: 'channel', chat: { id: -9, title: 'ㅤ', username: 'news' } } },
      '⁂ (forwarded from “news”)',
    ],
    [
      'of a person who was chosen',
      { users_shared: { users: [{ user_id: 42, first_name: 'ㅤ', username: 'bo' }] } },
      '@bo (42)',
    ],
    ['of a shared contact', { contact: { phone_number: '+1', first_name: 'ㅤ' } }, '+1'],
    ['of a winner', { giveaway_winners: { winner_count: 1, winners: [{ id: 8, first_name: 'ㅤ' }] } }, '8'],
    ['of a file', { document: { ...file, file_name: 'ㅤ' } }, '⁂ (sent a document)'],
  ])('%s is not shown', (_whose, fields, beginning) => {
    expect(read(fields).startsWith(beginning)).toBe(true);
  });

  it('of a topic, a tapped button or a teammate is left out', () => {
    const topic = { message_id: 3, forum_topic_created: { name: 'ㅤ' } };
    const group = { chat: { id: -100, type: 'supergroup', title: 'T' }, is_topic_message: true, message_thread_id: 3 };
    expect(read({ ...group, text: 'x', reply_to_message: topic })).toBe('⁂ (“Ada Lovelace” in “T”:)\nx');
    const keyboard = { inline_keyboard: [[{ text: 'ㅤ', callback_data: 'y' }]] };
    expect([labelOfButton(keyboard, 'y'), nameOfAuthor({ kind: 'teammate', id: '1', name: 'ㅤ' }, null)]).toEqual([
      null,
      null,
    ]);
  });
});
