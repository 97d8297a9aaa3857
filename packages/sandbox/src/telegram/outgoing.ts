import { badRequest, tooManyRequests } from './errors.ts';
import { fileOfMessage } from './files.ts';
import { isJsonObject } from './json-field.ts';
import { messageMarkup, normalizeMarkup, type ReplyMarkup, readMarkup } from './markup.ts';
import type { Parameters } from './parameters.ts';
import { checkReachable, recipientOf } from './recipient.ts';
import { addEntry, type TelegramState, withoutReply } from './state.ts';
import { type Bot, type Chat, findEntry, type Message, nextMessageId, type SentRecord } from './world.ts';

export interface Outgoing {
  readonly method: string;
  readonly bot: Bot;
  readonly parameters: Parameters;
  /** Reads and checks the content. TDLib does this after it has found the chat. */
  readonly readContent: () => Partial<Message>;
}

/** Sends a message of the bot, with the checks in Telegram's order. Returns the message as the bot sees it. */
export function sendFromBot(state: TelegramState, outgoing: Outgoing): Message {
  const { readContent, ...more } = outgoing;
  const [message] = sendTogether(state, { ...more, readContents: () => [readContent()] });
  if (message === undefined) throw new Error('A message was sent and is not there.');
  return message;
}

export interface OutgoingTogether extends Omit<Outgoing, 'readContent'> {
  readonly readContents: () => readonly Partial<Message>[];
}

/** Sends messages that Telegram takes together or not at all. Each counts against the limits. */
export function sendTogether(state: TelegramState, outgoing: OutgoingTogether): readonly Message[] {
  const { bot, parameters, method } = outgoing;
  const givenMarkup = readMarkup(parameters);
  const reply = readReply(parameters);
  const chat = recipientOf(state, bot, parameters.text('chat_id'));
  const topic = parameters.integer('message_thread_id', 0);
  if (topic > 0 && chat.info.type !== 'supergroup') throw badRequest('Message thread not found');
  const replyTo = state.lean ? undefined : repliedMessage(chat, reply);
  const markup = normalizeMarkup(givenMarkup, chat.info.type);
  const contents = outgoing.readContents();
  checkReachable(chat);
  for (const _ of contents) {
    const waitS = state.limiter.take(bot.id, chat.info.id);
    if (waitS > 0) throw tooManyRequests(waitS);
  }

  const shownMarkup = messageMarkup(markup);
  return contents.map((content) => {
    const message: Message = {
      message_id: nextMessageId(bot, chat),
      from: bot.user,
      chat: chat.info,
      date: state.nowS(),
      ...(topic > 0 ? { message_thread_id: topic, is_topic_message: true as const } : {}),
      ...content,
      ...(replyTo ? { reply_to_message: withoutReply(replyTo) } : {}),
      ...(shownMarkup ? { reply_markup: shownMarkup } : {}),
    };
    addEntry(state, chat, { message, markup, sender: 'bot' });
    applyMarkup(chat, message.message_id, markup);
    recordSent(state, bot, message, method, markup);
    return message;
  });
}

function recordSent(state: TelegramState, bot: Bot, message: Message, method: string, markup: ReplyMarkup | undefined) {
  if (state.lean && state.journal === undefined) return;
  const file = fileOfMessage(message);
  const sent: SentRecord = {
    at_ms: state.context.clock.nowMs(),
    bot_id: bot.id,
    chat_id: message.chat.id,
    message_id: message.message_id,
    method,
    ...(message.message_thread_id === undefined ? {} : { message_thread_id: message.message_thread_id }),
    ...(message.text === undefined ? {} : { text: message.text }),
    ...(message.entities === undefined ? {} : { entities: message.entities }),
    ...(message.caption === undefined ? {} : { caption: message.caption }),
    ...(message.caption_entities === undefined ? {} : { caption_entities: message.caption_entities }),
    ...(message.location === undefined ? {} : { location: message.location }),
    ...(message.venue === undefined ? {} : { venue: message.venue }),
    ...(message.contact === undefined ? {} : { contact: message.contact }),
    ...(message.poll === undefined ? {} : { poll: message.poll }),
    ...(message.media_group_id === undefined ? {} : { media_group_id: message.media_group_id }),
    ...(file === undefined ? {} : { file }),
    ...(markup === undefined ? {} : { reply_markup: markup }),
  };
  state.journal?.append(sent);
  if (state.lean) return;
  if (state.options.memory === undefined) state.sent.push(sent);
  const { at_ms: _, ...data } = sent;
  state.publish('message.sent', data);
}

/** Applies the markup in the customer's app: the newest keyboard, removal or forced reply replaces the ones before. */
function applyMarkup(chat: Chat, messageId: number, markup: ReplyMarkup | undefined): void {
  if (markup === undefined) return;
  if ('keyboard' in markup) chat.keyboard = { messageId, folded: false };
  else if (!('inline_keyboard' in markup)) delete chat.keyboard;
  if (!('inline_keyboard' in markup)) delete chat.forceReplyTo;
  if ('force_reply' in markup && markup.force_reply) chat.forceReplyTo = messageId;
}

interface Reply {
  readonly messageId: number;
  readonly allowWithout: boolean;
}

function readReply(parameters: Parameters): Reply | undefined {
  const given = parameters.json('reply_parameters', "Can't parse reply parameters JSON object");
  if (given === undefined) {
    const messageId = parameters.integer('reply_to_message_id', 0);
    return messageId > 0 ? { messageId, allowWithout: parameters.boolean('allow_sending_without_reply') } : undefined;
  }
  if (!isJsonObject(given)) throw badRequest('Object expected as reply parameters');
  const messageId = Number(given['message_id'] ?? 0);
  if (!Number.isInteger(messageId) || messageId <= 0) throw badRequest('Message identifier is not specified');
  return { messageId, allowWithout: given['allow_sending_without_reply'] === true };
}

function repliedMessage(chat: Chat, reply: Reply | undefined): Message | undefined {
  if (!reply) return undefined;
  const entry = findEntry(chat, reply.messageId);
  if (!entry && !reply.allowWithout) throw badRequest('Message to be replied not found');
  return entry?.message;
}
