import { channelName, type Input, type Message, type Output } from '@chatferry/contract';
import type { MessageScope } from '../../store/messages.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import { type RequestContext, requireKey } from '../context.ts';
import { invalidCursor } from '../cut-page.ts';
import type { LinkTo } from './file-links.ts';
import { showMessage } from './show-message.ts';

export interface ReadMessagesDeps {
  readonly linkTo: LinkTo;
  readonly store: StoreSlice<{ readonly messages: 'read'; readonly messageSearch: 'search' }>;
}

export async function getMessage(
  { store, linkTo }: ReadMessagesDeps,
  context: RequestContext,
  { params }: Input<'getMessage'>,
): Promise<Message> {
  const record = await store.messages.read(scopeOf(context), params.message_id);
  if (!record) throw new ApiError('NOT_FOUND', { message: 'There is no such message for this key. Check message_id.' });
  return showMessage(record, linkTo);
}

export async function listMessages(
  deps: ReadMessagesDeps,
  context: RequestContext,
  { query }: Input<'listMessages'>,
): Promise<Output<'listMessages'>> {
  return findMessages(deps, context, query);
}

type Conditions = Input<'listMessages'>['query'];

/** One page of the messages that fulfil all conditions. Throws TYPE_MISMATCH. */
export async function findMessages(
  { store, linkTo }: ReadMessagesDeps,
  context: RequestContext,
  query: Conditions,
): Promise<Output<'listMessages'>> {
  if (query.cursor !== undefined && !/^[1-9][0-9]{0,14}$/.test(query.cursor)) throw invalidCursor();
  if (query.channel_message_id !== undefined && query.chat_id === undefined)
    throw invalidValue(
      '#/query/chat_id',
      `chat_id is needed with channel_message_id: ${channelName} counts for each chat.`,
    );
  const { messages, next } = await store.messageSearch.search(scopeOf(context), {
    channelId: query.channel_id,
    chatId: query.chat_id,
    state: query.state,
    direction: query.direction,
    kind: query.kind,
    since: query.since,
    until: query.until,
    requestId: query.request_id,
    channelMessageId: query.channel_message_id?.replace('tg-', ''),
    conversationId: query.conversation_id,
    metadata: query.metadata === undefined ? undefined : readPair(query.metadata),
    before: query.cursor === undefined ? undefined : Number(query.cursor),
    limit: query.limit,
  });
  return {
    data: messages.map((message) => showMessage(message, linkTo)),
    next_cursor: next === null ? null : String(next),
  };
}

/** `name:value`. The name has no colon, so the first colon separates them. */
function readPair(pair: string): Readonly<Record<string, string>> {
  const colon = pair.indexOf(':');
  return { [pair.slice(0, colon)]: pair.slice(colon + 1) };
}

/** The messages that the key may read: those of its channel, or of its whole workspace. */
export function scopeOf(context: RequestContext): MessageScope {
  const { workspaceId, channelId } = requireKey(context);
  return { workspaceId, channelId };
}
