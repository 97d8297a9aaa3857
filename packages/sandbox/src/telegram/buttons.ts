import { ControlError } from '../control-error.ts';
import { ownContact } from './customer.ts';
import { type Received, receive, typedText } from './incoming.ts';
import type { InlineButton } from './inline-button.ts';
import { typeDraft } from './inline-mode.ts';
import type { TelegramState } from './state.ts';
import { type Bot, type Chat, findEntry, type Tap } from './world.ts';

export interface Place {
  readonly message_id: number;
  readonly row: number;
  readonly column: number;
}

/** Presses a key of the reply keyboard that the app shows. */
export function pressKey(state: TelegramState, bot: Bot, chat: Chat, at: Place): Received {
  const markup = findEntry(chat, at.message_id)?.markup;
  if (!markup || !('keyboard' in markup))
    throw new ControlError(404, `Message ${at.message_id} has no reply keyboard.`);
  if (chat.keyboard?.messageId !== at.message_id)
    throw new ControlError(409, `The app no longer shows the keyboard of message ${at.message_id}.`);
  const key = markup.keyboard[at.row]?.[at.column];
  if (!key)
    throw new ControlError(404, `The keyboard has no key at row ${at.row}, column ${at.column}; both count from 0.`);
  const content = key.request_contact
    ? { contact: ownContact(chat.user) }
    : key.request_location
      ? { location: { latitude: 52.520_008, longitude: 13.404_954 } }
      : Object.keys(key).some((name) => name.startsWith('request_') || name === 'web_app')
        ? undefined
        : typedText(key.text);
  if (!content)
    throw new ControlError(
      501,
      'The sandbox cannot press this kind of key. Send the update that would follow with send-update.',
    );
  const received = receive(state, bot, chat, { content, replyTo: at.message_id });
  if (markup.one_time_keyboard) chat.keyboard = { messageId: at.message_id, folded: true };
  delete chat.forceReplyTo;
  return received;
}

export interface TapResult {
  readonly effect: Tap['effect'] | 'callback-query';
  /** The address, the copied text, the draft, or the callback data. */
  readonly value: string;
  readonly callback_query_id?: string;
  readonly update_id?: number;
}

/** Taps an inline button. */
export function tap(state: TelegramState, bot: Bot, chat: Chat, at: Place): TapResult {
  const entry = findEntry(chat, at.message_id);
  if (!entry?.markup || !('inline_keyboard' in entry.markup))
    throw new ControlError(404, `Message ${at.message_id} has no inline buttons.`);
  const button = entry.markup.inline_keyboard[at.row]?.[at.column];
  if (!button)
    throw new ControlError(404, `The message has no button at row ${at.row}, column ${at.column}; both count from 0.`);
  if (button.callback_data !== undefined) return askCallback(state, bot, chat, at.message_id, button.callback_data);
  const [effect, value] = tapEffect(bot, button);
  chat.taps.push({ message_id: at.message_id, text: button.text, effect, value });
  state.publish('button.tapped', { bot_id: bot.id, chat_id: chat.info.id, message_id: at.message_id, effect, value });
  if (effect === 'drafted') typeDraft(state, bot, chat, value);
  return { effect, value };
}

/** Telegram: these taps send nothing to the bot; the app handles them itself. */
function tapEffect(bot: Bot, button: InlineButton): readonly [Tap['effect'], string] {
  if (button.url !== undefined) return ['opened-url', button.url];
  if (button.login_url) return ['opened-url', button.login_url.url];
  if (button.web_app) return ['opened-web-app', button.web_app.url];
  if (button.copy_text) return ['copied', button.copy_text.text];
  const query = button.switch_inline_query_current_chat;
  if (query !== undefined) return ['drafted', `@${bot.user.username} ${query}`];
  if (button.switch_inline_query !== undefined) return ['chose-chat', button.switch_inline_query];
  if (button.switch_inline_query_chosen_chat)
    return ['chose-chat', String(button.switch_inline_query_chosen_chat['query'] ?? '')];
  return ['nothing', ''];
}

function askCallback(state: TelegramState, bot: Bot, chat: Chat, messageId: number, data: string): TapResult {
  if (chat.standing !== 'open')
    throw new ControlError(409, `The tap does not reach the bot: the chat is ${chat.standing}.`);
  const id = `${chat.user.id}${String(state.nextSerial()).padStart(9, '0')}`;
  const nowMs = state.context.clock.nowMs();
  bot.callbackQueries.set(id, { chat, answerableUntilMs: nowMs + (state.options.queryAnswerMs ?? 15_000) });
  const update = bot.updates.push({
    kind: 'callback_query',
    content: {
      id,
      from: chat.user,
      message: findEntry(chat, messageId)?.message,
      chat_instance: `${bot.id}${chat.info.id}`,
      data,
    },
    lane: `callback:${chat.user.id}`,
    chatId: chat.info.id,
  });
  state.publish('callback.asked', {
    bot_id: bot.id,
    chat_id: chat.info.id,
    message_id: messageId,
    callback_query_id: id,
    data,
    update_id: update?.updateId,
  });
  return {
    effect: 'callback-query',
    value: data,
    callback_query_id: id,
    ...(update ? { update_id: update.updateId } : {}),
  };
}
