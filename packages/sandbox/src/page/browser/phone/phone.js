import { Composer } from './composer.js';
import { element, renderList } from './element.js';
import { gate } from './gate.js';
import { icon } from './icon.js';
import { linkOf } from './inline-keyboard.js';
import { botName, messageItem } from './message.js';
import { phoneStyle } from './phone-style.js';
import { ask } from './question.js';
import {
  attachQuestion,
  linkQuestion,
  locationQuestion,
  moreQuestion,
  numberQuestion,
  placeQuestion,
} from './questions.js';
import { replyKeyboard } from './reply-keyboard.js';

/** @import { InlineButton, PhoneAction, ReplyKey, Transcript } from './transcript.js' */
/** @import { Place } from './inline-keyboard.js' */
/** @import { Question } from './question.js' */

/**
 * `<telegram-phone>`: a phone with one chat of a Telegram bot. It shows its `transcript` property, and dispatches each
 * action of the person as a `phone-action` event (`detail` is a `PhoneAction`). It does by itself what Telegram's app
 * does without the bot: asking before a number is shared, showing the address of a link, copying and drafting. It
 * therefore also works as a preview without a listener.
 */
export class TelegramPhone extends HTMLElement {
  /** @type {Transcript | undefined} */
  #transcript;
  /** Whether the person opened or folded the keyboard of this message. */
  #keyboardChoice = { messageId: -1, folded: false, isOpen: true };

  #isAtEnd = true;
  /** Closes the open question. @type {(() => void) | undefined} */
  #closeQuestion;

