import type { Input, Message, Output } from '@chatferry/contract';
import type { MessageScope } from '../../store/messages.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { type RequestContext, requireKey } from '../context.ts';
import { invalidCursor } from '../cut-page.ts';
import { showMessage } from './show-message.ts';

export interface ReadMessagesDeps {
  readonly store: StoreSlice<{ readonly messages: 'read' | 'list' }>;
}

export async function getMessage(
  { store }: ReadMessagesDeps,
  context: RequestContext,
  { params }: Input<'getMessage'>,
): Promise<Message> {
  const record = await store.messages.read(scopeOf(context), params.message_id);
  if (!record) throw new ApiError('NOT_FOUND', { message: 'There is no such message for this key. Check message_id.' });
  return showMessage(record);
}

export async function listMessages(
  { store }: ReadMessagesDeps,
  context: RequestContext,
  { query }: Input<'listMessages'>,
): Promise<Output<'listMessages'>> {
  if (query.cursor !== undefined && !/^[1-9][0-9]{0,14}$/.test(query.cursor)) throw invalidCursor();
  const before = query.cursor === undefined ? undefined : Number(query.cursor);
  const records = await store.messages.list(scopeOf(context), {
    channelId: query.channel_id,
    chatId: query.chat_id,
    state: query.state,
    before,
    limit: query.limit + 1,
  });
  const page = records.slice(0, query.limit);
  const last = page.at(-1);
  return {
    data: page.map(showMessage),
    next_cursor: last && records.length > query.limit ? String(last.messageId) : null,
  };
}

/** The messages that the key may read: those of its channel, or of its whole workspace. */
function scopeOf(context: RequestContext): MessageScope {
  const { workspaceId, channelId } = requireKey(context);
  return { workspaceId, channelId };
}
