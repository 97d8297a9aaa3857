/*
 * Intercom rewrites the HTML that it stores: paragraphs get a class, links get a rel and a target, tables get a container
 * (seen in many exports of its articles and conversations), and unknown tags are removed. Tables, with the paragraphs in
 * their cells, and the alternative texts of images stay. A client must therefore not compare bodies byte by byte.
 */
const allowedTags = new Set(
  'p br b strong i em u a ul ol li code pre h1 h2 h3 img table thead tbody tfoot tr td th'.split(' '),
);
const voidTags = new Set(['br', 'img']);
const blockTag = /<(p|h[1-3]|ul|ol|pre|li|table)\b/i;
const htmlToken = /<!--[\s\S]*?-->|<\/?([a-z][a-z0-9]*)\b([^>]*)>|[^<]+|</gi;
const hiddenElements = /<(script|style|head|title)\b[^>]*>[\s\S]*?<\/\1\s*>/gi;

export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** The body of a contact's message. Intercom: contacts cannot send HTML, so tags appear as text. */
export function contactHtml(text: string): string {
  return paragraphs(escapeHtml(text), '<p>');
}

/** The body of an admin's message, given as HTML or as text. */
export function adminHtml(body: string): string {
  const clean = sanitize(body);
  return blockTag.test(clean) ? clean : paragraphs(clean, '<p class="no-margin">');
}

function paragraphs(inline: string, open: string): string {
  return inline
    .trim()
    .split(/(?:\r?\n){2,}/)
    .map((paragraph) => `${open}${paragraph.replace(/\r?\n/g, '<br>')}</p>`)
    .join('');
}

function sanitize(html: string): string {
  const open: string[] = [];
  let out = '';
  for (const match of html.replace(hiddenElements, '').matchAll(htmlToken)) {
    const [token, rawName, attributes] = match;
    const name = rawName?.toLowerCase();
    if (name === undefined) {
      if (!token.startsWith('<!--')) out += text(token);
    } else if (token.startsWith('</')) {
      const at = open.lastIndexOf(name);
      if (at >= 0) for (const tag of open.splice(at).reverse()) out += closeTag(tag);
    } else {
      const tag = openTag(name, attributes ?? '');
      out += tag;
      if (tag !== '' && !voidTags.has(name)) open.push(name);
    }
  }
  return out + open.reverse().map(closeTag).join('');
}

function text(token: string): string {
  return token
    .replace(/&(?!(?:[a-z]+|#\d+|#x[0-9a-f]+);)/gi, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

const closeTag = (name: string): string => (name === 'table' ? '</table></div>' : `</${name}>`);

function openTag(name: string, attributes: string): string {
  if (!allowedTags.has(name)) return '';
  if (name === 'table') return '<div class="intercom-interblocks-table-container"><table role="presentation">';
  if (name === 'p') return '<p class="no-margin">';
  if (name === 'a') {
    const href = safeUrl(attribute(attributes, 'href'), /^(https?:|mailto:|tel:)/i);
    return href === undefined ? '<a>' : `<a href="${href}" rel="nofollow noopener noreferrer" target="_blank">`;
  }
  if (name === 'img') {
    const src = safeUrl(attribute(attributes, 'src'), /^https?:/i);
    const alt = attribute(attributes, 'alt');
    const shown = alt === undefined ? '' : ` alt="${escapeHtml(decodeEntities(alt))}"`;
    return src === undefined ? '' : `<img src="${src}"${shown}>`;
  }
  return `<${name}>`;
}

function attribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(attributes);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

function safeUrl(url: string | undefined, scheme: RegExp): string | undefined {
  if (url === undefined || !scheme.test(decodeEntities(url).trim())) return undefined;
  return escapeHtml(decodeEntities(url).trim());
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

function decodeEntities(html: string): string {
  return html.replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal, 10);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

/** The plain text of a body. Intercom: an inline image becomes `[Image]`. */
export function plaintext(html: string): string {
  const marked = html
    .replace(/<img\b[^>]*>/gi, '[Image]')
    .replace(/<br\s*\/?>|<\/(?:h[1-3]|li|ul|ol|pre|tr)>/gi, '\n')
    .replace(/<\/t[dh]>/gi, ' ')
    .replace(/<\/p>/gi, '\n\n')
    .replace(/<[^>]*>/g, '');
  return decodeEntities(marked)
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