  #avatar = element('span', { class: 'avatar', 'aria-hidden': 'true' });
  #name = element('h2', { class: 'name' });
  #handle = element('p', { class: 'handle' });
  #more = element('button', { type: 'button', class: 'tool', 'aria-label': 'More' }, icon('more'));
  #log = element('ol', { class: 'log', 'aria-label': 'Messages', role: 'log', tabindex: '0' });
  #toasts = element('div', { class: 'toasts', role: 'status' });
  #gate = element('div', { class: 'gate' });
  #keyboard = element('div', { class: 'keyboard' });
  #composer = new Composer({
    act: (action) => this.#act(action),
    attach: () => this.#askForAttachment(),
    toggleKeyboard: () => this.#toggleKeyboard(),
  });
  #behind = element(
    'div',
    { class: 'behind' },
    element('header', { class: 'head' }, this.#avatar, element('div', {}, this.#name, this.#handle), this.#more),
    this.#log,
    this.#toasts,
    this.#composer.root,
    this.#gate,
    this.#keyboard,
  );
  #screen = element('section', { class: 'screen', 'aria-label': 'Telegram chat' }, this.#behind);

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [phoneStyle];
    root.append(element('div', { class: 'device' }, this.#screen));
    this.#more.addEventListener('click', () => this.#askMore());
    this.#log.addEventListener('scroll', () => {
      this.#isAtEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 48;
    });
    this.#log.addEventListener('media-loaded', () => this.#stayAtEnd());
    // The area below the messages changes its height; the newest message must stay visible.
    new ResizeObserver(() => this.#stayAtEnd()).observe(this.#log);
  }

  #stayAtEnd() {
    if (this.#isAtEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }

  get transcript() {
    return this.#transcript;
  }

  set transcript(transcript) {
    const before = this.#transcript;
    this.#transcript = transcript;
    if (!transcript) return;
    const isNewChat = before?.bot_id !== transcript.bot_id || before?.chat_id !== transcript.chat_id || !before;
    // The open question is about the previous chat.
    if (isNewChat) this.#closeQuestion?.();
    const title = transcript.chat?.title ?? botName(transcript);
    this.#name.textContent = title;
    this.#avatar.textContent = [...title.replace('@', '')][0]?.toUpperCase() ?? '';
    this.#handle.textContent = `@${transcript.bot_username} · ${transcript.chat?.title === undefined ? 'bot' : 'in this group'}`;
    this.#showMessages(transcript, isNewChat);
    this.#showKeyboard(transcript);
    this.#composer.show(transcript, { isNewChat, keyboard: this.#keyboardState(transcript) });
    this.#showGate(transcript);
    this.#stayAtEnd();
    const notice = transcript.notice;
    if (!isNewChat && notice && JSON.stringify(notice) !== JSON.stringify(before?.notice ?? null)) {
      if (notice.show_alert) this.#ask({ title: botName(transcript), text: notice.text, choices: [{ label: 'OK' }] });
      else this.toast(notice.text);
    }
  }

  /**
   * Shows a short text over the chat for four seconds.
   *
   * @param {string} text
   */
  toast(text) {
    const toast = element('p', { class: 'toast' }, text);
    toast.addEventListener('animationend', () => toast.remove());
    this.#toasts.append(toast);
  }

  /** @param {PhoneAction} detail */
  #act(detail) {
    this.dispatchEvent(new CustomEvent('phone-action', { detail, bubbles: true, composed: true }));
  }

  /** @param {Question} question */
  #ask(question) {
    this.#closeQuestion?.();
    this.#closeQuestion = ask(this.#screen, this.#behind, question);
  }

  /**
   * @param {Transcript} transcript
   * @param {boolean} isNewChat
   */
  #showMessages(transcript, isNewChat) {
    const count = this.#log.childElementCount;
    renderList(
      this.#log,
      transcript.messages,
      (message) => `${transcript.bot_id} ${transcript.chat_id} ${message.message_id}`,
      (message) => messageItem(message, transcript, (button, place) => this.#tap(button, place)),
    );
    if (isNewChat || this.#log.childElementCount !== count) this.#isAtEnd = true;
  }

  /** @param {Transcript} transcript */
  #keyboardState(transcript) {
    const keyboard = transcript.reply_keyboard;
    if (!keyboard) return 'none';
    const folded = keyboard.folded ?? false;
    const choice = this.#keyboardChoice;
    if (choice.messageId !== keyboard.message_id || choice.folded !== folded)
      this.#keyboardChoice = { messageId: keyboard.message_id, folded, isOpen: !folded };
    if (keyboard.is_persistent && !folded) return 'fixed';
    return this.#keyboardChoice.isOpen ? 'shown' : 'folded';
  }

  /** @param {Transcript} transcript */
  #showKeyboard(transcript) {
    const state = this.#keyboardState(transcript);
    const keyboard = transcript.reply_keyboard;
    const isShown = keyboard && state !== 'none' && state !== 'folded';
    const hadFocus = this.#keyboard.contains(this.shadowRoot?.activeElement ?? null);
    renderList(
      this.#keyboard,
      isShown ? [keyboard] : [],
      ({ message_id }) => `${message_id}`,
      (shown) =>
        replyKeyboard(shown, (key, row, column) => this.#press(key, { message_id: shown.message_id, row, column })),
    );
    if (hadFocus && !this.shadowRoot?.activeElement) this.#composer.focus();
  }

  #toggleKeyboard() {
    const transcript = this.#transcript;
    if (!transcript) return;
    this.#keyboardChoice = { ...this.#keyboardChoice, isOpen: !this.#keyboardChoice.isOpen };
    this.#showKeyboard(transcript);
    this.#composer.show(transcript, { isNewChat: false, keyboard: this.#keyboardState(transcript) });
  }

  /** Replaces the input line where the person cannot write. @param {Transcript} transcript */
  #showGate(transcript) {
    const standing = transcript.standing ?? 'open';
    const isOpen = standing === 'open';
    this.#composer.root.hidden = !isOpen;
    this.#keyboard.hidden = !isOpen;
    this.#gate.hidden = isOpen;
    renderList(
      this.#gate,
      isOpen ? [] : [standing],
      (item) => item,
      (item) => gate(item, (kind) => this.#act({ kind })),
    );
  }

  /**
   * @param {InlineButton} button
   * @param {Place} place
   */
  #tap(button, place) {
    const transcript = this.#transcript;
    const link = linkOf(button);
    const query = button.switch_inline_query_current_chat;
    if (link !== undefined) this.#ask(linkQuestion(button, link));
    else if (button.copy_text) this.#copy(button.copy_text.text);
    else if (query !== undefined && transcript) this.#composer.fill(`@${transcript.bot_username} ${query}`);
    else if (button.callback_data === undefined) this.toast('Telegram asks for a chat here');
    this.#act({ kind: 'tap', ...place });
  }

  /** @param {string} text */
  #copy(text) {
    navigator.clipboard?.writeText(text).then(
      () => this.toast(`Copied: ${text}`),
      () => this.toast(`To copy: ${text}`),
    ) ?? this.toast(`To copy: ${text}`);
  }

  /**
   * @param {ReplyKey} key
   * @param {Place} place
   */
  #press(key, place) {
    const press = () => this.#act({ kind: 'press-key', ...place });
    if (key.request_contact) this.#ask(numberQuestion(this.#botName(), press));
    else if (key.request_location) this.#ask(locationQuestion(this.#botName(), press));
    else press();
  }

  #botName() {
    return this.#transcript ? botName(this.#transcript) : 'The bot';
  }

  #askForAttachment() {
    const askForPlace = () => this.#ask(placeQuestion((latitude, longitude) => this.#sharePlace(latitude, longitude)));
    this.#ask(attachQuestion(() => this.#act({ kind: 'share-contact' }), askForPlace));
  }

  /**
   * @param {number} latitude
   * @param {number} longitude
   */
  #sharePlace(latitude, longitude) {
    const isPlace = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
    if (isPlace) this.#act({ kind: 'share-location', latitude, longitude });
    else this.toast('Latitude is at most 90, longitude at most 180');
  }

  #askMore() {
    const isBlocked = this.#transcript?.standing === 'blocked';
    this.#ask(moreQuestion(this.#botName(), isBlocked, (kind) => this.#act({ kind })));
  }
}

customElements.define('telegram-phone', TelegramPhone);
