import type { AgentReply, InboxAttachment, InboxEvent } from '../../core/inbox/inbox-event.ts';
import type { Omission } from '../../core/inbox/omission.ts';
import type { RichText, Span } from '../../core/message/rich-text.ts';
import { listAt, textAt } from '../json-answer.ts';
import { htmlToRichText, type ReadHtml } from '../rich-text/html-to-rich-text.ts';
import { webAddress } from '../rich-text/link.ts';
import { plainToRichText } from '../rich-text/plain-to-rich-text.ts';
import { addressOfFile } from './attached-files.ts';
import { mayReply } from './event-types.ts';
import { eventsIn } from './identify.ts';
import { textHash } from './text-hash.ts';

/** What happened in the inbox, one event for each in the call. Never throws, whatever the bytes. */
export function decode(raw: Buffer, settings: Readonly<Record<string, unknown>>): readonly InboxEvent[] {
  const appId = textAt(settings, 'app_id');
  return eventsIn(raw).map((event) => eventOf(event, appId));
}

const ignored = (reason: string): InboxEvent => ({ kind: 'ignored', reason });

function eventOf(event: unknown, ownAppId: string | null): InboxEvent {
  const type = textAt(event, 'type');
  if (type === null) return ignored('the body is no event of HubSpot');
  if (!mayReply(type)) return ignored(type);
  const entryId = textAt(event, 'message', 'id');
  const conversationId = textAt(event, 'message', 'conversationsThreadId');
  if (entryId === null || conversationId === null) return ignored(`${type} names no message or no thread`);
  const messageType = textAt(event, 'message', 'type') ?? 'MESSAGE';
  if (messageType !== 'MESSAGE') return ignored(`${messageType}: internal`);
  if (textAt(event, 'message', 'direction') === 'INCOMING') return ignored('MESSAGE: incoming');
  const author = authorOf(event);
  if (author === null) return ignored('MESSAGE by the visitor');
  const happenedAtMs = timeOf(textAt(event, 'message', 'createdAt') ?? textAt(event, 'eventTimestamp'));
  const markedOurs = isOurs(event, ownAppId);
  if (!markedOurs && isTruncated(event)) {
    return { kind: 'incomplete', reply: { conversationId, entryId, happenedAtMs } };
  }
  const { body, attachments, quickReplies, omitted = [] } = contentOf(event);
  if (body.text === '' && attachments.length === 0 && quickReplies.length === 0 && omitted.length === 0) {
    return ignored('MESSAGE: says nothing');
  }
  return {
    kind: 'reply',
    reply: {
      conversationId,
      entryId,
      author,
      body,
      attachments,
      ...(omitted.length === 0 ? {} : { omitted }),
      quickReplies,
      happenedAtMs,
      markedOurs,
      textHash: textHash(textAt(event, 'message', 'text') ?? body.text),
    },
  };
}

/**
 * HubSpot: people and bots of the portal write as HUBSPOT. Another app may answer over our channel too, and its words must
 * go out; where HubSpot does not name the app, it is the one that registered the channel.
 */
function isOurs(event: unknown, ownAppId: string | null): boolean {
  if (textAt(event, 'message', 'client', 'clientType') !== 'INTEGRATION') return false;
  const appId = textAt(event, 'message', 'client', 'integrationAppId');
  return appId === null || ownAppId === null || appId === ownAppId;
}

const isTruncated = (event: unknown): boolean =>
  (textAt(event, 'message', 'truncationStatus') ?? 'NOT_TRUNCATED') !== 'NOT_TRUNCATED';

/** HubSpot: `A-` a user, `V-` the visitor; the others (`B-` `S-` `I-` and the AI's) are no people. HubSpot gives no names. */
function authorOf(event: unknown): AgentReply['author'] | null {
  const id = textAt(event, 'message', 'senders', 0, 'actorId') ?? textAt(event, 'message', 'createdBy') ?? 'unknown';
  if (id.startsWith('V-')) return null;
  return id.startsWith('A-')
    ? { id: id.slice('A-'.length), name: null, kind: 'teammate' }
    : { id, name: null, kind: 'bot' };
}

