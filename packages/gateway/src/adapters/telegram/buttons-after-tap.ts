import type { CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update } from '@grammyjs/types';
import { withoutTapMark, withTapMark } from '../../core/message/tap-mark.ts';
import type { Wire } from '../../ports/channel.ts';
import { asId, asInteger, asList, asObject, asText, parseJson } from './untrusted.ts';

/**
 * The parameters of `editMessageReplyMarkup` that mark the tapped button, or remove all; null if nothing is to be
 * changed. Telegram: a message that is too old comes without its buttons, so that they can be removed and not marked; one
 * that was sent in inline mode names no chat.
 */
export function buttonsAfterTap(raw: Buffer, change: 'mark' | 'remove'): Wire | null {
  const tap = asObject<CallbackQuery>(asObject<Update>(parseJson(raw))?.callback_query);
  const message = asObject<Message>(tap?.message);
  const chatId = asId(asObject<Message['chat']>(message?.chat)?.id);
  const messageId = asInteger(message?.message_id);
  const data = asText(tap?.data);
  if (message === null || chatId === null || messageId === null || data === null) return null;
  const place = { chat_id: Number(chatId), message_id: messageId };
  const rows = asList(asObject<InlineKeyboardMarkup>(message.reply_markup)?.inline_keyboard).map(asList);
  if (change === 'remove') return message.reply_markup === undefined && message.date !== 0 ? null : place;
  const marked = markedRows(rows, data);
  return marked === null ? null : { ...place, reply_markup: { inline_keyboard: marked } };
}

/** Moves the mark to the button that was tapped last. Null if the mark is there already, or no button has this data. */
function markedRows(rows: readonly (readonly unknown[])[], data: string): readonly (readonly unknown[])[] | null {
  const all = rows.flat();
  const tapped = all.findIndex((button) => asObject<InlineKeyboardButton>(button)?.callback_data === data);
  let index = -1;
  let hasChanged = false;
  const marked = rows.map((row) =>
    row.map((button) => {
      index += 1;
      const known = asObject<InlineKeyboardButton>(button);
      const text = asText(known?.text);
      if (known === null || text === null || known.callback_data === undefined) return button;
      const shown = index === tapped ? withTapMark(text) : withoutTapMark(text);
      hasChanged ||= shown !== text;
      return { ...known, text: shown };
    }),
  );
  return tapped >= 0 && hasChanged ? marked : null;
}
