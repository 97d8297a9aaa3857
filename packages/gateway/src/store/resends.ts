import type { Pool } from 'pg';
import type { OutboundContent } from '../core/message/content.ts';
import type { Wire } from '../ports/channel.ts';
import { bindQueries } from './database/bind-queries.ts';
import type { MessageRecord } from './messages.ts';

/** A message as it can be given to the channel once more. */
export interface RepeatableMessage {
  readonly messageId: number;
  readonly workspaceId: string;
  readonly channelId: string;
  readonly chatId: string;
  readonly direction: MessageRecord['direction'];
  readonly state: MessageRecord['state'];
  readonly origin: 'api' | 'agent' | 'automatic' | 'customer';
  readonly failureName: string | null;
  readonly senderId: string | null;
  readonly content: OutboundContent;
  readonly wire: Wire | null;
  readonly replyRef: { readonly conversationId: string; readonly entryId: string } | null;
  /** The message that repeats it already. */
  readonly resentAs: number | null;
}

export async function readRepeatable(db: Pool, messageId: number): Promise<RepeatableMessage | null> {
  const { rows } = await db.query<{
    workspace_id: string;
    channel_id: string;
    chat_id: string;
    direction: RepeatableMessage['direction'];
    state: RepeatableMessage['state'];
    origin: RepeatableMessage['origin'];
    failure_name: string | null;
    sender_id: string | null;
    content: OutboundContent;
    wire: Wire | null;
    inbox_conversation_id: string | null;
    inbox_entry_id: string | null;
    resent_as: number | null;
  }>(
    `select m.workspace_id, m.channel_id, m.chat_id::text, m.direction, m.state, m.origin, m.failure->>'name' as failure_name,
       m.sender_id, m.content, m.wire, m.inbox_conversation_id, m.inbox_entry_id, r.resent_as
     from messages m left join resends r on r.message_id = m.id where m.id = $1`,
    [messageId],
  );
  const row = rows[0];
  if (!row) return null;
  const { inbox_conversation_id: conversationId, inbox_entry_id: entryId } = row;
  const isReply = row.origin === 'agent' && conversationId !== null && entryId !== null;
  return {
    messageId,
    workspaceId: row.workspace_id,
    channelId: row.channel_id,
    chatId: row.chat_id,
    direction: row.direction,
    state: row.state,
    origin: row.origin,
    failureName: row.failure_name,
    senderId: row.sender_id,
    content: row.content,
    wire: row.wire,
    replyRef: isReply ? { conversationId, entryId } : null,
    resentAs: row.resent_as,
  };
}

/** The queries of `store.resends`. */
export const resends = (db: Pool) => bindQueries(db, { readRepeatable });
