import type { AppendedEntry, ConversationLink, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import type { ConversationOpener } from './open-conversation.ts';
import type { PartAuthor } from './part-author.ts';
import type { Place, Replies } from './replies.ts';
import type { Teammates } from './teammates.ts';

export interface ConversationDeps {
  readonly opener: ConversationOpener;
  readonly replies: Replies;
  readonly teammates: Pick<Teammates, 'choose'>;
}

export async function appendEntry(
  deps: ConversationDeps,
  link: ConversationLink,
  entry: InboxEntry,
): Promise<InboxOutcome<AppendedEntry>> {
  const author = await chooseAuthor(deps, link, entry);
  if (author.kind !== 'ok') return author;
  const place = placeOf(link);
  return place === null ? deps.opener.open(link, entry, author.value) : deps.replies.add(place, entry, author.value);
}

/** Looks for what `appendEntry` wrote: the same author, the same words, not before the first try. */
export async function findEntry(
  deps: ConversationDeps,
  link: ConversationLink,
  entry: InboxEntry,
): Promise<InboxOutcome<AppendedEntry | null>> {
  const author = await chooseAuthor(deps, link, entry);
  if (author.kind !== 'ok') return author;
  const place = placeOf(link);
  return place === null ? deps.opener.find(link, entry, author.value) : deps.replies.find(place, entry, author.value);
}

/** Null if the entry opens its conversation. */
const placeOf = ({ conversationId, contact, lastEntryId = null }: ConversationLink): Place | null =>
  conversationId === null ? null : { conversationId, contact, lastEntryId };

/** A note that has no conversation yet opens it in the customer's name. */
async function chooseAuthor(
  { teammates }: ConversationDeps,
  { conversationId }: ConversationLink,
  { author }: InboxEntry,
): Promise<InboxOutcome<PartAuthor>> {
  if (author.kind === 'customer' || (author.kind === 'note' && conversationId === null)) {
    return { kind: 'ok', value: { kind: 'contact' } };
  }
  const sender = await teammates.choose(author.kind === 'teammate' ? author.senderId : null);
  return sender.kind === 'ok' ? { kind: 'ok', value: { kind: 'admin', sender: sender.value } } : sender;
}
