import {
  bot,
  group,
  person,
  privateChat,
  rawMessage,
  rawUpdate,
} from '@chatferry/testkit/samples/telegram-update-samples';
import { describe, expect, it } from 'vitest';
import type { InboundContent } from '../../core/message/content.ts';
import type { InboundEvent } from '../../core/message/inbound.ts';
import { decode } from './decode.ts';

const eventOf = (raw: Buffer): InboundEvent => {
  const decoded = decode(raw, bot);
  if (decoded.kind !== 'event') throw new Error(`decoded as ${JSON.stringify(decoded)}`);
  return decoded.event;
};

const contentOf = (fields: Record<string, unknown>): InboundContent => eventOf(rawMessage(fields)).content;

describe('a text', () => {
  it('is an event with its chat, its author and its time', () => {
    expect(decode(rawMessage({ text: 'Hello' }), bot)).toEqual({
      kind: 'event',
      tapId: null,
      event: {
        chat: { chatId: '555', kind: 'private', title: 'Ada Lovelace', username: 'ada', topicId: null },
        author: { userId: '555', name: 'Ada Lovelace', username: 'ada', languageCode: 'en' },
        channelMessageId: '2419',
        happenedAtMs: 1_700_000_000_000,
        editedAtMs: null,
        content: { kind: 'text', text: 'Hello' },
        answers: null,
      },
    });
  });

  it('that was edited says when', () => {
    const edited = rawUpdate({ edited_message: { ...message({ text: 'Hello!' }), edit_date: 1_700_000_060 } });
    expect(eventOf(edited)).toMatchObject({ editedAtMs: 1_700_000_060_000, happenedAtMs: 1_700_000_000_000 });
  });

  it.each([
    ['@Ferry_Bot help order ORD-9876', 'help order ORD-9876'],
    ['@ferry_bot  two  words ', 'two  words'],
    ['@FERRY_BOT\nnext line\nand one', 'next line\nand one'],
  ])('that begins with the bot’s name is a suggested reply: %j', (text, query) => {
    expect(contentOf({ text })).toEqual({ kind: 'suggested-reply', query });
  });

  it.each([
    '@ferry_bots help',
    '@other_bot help',
    '@ferry_bot',
    '@ferry_bot, hi',
    'hi @ferry_bot help',
    'ferry_bot help',
  ])('that only resembles it stays a text: %j', (text) => {
    expect(contentOf({ text })).toEqual({ kind: 'text', text });
  });

  it('sent through the bot itself is a suggested reply, through another one a text', () => {
    const viaBot = { id: 4242, is_bot: true, first_name: 'Ferry' };
    expect(contentOf({ text: 'help 1', via_bot: viaBot })).toEqual({ kind: 'suggested-reply', query: 'help 1' });
    expect(contentOf({ text: 'help 1', via_bot: { ...viaBot, id: 9 } })).toEqual({ kind: 'text', text: 'help 1' });
  });

  it.each([
    ['/start', null],
    ['/start order-9876_x', 'order-9876_x'],
    ['/start@Ferry_Bot', null],
    ['/start@ferry_bot abc', 'abc'],
  ])('%j starts the bot with %j', (text, payload) => {
    expect(contentOf({ text })).toEqual({ kind: 'started', payload });
  });

  it.each(['/starting', '/start@other_bot abc', '/start please help me', '/help', 'so /start'])(
    '%j does not start the bot',
    (text) => {
      expect(contentOf({ text })).toEqual({ kind: 'text', text });
    },
  );
});

const message = (fields: Record<string, unknown>): Record<string, unknown> => ({
  message_id: 2419,
  from: person,
  chat: privateChat,
  date: 1_700_000_000,
  ...fields,
});

describe('a message with the words or the data of other people', () => {
  const other = { id: 777, is_bot: false, first_name: 'Ben' };
  it.each([
    ['a forwarded message', { text: 'x', forward_origin: { type: 'user', sender_user: other, date: 1 } }],
    ['a shared contact', { contact: { phone_number: '1', first_name: 'Ben', user_id: 777 } }],
    ['a mention', { text: 'Ben', entities: [{ type: 'text_mention', offset: 0, length: 3, user: other }] }],
    ['chosen people', { users_shared: { request_id: 1, users: [{ user_id: 777 }] } }],
    ['a field without a decision', { hologram: { shows: [{ of: other }] } }],
  ])('names them, so that an erasure finds it: %s', (_what, fields) => {
    expect(eventOf(rawMessage(fields)).concerns).toEqual(['777']);
  });

  it('does not name its author, the chat and a bot', () => {
    const bot = { id: 99, is_bot: true, first_name: 'Shop' };
    const own = { text: 'x', forward_origin: { type: 'user', sender_user: person, date: 1 }, via_bot: bot };
    expect(eventOf(rawMessage(own)).concerns).toBeUndefined();
  });
});

