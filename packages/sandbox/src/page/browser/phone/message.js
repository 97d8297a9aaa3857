import { element } from './element.js';
import { icon } from './icon.js';
import { inlineKeyboard } from './inline-keyboard.js';
import { pictureOrCard } from './picture.js';

/** @import { Message, FileInfo, Transcript } from './transcript.js' */
/** @import { OnInlineButton } from './inline-keyboard.js' */

/**
 * The list item of one message of the chat.
 *
 * @param {Message} message
 * @param {Transcript} transcript
 * @param {OnInlineButton} onButton
 */
export function messageItem(message, transcript, onButton) {
  const isOwn = message.sender === 'customer';
  if (message.migrate_to_chat_id !== undefined)
    return element('li', { class: 'service' }, `This group is now a supergroup: ${message.migrate_to_chat_id}.`);
  if (message.migrate_from_chat_id !== undefined)
    return element('li', { class: 'service' }, `This was the group ${message.migrate_from_chat_id} before.`);
  const who = isOwn ? (transcript.user?.first_name ?? 'You') : botName(transcript);
  const rows = message.reply_markup?.inline_keyboard;
  const bubble = element(
    'div',
    { class: 'bubble' },
    element('span', { class: 'hidden' }, `${who}: `),
    message.via_bot && element('p', { class: 'via' }, `via @${message.via_bot.username ?? ''}`),
    message.reply_to_message && quote(message.reply_to_message, transcript),
    ...contents(message, transcript),
    stamp(message, isOwn),
  );
  const item = element('li', { class: isOwn ? 'message mine' : 'message', 'data-message-id': `${message.message_id}` });
  item.append(bubble);
  if (rows && rows.length > 0) item.append(inlineKeyboard(message.message_id, rows, transcript, onButton));
  return item;
}

/** @param {Transcript} transcript */
export const botName = (transcript) => transcript.bot_name ?? `@${transcript.bot_username}`;

/**
 * A short text for a message.
 *
 * @param {Message} message
 */
export function summary(message) {
  const said = message.text ?? message.caption;
  if (said !== undefined) return said;
  if (message.contact) return `Contact: ${message.contact.first_name}`;
  if (message.venue) return message.venue.title;
  if (message.location) return 'Location';
  if (message.poll) return `Poll: ${message.poll.question}`;
  return fileSummary(message)?.label ?? 'Message';
}

/**
 * @param {Message} message
 * @param {Transcript} transcript
 */
function quote(message, transcript) {
  const isBot = message.from?.is_bot ?? message.sender === 'bot';
  const who = isBot ? botName(transcript) : (message.from?.first_name ?? 'You');
  return element(
    'blockquote',
    { class: 'quote' },
    element('span', { class: 'quote-name' }, who),
    element('span', { class: 'quote-text' }, summary(message)),
  );
}

/**
 * @param {Message} message
 * @param {Transcript} transcript
 */
function contents(message, transcript) {
  const file = fileSummary(message);
  const said = message.text ?? message.caption;
  return [
    message.contact && contactCard(message.contact, transcript),
    message.location && locationCard(message.location),
    message.venue && card('place', message.venue.title, message.venue.address),
    message.poll && pollCard(message.poll),
    file && pictureOrCard(message, transcript, card('file', file.label, file.detail)),
    said !== undefined && textBlock(said, message.entities ?? message.caption_entities ?? []),
  ];
}

/**
 * @param {string} text
 * @param {NonNullable<Message['entities']>} entities Offsets and lengths are UTF-16 code units, as in JavaScript strings.
 */
function textBlock(text, entities) {
  const block = element('p', { class: 'text' });
  let at = 0;
  for (const { type, offset, length, url } of entities) {
    if (offset < at) continue;
    const part = element('span', { class: `entity ${type}` }, text.substr(offset, length));
    part.title = url === undefined ? type : `${type}: ${url}`;
    block.append(text.slice(at, offset), part);
    at = offset + length;
  }
  block.append(text.slice(at));
  return block;
}

/**
 * @param {NonNullable<Message['contact']>} contact
 * @param {Transcript} transcript
 */
function contactCard(contact, transcript) {
  const own = contact.user_id !== undefined && contact.user_id === transcript.user?.id;
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(' ');
  return card('phone', name, `+${contact.phone_number.replace(/^\+/, '')}${own ? ' · own number' : ''}`);
}

/** @param {NonNullable<Message['location']>} location */
function locationCard({ latitude, longitude }) {
  const map = element('div', { class: 'map', role: 'img', 'aria-label': 'Location' });
  map.append(icon('place'));
  const where = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  return element('div', { class: 'location' }, map, element('p', { class: 'card-detail' }, where));
}

/** @param {NonNullable<Message['poll']>} poll */
function pollCard({ question, options, type, is_anonymous }) {
  const kind = `${is_anonymous ? 'Anonymous ' : ''}${type === 'quiz' ? 'quiz' : 'poll'}`;
  const list = element('ul', { class: 'poll-options' });
  for (const { text } of options) list.append(element('li', {}, text));
  return element(
    'div',
    { class: 'poll' },
    element('p', { class: 'card-title' }, question),
    element('p', { class: 'card-detail' }, kind),
    list,
  );
}

/**
 * @param {import('./icon.js').IconName} name
 * @param {string} title
 * @param {string} detail
 */
function card(name, title, detail) {
  const mark = element('span', { class: 'card-mark' }, icon(name));
  const lines = element('span', {}, element('span', { class: 'card-title' }, title));
  lines.append(element('span', { class: 'card-detail' }, detail));
  return element('div', { class: 'card' }, mark, lines);
}

/** @param {Message} message */
function fileSummary(message) {
  if (message.photo) return { label: 'Photo', detail: readableSize(message.photo.at(-1)) };
  if (message.voice) return { label: 'Voice message', detail: readableSize(message.voice) };
  if (message.video) return { label: 'Video', detail: readableSize(message.video) };
  if (message.video_note) return { label: 'Video note', detail: readableSize(message.video_note) };
  if (message.animation) return { label: 'Animation', detail: readableSize(message.animation) };
  if (message.audio)
    return { label: message.audio.title ?? message.audio.file_name ?? 'Audio', detail: readableSize(message.audio) };
  if (message.sticker)
    return { label: `Sticker ${message.sticker.emoji ?? ''}`.trim(), detail: readableSize(message.sticker) };
  if (message.document) return { label: message.document.file_name ?? 'File', detail: readableSize(message.document) };
  return undefined;
}

/** @param {FileInfo | undefined} file */
function readableSize(file) {
  const bytes = file?.file_size ?? 0;
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/**
 * @param {Message} message
 * @param {boolean} isOwn
 */
function stamp(message, isOwn) {
  if (message.date === undefined) return null;
  const date = new Date(message.date * 1000);
  const time = element(
    'time',
    { datetime: date.toISOString() },
    date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }),
  );
  return element('span', { class: 'stamp' }, message.edit_date !== undefined && 'edited ', time, isOwn && icon('sent'));
}
