import type { AppendedEntry, ContactRequest, ConversationLink, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import { listAt, textAt } from '../json-answer.ts';
import type { HubspotOutcome } from './classify.ts';
import type { HubspotClient } from './client.ts';
import type { Contacts } from './contacts.ts';
import { encodeComment, encodeMessage, textOf } from './encode.ts';
import { uploadFiles } from './files.ts';
import type { HubspotSettings } from './settings.ts';

/** HubSpot's clock and ours may differ by this much when a comment is looked for by time. */
const clockSkewMs = 60_000;

export interface Conversations {
  append(request: ContactRequest, link: ConversationLink, entry: InboxEntry): Promise<InboxOutcome<AppendedEntry>>;
  find(request: ContactRequest, link: ConversationLink, entry: InboxEntry): Promise<InboxOutcome<AppendedEntry | null>>;
}

/**
 * Messages are published on our own channel, into the thread that our key names: HubSpot opens it with the first one,
 * whoever speaks first. A note becomes a comment where there is a thread; the first of all is published as the
 * customer's, its words in brackets as ours.
 */
export function createConversations(
  client: HubspotClient,
  contacts: Contacts,
  settings: HubspotSettings,
): Conversations {
  const publish = async (
    request: ContactRequest,
    link: ConversationLink,
    entry: InboxEntry,
  ): Promise<InboxOutcome<AppendedEntry>> => {
    const { channelId, channelAccountId } = request.channel.ref;
    if (channelId === undefined || channelAccountId === undefined) {
      return { kind: 'rejected', detail: 'the bot has no account on a HubSpot channel yet; connect the channel again' };
    }
    const path = `/conversations/custom-channels/${settings.api_version}/${encodeURIComponent(channelId)}/messages`;
    const files = await uploadFiles(client, settings, entry);
    if (files.kind !== 'ok') return files;
    const post = (actorId: string | null) => {
      const message = encodeMessage(request, link, entry, actorId, files.value);
      return client.call('POST', path, message, { effect: 'writes', about: 'message' });
    };
    const actorId = actorOf(entry, settings);
    const first = await post(actorId);
    const actorRefused = actorId !== null && first.kind === 'rejected' && first.status === 400;
    const outcome = actorRefused ? await post(null) : first;
    if (outcome.kind === 'ok') {
      const remark = actorRefused
        ? `HubSpot refuses ${actorId} as the sender; the message stands without a name`
        : null;
      return published(outcome.value, remark);
    }
    return outcome.kind === 'rejected' ? contactGone(link, outcome) : outcome;
  };

  /** HubSpot refuses a message for a contact that is gone in words that are not documented: asks for the contact. */
  const contactGone = async (
    link: ConversationLink,
    refusal: Extract<HubspotOutcome, { kind: 'rejected' }>,
  ): Promise<InboxOutcome<AppendedEntry>> => {
    const { contactId } = link.contact;
    if (contactId === null || (refusal.status !== 400 && refusal.status !== 404)) return refusal;
    const checked = await contacts.check(contactId);
    // HubSpot: the thread is the channel's, and another contact can be associated with it.
    return checked.kind === 'gone' ? { ...checked, conversationStays: true } : refusal;
  };

  const thread = (threadId: string) =>
    `/conversations/conversations/${settings.api_version}/threads/${encodeURIComponent(threadId)}/messages`;

  const comment = async (threadId: string, entry: InboxEntry): Promise<InboxOutcome<AppendedEntry>> => {
    const asked = { effect: 'writes', about: 'thread' } as const;
    const outcome = await client.call('POST', thread(threadId), encodeComment(entry), asked);
    if (outcome.kind !== 'ok') return outcome;
    const entryId = textAt(outcome.value, 'id');
    return entryId === null
      ? { kind: 'uncertain', detail: 'HubSpot took the comment and did not say under which id' }
      : { kind: 'ok', value: { entryId, conversationId: threadId, remark: null } };
  };

  const findComment = async (
    threadId: string,
    link: ConversationLink,
    entry: InboxEntry,
  ): Promise<InboxOutcome<AppendedEntry | null>> => {
    const outcome = await client.call('GET', thread(threadId), null, { effect: 'reads', about: 'thread' });
    if (outcome.kind !== 'ok') return outcome;
    const found = listAt(outcome.value, 'results').find(
      (message) =>
        textAt(message, 'type') === 'COMMENT' &&
        textAt(message, 'id') !== (link.lastEntryId ?? null) &&
        sameWords(textAt(message, 'text') ?? '', textOf(entry)) &&
        Date.parse(textAt(message, 'createdAt') ?? '') >= entry.happenedAtMs - clockSkewMs,
    );
    const entryId = textAt(found, 'id');
    return { kind: 'ok', value: entryId === null ? null : { entryId, conversationId: threadId, remark: null } };
  };

  return {
    append: (request, link, entry) =>
      entry.author.kind === 'note' && link.conversationId !== null
        ? comment(link.conversationId, entry)
        : publish(request, link, entry),
    // A message carries its key as the idempotency id, so that repeating it is better than looking for it.
    find: async (_request, link, entry) =>
      entry.author.kind === 'note' && link.conversationId !== null
        ? findComment(link.conversationId, link, entry)
        : { kind: 'ok', value: null },
  };
}

function published(json: unknown, remark: string | null): InboxOutcome<AppendedEntry> {
  const entryId = textAt(json, 'id');
  const conversationId = textAt(json, 'conversationsThreadId');
  return entryId === null || conversationId === null
    ? { kind: 'uncertain', detail: 'HubSpot took the message and did not say where it stands' }
    : { kind: 'ok', value: { entryId, conversationId, remark } };
}

/** HubSpot: an actor is `A-` and the user's id. */
function actorOf(entry: InboxEntry, settings: HubspotSettings): string | null {
  if (entry.author.kind !== 'teammate') return null;
  const userId = entry.author.senderId ?? settings.default_sender_id ?? null;
  return userId === null ? null : `A-${userId}`;
}

const sameWords = (left: string, right: string): boolean => left.replace(/\s+/g, '') === right.replace(/\s+/g, '');