function contentOf(event: unknown): Pick<AgentReply, 'body' | 'attachments' | 'omitted' | 'quickReplies'> {
  const { body, images, omitted } = wordsOf(event);
  const given = listAt(event, 'message', 'attachments');
  const files = given.flatMap(fileIn);
  const offers = given.filter(isOffer).flatMap((attachment) => listAt(attachment, 'quickReplies'));
  const known = new Set(given.map((attachment) => webAddress(textAt(attachment, 'url') ?? '')));
  return {
    body: withLinks(body, offers.flatMap(linkIn)),
    attachments: [...files, ...images.filter(({ url }) => !known.has(url))],
    omitted: [...omitted, ...given.flatMap(omissionIn)],
    quickReplies: offers.flatMap(quickReplyIn),
  };
}

/** HubSpot: images that were put into the text are only in `richText`. */
function wordsOf(event: unknown): ReadHtml {
  const html = textAt(event, 'message', 'richText');
  const read = html === null ? null : htmlToRichText(html);
  const isEmpty = read === null || (read.body.text === '' && read.images.length === 0);
  if (!isEmpty) return read;
  const body = plainToRichText(textAt(event, 'message', 'text') ?? '');
  return { body, images: [], omitted: read?.omitted ?? [] };
}

/** HubSpot: the address of a private file is signed and lives shortly; its id lives as long as the file. */
function fileIn(attachment: unknown): readonly InboxAttachment[] {
  if (textAt(attachment, 'type') !== 'FILE') return [];
  const fileId = textAt(attachment, 'fileId');
  const given = webAddress(textAt(attachment, 'url') ?? '');
  const url = fileId === null ? given : addressOfFile(fileId, given);
  return url === null ? [] : [{ url, name: textAt(attachment, 'name'), mediaType: null }];
}

/** HubSpot: message attachments are files, quick replies, locations, contacts, unsupported content, and what else comes. */
function omissionIn(attachment: unknown): readonly Omission[] {
  const type = textAt(attachment, 'type');
  if (type === null || type === 'SOCIAL_MEDIA_METADATA' || isOffer(attachment)) return [];
  if (fileIn(attachment).length > 0) return [];
  if (type === 'FILE')
    return [{ what: `the file “${textAt(attachment, 'name') ?? ''}”`, why: 'HubSpot does not say where it is' }];
  return [{ what: `an attachment of the kind ${type.slice(0, 40)}`, why: 'only files and quick replies can be sent' }];
}

const isOffer = (attachment: unknown): boolean => textAt(attachment, 'type') === 'QUICK_REPLIES';

/** HubSpot: the value of an offered answer is the words, or an address. */
function quickReplyIn(offer: unknown): AgentReply['quickReplies'] {
  const value = textAt(offer, 'value');
  return value === null || textAt(offer, 'valueType') === 'URL'
    ? []
    : [{ label: textAt(offer, 'label') ?? value, value }];
}

function linkIn(offer: unknown): readonly { readonly label: string; readonly url: string }[] {
  const url = textAt(offer, 'valueType') === 'URL' ? webAddress(textAt(offer, 'value') ?? '') : null;
  return url === null ? [] : [{ label: plainToRichText(textAt(offer, 'label') ?? '').text || url, url }];
}

/** Each link on a line of its own behind the words. */
function withLinks(
  { text, spans }: RichText,
  links: readonly { readonly label: string; readonly url: string }[],
): RichText {
  const lines = text === '' ? [] : [text];
  const added: Span[] = [];
  let length = text.length;
  for (const { label, url } of links) {
    const start = length === 0 ? 0 : length + 1;
    lines.push(label);
    length = start + label.length;
    added.push({ kind: 'link', url, start, end: length });
  }
  return { text: lines.join('\n'), spans: [...spans, ...added] };
}

function timeOf(timestamp: string | null): number {
  const ms = Date.parse(timestamp ?? '');
  return Number.isSafeInteger(ms) ? ms : 0;
}
