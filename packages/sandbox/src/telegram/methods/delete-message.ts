import { badRequest } from '../errors.ts';
import { recipientOf } from '../recipient.ts';
import { findEntry } from '../world.ts';
import type { Method } from './method.ts';

/** Telegram: https://core.telegram.org/bots/api#deletemessage */
const deletableForS = 48 * 3600;

export const deleteMessage: Method = ({ state, bot, parameters }) => {
  const messageId = parameters.integer('message_id', 0);
  const chat = recipientOf(state, bot, parameters.text('chat_id'));
  if (messageId <= 0) throw badRequest('Message identifier is not specified');
  const entry = findEntry(chat, messageId);
  if (!entry) throw badRequest('Message to delete not found');
  const isOthers = entry.sender !== 'bot' && chat.info.type !== 'private';
  // Telegram says the same of a message that is too old.
  if (isOthers || state.nowS() - entry.message.date > deletableForS) throw badRequest("Message can't be deleted");
  chat.entries.splice(chat.entries.indexOf(entry), 1);
  if (chat.keyboard?.messageId === messageId) delete chat.keyboard;
  if (chat.forceReplyTo === messageId) delete chat.forceReplyTo;
  state.publish('message.deleted', { bot_id: bot.id, chat_id: chat.info.id, message_id: messageId, by: 'bot' });
  return { result: true };
};
