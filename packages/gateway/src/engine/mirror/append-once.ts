import type {
  AppendedEntry,
  ContactLink,
  ContactRequest,
  ConversationLink,
  Inbox,
  InboxEntry,
  InboxOutcome,
} from '../../ports/inbox.ts';
import type { ReservedEntry } from '../../store/inbox-writes.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { MirrorMessage } from '../../store/mirror.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { LeaseClock } from '../lanes/lease-clock.ts';

export interface AppendOnceDeps {
  readonly store: StoreSlice<{
    readonly conversations: 'read';
    readonly inboxWrites: 'reserve' | 'isOther' | 'release';
  }>;
  readonly leases: LeaseClock;
}

/** The message that an entry is about, and where it is written. */
export interface AppendTarget {
  readonly lane: ClaimedLane;
  readonly message: MirrorMessage;
  readonly workspace: { readonly inbox: Inbox };
  readonly request: ContactRequest;
}

/** Reserves an entry, then writes it. If an earlier try may have arrived, it is looked for before the entry is written again. */
export async function appendOnce(
  deps: AppendOnceDeps,
  target: AppendTarget,
  link: ConversationLink,
  entry: InboxEntry,
): Promise<InboxOutcome<AppendedEntry>> {
  const { store, leases } = deps;
  const { inbox } = target.workspace;
  const { workspaceId } = target.message.key;
  if (link.conversationId === null && entry.attachments?.length && !inbox.opensWithFiles) {
    const detail = 'the conversation is gone; a new one must be opened before the files follow';
    return { kind: 'deferred', retryAfterMs: null, detail };
  }
  const reserved = await store.inboxWrites.reserve({
    workspaceId,
    key: entry.key,
    conversationId: link.conversationId,
    textHash: Buffer.from(inbox.textHashOf(entry.body), 'hex'),
    author: entry.author,
    afterEntryId: link.lastEntryId ?? null,
  });
  const { entryId, conversationId } = reserved;
  if (entryId !== null && conversationId !== null) {
    return { kind: 'ok', value: { entryId, conversationId, remark: null } };
  }
  if (!reserved.first) {
    const found = await findEarlierEntry(deps, target, link, entry, reserved);
    if (found.kind !== 'ok') return found;
    if (found.value !== null) return { kind: 'ok', value: found.value };
  }
  // The process that has the lane now writes the entry. The reservation tells it that this try may have written it already.
  if (leases.mayBeOver(target.lane))
    return { kind: 'deferred', retryAfterMs: null, detail: 'the lease on the lane ran out' };
  const appended = await inbox.append(link, entry, target.request);
  // A refusal of this try proves nothing about an earlier one that got no answer. Its entry may still appear.
  const isRefused = appended.kind === 'rejected' || appended.kind === 'gone';
  const isSurelyUnwritten = reserved.first && (appended.kind === 'deferred' || appended.kind === 'broken');
  if (isRefused || isSurelyUnwritten) await store.inboxWrites.release(workspaceId, entry.key);
  return appended;
}

/** Looks for the entry of an earlier try: in the conversation it was meant for, and in the chat's conversation of now. */
async function findEarlierEntry(
  { store }: AppendOnceDeps,
  { message, request, workspace }: AppendTarget,
  link: ConversationLink,
  entry: InboxEntry,
  reserved: ReservedEntry,
): Promise<InboxOutcome<AppendedEntry | null>> {
  // Newer entries may follow it, so the search starts at the newest entry known at the first try.
  const then = { conversationId: reserved.conversationId, lastEntryId: reserved.afterEntryId };
  const places = [{ ...link, ...then, contact: (await contactOfFormerChat(store, message)) ?? link.contact }];
  if (link.conversationId !== reserved.conversationId) places.push({ ...link, lastEntryId: null });
  for (const place of places) {
    const found = await workspace.inbox.find(place, entry, request);
    if (found.kind === 'gone') continue;
    if (found.kind !== 'ok') return found;
    if (found.value === null) continue;
    const isOther = await store.inboxWrites.isOther(message.key.workspaceId, entry.key, found.value.entryId);
    if (!isOther) return found;
  }
  return { kind: 'ok', value: null };
}

/** A group that moved may have another contact than its former chat had. */
async function contactOfFormerChat(
  store: AppendOnceDeps['store'],
  { key, formerChatId }: MirrorMessage,
): Promise<ContactLink | null> {
  return formerChatId === null ? null : (await store.conversations.read({ ...key, chatId: formerChatId })).contact;
}
