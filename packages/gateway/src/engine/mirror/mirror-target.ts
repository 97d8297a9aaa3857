import { withoutMarkSign } from '../../core/message/mark-text.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { ContactRequest, InboxEntry } from '../../ports/inbox.ts';
import { topicOf } from '../../store/conversations.ts';
import type { ClaimedLane } from '../../store/lanes.ts';
import type { MirrorMessage } from '../../store/mirror.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { Directory, OpenChannel, OpenWorkspace } from '../directory/directory.ts';
import { inboxChannelOf } from '../directory/inbox-channel.ts';
import { type BuildEntryStore, buildEntry } from './build-entry.ts';

/** A message, and all that is needed to write it into its inbox. */
export interface MirrorTarget {
  readonly lane: ClaimedLane;
  readonly message: MirrorMessage;
  readonly open: OpenChannel;
  readonly workspace: OpenWorkspace;
  readonly request: ContactRequest;
  readonly entry: InboxEntry;
  /** What the chat is called as long as it is not known whose it is. */
  readonly unknownTitle: string;
}

/** Null if the channel or the workspace was deleted. */
export async function findTarget(
  deps: {
    readonly store: BuildEntryStore & StoreSlice<{ readonly chats: 'read' }>;
    readonly directory: Pick<Directory, 'channel' | 'workspace'>;
    readonly channelKind: Pick<ChannelKind, 'unknownChat'>;
  },
  lane: ClaimedLane,
  message: MirrorMessage,
): Promise<MirrorTarget | null> {
  const { store, directory, channelKind } = deps;
  const { channelId, workspaceId, chatId } = message.key;
  const open = await directory.channel(channelId);
  const workspace = await directory.workspace(workspaceId);
  if (!open || !workspace) return null;
  const known = await store.chats.read(channelId, chatId);
  const unknown = channelKind.unknownChat(chatId);
  const chat = known === null ? unknown : { ...known.chat, title: known.chat.title ?? unknown.title };
  return {
    lane,
    message,
    open,
    workspace,
    request: {
      channel: inboxChannelOf(open.record),
      chat: { ...chat, title: withoutMarkSign(chat.title), topicId: topicOf(message.key) },
      person: known?.person ? { ...known.person, name: withoutMarkSign(known.person.name) } : null,
    },
    entry: await buildEntry(store, message, workspace),
    unknownTitle: unknown.title,
  };
}
