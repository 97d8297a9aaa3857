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

export type AppendOnceStore = StoreSlice<{
  readonly conversations: 'read';
  readonly inboxWrites: 'reserve' | 'isOther' | 'release';
}>;

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
      const isOther = await store.inboxWrites.isOther(message.key.workspaceId, entry.key, found.value.entryId);
      if (!isOther) return found;
    }
    return { kind: 'ok', value: null };
  };

  /** The contact of a group's former chat, where that was not taken along. */
  const contactThen = async ({ key, formerChatId }: MirrorMessage): Promise<ContactLink | null> =>
    formerChatId === null ? null : (await store.conversations.read({ ...key, chatId: formerChatId })).contact;

  return async (scene, link, entry) => {
    const { lane, request, message, workspace } = scene;
    const { inbox } = workspace;
    const { workspaceId } = message.key;
    if (link.conversationId === null && entry.attachments?.length && !inbox.opensWithFiles) {
      const detail = 'the conversation is gone; it is opened anew before the files follow';
      return { kind: 'deferred', retryAfterMs: null, detail };
    }
    const reserved = await store.inboxWrites.reserve({
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
    if (nothingStands || nothingWritten) await store.inboxWrites.release(workspaceId, entry.key);
    return appended;
  };
}
