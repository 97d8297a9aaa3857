import type { Answer } from '../faults.ts';
import { runMethod } from './api.ts';
import { botById } from './directory.ts';
import { readMarkup } from './markup.ts';
import { findMethod } from './methods/methods.ts';
import { parametersOf, readParameters } from './parameters.ts';
import { chatOfAnyId } from './recipient.ts';
import { addEntry, type TelegramState } from './state.ts';
import { updateJson } from './updates.ts';
import { type Bot, type Chat, findEntry, type Standing } from './world.ts';

interface At {
  readonly bot_id: number;
  readonly chat_id: number;
}

/** A call of the Bot API, whose token the program has checked. */
export interface ApiCall {
  readonly bot_id: number;
  readonly method: string;
  readonly content_type: string;
  readonly body: Buffer;
}

export interface PreparedCall {
  /** As Telegram spells it. */
  readonly method: string;
  /** `''` if the call names no chat. */
  readonly chat_id: string;
  run(): Promise<Answer>;
}

/** A message that the bot sent before the simulation began, or that it has forgotten. */
export interface RememberedMessage {
  readonly message_id: number;
  readonly text: string;
  /** As it was given to the Bot API. */
  readonly reply_markup: unknown;
}

/** The Bot API and the queue of updates without HTTP, for a program that the simulation is a part of. */
export interface InProcessTelegram {
  hasBot(botId: number): boolean;
  removeBot(botId: number): void;
  prepare(call: ApiCall): PreparedCall;
  download(botId: number, path: string): Buffer | undefined;
  hasChat(at: At): boolean;
  /** Makes the chat if it does not exist. Sends no update. */
  setStanding(at: At, standing: Standing): void;
  /** Adds the messages that the chat does not have, the oldest first. */
  remember(at: At, messages: readonly RememberedMessage[]): void;
  /** The number after the last one that a message or an update of this bot has. */
  nextNumber(botId: number): number;
  /** The next message and the next update have this number, and later ones follow it. */
  setNextNumber(botId: number, number: number): void;
  /** Everything that waits for the bot, as Telegram would send it. */
  pendingUpdates(botId: number): readonly { readonly updateId: number; readonly json: Record<string, unknown> }[];
  confirmUpdate(botId: number, updateId: number): void;
}

export function createInProcess(state: TelegramState): InProcessTelegram {
  const bot = (botId: number): Bot => botById(state, botId);
  return {
    hasBot: (botId) => state.botsById.has(botId),
    removeBot: (botId) => void state.botsById.delete(botId),
    prepare: (call) => prepare(state, bot(call.bot_id), call),
    download: (botId, path) => [...bot(botId).files.values()].find((file) => file.path === path)?.bytes,
    hasChat: (at) => bot(at.bot_id).chats.has(at.chat_id),
    setStanding: (at, standing) => {
      chatAt(state, at).standing = standing;
    },
    remember: (at, messages) => rememberMessages(state, at, messages),
    nextNumber: (botId) => Math.max(bot(botId).lastMessageId + 1, bot(botId).updates.nextId()),
    setNextNumber(botId, number) {
      bot(botId).lastMessageId = number - 1;
      bot(botId).updates.setNextId(number);
    },
    pendingUpdates: (botId) =>
      bot(botId)
        .updates.pending()
        .map((update) => ({ updateId: update.updateId, json: updateJson(update) })),
    confirmUpdate: (botId, updateId) => bot(botId).updates.drop(updateId),
  };
}

function prepare(state: TelegramState, bot: Bot, { method, content_type, body }: ApiCall): PreparedCall {
  const parameters = readParameters('', content_type, body);
  return {
    method: findMethod(method)?.name ?? method,
    chat_id: parameters.text('chat_id'),
    run: async () => runMethod(state, bot, method, parameters),
  };
}

function chatAt(state: TelegramState, { bot_id, chat_id }: At): Chat {
  const chat = chatOfAnyId(state, botById(state, bot_id), chat_id);
  if (!chat) throw new RangeError(`${chat_id} is no id of a chat.`);
  return chat;
}

function rememberMessages(state: TelegramState, at: At, messages: readonly RememberedMessage[]): void {
  const chat = chatAt(state, at);
  for (const { message_id, text, reply_markup } of messages) {
    if (findEntry(chat, message_id)) continue;
    const markup = readMarkup(parametersOf({ reply_markup }));
    const shown = markup !== undefined && 'inline_keyboard' in markup ? { reply_markup: markup } : {};
    const { user } = botById(state, at.bot_id);
    const message = { message_id, from: user, chat: chat.info, date: state.nowS(), text, ...shown };
    addEntry(state, chat, { message, markup, sender: 'bot' });
    if (markup !== undefined && 'keyboard' in markup) chat.keyboard = { messageId: message_id, folded: false };
  }
  chat.entries.sort((a, b) => a.message.message_id - b.message.message_id);
}
