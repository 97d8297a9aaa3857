import { element, renderList } from './element.js';
import { icon } from './icon.js';
import { botName, summary } from './message.js';

/** @import { Transcript, PhoneAction } from './transcript.js' */

/**
 * @typedef {object} ComposerEvents
 * @property {(action: PhoneAction) => void} act
 * @property {() => void} attach
 * @property {() => void} toggleKeyboard
 */

/** The input line, and above it the inline results, the message that is replied to, and a hint about a draft. */
export class Composer {
  #events;
  /** @type {Transcript | undefined} */
  #transcript;
  /** The chat's draft, which the input line shows. @type {string | null} */
  #draft = null;
  /** The message with a forced reply that the person has declined. @type {number | undefined} */
  #declined;

  #results = element('ul', { class: 'results', 'aria-label': 'Inline results' });
  #replyBar = element('div', { class: 'reply-bar' });
  #hint = element('p', { class: 'hint', role: 'status' });
  #input = element('textarea', { rows: '1', 'aria-label': 'Message', autocomplete: 'off' });
  #attach = element('button', { type: 'button', class: 'tool', 'aria-label': 'Attach' }, icon('attach'));
  #keys = element('button', { type: 'button', class: 'tool', 'aria-label': 'Show keyboard' });
  #send = element('button', { type: 'submit', class: 'send', 'aria-label': 'Send' }, icon('send'));
  #form = element('form', { class: 'line' }, this.#attach, this.#input, this.#keys, this.#send);
  root = element('div', { class: 'composer' }, this.#results, this.#replyBar, this.#hint, this.#form);

  /** @param {ComposerEvents} events */
  constructor(events) {
    this.#events = events;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener('input', () => this.#onInput());
    this.#input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!this.#isInline()) this.#submit();
    });
    this.#attach.addEventListener('click', () => this.#events.attach());
    this.#keys.addEventListener('click', () => this.#events.toggleKeyboard());
  }

  focus() {
    this.#input.focus();
  }

  /**
   * Puts the text of a bot's button into the input line.
   *
   * @param {string} text
   */
  fill(text) {
    this.#draft = text;
    this.#input.value = text;
    this.#input.focus();
    this.#render();
  }

  /**
   * @param {Transcript} transcript
   * @param {{ readonly isNewChat: boolean, readonly keyboard: 'none' | 'shown' | 'folded' | 'fixed' }} shown
   */
  show(transcript, { isNewChat, keyboard }) {
    this.#transcript = transcript;
    const draft = transcript.draft ?? null;
    if (isNewChat) this.#reset();
    if (isNewChat || draft !== this.#draft) this.#showDraft(draft);
    this.#keys.hidden = keyboard === 'none' || keyboard === 'fixed';
    this.#keys.setAttribute('aria-label', keyboard === 'folded' ? 'Show keyboard' : 'Hide keyboard');
    this.#keys.setAttribute('aria-expanded', String(keyboard !== 'folded'));
    this.#keys.replaceChildren(icon(keyboard === 'folded' ? 'keyboard' : 'fold'));
    this.#render();
  }

  #reset() {
    this.#declined = undefined;
    this.#input.value = '';
  }

  /** Shows a draft that was changed by a button or by another client. @param {string | null} draft */
  #showDraft(draft) {
    this.#draft = draft;
    this.#input.value = draft ?? '';
  }

  #isInline() {
    const transcript = this.#transcript;
    const prefix = `@${transcript?.bot_username} `.toLowerCase();
    return transcript?.inline_mode === true && this.#input.value.toLowerCase().startsWith(prefix);
  }

  #forcedReply() {
    const forced = this.#transcript?.force_reply;
    return forced && forced.message_id !== this.#declined ? forced : undefined;
  }

  #render() {
    const transcript = this.#transcript;
    if (!transcript) return;
    const inline = this.#isInline();
    const forced = this.#forcedReply();
    this.#input.placeholder =
      forced?.input_field_placeholder ?? transcript.reply_keyboard?.input_field_placeholder ?? 'Message';
    this.#send.setAttribute('aria-label', inline ? 'Cancel' : 'Send');
    this.#send.replaceChildren(icon(inline ? 'cancel' : 'send'));
    this.#renderReplyBar(transcript, forced?.message_id);
    this.#renderResults(transcript, inline);
    this.#hint.textContent = this.#hintText(transcript, inline);
    this.#hint.hidden = this.#hint.textContent === '';
  }

  /**
   * @param {Transcript} transcript
   * @param {boolean} inline
   */
  #hintText(transcript, inline) {
    if (inline) {
      if (!transcript.inline_results) return `Waiting for @${transcript.bot_username} …`;
      return transcript.inline_results.length === 0 ? 'The bot has no results' : 'Choose an answer above';
    }
    const drafted = this.#input.value !== '' && this.#input.value.startsWith(`@${transcript.bot_username}`);
    return drafted ? 'A draft: nothing is sent until you press Send' : '';
  }

  /**
   * @param {Transcript} transcript
   * @param {number | undefined} messageId
   */
  #renderReplyBar(transcript, messageId) {
    const message = transcript.messages.find((candidate) => candidate.message_id === messageId);
    const bars =
      message && messageId !== undefined ? [{ messageId, name: botName(transcript), text: summary(message) }] : [];
    this.#replyBar.hidden = bars.length === 0;
    const isNew = bars.length > 0 && !this.#replyBar.hasChildNodes();
    renderList(
      this.#replyBar,
      bars,
      (bar) => `${bar.messageId}`,
      (bar) =>
        element(
          'div',
          { class: 'reply' },
          icon('reply'),
          element(
            'blockquote',
            { class: 'quote' },
            element('span', { class: 'quote-name' }, `Reply to ${bar.name}`),
            element('span', { class: 'quote-text' }, bar.text),
          ),
          element(
            'button',
            {
              type: 'button',
              class: 'tool',
              'aria-label': 'Do not reply',
              onclick: () => this.#decline(bar.messageId),
            },
            icon('cancel'),
          ),
        ),
    );
    if (isNew && this.root.contains(/** @type {ShadowRoot} */ (this.root.getRootNode()).activeElement)) this.focus();
  }

  /** @param {number} messageId */
  #decline(messageId) {
    this.#declined = messageId;
    this.focus();
    this.#render();
  }

  /**
   * @param {Transcript} transcript
   * @param {boolean} inline
   */
  #renderResults(transcript, inline) {
    const results = (inline ? transcript.inline_results : null) ?? [];
    this.#results.hidden = results.length === 0;
    const query = transcript.inline_query_id;
    const items = results.map(({ title, description }, index) => ({ title, description, index, query }));
    renderList(
      this.#results,
      items,
      (item) => `${item.index}`,
      ({ title, description, index }) =>
        element(
          'li',
          {},
          element(
            'button',
            { type: 'button', class: 'result', onclick: () => this.#choose(index) },
            element('span', { class: 'card-title' }, title),
            description && element('span', { class: 'card-detail' }, description),
          ),
        ),
    );
  }

  /** @param {number} index */
  #choose(index) {
    this.#empty();
    this.#events.act({ kind: 'choose-result', index });
  }

  #onInput() {
    const text = this.#input.value;
    const isForBot = text.startsWith('@') || this.#draft !== null;
    if (isForBot) {
      this.#draft = text === '' ? null : text;
      this.#events.act({ kind: 'draft', text });
    }
    this.#render();
  }

  #empty() {
    this.#draft = null;
    this.#input.value = '';
    this.focus();
  }

  #submit() {
    const text = this.#input.value.trim();
    if (this.#isInline()) {
      this.#empty();
      this.#events.act({ kind: 'draft', text: '' });
    } else if (text !== '') {
      const forced = this.#transcript?.force_reply;
      const hasDraft = this.#draft !== null;
      const declined = forced && forced.message_id === this.#declined;
      this.#empty();
      if (hasDraft && !forced) this.#events.act({ kind: 'send-draft' });
      else this.#events.act({ kind: 'text', text, ...(declined ? { reply_to_message_id: null } : {}) });
      if (hasDraft && forced) this.#events.act({ kind: 'draft', text: '' });
    }
    this.#render();
  }
}
