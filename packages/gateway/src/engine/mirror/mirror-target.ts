import { unknownChat } from '../../core/delivery/unknown-chat.ts';
import type { ContactRequest, InboxEntry } from '../../ports/inbox.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { MirrorMessage } from '../../store/mirror.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory, OpenChannel, OpenWorkspace } from '../directory/directory.ts';
import { inboxChannelOf } from '../directory/inbox-channel.ts';
import { topicOf } from '../directory/topic-of.ts';
import { type BuildEntryStore, buildEntry } from './build-entry.ts';

/** A message, and all that is needed to write it into its inbox. */
export interface MirrorTarget {
  readonly lane: ClaimedLane;
  readonly message: MirrorMessage;
  readonly open: OpenChannel;
  readonly workspace: OpenWorkspace;
  readonly request: ContactRequest;
  readonly entry: InboxEntry;
}

/** Null if the channel or the workspace was deleted. */
export async function findTarget(
  deps: {
    readonly store: BuildEntryStore & StoreSlice<{ readonly chats: 'read' }>;
    readonly directory: Pick<Directory, 'channel' | 'workspace'>;
  },
  lane: ClaimedLane,
  message: MirrorMessage,
): Promise<MirrorTarget | null> {
  const { store, directory } = deps;
  const { channelId, workspaceId, chatId } = message.key;
  const open = await directory.channel(channelId);
  const workspace = await directory.workspace(workspaceId);
  if (!open || !workspace) return null;
  const known = await store.chats.read(channelId, chatId);
  const chat = known?.chat ?? unknownChat(chatId);
  return {
    lane,
    message,
    open,
    workspace,
    request: {
      channel: inboxChannelOf(open.record),
      chat: { ...chat, topicId: topicOf(message.key) },
      person: known?.person ?? null,
    },
    entry: await buildEntry(store, message, workspace),
  };
}
