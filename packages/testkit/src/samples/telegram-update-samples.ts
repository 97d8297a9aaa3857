import type { Bot } from '@chatferry/gateway/internal/ports/channel';

/** Updates for tests, in the form in which Telegram sends them. */

export const bot: Bot = { botId: '4242', username: 'Ferry_Bot', name: 'Ferry', supportsInlineQueries: true };

export const person = {
  id: 555,
  is_bot: false,
  first_name: 'Ada',
  last_name: 'Lovelace',
  username: 'ada',
  language_code: 'en',
};

export const privateChat = { id: 555, type: 'private', first_name: 'Ada', last_name: 'Lovelace', username: 'ada' };

export const group = { id: -1001234567890, type: 'supergroup', title: 'Orders' };

export const rawUpdate = (fields: Readonly<Record<string, unknown>>): Buffer =>
  Buffer.from(JSON.stringify({ update_id: 900_001, ...fields }));

/** A new message of `person`, in the private chat unless the fields say otherwise. */
export const rawMessage = (fields: Readonly<Record<string, unknown>>): Buffer =>
  rawUpdate({
    message: { message_id: 2_419, from: person, chat: privateChat, date: 1_700_000_000, ...fields },
  });

/** One of every kind that `decode` understands, as objects. */
export const everyKind: readonly object[] = [
  rawMessage({ text: '@ferry_bot help', entities: [{ type: 'mention', offset: 0, length: 10 }] }),
  rawMessage({ text: '/start abc', reply_to_message: { message_id: 1, chat: privateChat, date: 1, text: 'Hi' } }),
  rawMessage({
    chat: group,
    text: 'x',
    is_topic_message: true,
    message_thread_id: 3,
    quote: { text: 'q', position: 0 },
  }),
  rawMessage({ contact: { phone_number: '+1', first_name: 'A', user_id: 555 } }),
  rawMessage({ location: { latitude: 1, longitude: 2 }, venue: { title: 't', address: 'a' } }),
  rawMessage({ photo: [{ file_id: 'x' }], caption: 'c', sender_chat: group }),
  rawMessage({ document: { file_id: 'x', file_name: 'a.pdf', file_size: 1 }, media_group_id: '1' }),
  rawMessage({ sticker: { file_id: 'x', is_video: true, emoji: '😀', thumbnail: { file_id: 'y' } } }),
  rawMessage({ dice: { emoji: '🎲', value: 4 }, forward_origin: { type: 'user', date: 1, sender_user: person } }),
  rawMessage({ poll: { question: 'q', options: [{ text: 'a' }] } }),
  rawMessage({ users_shared: { request_id: 1, users: [{ user_id: 1, first_name: 'A' }] } }),
  rawMessage({ chat_shared: { request_id: 1, chat_id: -1, title: 't' } }),
  rawMessage({ web_app_data: { data: 'd', button_text: 'b' } }),
  rawMessage({ migrate_to_chat_id: -1001 }),
  rawUpdate({
    callback_query: {
      id: '1',
      from: person,
      chat_instance: '1',
      data: 'y',
      message: {
        message_id: 1,
        chat: privateChat,
        date: 1,
        reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] },
      },
    },
  }),
  rawUpdate({ inline_query: { id: '1', from: person, query: 'q', offset: '', chat_type: 'sender' } }),
  rawUpdate({ my_chat_member: { chat: privateChat, from: person, date: 1, new_chat_member: { status: 'kicked' } } }),
].map((raw) => JSON.parse(raw.toString()) as object);
