import type { Transcript } from '@chatferry/sandbox';

type Shown = Transcript['messages'][number];
type Markup = NonNullable<Shown['reply_markup']>;

/** A message as the customer's app shows it, in lines of text. */
export function drawMessage(message: Shown): readonly string[] {
  return [...(message.text ?? '').split('\n'), ...(message.reply_markup ? drawMarkup(message.reply_markup) : [])];
}

function drawMarkup(markup: Markup): readonly string[] {
  if ('inline_keyboard' in markup)
    return markup.inline_keyboard.map((row) => row.map((button) => `[ ${button.text}${signOf(button)} ]`).join(' '));
  if ('keyboard' in markup) return markup.keyboard.map((row) => row.map((key) => `( ${key.text} )`).join(' '));
  if ('force_reply' in markup) return [`> replying; the empty field says “${markup.input_field_placeholder ?? ''}”`];
  return ['> the keyboard is gone'];
}

const signOf = (button: object): string => ('url' in button && button.url !== undefined ? ' ↗' : '');
