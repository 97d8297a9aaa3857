import type { ReplyKeyboard, ReplyMarkup } from './markup.ts';
import type { Bot, Chat, ChatInfo, InlineResult, Message, Standing, Tap, User } from './world.ts';
import { findEntry } from './world.ts';

/** A message as the page shows it: the bot's view of it, with its sender and the complete `reply_markup`. */
export type TranscriptMessage = Omit<Message, 'reply_markup'> & {
  readonly sender: 'bot' | 'customer';
  readonly reply_markup?: ReplyMarkup;
};

/** A chat as the customer's app shows it. */
export interface Transcript {
  readonly bot_id: number;
  readonly bot_username: string;
  readonly inline_mode: boolean;
  readonly chat_id: number;
  readonly chat: ChatInfo;
  readonly user: User;
  readonly standing: Standing;
  readonly blocked: boolean;
  readonly messages: readonly TranscriptMessage[];
  /** The keyboard under the input field. `folded`: the app hides a one-time keyboard after a press. */
  readonly reply_keyboard: (ReplyKeyboard & { readonly message_id: number; readonly folded: boolean }) | null;
  /** The message that the next text replies to, and the placeholder of the input field. */
  readonly force_reply: { readonly message_id: number; readonly input_field_placeholder?: string } | null;
  readonly draft: string | null;
  /** The newest inline query; `inline_results` is the bot's answer to it. */
  readonly inline_query_id: string | null;
  readonly inline_results: readonly Omit<InlineResult, 'markup'>[] | null;
  readonly notice: { readonly text: string; readonly show_alert: boolean } | null;
  readonly taps: readonly Tap[];
}

export interface ChatSummary {
  readonly bot_id: number;
  readonly chat_id: number;
  readonly chat: ChatInfo;
  readonly user: User;
  readonly standing: Standing;
  readonly message_count: number;
}

export const chatSummary = (bot: Bot, chat: Chat): ChatSummary => ({
  bot_id: bot.id,
  chat_id: chat.info.id,
  chat: chat.info,
  user: chat.user,
  standing: chat.standing,
  message_count: chat.entries.length,
});

export function transcriptOf(bot: Bot, chat: Chat): Transcript {
  return {
    bot_id: bot.id,
    bot_username: bot.user.username,
    inline_mode: bot.supportsInlineQueries,
    chat_id: chat.info.id,
    chat: chat.info,
    user: chat.user,
    standing: chat.standing,
    blocked: chat.standing === 'blocked',
    messages: chat.entries.map(({ message, markup, sender }) => {
      const { reply_markup: _, ...rest } = message;
      return { ...rest, sender, ...(markup ? { reply_markup: markup } : {}) };
    }),
    reply_keyboard: visibleKeyboard(chat),
    force_reply: visibleForceReply(chat),
    draft: chat.draft ?? null,
    inline_query_id: chat.inlineQueryId ?? null,
    inline_results: chat.inlineResults?.map(({ markup: _, ...result }) => result) ?? null,
    notice: chat.notice ?? null,
    taps: chat.taps,
  };
}

function visibleKeyboard(chat: Chat): Transcript['reply_keyboard'] {
  if (!chat.keyboard) return null;
  const markup = findEntry(chat, chat.keyboard.messageId)?.markup;
  if (!markup || !('keyboard' in markup)) return null;
  return { ...markup, message_id: chat.keyboard.messageId, folded: chat.keyboard.folded };
}

function visibleForceReply(chat: Chat): Transcript['force_reply'] {
  if (chat.forceReplyTo === undefined) return null;
  const markup = findEntry(chat, chat.forceReplyTo)?.markup;
  const placeholder = markup && 'input_field_placeholder' in markup ? markup.input_field_placeholder : undefined;
  return {
    message_id: chat.forceReplyTo,
    ...(placeholder === undefined ? {} : { input_field_placeholder: placeholder }),
  };
}
