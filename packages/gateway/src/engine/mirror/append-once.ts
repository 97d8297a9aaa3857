import type {
  AppendedEntry,
  ContactLink,
  ContactRequest,
  ConversationLink,
  Inbox,
  InboxEntry,
  InboxOutcome,
} from '../../ports/inbox.ts';
import type { ConversationKey, StoredConversation } from '../../store/conversations.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { EntryReservation, MirrorMessage, ReservedEntry } from '../../store/mirror.ts';
import type { LeaseClock } from '../lanes/lease-clock.ts';

export interface AppendOnceStore {
  readConversation(key: ConversationKey): Promise<StoredConversation>;
  reserveEntry(row: EntryReservation): Promise<ReservedEntry>;
  /** Whether an entry of the inbox is known to be another one. */
  isOtherEntry(workspaceId: string, entryKey: string, entryId: string): Promise<boolean>;
  releaseEntry(workspaceId: string, key: string): Promise<void>;
}

/** Where and for what an entry is written. */
export interface AppendScene {
  readonly lane: ClaimedLane;
  readonly message: MirrorMessage;
  readonly workspace: { readonly inbox: Inbox };
  readonly request: ContactRequest;
}

export type AppendOnce = (
  scene: AppendScene,
  link: ConversationLink,
  entry: InboxEntry,
) => Promise<InboxOutcome<AppendedEntry>>;

/** Reserves an entry, then writes it; where an earlier try may have arrived, looks before it writes again. */
export function createAppendOnce(store: AppendOnceStore, leases: LeaseClock): AppendOnce {
  /** What an earlier try may have written: where it was going, and where the chat's conversation is by now. */
  const findEarlier = async (
    { message, request, workspace }: AppendScene,
    link: ConversationLink,
    entry: InboxEntry,
    reserved: ReservedEntry,
  ): Promise<InboxOutcome<AppendedEntry | null>> => {
    // It may stand before what was written since.
    const then = { conversationId: reserved.conversationId, lastEntryId: reserved.afterEntryId };
    const places = [{ ...link, ...then, contact: (await contactThen(message)) ?? link.contact }];
    if (link.conversationId !== reserved.conversationId) places.push({ ...link, lastEntryId: null });
    for (const place of places) {
      const found = await workspace.inbox.find(place, entry, request);
      if (found.kind === 'gone') continue;
      if (found.kind !== 'ok') return found;
      if (found.value === null) continue;
      const isOther = await store.isOtherEntry(message.key.workspaceId, entry.key, found.value.entryId);
      if (!isOther) return found;
    }
    return { kind: 'ok', value: null };
  };

  /** The contact of a group's former chat, where that was not taken along. */
  const contactThen = async ({ key, formerChatId }: MirrorMessage): Promise<ContactLink | null> =>
    formerChatId === null ? null : (await store.readConversation({ ...key, chatId: formerChatId })).contact;

  return async (scene, link, entry) => {
    const { lane, request, message, workspace } = scene;
    const { inbox } = workspace;
    const { workspaceId } = message.key;
    if (link.conversationId === null && entry.attachments?.length && !inbox.opensWithFiles) {
      const detail = 'the conversation is gone; it is opened anew before the files follow';
      return { kind: 'deferred', retryAfterMs: null, detail };
    }
    const reserved = await store.reserveEntry({
      workspaceId,
      key: entry.key,
      conversationId: link.conversationId,
      textHash: Buffer.from(inbox.textHashOf(entry.body), 'hex'),
      afterEntryId: link.lastEntryId ?? null,
    });
    const { entryId, conversationId } = reserved;
    if (entryId !== null && conversationId !== null) {
      return { kind: 'ok', value: { entryId, conversationId, remark: null } };
    }
    if (!reserved.first) {
      const found = await findEarlier(scene, link, entry, reserved);
      if (found.kind !== 'ok') return found;
      if (found.value !== null) return { kind: 'ok', value: found.value };
    }
    // Whoever has the lane by now writes it, and the reservation tells that it may stand.
    if (leases.mayBeOver(lane))
      return { kind: 'deferred', retryAfterMs: null, detail: 'the lease on the lane ran out' };
    const appended = await inbox.append(link, entry, request);
    // A later refusal says nothing of an earlier try that got no answer: that one may still come to light.
    const nothingStands = appended.kind === 'rejected' || appended.kind === 'gone';
    const nothingWritten = reserved.first && (appended.kind === 'deferred' || appended.kind === 'broken');
    if (nothingStands || nothingWritten) await store.releaseEntry(workspaceId, entry.key);
    return appended;
  };
}
