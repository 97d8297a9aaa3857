import { ControlError } from '../control-error.ts';
import { findEntities } from './entities.ts';
import { addEntry, type TelegramState, withoutReply } from './state.ts';
import { cleanText } from './text.ts';
import { type Bot, type Chat, findEntry, type Message, nextMessageId, type User } from './world.ts';

/** The result of sending a customer's message. */
export interface Received {
  readonly message_id: number;
  /** Absent when the bot does not receive the message: privacy mode in a group, or a kind that it has not allowed. */
  readonly update_id?: number;
}

export interface Incoming {
  readonly content: Partial<Message>;
  readonly replyTo?: number | undefined;
  readonly viaBot?: User;
}

/** Adds a customer's message to the chat and sends the update to the bot. */
export function receive(state: TelegramState, bot: Bot, chat: Chat, incoming: Incoming): Received {
  checkCanWrite(chat);
  const replied = incoming.replyTo === undefined ? undefined : findEntry(chat, incoming.replyTo);
  if (incoming.replyTo !== undefined && !replied)
    throw new ControlError(404, `There is no message ${incoming.replyTo} in the chat to reply to.`);
  const message: Message = {
    message_id: nextMessageId(bot, chat),
    from: chat.user,
    chat: chat.info,
    date: state.nowS(),
    ...(incoming.viaBot ? { via_bot: incoming.viaBot } : {}),
    ...incoming.content,
    ...(replied ? { reply_to_message: withoutReply(replied.message) } : {}),
  };
  if (chat.standing === 'never-started') chat.standing = 'open';
  addEntry(state, chat, { message, markup: undefined, sender: 'customer' });
  return pushMessageUpdate(state, bot, chat, message, 'message');
}

/** Sends the bot the update for a new or edited message. */
export function pushMessageUpdate(
  state: TelegramState,
  bot: Bot,
  chat: Chat,
  message: Message,
  kind: 'message' | 'edited_message',
): Received {
  const update = isVisibleToBot(bot, chat, message)
    ? bot.updates.push({ kind, content: message, lane: `chat:${chat.info.id}`, chatId: chat.info.id })
    : undefined;
  state.publish(kind === 'message' ? 'message.received' : 'message.edited', {
    bot_id: bot.id,
    chat_id: chat.info.id,
    message_id: message.message_id,
    text: message.text,
    caption: message.caption,
    update_id: update?.updateId,
  });
  return { message_id: message.message_id, ...(update ? { update_id: update.updateId } : {}) };
}

/**
 * Telegram's privacy mode: in a group a bot receives commands, replies to it, and messages that were sent through it.
 */
function isVisibleToBot(bot: Bot, chat: Chat, message: Message): boolean {
  if (chat.info.type === 'private' || bot.canReadAllGroupMessages) return true;
  if (message.via_bot?.id === bot.id || message.reply_to_message?.from?.id === bot.id) return true;
  if (message.migrate_to_chat_id !== undefined || message.migrate_from_chat_id !== undefined) return true;
  const command = /^\/\w+(?:@(\w+))?/.exec(message.text ?? '');
  if (!command) return false;
  return command[1] === undefined || command[1].toLowerCase() === bot.user.username.toLowerCase();
}

function checkCanWrite(chat: Chat): void {
  if (chat.standing === 'blocked') throw new ControlError(409, 'The customer has blocked the bot. Unblock it first.');
  if (chat.standing !== 'open' && chat.standing !== 'never-started')
    throw new ControlError(409, `The customer cannot write here: the chat is ${chat.standing}.`);
}

/** The content of a customer's text, cleaned like Telegram does. */
export function typedText(text: string): Pick<Message, 'text' | 'entities'> {
  const cleaned = cleanText(text).trim();
  if (cleaned === '') throw new ControlError(400, 'Give "text" that is not empty: Telegram sends no empty message.');
  const entities = findEntities(cleaned);
  return entities.length === 0 ? { text: cleaned } : { text: cleaned, entities };
}
