const keptElements = new Set(
  'p br b strong i em u s a ul ol li code pre h1 h2 h3 blockquote div span table thead tbody tfoot tr td th'.split(' '),
);
const droppedElements = new Set(
  'script style template iframe object embed svg math head title noscript textarea select'.split(' '),
);

/**
 * Converts HTML to safe nodes: known elements without attributes, safe links, and the text of everything else. The HTML
 * is parsed into a separate document, where nothing loads or runs, and copied node by node.
 *
 * @param {string} html
 */
export function safeHtml(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const safe = document.createDocumentFragment();
  copyChildren(parsed.body, safe);
  return safe;
}

/**
 * @param {Node} from
 * @param {Node} to
 */
function copyChildren(from, to) {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.appendChild(document.createTextNode(child.textContent ?? ''));
    else if (child instanceof Element) copyElement(child, to);
  }
}

/**
 * @param {Element} given
 * @param {Node} to
 */
function copyElement(given, to) {
  const name = given.localName;
  if (droppedElements.has(name)) return;
  if (name === 'img') {
    const source = given.getAttribute('src') ?? '';
    to.appendChild(anchor(source, given.getAttribute('alt') || 'Image'));
    return;
  }
  if (name === 'a') {
    const link = anchor(given.getAttribute('href') ?? '', '');
    copyChildren(given, link);
    to.appendChild(link);
    return;
  }
  const copy = keptElements.has(name) ? document.createElement(name) : to;
  copyChildren(given, copy);
  if (copy !== to) to.appendChild(copy);
}

/**
 * A link to a web page, a mailbox or a phone number; for any other address only the text.
 *
 * @param {string} address
 * @param {string} text
 */
export function anchor(address, text) {
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(address.trim())) {
    const plain = document.createElement('span');
    plain.append(text);
    return plain;
  }
  const link = document.createElement('a');
  link.href = address.trim();
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  link.append(text);
  return link;
}
