import type { AgentReply, InboxAttachment, InboxEvent } from '../../core/inbox/inbox-event.ts';
import type { Omission } from '../../core/inbox/omission.ts';
import type { RichText } from '../../core/message/rich-text.ts';
import { listAt, parseJson, textAt, valueAt } from '../json-answer.ts';
import { htmlToRichText } from '../rich-text/html-to-rich-text.ts';
import { webAddress } from '../rich-text/link.ts';
import { isHtml, plainToRichText } from '../rich-text/plain-to-rich-text.ts';
import { conversationIdIn } from './identify.ts';
import { bodyHash } from './normalise.ts';
import { withoutPlaceholders } from './placeholders.ts';
import { isReplyPart, mayReply, openedByAdmin } from './topics.ts';
import { translationOf } from './translation.ts';

/** What happened in the inbox, one event for each part of the notification. Never throws, whatever the bytes. */
export function decode(raw: Buffer): readonly InboxEvent[] {
  const notification = parseJson(raw.toString('utf8'));
  const topic = textAt(notification, 'topic');
  if (topic === null) return [ignored('the body is no notification of Intercom')];
  const item = valueAt(notification, 'data', 'item');
  if (topic === 'contact.merged') return mergesIn(item);
  const conversationId = conversationIdIn(item);
  if (topic === 'conversation.deleted') {
    return conversationId === null
      ? [ignored('conversation.deleted names no conversation')]
      : [{ kind: 'conversation-gone', conversationId }];
  }
  if (!mayReply(topic)) return [ignored(topic)];
  if (conversationId === null) return [ignored(`${topic} names no conversation`)];
  const opening = openingOf(item);
  if (topic === openedByAdmin) {
    return [
      opening === null ? ignored(`${topic}: not a chat`) : eventOf(conversationId, sourceAsPart(item), null, opening),
    ];
  }
  const parts = listAt(item, 'conversation_parts', 'conversation_parts');
  const notifiedAt = textAt(notification, 'created_at');
  if (parts.length === 0) {
    return [{ kind: 'incomplete', reply: { conversationId, entryId: null, happenedAtMs: millisecondsOf(notifiedAt) } }];
  }
  return parts.map((part) => eventOf(conversationId, part, notifiedAt, opening));
}

const ignored = (reason: string): InboxEvent => ({ kind: 'ignored', reason });

/**
 * Intercom: a conversation that a teammate begins is `admin_initiated`, and one over the Messenger has the type
 * `conversation`. E-mail and social channels reach their contact by themselves.
 * https://developers.intercom.com/docs/references/2.16/rest-api/api.intercom.io/conversations/conversation
 */
function openingOf(item: unknown): NonNullable<AgentReply['opening']> | null {
  const entryId = textAt(item, 'source', 'id');
  const isChat = textAt(item, 'source', 'type') === 'conversation';
  if (entryId === null || !isChat || textAt(item, 'source', 'delivered_as') !== 'admin_initiated') return null;
  return {
    entryId,
    contactIds: listAt(item, 'contacts', 'contacts').flatMap((contact) => textAt(contact, 'id') ?? []),
  };
}

/** Intercom: the words that begin a conversation are no part, but have the fields of one. */
const sourceAsPart = (item: unknown): object => ({
  ...fieldsOf(valueAt(item, 'source')),
  part_type: 'comment',
  created_at: valueAt(item, 'created_at'),
});

const fieldsOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

