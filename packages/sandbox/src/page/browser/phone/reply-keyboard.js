import { element } from './element.js';
import { icon } from './icon.js';

/** @import { ReplyKey, ReplyKeyboard } from './transcript.js' */

/**
 * The reply keyboard, which Telegram's app shows instead of the letter keyboard.
 *
 * @param {ReplyKeyboard} keyboard
 * @param {(key: ReplyKey, row: number, column: number) => void} onKey
 */
export function replyKeyboard(keyboard, onKey) {
  const made = element('div', {
    class: keyboard.resize_keyboard ? 'keys' : 'keys tall',
    role: 'group',
    'aria-label': 'Reply keyboard',
  });
  keyboard.keyboard.forEach((keys, row) => {
    const line = element('div', { class: 'row' });
    keys.forEach((key, column) => {
      line.append(replyKey(key, () => onKey(key, row, column)));
    });
    made.append(line);
  });
  return made;
}

/**
 * @param {ReplyKey} key
 * @param {() => void} press
 */
function replyKey(key, press) {
  const { mark, does } = describe(key);
  const made = element('button', { type: 'button', class: `key ${key.style ?? ''}`, title: does, onclick: press });
  if (mark) made.append(icon(mark));
  made.append(element('span', { class: 'label' }, key.text));
  return made;
}

/**
 * @param {ReplyKey} key
 * @returns {{ readonly mark?: import('./icon.js').IconName, readonly does: string }}
 */
function describe(key) {
  if (key.request_contact) return { mark: 'phone', does: 'Shares the phone number' };
  if (key.request_location) return { mark: 'place', does: 'Shares the location' };
  if (key.web_app) return { mark: 'app', does: 'Opens a Web App' };
  if (key.request_users || key.request_chat) return { mark: 'forward', does: 'Asks to choose a chat' };
  if (key.request_poll) return { does: 'Asks for a poll' };
  if (key.request_managed_bot) return { does: 'Asks to create a bot' };
  return { does: `Sends “${key.text}”` };
}
