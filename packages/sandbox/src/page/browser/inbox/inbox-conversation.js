import { element, renderList } from '../phone/element.js';
import { entryItem } from './entry.js';
import { inboxStyle } from './inbox-style.js';

/** @import { Conversation, InboxAction } from './conversation.js' */

/**
 * `<inbox-conversation>`: a conversation as an agent sees it, with a reply box. It shows its `conversation` property,
 * and dispatches each action of the agent as an `inbox-action` event (`detail` is an `InboxAction`).
 */
export class InboxConversation extends HTMLElement {
  /** @type {Conversation | undefined} */
  #conversation;
  #isAtEnd = true;

  #title = element('h2', { class: 'title' });
  #product = element('span', { class: 'product' });
  #status = element('span', { class: 'status' });
  #toggle = element('button', { type: 'button', class: 'quiet' });
  #log = element('ol', { class: 'log', role: 'log', 'aria-label': 'Conversation', tabindex: '0' });
  #facts = element('aside', { class: 'facts', 'aria-label': 'Details' });
  #agent = element('select', { 'aria-label': 'Reply as' });
  #text = element('textarea', { rows: '2', 'aria-label': 'Reply', placeholder: 'Write a reply to the customer' });
  #form = element(
    'form',
    { class: 'reply' },
    this.#text,
    element(
      'div',
      { class: 'bar' },
      element('label', { class: 'as' }, 'as ', this.#agent),
      element('button', { type: 'submit', class: 'quiet', value: 'note' }, 'Add note'),
      element('button', { type: 'submit', class: 'loud', value: 'reply' }, 'Send reply'),
    ),
  );

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [inboxStyle];
    const head = element('header', { class: 'head' }, this.#title, this.#product, this.#status, this.#toggle);
    const main = element('div', { class: 'main' }, this.#log, this.#form);
    root.append(element('section', { class: 'frame', 'aria-label': 'Inbox' }, head, main, this.#facts));
    this.#log.addEventListener('scroll', () => {
      this.#isAtEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 48;
    });
    this.#log.addEventListener('media-loaded', () => this.#stayAtEnd());
    new ResizeObserver(() => this.#stayAtEnd()).observe(this.#log);
    this.#toggle.addEventListener('click', () =>
      this.#act({ kind: this.#conversation?.isOpen ? 'close' : 'open', agent_id: this.#agent.value }),
    );
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const button = event.submitter;
      this.#submit(button instanceof HTMLButtonElement && button.value === 'note' ? 'note' : 'reply');
    });
    this.#text.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit('reply');
    });
  }

  get conversation() {
    return this.#conversation;
  }

  set conversation(conversation) {
    const before = this.#conversation;
    this.#conversation = conversation;
    if (!conversation) return;
    const isNew = before?.key !== conversation.key;
    if (isNew) this.#text.value = '';
    this.#title.textContent = conversation.title;
    this.#product.textContent = conversation.product;
    this.#status.textContent = conversation.status.text;
    this.#status.className = `status ${conversation.status.tone}`;
    this.#toggle.textContent = conversation.isOpen ? 'Close' : 'Reopen';
    this.#showEntries(conversation, isNew);
    this.#showFacts(conversation);
    renderList(
      this.#agent,
      conversation.agents,
      (agent) => agent.id,
      (agent) => element('option', { value: agent.id }, agent.name),
    );
  }

  /**
   * @param {Conversation} conversation
   * @param {boolean} isNew
   */
  #showEntries(conversation, isNew) {
    const count = this.#log.childElementCount;
    renderList(this.#log, conversation.entries, (entry) => `${conversation.key} ${entry.id}`, entryItem);
    if (isNew || this.#log.childElementCount !== count) this.#isAtEnd = true;
    this.#stayAtEnd();
  }

  #stayAtEnd() {
    if (this.#isAtEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** @param {Conversation} conversation */
  #showFacts({ facts }) {
    const groups = [...new Set(facts.map((fact) => fact.group))];
    renderList(
      this.#facts,
      groups.map((group) => ({ group, facts: facts.filter((fact) => fact.group === group) })),
      ({ group }) => group,
      ({ group, facts: lines }) => {
        const list = element('dl', {});
        for (const { label, value } of lines) list.append(element('dt', {}, label), element('dd', {}, value));
        return element('section', {}, element('h3', {}, group), list);
      },
    );
  }

  /** @param {'reply' | 'note'} kind */
  #submit(kind) {
    const text = this.#text.value.trim();
    if (text === '') return this.#text.focus();
    this.#text.value = '';
    this.#act({ kind, agent_id: this.#agent.value, text });
  }

  /** @param {InboxAction} detail */
  #act(detail) {
    this.dispatchEvent(new CustomEvent('inbox-action', { detail, bubbles: true, composed: true }));
  }
}

customElements.define('inbox-conversation', InboxConversation);
