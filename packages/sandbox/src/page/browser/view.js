import { element } from './phone/element.js';

/**
 * The element of the page with this id.
 *
 * @template {Element} Part
 * @param {string} id
 * @param {new () => Part} kind
 * @returns {Part}
 */
export function part(id, kind) {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no element "${id}" of the expected kind.`);
}

/**
 * @param {HTMLSelectElement} select
 * @param {readonly { readonly value: string, readonly text: string }[]} options
 * @param {string} chosen
 * @param {string} whenEmpty
 */
export function fillSelect(select, options, chosen, whenEmpty) {
  const shown = options.length === 0 ? [{ value: '', text: whenEmpty }] : options;
  const signature = JSON.stringify(shown);
  if (select.dataset['options'] !== signature) {
    select.dataset['options'] = signature;
    select.replaceChildren(...shown.map(({ value, text }) => element('option', { value }, text)));
  }
  select.disabled = options.length === 0;
  select.value = chosen;
}

/**
 * Shows an error until the person closes it.
 *
 * @param {string} text
 */
export function showAlert(text) {
  const alert = part('alert', HTMLElement);
  const close = element('button', { type: 'button', onclick: () => alert.replaceChildren() }, 'Close');
  alert.replaceChildren(element('p', {}, text), close);
}
