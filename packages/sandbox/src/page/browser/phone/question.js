import { element } from './element.js';

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {string} [text]
 * @property {string} [link] Shown in full; a web address can be opened.
 * @property {readonly Field[]} [fields]
 * @property {readonly Choice[]} choices
 */

/** @typedef {{ readonly name: string, readonly label: string, readonly value: string }} Field */
/** @typedef {{ readonly label: string, readonly danger?: boolean, readonly choose?: (values: Record<string, string>) => void }} Choice */

/**
 * Shows a dialog inside the phone's screen. `behind` is inert until a choice is made. Escape makes the last choice,
 * wherever the focus is. Returns a function that closes the dialog without a choice.
 *
 * @param {HTMLElement} screen
 * @param {HTMLElement} behind
 * @param {Question} question
 */
export function ask(screen, behind, question) {
  const before = /** @type {ShadowRoot} */ (screen.getRootNode()).activeElement;
  const form = element('form', { class: 'question-box' });
  const title = element('h2', { id: 'question-title' }, question.title);
  form.append(title);
  if (question.text !== undefined) form.append(element('p', {}, question.text));
  if (question.link !== undefined) form.append(link(question.link));
  for (const field of question.fields ?? []) form.append(fieldRow(field));
  const layer = element('div', { class: 'question', role: 'dialog', 'aria-modal': 'true' }, form);
  layer.setAttribute('aria-labelledby', 'question-title');

  const closed = new AbortController();
  const closeWithoutChoice = () => {
    closed.abort();
    layer.remove();
    behind.inert = false;
  };
  /** @param {Choice | undefined} choice */
  const close = (choice) => {
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    closeWithoutChoice();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
    choice?.choose?.(values);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    close(question.choices[0]);
  });
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Escape') close(question.choices.at(-1));
    },
    { signal: closed.signal },
  );
  const choices = element('div', { class: 'choices' });
  question.choices.forEach((choice, index) => {
    choices.append(
      element(
        'button',
        {
          type: index === 0 ? 'submit' : 'button',
          class: choice.danger ? 'choice danger' : 'choice',
          ...(index === 0 ? {} : { onclick: () => close(choice) }),
        },
        choice.label,
      ),
    );
  });
  form.append(choices);
  screen.append(layer);
  behind.inert = true;
  (form.querySelector('input') ?? form.querySelector('button'))?.focus();
  return closeWithoutChoice;
}

/** @param {string} address */
function link(address) {
  const isWeb = /^https?:\/\//i.test(address);
  if (!isWeb) return element('p', { class: 'address' }, address);
  const anchor = element('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, address);
  return element('p', { class: 'address' }, anchor);
}

/** @param {Field} field */
function fieldRow({ name, label, value }) {
  return element('label', { class: 'field' }, label, element('input', { name, value, inputmode: 'decimal' }));
}
