/**
 * @typedef {Node | string | null | undefined | false} Child
 * @typedef {Record<string, string | boolean | undefined | ((event: Event) => void)>} Attributes
 */

/**
 * Creates an element with attributes and children. A string child becomes a text node; a function is the listener of
 * its attribute name `on…`; `true` sets an empty attribute; `false` and `undefined` set no attribute.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (typeof value === 'string') made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/**
 * Replaces the children of `parent` by one node per item. The nodes of unchanged items stay, with their focus and
 * scroll position.
 *
 * @template Item
 * @param {HTMLElement} parent
 * @param {readonly Item[]} items
 * @param {(item: Item) => string} keyOf
 * @param {(item: Item) => HTMLElement} make
 */
export function renderList(parent, items, keyOf, make) {
  const wanted = items.map((item) => ({ item, signature: `${keyOf(item)} ${JSON.stringify(item)}` }));
  const signatures = new Set(wanted.map(({ signature }) => signature));
  /** @type {Map<string, Element>} */
  const kept = new Map();
  for (const child of [...parent.children]) {
    const signature = child.getAttribute('data-key') ?? '';
    if (signatures.has(signature)) kept.set(signature, child);
    else child.remove();
  }
  let next = parent.firstElementChild;
  for (const { item, signature } of wanted) {
    const node = kept.get(signature) ?? make(item);
    if (node === next) {
      next = next.nextElementSibling;
      continue;
    }
    node.setAttribute('data-key', signature);
    parent.insertBefore(node, next);
  }
}

/**
 * A constructed style sheet, which a content security policy without inline styles allows.
 *
 * @param {string} css
 */
export function styleSheet(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}