function eventOf(
  conversationId: string,
  part: unknown,
  notifiedAt: string | null,
  opening: ReturnType<typeof openingOf>,
): InboxEvent {
  const entryId = textAt(part, 'id');
  const partType = textAt(part, 'part_type') ?? 'part without a type';
  const author = authorOf(part);
  if (entryId === null) return ignored(`${partType} without an id`);
  if (!isReplyPart(partType)) return ignored(`${partType}: internal`);
  if (author === null) return ignored(`${partType} by ${textAt(part, 'author', 'type') ?? 'an unknown author'}`);
  if (valueAt(part, 'redacted') === true) return ignored(`${partType}: redacted`);
  const body = textAt(part, 'body') ?? '';
  const files = listAt(part, 'attachments').flatMap(attachmentOf);
  const translation = translationOf(part);
  const words = translation.kind === 'translated' ? translation.html : body;
  const read = wordsOf(words, files.length, translation.kind === 'translated' || isHtml(words));
  const { text, images } = read;
  const omitted = [...read.omitted, ...(translation.kind === 'several' ? [translation.omission] : [])];
  const known = new Set(files.map(({ url }) => url));
  const attachments = [...files, ...images.filter(({ url }) => !known.has(url))];
  const quickReplies = listAt(part, 'metadata', 'quick_reply_options').flatMap(quickReplyOf);
  if (text.text === '' && attachments.length === 0 && quickReplies.length === 0 && omitted.length === 0) {
    return ignored(`${partType}: says nothing`);
  }
  return {
    kind: 'reply',
    reply: {
      conversationId,
      entryId,
      author,
      body: text,
      attachments,
      ...(omitted.length === 0 ? {} : { omitted }),
      ...(words === '' || read.isFormatted ? {} : { isPlain: true }),
      ...(opening === null ? {} : { opening }),
      quickReplies,
      happenedAtMs: millisecondsOf(textAt(part, 'created_at') ?? notifiedAt),
      // Intercom names the app that made a part (`app_package_code`); which of them is ours, nothing here can know.
      markedOurs: false,
      // Of the original: what the gateway itself wrote may be translated too.
      textHash: bodyHash(body),
    },
  };
}

/** Null for the customer's own side: what a contact says in our conversations, we wrote. */
function authorOf(part: unknown): AgentReply['author'] | null {
  const type = textAt(part, 'author', 'type');
  if (type !== 'admin' && type !== 'bot' && type !== 'team') return null;
  // Intercom: the workspace's own bot has an address of this form, whatever its type says.
  const isBot = type === 'bot' || /^operator\+.*@intercom\.io$/i.test(textAt(part, 'author', 'email') ?? '');
  return {
    id: textAt(part, 'author', 'id') ?? type,
    name: textAt(part, 'author', 'name'),
    kind: isBot ? 'bot' : 'teammate',
  };
}

/** Intercom: plain from version 2.15 of the app on, HTML before; a notification does not say which. */
function wordsOf(
  body: string,
  fileCount: number,
  isFormatted: boolean,
): {
  readonly isFormatted: boolean;
  readonly text: RichText;
  readonly images: readonly InboxAttachment[];
  readonly omitted: readonly Omission[];
} {
  if (!isFormatted) {
    const text = plainToRichText(withoutPlaceholders(body, fileCount));
    return { isFormatted, text, images: [], omitted: [] };
  }
  const { body: text, images, omitted } = htmlToRichText(body);
  return { isFormatted, text, images, omitted };
}

function attachmentOf(attachment: unknown): readonly InboxAttachment[] {
  const url = webAddress(textAt(attachment, 'url') ?? '');
  if (url === null) return [];
  const type = textAt(attachment, 'content_type');
  const mediaType = type !== null && /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type.toLowerCase() : null;
  return [{ url, name: textAt(attachment, 'name'), mediaType }];
}

/** Intercom: the choice comes back as the option's `uuid`; without one it comes back in words (`encodeContactReply`). */
function quickReplyOf(option: unknown): AgentReply['quickReplies'] {
  const label = textAt(option, 'text');
  return label === null ? [] : [{ label, value: textAt(option, 'uuid') ?? label }];
}

/** Intercom: seconds. */
function millisecondsOf(seconds: string | null): number {
  const ms = Number(seconds ?? 0) * 1000;
  return Number.isSafeInteger(ms) ? ms : 0;
}

/**
 * Intercom's item is the contact that remains. The contacts that were merged into it are in its history, or nowhere. Where they are
 * missing, the next entry for the merged contact finds its successor.
 */
function mergesIn(contact: unknown): readonly InboxEvent[] {
  const intoContactId = textAt(contact, 'id');
  const merges = listAt(contact, 'merge_history').flatMap((merge): readonly InboxEvent[] => {
    const fromContactId = textAt(merge, 'source_contact_id');
    if (fromContactId === null || intoContactId === null) return [];
    return [{ kind: 'contact-merged', fromContactId, intoContactId }];
  });
  return merges.length === 0 ? [ignored('contact.merged does not say which contact was merged')] : merges;
}
