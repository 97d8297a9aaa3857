import type { AppendedEntry, ConversationLink, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import type { Openings } from './openings.ts';
import type { Place, Replies } from './replies.ts';
import type { Teammates } from './teammates.ts';
import type { Voice } from './voice.ts';

export interface ConversationDeps {
  readonly openings: Openings;
  readonly replies: Replies;
  readonly teammates: Pick<Teammates, 'choose'>;
}

export async function appendEntry(
  deps: ConversationDeps,
  link: ConversationLink,
  entry: InboxEntry,
): Promise<InboxOutcome<AppendedEntry>> {
  const voice = await voiceOf(deps, link, entry);
  if (voice.kind !== 'ok') return voice;
  const place = placeOf(link);
  return place === null ? deps.openings.open(link, entry, voice.value) : deps.replies.add(place, entry, voice.value);
}

/** Looks for what `appendEntry` wrote: the same author, the same words, not before the first try. */
export async function findEntry(
  deps: ConversationDeps,
  link: ConversationLink,
  entry: InboxEntry,
): Promise<InboxOutcome<AppendedEntry | null>> {
  const voice = await voiceOf(deps, link, entry);
  if (voice.kind !== 'ok') return voice;
  const place = placeOf(link);
  return place === null ? deps.openings.find(link, entry, voice.value) : deps.replies.find(place, entry, voice.value);
}

/** Null where the entry opens its conversation. */
const placeOf = ({ conversationId, contact, lastEntryId = null }: ConversationLink): Place | null =>
  conversationId === null ? null : { conversationId, contact, lastEntryId };

/** A note that has no conversation yet opens it in the customer's name. */
async function voiceOf(
  { teammates }: ConversationDeps,
  { conversationId }: ConversationLink,
  { author }: InboxEntry,
): Promise<InboxOutcome<Voice>> {
  if (author.kind === 'customer' || (author.kind === 'note' && conversationId === null)) {
    return { kind: 'ok', value: { kind: 'contact' } };
  }
  const sender = await teammates.choose(author.kind === 'teammate' ? author.senderId : null);
  return sender.kind === 'ok' ? { kind: 'ok', value: { kind: 'admin', sender: sender.value } } : sender;
}
