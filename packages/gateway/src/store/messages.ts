import type { InboxKind } from '@chatferry/contract';
import type { Pool } from 'pg';
import type { InboundContent, OutboundContent } from '../core/message/content.ts';
import type { InboundEvent } from '../core/message/inbound.ts';
import type { Wire } from '../ports/channel.ts';
import { bindQueries } from './database/bind-queries.ts';
import type { FailureRecord } from './results.ts';

/** The messages that a key may see: those of its workspace, and for a channel key those of its channel. */
export interface MessageScope {
  readonly workspaceId: string;
  readonly channelId: string | null;
}

export interface AttemptRecord {
  readonly number: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly outcome: 'delivered' | 'rejected' | 'deferred' | 'uncertain' | null;
  readonly detail: string | null;
}

/** The decision about a message that was `unknown`, made by a person or by evidence. */
export interface ResolutionRecord {
  readonly state: 'sent' | 'failed';
  readonly by: 'admin' | 'evidence';
  readonly note: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A tap of a button of the message that counted. */
export interface TapRecord {
  readonly inboundId: number;
  readonly at: Date;
  readonly content: Extract<InboundContent, { readonly kind: 'tap' }>;
}

export interface MessageRecord {
  readonly messageId: number;
  readonly direction: 'outbound' | 'inbound';
  readonly origin: 'api' | 'agent' | 'automatic' | 'customer';
  readonly state: 'scheduled' | 'pending' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled' | 'received';
  readonly channelId: string;
  readonly chatId: string;
  readonly content: OutboundContent | InboundEvent;
  readonly channelMessageId: string | null;
  /** All ids of an album. Null for a message with one id, or none. */
  readonly channelMessageIds: readonly string[] | null;
  readonly requestId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly failure: FailureRecord | null;
  readonly resolution: ResolutionRecord | null;
  readonly resendOf: number | null;
  /** Why a person repeated the message `resendOf`. */
  readonly resendNote: string | null;
  /** The message that repeats this one. */
  readonly resentAs: number | null;
  readonly mirror: {
    readonly state: 'none' | 'pending' | 'done' | 'dead';
    readonly conversationId: string | null;
    readonly entryId: string | null;
    readonly detail: string | null;
  };
  readonly attempts: readonly AttemptRecord[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly skipsInbox: boolean;
  /** The agent who appears as the sender, and the kind of inbox that has the agent. Null for the default sender. */
  readonly sender: { readonly inboxKind: InboxKind; readonly id: string } | null;
  /** Null unless it was scheduled. */
  readonly sendAt: Date | null;
  readonly editedAt: Date | null;
  readonly deletedAt: Date | null;
  /** The oldest first. */
  readonly taps: readonly TapRecord[];
}

interface Row {
  readonly id: number;
  readonly direction: MessageRecord['direction'];
  readonly origin: MessageRecord['origin'];
  readonly state: MessageRecord['state'];
  readonly channel_id: string;
  readonly chat_id: string;
  readonly content: MessageRecord['content'];
  readonly channel_message_id: string | null;
  readonly request_id: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly failure: FailureRecord | null;
  readonly resolution: ResolutionRecord | null;
  readonly resend_of: number | null;
  readonly resend_note: string | null;
  readonly resent_as: number | null;
  readonly mirror: MessageRecord['mirror']['state'];
  readonly inbox_conversation_id: string | null;
  readonly inbox_entry_id: string | null;
  readonly mirror_detail: string | null;
  readonly attempts: readonly AttemptRecord[];
  readonly channel_message_ids: readonly string[] | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly skips_inbox: boolean;
  readonly sender_id: string | null;
  /** `test` has no teammates. */
  readonly inbox_kind: InboxKind | 'test' | null;
  readonly send_at: Date | null;
  readonly edited_at: Date | null;
  readonly deleted_at: Date | null;
  readonly taps: readonly { readonly id: number; readonly at: string; readonly content: TapRecord['content'] }[];
}

const columns = `m.id, m.direction, m.origin, m.state, m.channel_id, m.chat_id::text, m.content,
  m.channel_message_id::text, m.request_id, m.created_at, m.updated_at, m.failure, m.resolution, m.resend_of, m.resend_note,
  (select r.resent_as from resends r where r.message_id = m.id) as resent_as,
  m.mirror, m.inbox_conversation_id, m.inbox_entry_id, m.mirror_detail, m.channel_message_ids::text[], m.metadata,
  m.skips_inbox, m.sender_id, (select w.inbox_kind from workspaces w where w.id = m.workspace_id) as inbox_kind`;

/** A try that has ended is in attempts. The try in flight is in flights. */
const select = `
select ${columns},
  (select coalesce(jsonb_agg(jsonb_build_object('number', t.number, 'startedAt', t.started_at,
     'finishedAt', t.finished_at, 'outcome', t.outcome, 'detail', t.detail) order by t.number), '[]')
   from (
     select number, started_at, finished_at, outcome, detail from attempts a
     where a.created_on = m.created_on and a.message_id = m.id
     union all
     select f.number, f.started_at, null, null, null from flights f
     where f.channel_id = m.channel_id and f.chat_id = m.chat_id and f.message_id = m.id
       and not exists (
         select 1 from attempts a where a.created_on = m.created_on and a.message_id = m.id and a.number = f.number
       )
   ) t) as attempts,
  m.send_at, m.edited_at, m.deleted_at,
  (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'at', t.created_at, 'content', t.content->'content')
     order by t.id), '[]')
   from messages t where t.tapped_id = m.id and m.direction = 'outbound' and t.created_on >= m.created_on) as taps
from messages m`;

const senderOf = ({ sender_id: id, inbox_kind: inboxKind }: Row): MessageRecord['sender'] =>
  id === null || inboxKind === null || inboxKind === 'test' ? null : { inboxKind, id };

const decode = (row: Row): MessageRecord => ({
  messageId: row.id,
  direction: row.direction,
  origin: row.origin,
  state: row.state,
  channelId: row.channel_id,
  chatId: row.chat_id,
  content: row.content,
  channelMessageId: row.channel_message_id,
  requestId: row.request_id,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  failure: row.failure,
  resolution: row.resolution,
  resendOf: row.resend_of,
  resendNote: row.resend_note,
  resentAs: row.resent_as,
  mirror: {
    state: row.mirror,
    conversationId: row.inbox_conversation_id,
    entryId: row.inbox_entry_id,
    detail: row.mirror_detail,
  },
  attempts: row.attempts.map((attempt) => ({
    ...attempt,
    startedAt: new Date(attempt.startedAt).toISOString(),
    finishedAt: attempt.finishedAt === null ? null : new Date(attempt.finishedAt).toISOString(),
  })),
  channelMessageIds: row.channel_message_ids,
  metadata: row.metadata ?? {},
  skipsInbox: row.skips_inbox,
  sender: senderOf(row),
  sendAt: row.send_at,
  editedAt: row.edited_at,
  deletedAt: row.deleted_at,
  taps: row.taps.map(({ id, at, content }) => ({ inboundId: id, at: new Date(at), content })),
});

/** Without a check of the caller's scope; for the administrator. */
export async function readAnyMessage(db: Pool, messageId: number): Promise<MessageRecord | null> {
  const { rows } = await db.query<Row>({
    name: 'read-any-message',
    text: `${select} where m.id = $1`,
    values: [messageId],
  });
  return rows[0] ? decode(rows[0]) : null;
}

export async function readMessage(db: Pool, scope: MessageScope, messageId: number): Promise<MessageRecord | null> {
  const { rows } = await db.query<Row>({
    name: 'read-message',
    text: `${select} where m.id = $1 and m.workspace_id = $2 and ($3::text is null or m.channel_id = $3)`,
    values: [messageId, scope.workspaceId, scope.channelId],
  });
  return rows[0] ? decode(rows[0]) : null;
}

/** The messages of these ids on these days, by id, without their attempts and taps. For readers of the event log. */
export async function readMessagesOf(
  db: Pool,
  messageIds: readonly number[],
  days: readonly string[],
): Promise<ReadonlyMap<number, MessageRecord>> {
  const { rows } = await db.query<Row>({
    name: 'read-messages-of',
    text: `select ${columns}, '[]'::jsonb as attempts, '[]'::jsonb as taps from messages m
where m.created_on = any ($2::date[]) and m.id = any ($1::bigint[])`,
    values: [messageIds, days],
  });
  return new Map(rows.map((row) => [row.id, decode(row)]));
}

/** Everything that is needed to send a message again. */
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
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly skipsInbox: boolean;
  /** The message that already repeats it. */
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
    metadata: Readonly<Record<string, string>> | null;
    skips_inbox: boolean;
  }>(
    `select m.workspace_id, m.channel_id, m.chat_id::text, m.direction, m.state, m.origin,
       m.failure->>'name' as failure_name, m.sender_id, m.content, m.wire, m.inbox_conversation_id,
       m.inbox_entry_id, r.resent_as, m.metadata, m.skips_inbox
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
    metadata: row.metadata,
    skipsInbox: row.skips_inbox,
  };
}

/** The queries of `store.messages`. */
export const messages = (db: Pool) => bindQueries(db, { read: readMessage, readAny: readAnyMessage, readRepeatable });

export { decode as decodeMessage, type Row as MessageRow, select as selectMessage };
