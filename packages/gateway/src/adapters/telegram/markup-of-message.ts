import type { Button, SendMessage } from '@chatferry/contract';
import { dataOnWire } from '../../core/message/data-on-wire.ts';
import type { Markup } from './encode.ts';

type InlineButton = Extract<Markup, { inline_keyboard: unknown }>['inline_keyboard'][number][number];

/** The markup of a message of the API in Telegram's terms. Null if it has none. */
export function markupOfMessage({
  buttons,
  keyboard,
  remove_keyboard: removed,
  force_reply: asked,
}: SendMessage): Markup | null {
  if (buttons !== undefined) return { inline_keyboard: buttons.map((row) => row.map(inlineButton)) };
  if (keyboard !== undefined) {
    return {
      keyboard: keyboard.keys,
      resize_keyboard: keyboard.resize,
      one_time_keyboard: keyboard.one_time,
      is_persistent: keyboard.persistent,
      input_field_placeholder: keyboard.placeholder,
      selective: keyboard.selective,
      force_reply: keyboard.force_reply,
    };
  }
  if (removed !== undefined) return { remove_keyboard: true, ...(removed === true ? {} : removed) };
  if (asked === undefined) return null;
  const { placeholder, selective } = asked === true ? {} : asked;
  return { force_reply: true, input_field_placeholder: placeholder, selective };
}

/** `on_tap` is the gateway's own and not on the wire. */
function inlineButton({ data, on_tap: _, ...button }: Button): InlineButton {
  if (data === undefined) return button;
  const callback = dataOnWire(data);
  if (callback === null) throw new Error('The data of a button does not fit its callback_data.');
  return { ...button, callback_data: callback };
}
