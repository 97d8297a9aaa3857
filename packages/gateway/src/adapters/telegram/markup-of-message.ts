import type { Button, SendMessage } from '@chatferry/contract';
import type { Controls } from '../../core/message/content.ts';
import { callbackAction } from '../../core/message/tap-data.ts';
import { controlsOf, type Markup } from './encode.ts';

type InlineButton = Extract<Markup, { inline_keyboard: unknown }>['inline_keyboard'][number][number];

export type MarkupFields = Pick<SendMessage, 'buttons' | 'keyboard' | 'remove_keyboard' | 'force_reply'>;

/** The markup of a message of the API in Telegram's terms. Null if it has none. */
export function markupOfMessage(
  { buttons, keyboard, remove_keyboard: removed, force_reply: asked }: MarkupFields,
  nonce: string,
): Markup | null {
  if (buttons !== undefined) return inlineMarkup(buttons, nonce);
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

type Rows = NonNullable<SendMessage['buttons']>;

function inlineMarkup(buttons: Rows, nonce: string): Markup {
  let position = -1;
  const buttonOf = (button: Button): InlineButton => {
    position += 1;
    return inlineButton(button, nonce, position);
  };
  return { inline_keyboard: buttons.map((row) => row.map(buttonOf)) };
}

/** `on_tap` is the gateway's own and not on the wire. */
function inlineButton({ data, on_tap: _, ...button }: Button, nonce: string, position: number): InlineButton {
  return data === undefined ? button : { ...button, callback_data: callbackAction(data, nonce, position).data };
}

/** The markup in our own terms, with what is not on the wire: the data of the buttons as it was given, and what a tap does. */
export function controlsOfMessage({ buttons = [] }: MarkupFields, markup: Markup | null): Controls {
  if (markup === null) return { kind: 'none' };
  const controls = controlsOf(markup);
  if (controls.kind !== 'buttons') return controls;
  const rows = controls.rows.map((row, y) =>
    row.map((control, x) => {
      const { action } = control;
      const given = buttons[y]?.[x];
      if (action.kind !== 'callback' || given === undefined) return control;
      const { data, on_tap: onTap } = given;
      const value = data === action.data ? {} : { value: data };
      return { ...control, action: { ...action, ...value, ...(onTap === undefined ? {} : { onTap }) } };
    }),
  );
  return { ...controls, rows };
}
