import { bodyOfDeletion, bodyOfEdit, bodyOfOutbound, firstVersion } from '../../core/inbox/entry.ts';
import { excerptOf } from '../../core/inbox/excerpt.ts';
import { bodyOfInbound, isCustomerSpeech } from '../../core/inbox/inbound-body.ts';
import type { InboundEvent } from '../../core/message/inbound.ts';
import { withoutMarkSign } from '../../core/message/mark-text.ts';
import { labelOfSuggestion, quickReplyOf, suggestionsLookback } from '../../core/message/match-button.ts';
import type { EntryAuthor, InboxEntry } from '../../ports/inbox.ts';
import type { MirrorMessage } from '../../store/mirror.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { OpenWorkspace } from '../directory/directory.ts';

export type BuildEntryStore = StoreSlice<{ readonly messageHistory: 'listRecentOutbound' }>;

export const isInbound = (content: MirrorMessage['content']): content is InboundEvent => 'author' in content;

/** The inbox entry of a message: its key, its author and its words, without files. */
export async function buildEntry(
  store: BuildEntryStore,
  message: MirrorMessage,
  workspace: OpenWorkspace,
): Promise<InboxEntry> {
  const base = { key: `${message.createdOn}:${message.messageId}`, happenedAtMs: message.createdAtMs };
  const { content } = message;
  if (isInbound(content)) return { ...base, ...(await customerEntry(store, message, content)) };
  const senderId = message.senderId ?? workspace.record.defaultSender;
  return { ...base, author: { kind: 'teammate', senderId }, body: bodyOfOutbound(firstVersion(content)) };
}

/** The entry of a change of a message: its number among the edits, from 1, or `deleted`. Null if it is not known any more. */
export function changeEntry(
  { createdOn, createdAtMs, messageId, content }: MirrorMessage,
  change: string,
): InboxEntry | null {
  if (isInbound(content)) return null;
  const edit = content.edits?.[Number(change) - 1];
  const body = change === 'deleted' ? bodyOfDeletion(excerptOf(content)) : edit && bodyOfEdit(edit);
  if (body === undefined) return null;
  return {
    key: `${createdOn}:${messageId}:${change}`,
    happenedAtMs: edit === undefined ? createdAtMs : Date.parse(edit.at),
    author: { kind: 'note' },
    body,
  };
}

async function customerEntry(
  store: BuildEntryStore,
  message: MirrorMessage,
  event: InboundEvent,
): Promise<Pick<InboxEntry, 'author' | 'body' | 'chosen'>> {
  const author: EntryAuthor = isCustomerSpeech(event.content)
    ? { kind: 'customer', name: withoutMarkSign(event.author.name) }
    : { kind: 'note' };
  const chosen = await findChosenAnswer(store, message, event);
  if (chosen !== null) {
    return { author, chosen, body: { blocks: [{ kind: 'text', text: chosen.label }], extras: [] } };
  }
  return { author, body: bodyOfInbound(event, await findButtonLabel(store, message, event)) };
}

/** The answer that a tap chose, if the inbox had offered it. */
async function findChosenAnswer(
  store: BuildEntryStore,
  { key }: MirrorMessage,
  { content }: InboundEvent,
): Promise<NonNullable<InboxEntry['chosen']> | null> {
  if (content.kind !== 'tap') return null;
  const recent = await store.messageHistory.listRecentOutbound(key.channelId, key.chatId, suggestionsLookback);
  return quickReplyOf(recent, content.data);
}

/** The label of the button that a suggested reply came from. */
async function findButtonLabel(
  store: BuildEntryStore,
  { key }: MirrorMessage,
  { content }: InboundEvent,
): Promise<string | null> {
  if (content.kind !== 'suggested-reply') return null;
  const recent = await store.messageHistory.listRecentOutbound(key.channelId, key.chatId, suggestionsLookback);
  return labelOfSuggestion(recent, content.query);
}
