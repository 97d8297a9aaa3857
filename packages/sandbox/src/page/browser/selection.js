/**
 * What is being looked at, kept in the address so that it survives a reload and can be handed on:
 * `#bot=…&chat=…&inbox=intercom/…&conversation=…`.
 *
 * @typedef {{ bot?: string, chat?: string, inbox?: string, conversation?: string }} Selection
 */

/** @returns {Selection} */
export function readSelection() {
  const given = new URLSearchParams(location.hash.slice(1));
  /** @type {Selection} */
  const selection = {};
  for (const name of /** @type {const} */ (['bot', 'chat', 'inbox', 'conversation'])) {
    const value = given.get(name);
    if (value) selection[name] = value;
  }
  return selection;
}

/** @param {Selection} selection */
export function keepSelection(selection) {
  const given = Object.entries(selection).filter(([, value]) => value);
  const query = given.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2F', '/')}`).join('&');
  if (`#${query}` !== location.hash) history.replaceState(null, '', query === '' ? location.pathname : `#${query}`);
}

/**
 * The wanted one if it is there, else the first.
 *
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => string} idOf
 * @param {string | undefined} wanted
 */
export const pick = (items, idOf, wanted) => items.find((item) => idOf(item) === wanted) ?? items[0];
