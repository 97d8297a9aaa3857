import type { Pool } from 'pg';
import type { OutboundContent } from '../core/content.ts';

/** A message that is about to be sent, before it has an id. */
export interface IntentRow {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly chatId: string;
  readonly origin: 'api' | 'agent';
  readonly requestId: string;
  readonly keyId: string | null;
  readonly senderId: string | null;
  readonly content: OutboundContent;
  readonly wire: unknown;
  readonly epoch: number;
}

/** One try of one message, as the store knows it: the row that holds the chat's send lane. */
export interface Flight {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly chatId: string;
  readonly messageId: number;
  /** The message's day partition, `YYYY-MM-DD`. */
  readonly createdOn: string;
  readonly number: number;
  readonly epoch: number;
}

export type IntentOutcome =
  | { readonly kind: 'taken'; readonly flight: Flight }
  /** Another process has a send to this chat in flight. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'paused'; readonly remainingMs: number }
  | { readonly kind: 'migrated'; readonly newChatId: string };

interface IntentRecord {
  readonly ord: number;
  readonly message_id: number | null;
  readonly created_on: string | null;
  readonly paused_ms: number | null;
  readonly migrated_to: string | null;
}

/**
 * The intent, durable before a byte goes to Telegram: takes the chat's send lane and writes the message as `sending`
 * in one statement. Rows of one call must be for different chats. A row that takes no lane leaves nothing behind.
 */
const text = `
with input as (
  select * from unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::uuid[], $7::text[], $8::text[],
    $9::jsonb[], $10::jsonb[])
    as i(ord, workspace_id, channel_id, chat_id, origin, request_id, key_id, sender_id, content, wire)
), asked as (
  select i.ord, i.workspace_id, i.channel_id, i.chat_id, c.migrated_to,
    case when c.paused_until > now() then ceil(extract(epoch from c.paused_until - now()) * 1000)::int end as paused_ms
  from input i left join chats c on c.channel_id = i.channel_id and c.chat_id = i.chat_id
), flight as (
  insert into flights (workspace_id, channel_id, chat_id, message_id, created_on, number, epoch)
  select workspace_id, channel_id, chat_id, nextval('message_ids'), (now() at time zone 'utc')::date, 1, $11::bigint
  from asked where paused_ms is null and migrated_to is null
  order by channel_id, chat_id
  on conflict do nothing
  returning channel_id, chat_id, message_id, created_on
), message as (
  insert into messages (created_on, id, workspace_id, channel_id, chat_id, direction, origin, state, content, wire,
    sender_id, request_id, key_id)
  select f.created_on, f.message_id, i.workspace_id, i.channel_id, i.chat_id, 'outbound', i.origin, 'sending',
    i.content, i.wire, i.sender_id, i.request_id, i.key_id
  from flight f join input i on i.channel_id = f.channel_id and i.chat_id = f.chat_id
)
select a.ord, f.message_id, f.created_on::text, a.paused_ms, a.migrated_to::text
from asked a left join flight f on f.channel_id = a.channel_id and f.chat_id = a.chat_id`;

export async function recordIntents(db: Pool, rows: readonly IntentRow[]): Promise<readonly IntentOutcome[]> {
  const epoch = rows[0]?.epoch;
  const { rows: records } = await db.query<IntentRecord>({
    name: 'record-intents',
    text,
    values: [
      rows.map((_, index) => index),
      rows.map((row) => row.workspaceId),
      rows.map((row) => row.channelId),
      rows.map((row) => row.chatId),
      rows.map((row) => row.origin),
      rows.map((row) => row.requestId),
      rows.map((row) => row.keyId),
      rows.map((row) => row.senderId),
      rows.map((row) => JSON.stringify(row.content)),
      rows.map((row) => JSON.stringify(row.wire)),
      epoch,
    ],
  });
  const byOrd = new Map(records.map((record) => [record.ord, record]));
  return rows.map((row, index) => toOutcome(row, byOrd.get(index)));
}

function toOutcome(row: IntentRow, record: IntentRecord | undefined): IntentOutcome {
  if (!record) throw new Error('record-intents answered without a row for every intent');
  if (record.message_id !== null && record.created_on !== null) {
    const { workspaceId, channelId, chatId, epoch } = row;
    return {
      kind: 'taken',
      flight: {
        workspaceId,
        channelId,
        chatId,
        messageId: record.message_id,
        createdOn: record.created_on,
        number: 1,
        epoch,
      },
    };
  }
  if (record.migrated_to !== null) return { kind: 'migrated', newChatId: record.migrated_to };
  if (record.paused_ms !== null) return { kind: 'paused', remainingMs: record.paused_ms };
  return { kind: 'busy' };
}
