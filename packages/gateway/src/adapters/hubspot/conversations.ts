import type { AppendedEntry, ContactRequest, ConversationLink, InboxEntry, InboxOutcome } from '../../ports/inbox.ts';
import { textAt } from '../json-answer.ts';
import type { HubspotOutcome } from './classify.ts';
import { addComment, type Comment, findComment } from './comments.ts';
import { checkContact } from './contacts.ts';
import { encodeMessage } from './encode.ts';
import { uploadFiles } from './files.ts';
import { channelPath, type Portal } from './portal.ts';
import type { HubspotSettings } from './settings.ts';

/**
 * Messages are published on our own channel, into the thread that our key names: HubSpot opens it with the first one,
 * whether the customer or the team writes it. A note becomes a comment where there is a thread; a note that comes first is published as the customer's, its words in
 * brackets.
 */
export async function appendEntry(
  portal: Portal,
  request: ContactRequest,
  link: ConversationLink,
  entry: InboxEntry,
): Promise<InboxOutcome<AppendedEntry>> {
  const comment = commentOf(link, entry);
  if (comment === null) return publish(portal, request, link, entry);
  const files = await uploadFiles(portal.client, entry);
  if (files.kind !== 'ok') return files;
  const added = await addComment(portal, comment, files.value);
  return added.kind === 'ok' ? { kind: 'ok', value: entryOf(comment, added.value) } : added;
}

/** A message carries its key as HubSpot's idempotency id, so it is repeated instead of looked for. */
export async function findEntry(
  portal: Portal,
  link: ConversationLink,
  entry: InboxEntry,
): Promise<InboxOutcome<AppendedEntry | null>> {
  const comment = commentOf(link, entry);
  if (comment === null) return { kind: 'ok', value: null };
  const found = await findComment(portal, comment);
  if (found.kind !== 'ok') return found;
  return { kind: 'ok', value: found.value === null ? null : entryOf(comment, found.value) };
}

/** Null for an entry that is a message of the channel. */
const commentOf = (
  { conversationId: threadId, lastEntryId = null }: ConversationLink,
  { author, body, happenedAtMs }: InboxEntry,
): Comment | null =>
  author.kind === 'note' && threadId !== null ? { threadId, body, happenedAtMs, lastEntryId } : null;

const entryOf = ({ threadId }: Comment, entryId: string): AppendedEntry => ({
  entryId,
  conversationId: threadId,
  remark: null,
});

async function publish(
  portal: Portal,
  request: ContactRequest,
  link: ConversationLink,
  entry: InboxEntry,
): Promise<InboxOutcome<AppendedEntry>> {
  const { channelId, channelAccountId } = request.channel.ref;
  if (channelId === undefined || channelAccountId === undefined) {
    return { kind: 'rejected', detail: 'the bot has no account on a HubSpot channel yet; connect the channel again' };
  }
  const files = await uploadFiles(portal.client, entry);
  if (files.kind !== 'ok') return files;
  const post = (actorId: string | null) => {
    const message = encodeMessage(request, link, entry, actorId, files.value);
    const path = `${channelPath(channelId)}/messages`;
    return portal.client.call('POST', path, message, { effect: 'writes', about: 'message' });
  };
  const actorId = actorOf(entry, portal.settings);
  const first = await post(actorId);
  const actorRefused = actorId !== null && first.kind === 'rejected' && first.status === 400;
  const outcome = actorRefused ? await post(null) : first;
  if (outcome.kind === 'rejected') return explainRejection(portal, link, outcome);
  if (outcome.kind !== 'ok') return outcome;
  const remark = `HubSpot refuses ${actorId} as the sender; the message shows no name`;
  return readPublished(outcome.value, actorRefused ? remark : null);
}

/** HubSpot refuses a message for a contact that is gone in words that are not documented: asks for the contact. */
async function explainRejection(
  portal: Portal,
  { contact: { contactId } }: ConversationLink,
  refusal: Extract<HubspotOutcome, { kind: 'rejected' }>,
): Promise<InboxOutcome<AppendedEntry>> {
  if (contactId === null || (refusal.status !== 400 && refusal.status !== 404)) return refusal;
  const checked = await checkContact(portal, contactId);
  // HubSpot: the thread is the channel's, and another contact can be associated with it.
  return checked.kind === 'gone' ? { ...checked, conversationStays: true } : refusal;
}

function readPublished(json: unknown, remark: string | null): InboxOutcome<AppendedEntry> {
  const entryId = textAt(json, 'id');
  const conversationId = textAt(json, 'conversationsThreadId');
  return entryId === null || conversationId === null
    ? { kind: 'uncertain', detail: 'HubSpot took the message and did not return its thread' }
    : { kind: 'ok', value: { entryId, conversationId, remark } };
}

/** HubSpot: an actor is `A-` and the user's id. */
function actorOf(entry: InboxEntry, settings: HubspotSettings): string | null {
  if (entry.author.kind !== 'teammate') return null;
  const userId = entry.author.senderId ?? settings.default_sender_id ?? null;
  return userId === null ? null : `A-${userId}`;
}
