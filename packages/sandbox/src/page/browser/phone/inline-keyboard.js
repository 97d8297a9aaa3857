import { element } from './element.js';
import { icon } from './icon.js';

/** @import { InlineButton, Transcript } from './transcript.js' */
/** @typedef {{ readonly message_id: number, readonly row: number, readonly column: number }} Place */
/** @typedef {(button: InlineButton, place: Place) => void} OnInlineButton */

/**
 * The buttons under a message.
 *
 * @param {number} messageId
 * @param {readonly (readonly InlineButton[])[]} rows
 * @param {Transcript} transcript
 * @param {OnInlineButton} onButton
 */
export function inlineKeyboard(messageId, rows, transcript, onButton) {
  const keyboard = element('div', { class: 'inline-keyboard', role: 'group', 'aria-label': 'Buttons of this message' });
  rows.forEach((buttons, row) => {
    const line = element('div', { class: 'row' });
    buttons.forEach((button, column) => {
      line.append(inlineButton(button, transcript, () => onButton(button, { message_id: messageId, row, column })));
    });
    keyboard.append(line);
  });
  return keyboard;
}

/**
 * @param {InlineButton} button
 * @param {Transcript} transcript
 * @param {() => void} press
 */
function inlineButton(button, transcript, press) {
  const { mark, does } = describe(button, transcript);
  const made = element('button', {
    type: 'button',
    class: `inline-button ${button.style ?? ''}`,
    title: does,
    disabled: button.disabled !== undefined,
    onclick: press,
  });
  made.append(element('span', { class: 'label' }, button.text));
  if (mark) made.append(icon(mark));
  return made;
}

/**
 * The effect of the button in words, and the icon of its kind.
 *
 * @param {InlineButton} button
 * @param {Transcript} transcript
 * @returns {{ readonly mark?: import('./icon.js').IconName, readonly does: string }}
 */
function describe(button, transcript) {
  const link = linkOf(button);
  if (link !== undefined) return { mark: 'link', does: `Opens ${link}` };
  if (button.callback_data !== undefined) return { does: `Sends to the bot: ${button.callback_data}` };
  if (button.copy_text) return { mark: 'copy', does: `Copies “${button.copy_text.text}”` };
  const query = button.switch_inline_query_current_chat;
  if (query !== undefined) return { mark: 'draft', does: `Drafts “@${transcript.bot_username} ${query}”` };
  if (button.switch_inline_query !== undefined || button.switch_inline_query_chosen_chat)
    return { mark: 'forward', does: 'Asks for a chat and drafts there' };
  return { does: 'Does nothing' };
}

/**
 * The address that a button opens, if it opens one.
 *
 * @param {InlineButton} button
 */
export const linkOf = (button) => button.url ?? button.login_url?.url ?? button.web_app?.url;
