/**
 * What the page shows. It is stored in the address, so that it survives a reload and can be sent to someone:
 * `#bot=…&chat=…&inbox=intercom/…&conversation=…`.
 *
 * @typedef {{ bot?: string, chat?: string, inbox?: string, conversation?: string }} Selection
 */

/** The part of the address that was read or stored last. */
let knownHash = location.hash;

/** @returns {Selection} */
export function readSelection() {
  knownHash = location.hash;
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
export function storeSelection(selection) {
  // The person has changed the address, and its `hashchange` event has yet to be handled.
  if (location.hash !== knownHash) return;
  const given = Object.entries(selection).filter(([, value]) => value);
  const query = given.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2F', '/')}`).join('&');
  if (`#${query}` !== location.hash) history.replaceState(null, '', query === '' ? location.pathname : `#${query}`);
  knownHash = location.hash;
}

/**
 * The item with the chosen id if there is one, or else the first.
 *
 * @template Item
 * @param {readonly Item[]} items
 * @param {(item: Item) => string} idOf
 * @param {string | undefined} chosenId
 */
export const chosenOrFirst = (items, idOf, chosenId) => items.find((item) => idOf(item) === chosenId) ?? items[0];
