import { ControlError } from '../control-error.ts';
import { type Received, receive, typedText } from './incoming.ts';
import type { TelegramState } from './state.ts';
import { type Bot, type Chat, findEntry } from './world.ts';

/** Puts a text into the app's input field. With inline mode on, a text `@bot …` sends the bot an inline query. */
export function typeDraft(state: TelegramState, bot: Bot, chat: Chat, text: string): { inline_query_id?: string } {
  chat.draft = text;
  delete chat.inlineQueryId;
  delete chat.inlineResults;
  if (text === '') delete chat.draft;
  const query = inlineQueryOf(bot, text);
  if (query === undefined || !bot.supportsInlineQueries) return {};
  const id = `${chat.user.id}${String(state.nextSerial()).padStart(9, '0')}`;
  chat.inlineQueryId = id;
  const nowMs = state.context.clock.nowMs();
  bot.inlineQueries.set(id, { chat, answerableUntilMs: nowMs + (state.options.queryAnswerMs ?? 15_000) });
  const update = bot.updates.push({
    kind: 'inline_query',
    content: {
      id,
      from: chat.user,
      chat_type: chat.info.type === 'private' ? 'sender' : chat.info.type,
      query: [...query].slice(0, 256).join(''),
      offset: '',
    },
    lane: `inline:${chat.user.id}`,
    chatId: chat.info.id,
  });
  state.publish('inline.asked', {
    bot_id: bot.id,
    chat_id: chat.info.id,
    inline_query_id: id,
    query,
    update_id: update?.updateId,
  });
  return { inline_query_id: id };
}

function inlineQueryOf(bot: Bot, text: string): string | undefined {
  const prefix = `@${bot.user.username} `;
  return text.toLowerCase().startsWith(prefix.toLowerCase()) ? text.slice(prefix.length) : undefined;
}

/** Sends the draft. Telegram: the apps send no text in inline mode. */
export function sendDraft(state: TelegramState, bot: Bot, chat: Chat): Received {
  const draft = chat.draft;
  if (draft === undefined) throw new ControlError(409, 'The input field is empty: tap a button or POST draft first.');
  if (bot.supportsInlineQueries && inlineQueryOf(bot, draft) !== undefined)
    throw new ControlError(
      409,
      'The app is in inline mode, where the send button cancels. Choose a result of the bot with choose-result.',
    );
  const received = receive(state, bot, chat, { content: typedText(draft) });
  delete chat.draft;
  return received;
}

/** Chooses one of the bot's inline results: it is sent as the person's message "via @bot". */
export function chooseResult(state: TelegramState, bot: Bot, chat: Chat, index: number): Received {
  const result = chat.inlineResults?.[index];
  if (!result)
    throw new ControlError(
      409,
      `There is no inline result ${index}: the bot has sent ${chat.inlineResults?.length ?? 0} so far.`,
    );
  const shown = result.markup && 'inline_keyboard' in result.markup ? { reply_markup: result.markup } : {};
  const received = receive(state, bot, chat, {
    content: { ...typedText(result.message_text), ...shown },
    viaBot: bot.user,
  });
  const entry = findEntry(chat, received.message_id);
  if (entry) entry.markup = result.markup;
  delete chat.draft;
  delete chat.inlineQueryId;
  delete chat.inlineResults;
  return received;
}
