import { createHash } from 'node:crypto';
import type { CallbackQuery, InlineKeyboardButton, Message, Update } from '@grammyjs/types';
import type { MessageTrace } from '../../core/delivery/evidence.ts';
import { withoutTapMark } from '../../core/message/tap-mark.ts';
import type { Bot, Wire } from '../../ports/channel.ts';
import { looseWords } from './loose-words.ts';
import { chatOf } from './parties.ts';
import { asId, asInteger, asList, asObject, asText, parseJson, type Untrusted } from './untrusted.ts';

/**
 * The bot's message that an update is about: the one whose button was tapped, or the one that the customer quotes. Telegram puts
 * it whole into the update, with its text, its inline buttons and when it was sent; null if there is none, or Telegram does
 * not show it any more.
 */
export function traceOf(raw: Buffer, bot: Bot): MessageTrace | null {
  const update = asObject<Update>(parseJson(raw));
  const tapped = asObject<CallbackQuery>(update?.callback_query)?.message;
  const quoted = asObject<Message>(update?.message)?.reply_to_message;
  const message = asObject<Message>(tapped ?? quoted);
  const sender = asObject<{ id: number }>(message?.from);
  const chat = message && chatOf(message);
  const messageId = asInteger(message?.message_id);
  // Telegram: the date is 0 if the message is not accessible any more.
  const date = asInteger(message?.date) ?? 0;
  if (!message || !chat || messageId === null || date === 0 || asId(sender?.id) !== bot.botId) return null;
  const fingerprint = fingerprintOf(wordsOf(message), message.reply_markup);
  if (fingerprint === null) return null;
  return { chatId: chat.chatId, channelMessageId: String(messageId), sentAtMs: date * 1_000, fingerprint };
}

/** The fingerprint of a message that we sent; null if it has no text. */
export const fingerprintOfWire = (wire: Wire): string | null => fingerprintOf(wordsOf(wire), wire['reply_markup']);

/** Of a rich message the words alone: Telegram numbers the items of a list. */
const wordsOf = (carrier: Readonly<Record<string, unknown>> | Untrusted<Message>): string | null => {
  const { text, caption, rich_message }: { text?: unknown; caption?: unknown; rich_message?: unknown } = carrier;
  return asText(text) ?? asText(caption) ?? looseWords(rich_message).join('');
};

/** Telegram: of the markup only inline buttons are shown again, and white space and invisible characters may be gone. */
function fingerprintOf(text: string | null, markup: unknown): string | null {
  const words = (text ?? '').replaceAll(/[\s\p{C}\p{Variation_Selector}\u{2800}]/gu, '');
  if (words === '') return null;
  const rows = asList(asObject<{ inline_keyboard: unknown }>(markup)?.inline_keyboard);
  const buttons = rows.map((row) => asList(row).map((button) => buttonOf(asObject<InlineKeyboardButton>(button))));
  return createHash('sha256')
    .update(JSON.stringify([words, buttons]))
    .digest('hex');
}

function buttonOf(button: Untrusted<InlineKeyboardButton> | null): readonly (string | null)[] {
  if (button === null) return [];
  // Telegram: a login button comes back as one with a plain address.
  const url = asText(button.url) ?? asText(asObject<{ url: string }>(button.login_url)?.url);
  const action = {
    url: url === null ? null : addressOf(url),
    callback: asText(button.callback_data),
    here: asText(button.switch_inline_query_current_chat),
    elsewhere: asText(button.switch_inline_query),
    copy: asText(asObject<{ text: string }>(button.copy_text)?.text),
  };
  const label = withoutTapMark(asText(button.text) ?? '').replaceAll(/[\s\p{C}]/gu, '');
  return [label, ...Object.entries(action).flatMap(([kind, value]) => (value === null ? [] : [kind, value]))];
}

/** Telegram completes an address: with a scheme, and with the slash after the host. */
function addressOf(url: string): string {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `http://${url}`;
  return URL.canParse(whole) ? new URL(whole).href : whole;
}
