import type { InlineKeyboardButton, InlineKeyboardMarkup } from '@grammyjs/types';
import { visibleName } from '../../core/message/visible-name.ts';
import { asList, asObject, asText } from './untrusted.ts';

/**
 * The label of the button that carries this data, or null: Telegram: the message may be too old to be shown, and the
 * data need not be of any of its buttons.
 */
export function labelOfButton(replyMarkup: unknown, data: string): string | null {
  const rows = asList(asObject<InlineKeyboardMarkup>(replyMarkup)?.inline_keyboard);
  for (const value of rows.flatMap(asList)) {
    const button = asObject<InlineKeyboardButton>(value);
    if (button?.callback_data === data) return visibleName(asText(button.text));
  }
  return null;
}