describe('an answer to a message', () => {
  const answering = (answered: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    eventOf(rawMessage({ text: 'Yes', reply_to_message: message({ message_id: 2400, ...answered }), ...more })).answers;

  it('quotes the message that it answers', () => {
    const said = { channelMessageId: '2400', authorId: '555' };
    expect(answering({ text: 'Really?' })).toEqual({ ...said, excerpt: 'Really?' });
    expect(answering({ photo: [], caption: 'A map' })).toEqual({ ...said, excerpt: 'A map' });
    expect(answering({ photo: [] })).toEqual({ ...said, excerpt: '', noun: 'photo' });
    expect(answering({ hologram: {} })).toEqual({ ...said, excerpt: '' });
  });

  it('quotes what the customer marked', () => {
    expect(answering({ text: 'One. Two.' }, { quote: { text: 'Two.', position: 5 } })).toEqual({
      channelMessageId: '2400',
      excerpt: 'Two.',
      authorId: '555',
    });
  });

  it('does not name the bot as a person whose words are quoted', () => {
    const bot = { id: 99, is_bot: true, first_name: 'Shop' };
    expect(answering({ text: 'Really?', from: bot })).toEqual({ channelMessageId: '2400', excerpt: 'Really?' });
  });

  it('names the author of a message in another chat', () => {
    const origin = { type: 'channel', chat: { ...group, title: 'News' }, message_id: 3, date: 1 };
    const elsewhere = (fields: object) => eventOf(rawMessage({ text: 'Is that so?', ...fields })).answers;
    const said = { channelMessageId: null, from: 'News' };
    expect(elsewhere({ external_reply: { origin, photo: [{}] } })).toEqual({ ...said, excerpt: '', noun: 'photo' });
    expect(elsewhere({ external_reply: { origin }, quote: { text: 'Free!', position: 0 } })).toEqual({
      ...said,
      excerpt: 'Free!',
    });
    expect(elsewhere({ reply_to_story: { id: 1, chat: group } })).toEqual({
      channelMessageId: null,
      excerpt: '',
      noun: 'story',
    });
  });

  it('quotes at most 200 whole code points', () => {
    expect(answering({ text: '😀'.repeat(200) })?.excerpt).toBe('😀'.repeat(200));
    expect(answering({ text: '😀'.repeat(201) })?.excerpt).toBe(`${'😀'.repeat(199)}…`);
    expect(answering({ text: `a${'😀'.repeat(4_000)}` })?.excerpt).toBe(`a${'😀'.repeat(198)}…`);
  });

  it('to the first message of its topic is not an answer', () => {
    const inTopic = { chat: group, is_topic_message: true, message_thread_id: 2400 };
    expect(answering({ forum_topic_created: { name: 'Orders' } }, inTopic)).toBeNull();
  });
});

describe('a tap', () => {
  const keyboard = [
    [{ text: 'No', callback_data: 'n' }],
    [
      { text: 'Yes', callback_data: 'y' },
      { text: 'Site', url: 'x' },
    ],
  ];
  const tap = (fields: Record<string, unknown>): Buffer =>
    rawUpdate({ callback_query: { id: '99', from: person, chat_instance: '1', data: 'y', ...fields } });
  const asked = message({ message_id: 2400, text: 'Sure?', reply_markup: { inline_keyboard: keyboard } });

  it('carries the label of its button, its data and what it answers', () => {
    expect(decode(tap({ message: asked }), bot)).toMatchObject({
      kind: 'event',
      tapId: '99',
      event: {
        channelMessageId: null,
        happenedAtMs: null,
        content: { kind: 'tap', label: 'Yes', data: 'y' },
        answers: { channelMessageId: '2400', excerpt: 'Sure?' },
      },
    });
  });

  it('has no label when the message is not shown or has no such button', () => {
    const inaccessible = { chat: privateChat, message_id: 2400, date: 0 };
    expect(eventOf(tap({ message: inaccessible })).content).toEqual({ kind: 'tap', label: null, data: 'y' });
    expect(eventOf(tap({ message: asked, data: 'forged' })).content).toEqual({
      kind: 'tap',
      label: null,
      data: 'forged',
    });
  });

  it('on a game is shown and answered', () => {
    const game = tap({ message: asked, data: undefined, game_short_name: 'chess' });
    expect(decode(game, bot)).toMatchObject({
      tapId: '99',
      event: { content: { kind: 'unsupported', what: 'tap on a game' } },
    });
  });

  it('on a message without a chat is ignored', () => {
    const reason = 'callback_query without a message';
    expect(decode(tap({ inline_message_id: 'abc' }), bot)).toEqual({ kind: 'ignored', reason, tapId: '99' });
  });

  it('that names no message is answered too', () => {
    const lost = { kind: 'ignored', reason: 'malformed', tapId: '99' };
    expect(decode(tap({ message: { chat: {} } }), bot)).toEqual(lost);
  });
});

describe('what a customer shares', () => {
  const contact = { phone_number: '+491701234567', first_name: 'Ada', last_name: 'Lovelace' };

  it.each([
    ['their own number', { ...contact, user_id: 555 }, true],
    ['another person’s', { ...contact, user_id: 556 }, false],
    ['a number that has no Telegram account', contact, false],
  ])('can be %s', (_name, shared, own) => {
    expect(contentOf({ contact: shared })).toEqual({
      kind: 'contact',
      name: 'Ada Lovelace',
      firstName: 'Ada',
      lastName: 'Lovelace',
      phone: '+491701234567',
      own,
    });
  });

  it('is not the customer’s own when it names no person', () => {
    expect(contentOf({ contact, from: undefined, sender_chat: group })).toMatchObject({ kind: 'contact', own: false });
  });

  it('can be a location or a venue', () => {
    const location = { latitude: 52.52, longitude: 13.405 };
    expect(contentOf({ location })).toEqual({ kind: 'location', ...location, name: undefined, address: undefined });
    expect(contentOf({ location, venue: { location, title: 'Museum', address: 'Island 1' } })).toEqual({
      kind: 'location',
      ...location,
      name: 'Museum',
      address: 'Island 1',
    });
  });

  it.each([
    ['begins', 'message', { live_period: 900 }, { phase: 'started', seconds: 900 }],
    ['continues', 'edited_message', { live_period: 900 }, { phase: 'moved' }],
    ['ends', 'edited_message', {}, { phase: 'ended' }],
  ])('can be a live location that %s', (_what, kind, more, live) => {
    const location = { latitude: 52.52, longitude: 13.405, ...more };
    const edited = kind === 'message' ? {} : { edit_date: 1_700_000_060 };
    expect(eventOf(rawUpdate({ [kind]: { ...message({ location }), ...edited } })).content).toMatchObject({ live });
  });
});

describe('a message of a kind that is not understood yet', () => {
  it.each([
    [{ photo: [{}] }, 'photo'],
    [{ document: {}, animation: {} }, 'animation'],
    [{ sticker: {}, reply_markup: {} }, 'sticker'],
    [{ poll: {} }, 'poll'],
    [{ dice: {}, forward_origin: {} }, 'dice'],
    [{ web_app_data: {} }, 'web_app_data'],
    [{ users_shared: {} }, 'users_shared'],
    [{ hologram: {} }, 'hologram'],
    [{ contact: {} }, 'contact'],
    [{ 'Not a field!': {} }, 'empty message'],
  ])('is shown by its name: %j', (fields, what) => {
    expect(contentOf(fields)).toEqual({ kind: 'unsupported', what });
  });

  it('keeps its text', () => {
    expect(contentOf({ photo: [{}], caption: ' My invoice ' })).toEqual({
      kind: 'unsupported',
      what: 'photo',
      caption: 'My invoice',
    });
  });
});

describe('a chat', () => {
  it('that is a group has its title, and its topic where the message belongs to one', () => {
    const inTopic = rawMessage({ chat: group, text: 'Hi', is_topic_message: true, message_thread_id: 12 });
    expect(eventOf(inTopic).chat).toEqual({
      chatId: '-1001234567890',
      kind: 'group',
      title: 'Orders',
      username: null,
      topicId: '12',
    });
    const inThread = rawMessage({ chat: group, text: 'Hi', message_thread_id: 12 });
    expect(eventOf(inThread).chat.topicId).toBeNull();
    const direct = rawMessage({ chat: group, text: 'Hi', direct_messages_topic: { topic_id: 77 } });
    expect(eventOf(direct).chat.topicId).toBe('-77');
  });

  it('can be an author itself', () => {
    const anonymous = { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' };
    expect(eventOf(rawMessage({ chat: group, text: 'Hi', from: anonymous, sender_chat: group })).author).toEqual({
      userId: '-1001234567890',
      name: 'Orders',
      username: null,
      languageCode: null,
    });
  });

  it('has the username or the id as its name when the person has no name', () => {
    expect(eventOf(rawMessage({ text: 'x', from: { id: 555, first_name: ' ', username: 'ada' } })).author.name).toBe(
      'ada',
    );
    expect(eventOf(rawMessage({ text: 'x', from: { id: 555 } })).author.name).toBe('555');
  });

  it('that became a supergroup is a migration, in the old and the new chat', () => {
    const old = { id: -5, type: 'group', title: 'Orders' };
    const wanted = { kind: 'chat-migrated', chatId: '-5', newChatId: '-1001234567890' };
    expect(decode(rawMessage({ chat: old, migrate_to_chat_id: group.id }), bot)).toEqual(wanted);
    expect(decode(rawMessage({ chat: group, migrate_from_chat_id: -5 }), bot)).toEqual(wanted);
  });

  it.each([
    ['kicked', 'blocked'],
    ['member', 'unblocked'],
  ])('in which the bot is %s now is %s', (status, kind) => {
    const change = { chat: privateChat, from: person, date: 1_700_000_000, new_chat_member: { status } };
    expect(eventOf(rawUpdate({ my_chat_member: change }))).toMatchObject({ content: { kind }, channelMessageId: null });
    const channel = { ...change, chat: { ...group, type: 'channel' } };
    expect(decode(rawUpdate({ my_chat_member: channel }), bot)).toEqual({ kind: 'ignored', reason: 'my_chat_member' });
  });

  it.each([
    ['member', 'kicked', 'removed'],
    ['administrator', 'left', 'removed'],
    ['left', 'member', 'added'],
    ['kicked', 'administrator', 'added'],
    ['member', 'administrator', null],
    ['member', 'restricted', null],
  ])('of many in which the bot was %s and is %s now: %s', (before, after, kind) => {
    const raw = rawUpdate({
      my_chat_member: {
        chat: group,
        from: person,
        date: 1,
        old_chat_member: { status: before },
        new_chat_member: { status: after },
      },
    });
    const ignored = { kind: 'ignored', reason: 'my_chat_member' };
    expect(decode(raw, bot)).toMatchObject(kind === null ? ignored : { event: { content: { kind } } });
  });
});

describe('an update', () => {
  it('that asks for inline results says whether it comes from the private chat', () => {
    const query = { id: '31', from: person, query: 'help', offset: '', chat_type: 'sender' };
    const wanted = { kind: 'inline-query', queryId: '31', query: 'help', userId: '555' };
    expect(decode(rawUpdate({ inline_query: query }), bot)).toEqual({ ...wanted, privateChat: true });
    for (const chatType of ['private', 'group', undefined]) {
      const elsewhere = rawUpdate({ inline_query: { ...query, chat_type: chatType } });
      expect(decode(elsewhere, bot)).toEqual({ ...wanted, privateChat: false });
    }
  });

  it('with a message of the bot itself is ignored', () => {
    const own = { id: 4242, is_bot: true, first_name: 'Ferry', username: 'ferry_bot' };
    expect(decode(rawMessage({ text: 'x', from: own }), bot)).toEqual({ kind: 'ignored', reason: 'own message' });
  });

  it.each(['channel_post', 'business_message', 'poll_answer', 'a_kind_of_the_future'])(
    'of the kind %s is ignored as such',
    (kind) => {
      expect(decode(rawUpdate({ [kind]: {} }), bot)).toEqual({ kind: 'ignored', reason: kind });
    },
  );

  it.each([
    '',
    'null',
    '[]',
    '{"update_id":1}',
    '{"update_id":1,"message":null}',
    '{"update_id":1,"message":{"message_id":"1","text":"x"}}',
    '{"update_id":1,"callback_query":{"id":1}}',
    '{"update_id":1,"inline_query":[]}',
    '{"update_id":1,"my_chat_member":"x"}',
    '{"__proto__":1}',
  ])('that is malformed is ignored: %s', (raw) => {
    expect(decode(Buffer.from(raw), bot)).toEqual({ kind: 'ignored', reason: 'malformed' });
  });
});
