import type { ChatResource, Input, Output } from '@chatferry/contract';
import type { Directory } from '../../engine/directory/directory.ts';
import type { ListedChat } from '../../store/chats.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { bindHandlers } from '../bind-handlers.ts';
import { type RequestContext, requireKey } from '../context.ts';
import { invalidCursor } from '../cut-page.ts';
import { findMessages, type ReadMessagesDeps, scopeOf } from '../messages/read-messages.ts';
import { chooseChannel } from '../send-telegram-interactive/choose-channel.ts';

export interface ChatDeps extends ReadMessagesDeps {
  readonly store: ReadMessagesDeps['store'] & StoreSlice<{ readonly chats: 'list' }>;
  readonly directory: Directory;
}

export const chatHandlers = (deps: ChatDeps) => bindHandlers(deps, { listChats, getChat, listChatMessages });

async function listChats(
  { store }: ChatDeps,
  context: RequestContext,
  { query }: Input<'listChats'>,
): Promise<Output<'listChats'>> {
  const { workspaceId, channelId } = scopeOf(context);
  const after = query.cursor === undefined ? null : readCursor(query.cursor);
  const chats = await store.chats.list({
    workspaceId,
    channelIds: [channelId, query.channel_id].filter((id) => id !== null && id !== undefined),
    chatId: null,
    after,
    limit: query.limit + 1,
  });
  const page = chats.slice(0, query.limit);
  const last = page.at(-1);
  const next = last !== undefined && chats.length > query.limit ? `${last.channelId}:${last.chatId}` : null;
  return { data: page.map(showChat), next_cursor: next };
}

/** The cursor is the place of the last chat of the page before. */
function readCursor(cursor: string) {
  const parts = /^(chn_[0-9a-z]{1,40}):(-?[1-9][0-9]{0,15})$/.exec(cursor);
  if (parts?.[1] === undefined || parts[2] === undefined) throw invalidCursor();
  return { channelId: parts[1], chatId: parts[2] };
}

async function getChat(
  { store, directory }: ChatDeps,
  context: RequestContext,
  { params, query }: Input<'getChat'>,
): Promise<ChatResource> {
  const { record } = await chooseChannel(directory, requireKey(context), query.channel_id);
  const chat = await readKnown(store, context, { channelId: record.id, chatId: params.chat_id });
  if (chat === null)
    throw new ApiError('NOT_FOUND', {
      message:
        'No such chat is known to this channel. A chat is known once the customer does something: a send alone does not make it known.',
    });
  return showChat(chat);
}

async function readKnown(
  store: ChatDeps['store'],
  context: RequestContext,
  { channelId, chatId }: { readonly channelId: string; readonly chatId: string },
): Promise<ListedChat | null> {
  const { workspaceId } = scopeOf(context);
  const [chat] = await store.chats.list({ workspaceId, channelIds: [channelId], chatId, after: null, limit: 1 });
  return chat ?? null;
}

async function listChatMessages(
  deps: ChatDeps,
  context: RequestContext,
  { params, query }: Input<'listChatMessages'>,
): Promise<Output<'listChatMessages'>> {
  const { record } = await chooseChannel(deps.directory, requireKey(context), query.channel_id);
  const chat = { channelId: record.id, chatId: params.chat_id };
  const all = { channel_id: chat.channelId, chat_id: chat.chatId };
  const page = await findMessages(deps, context, { ...query, ...all });
  if (page.data.length > 0 || (await readKnown(deps.store, context, chat)) !== null) return page;
  // A chat that only got messages is not known, and none of them may meet the conditions.
  if ((await findMessages(deps, context, { ...all, limit: 1 })).data.length > 0) return page;
  throw new ApiError('NOT_FOUND', {
    message: 'This channel has no such chat and no message of it. Check the id, and name the channel in channel_id.',
  });
}

const showChat = (chat: ListedChat): ChatResource => ({
  id: chat.chatId,
  channel_id: chat.channelId,
  kind: chat.kind,
  title: chat.title,
  username: chat.username,
  language: chat.person?.languageCode ?? null,
  last_seen_at: chat.seenAt?.toISOString() ?? null,
  blocked_at: chat.blockedAt?.toISOString() ?? null,
  migrated_to: chat.migratedTo,
  conversation_id: chat.conversationId,
});
