import { element } from '../phone/element.js';
import { icon } from '../phone/icon.js';
import { loadedImage } from '../phone/loaded-image.js';
import { anchor, safeHtml } from './safe-html.js';

/** @import { Attachment, Entry } from './conversation.js' */

/**
 * The list item of one entry of the conversation.
 *
 * @param {Entry} entry
 */
export function entryItem(entry) {
  if (entry.kind === 'event') return eventItem(entry);
  const head = element(
    'p',
    { class: 'byline' },
    element('span', { class: 'author' }, entry.name),
    element('span', { class: 'role' }, entry.kind === 'note' ? `${entry.role} · internal note` : entry.role),
    time(entry.atMs),
  );
  const bubble = element('div', { class: 'bubble' });
  const body = entryBody(entry);
  if (body) bubble.append(body);
  for (const attachment of entry.attachments) bubble.append(attachmentElement(attachment));
  const marks = element('p', { class: 'marks' });
  for (const mark of entry.marks) marks.append(element('span', { class: `mark ${mark.tone}` }, mark.text));
  const side = entry.side === 'customer' ? 'customer' : 'team';
  return element(
    'li',
    { class: `entry ${side} ${entry.kind}`, 'data-entry-id': entry.id },
    element('span', { class: 'avatar', 'aria-hidden': 'true' }, initials(entry.name)),
    element('div', { class: 'said' }, head, bubble, entry.marks.length > 0 && marks),
  );
}

/** @param {Entry} entry */
function eventItem(entry) {
  const body = entryBody(entry);
  return element(
    'li',
    { class: 'event', 'data-entry-id': entry.id },
    element('span', {}, ...entry.marks.map((mark) => mark.text), ' ', time(entry.atMs)),
    body && element('div', { class: 'bubble' }, body),
  );
}

/** @param {Entry} entry */
function entryBody(entry) {
  if (entry.html !== null && entry.html !== '') {
    const body = element('div', { class: 'body' });
    body.append(safeHtml(entry.html));
    return body;
  }
  return entry.text ? element('div', { class: 'body plain' }, entry.text) : null;
}

/** @param {Attachment} attachment */
function attachmentElement(attachment) {
  if (attachment.kind === 'choices') {
    const choices = element('p', { class: 'choices', 'aria-label': 'Quick replies' });
    for (const label of attachment.labels) choices.append(element('span', { class: 'quick' }, label));
    return choices;
  }
  const marks = /** @type {const} */ ({ file: 'file', location: 'place', contact: 'phone', other: 'file' });
  const title = attachment.kind === 'file' ? attachment.name : attachment.title;
  const url = 'url' in attachment ? attachment.url : null;
  const lines = element('span', {});
  lines.append(element('span', { class: 'card-title' }, url === null ? title : anchor(url, title)));
  if ('detail' in attachment && attachment.detail !== '')
    lines.append(element('span', { class: 'card-detail' }, attachment.detail));
  const card = element(
    'div',
    { class: 'card' },
    element('span', { class: 'card-mark' }, icon(marks[attachment.kind])),
    lines,
  );
  const isImage = attachment.kind === 'file' && attachment.detail.startsWith('image/');
  // The page loads images from the sandbox only, never from another server.
  return isImage && url?.startsWith(new URL('/', document.baseURI).href)
    ? loadedImage(url, title, 'picture', card)
    : card;
}

/** @param {number | null} atMs */
function time(atMs) {
  if (atMs === null) return null;
  const date = new Date(atMs);
  const shown = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return element('time', { datetime: date.toISOString() }, shown);
}

/** @param {string} name */
function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '').join('');
}
