import type { InboxEntry } from '../../ports/inbox.ts';
import { textAt } from '../json-answer.ts';
import { expectedBody } from './encode.ts';
import { bodyHash } from './normalise.ts';
import type { Sender } from './teammates.ts';

/** Who writes: the contact, or an admin. A note that has no conversation yet opens it as the contact. */
export type PartAuthor = { readonly kind: 'contact' } | { readonly kind: 'admin'; readonly sender: Sender };

export const remarkOf = (author: PartAuthor): string | null => (author.kind === 'admin' ? author.sender.remark : null);

/** Intercom's clock and ours may differ by this much when an entry is looked for by time. */
const clockSkewSeconds = 60;

/** A merged contact keeps its parts under another id, so any contact counts; a Telegram chat has only one. */
export function isBy(part: unknown, author: PartAuthor): boolean {
  const type = textAt(part, 'author', 'type');
  return author.kind === 'admin'
    ? type === 'admin' && textAt(part, 'author', 'id') === author.sender.adminId
    : type === 'user' || type === 'lead' || type === 'contact';
}

/** Whether a part, or a conversation's source, has the words of the entry. */
export function hasWordsOf(entry: Pick<InboxEntry, 'author' | 'body'>): (part: unknown) => boolean {
  const hash = bodyHash(expectedBody(entry));
  return (part) => {
    const body = textAt(part, 'body');
    return body !== null && bodyHash(body) === hash;
  };
}

/** Whether the part is new enough to be this entry: not older than the event, minus the clock difference. */
export const isYoungEnough = (part: unknown, entry: Pick<InboxEntry, 'happenedAtMs'>): boolean =>
  Number(textAt(part, 'created_at') ?? 0) >= Math.floor(entry.happenedAtMs / 1000) - clockSkewSeconds;
