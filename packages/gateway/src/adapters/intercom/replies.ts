import type { AppendedEntry, ContactLink, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt } from '../json-answer.ts';
import type { IntercomClient } from './client.ts';
import type { Contacts } from './contacts.ts';
import { encodeAdminReply, encodeContactReply } from './encode.ts';
import { findMissingObject } from './find-missing-object.ts';
import { hasWordsOf, isBy, isYoungEnough, type PartAuthor, remarkOf } from './part-author.ts';

/** Where an entry joins a conversation. */
export interface Place {
  readonly conversationId: string;
  /** Who speaks for the customer; null for an entry of the team. */
  readonly contact: ContactLink | null;
  /** The newest entry of ours that is known to be there: only what came after it is looked at. */
  readonly lastEntryId: string | null;
}

/** What is written, without the key: Intercom knows no idempotency. */
export type Written = Omit<InboxEntry, 'key'>;

/** Entries that join a conversation. */
export interface Replies {
  add(place: Place, entry: Written, author: PartAuthor): Promise<InboxOutcome<AppendedEntry>>;
  find(place: Place, entry: Written, author: PartAuthor): Promise<InboxOutcome<AppendedEntry | null>>;
}

export const createReplies = (client: IntercomClient, contacts: Contacts): Replies => ({
  add: (place, entry, author) => addReply(client, contacts, place, entry, author),
  find: (place, entry, author) => findReply(client, place, entry, author),
});

async function addReply(
  client: IntercomClient,
  contacts: Contacts,
  place: Place,
  entry: Written,
  author: PartAuthor,
): Promise<InboxOutcome<AppendedEntry>> {
  const { conversationId } = place;
  const body = encodeReply(place, entry, author);
  if (body === null) return { kind: 'gone', what: 'contact', detail: 'the link names no Intercom contact' };
  const path = `/conversations/${encodeURIComponent(conversationId)}/reply`;
  const outcome = await client.post(path, body, 'conversation');
  if (outcome.kind === 'gone') return findMissingObject(client, contacts, place);
  if (outcome.kind !== 'ok') return outcome;
  const parts = partsOf(outcome.value);
  const ours = parts.filter((part) => isBy(part, author));
  // Intercom answers with the whole conversation, and does not name the new part.
  const entryId = textAt(ours.filter(hasWordsOf(entry)).at(-1) ?? ours.at(-1) ?? parts.at(-1), 'id');
  if (entryId === null) {
    return { kind: 'uncertain', detail: 'Intercom took the entry and does not show it in the conversation' };
  }
  return { kind: 'ok', value: { entryId, conversationId, remark: remarkOf(author) } };
}

async function findReply(
  client: IntercomClient,
  place: Place,
  entry: Written,
  author: PartAuthor,
): Promise<InboxOutcome<AppendedEntry | null>> {
  const { conversationId } = place;
  const outcome = await client.get(`/conversations/${encodeURIComponent(conversationId)}`, 'conversation');
  if (outcome.kind !== 'ok') return outcome;
  const hasWords = hasWordsOf(entry);
  const part = youngerParts(outcome.value, place, entry).find(
    (candidate) => isBy(candidate, author) && hasWords(candidate) && isOfKind(candidate, entry),
  );
  const entryId = textAt(part, 'id');
  if (entryId === null) return { kind: 'ok', value: null };
  return { kind: 'ok', value: { entryId, conversationId, remark: remarkOf(author) } };
}

function encodeReply({ contact }: Place, entry: Written, author: PartAuthor): object | null {
  if (author.kind === 'admin') {
    return encodeAdminReply(entry.author.kind === 'note' ? 'note' : 'comment', author.sender.adminId, entry);
  }
  const contactId = contact?.contactId ?? null;
  return contactId === null ? null : encodeContactReply(contactId, entry);
}

/** What came after the newest entry that the caller knows; without one, what is not older than the entry itself. */
function youngerParts(conversation: unknown, { lastEntryId }: Place, entry: Written): readonly unknown[] {
  const parts = partsOf(conversation);
  if (lastEntryId !== null && textAt(conversation, 'source', 'id') === lastEntryId) return parts;
  const lastKnown = lastEntryId === null ? -1 : parts.findIndex((part) => textAt(part, 'id') === lastEntryId);
  return lastKnown >= 0
    ? parts.slice(lastKnown + 1).filter(isOfAppOf(parts[lastKnown]))
    : parts.filter((part) => isYoungEnough(part, entry));
}

/**
 * Intercom names the app that wrote a part, but not always. Where it does, a part of the same app as an entry that is known to be ours
 * is ours too; a teammate's part with the same words is not.
 */
function isOfAppOf(own: unknown): (part: unknown) => boolean {
  const app = textAt(own, 'app_package_code');
  return (part) => app === null || textAt(part, 'app_package_code') === app;
}

/** In the order in which they came. */
const partsOf = (conversation: unknown): readonly unknown[] =>
  [...listAt(conversation, 'conversation_parts', 'conversation_parts')].sort(
    (a, b) => Number(textAt(a, 'created_at') ?? 0) - Number(textAt(b, 'created_at') ?? 0),
  );

const isOfKind = (part: unknown, entry: Written): boolean =>
  (textAt(part, 'part_type') === 'note') === (entry.author.kind === 'note');
