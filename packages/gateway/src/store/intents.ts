import type { Pool } from 'pg';
import type { OutboundContent } from '../core/message/content.ts';
import { createBatcher, rowBatches, type Schedule } from './database/batcher.ts';
import type { KeyName } from './idempotency.ts';

/** A message that is about to be sent, before it has an id. */
export interface IntentRow {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly chatId: string;
  readonly origin: 'api' | 'agent' | 'automatic';
  readonly requestId: string;
  readonly keyId: string | null;
  readonly senderId: string | null;
  readonly content: OutboundContent;
  readonly wire: unknown;
  readonly epoch: number;
  /** The caller's Idempotency-Key, claimed by this request. */
  readonly idempotency: KeyName | null;
  /** The agent's reply that is whole with this message; null for a caller's. */
  readonly replyRef: { readonly conversationId: string; readonly entryId: string } | null;
  /** The message that it repeats by a person's decision; it must have an idempotency name then. */
  readonly resend?: { readonly of: number; readonly note: string } | undefined;
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
  | { readonly kind: 'migrated'; readonly newChatId: string }
  /** Another request holds the Idempotency-Key meanwhile. */
  | { readonly kind: 'superseded' };

interface IntentRecord {
  readonly ord: number;
  readonly message_id: number | null;
  readonly created_on: string;
  readonly paused_ms: number | null;
  readonly migrated_to: string | null;
  readonly superseded: boolean;
}

/**
 * The intent, durable before a byte goes to Telegram: takes the chat's send lane and writes the message as `sending`
 * in one statement. Rows of one call must be for different chats. A row that takes no lane leaves nothing behind.
 *
 * The look-up of each chat by itself keeps the plan to the primary key, also one that was made while the table was empty; rows
 * find each other again by their number, which is compared faster than a channel's id.
 */
const textFor = (keyed: boolean): string => `
with input as (
  select * from unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::uuid[], $7::text[], $8::text[]${
    keyed ? ', $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::bigint[], $17::text[]' : ''
  })
    as i(ord, workspace_id, channel_id, chat_id, origin, request_id, key_id, sender_id${
      keyed ? ', idem_scope, idem_route, idem_key, inbox_conversation_id, inbox_entry_id, resend_of, resend_note' : ''
    })
), asked as (
  select i.*, c.migrated_to, (now() at time zone 'utc')::date as created_on,
    case when c.paused_until > now() then ceil(extract(epoch from c.paused_until - now()) * 1000)::int end as paused_ms
  from input i left join lateral (
    select migrated_to, paused_until from chats where channel_id = i.channel_id and chat_id = i.chat_id limit 1
  ) c on true
), free as (
  select nextval('message_ids') as message_id, a.* from asked a
  where paused_ms is null and migrated_to is null
  order by channel_id, chat_id
)${
  keyed
    ? `, keyed as (
  update idempotency_keys k set message_id = f.message_id, created_on = f.created_on
  from free f
  where k.scope = f.idem_scope and k.route = f.idem_route and k.key = f.idem_key and k.request_id = f.request_id
  returning f.ord
)`
    : ''
}, flight as (
  insert into flights (workspace_id, channel_id, chat_id, message_id, created_on, number, epoch)
  select workspace_id, channel_id, chat_id, message_id, created_on, 1, $10::bigint from free f
  ${keyed ? 'where f.idem_key is null or exists (select 1 from keyed k where k.ord = f.ord)' : ''}
  on conflict do nothing
  returning message_id
), message as (
  insert into messages (created_on, id, workspace_id, channel_id, chat_id, direction, origin, state, content, wire,
    sender_id, request_id, key_id${keyed ? ', inbox_conversation_id, inbox_entry_id, resend_of, resend_note' : ''})
  select i.created_on, i.message_id, i.workspace_id, i.channel_id, i.chat_id, 'outbound', i.origin, 'sending',
    $9::jsonb -> i.ord -> 'content', $9::jsonb -> i.ord -> 'wire', i.sender_id, i.request_id, i.key_id${keyed ? ', i.inbox_conversation_id, i.inbox_entry_id, i.resend_of, i.resend_note' : ''}
  from free i where i.message_id = any (array(select message_id from flight))
  returning id
)
select a.ord, m.id as message_id, a.created_on::text, a.paused_ms, a.migrated_to::text,
  ${keyed ? 'f.idem_key is not null and not exists (select 1 from keyed k where k.ord = a.ord)' : 'false'} as superseded
from asked a left join free f on f.ord = a.ord
  left join message m on m.id = f.message_id`;

const text = textFor(false);
const keyedText = textFor(true);

export async function recordIntents(db: Pool, rows: readonly IntentRow[]): Promise<readonly IntentOutcome[]> {
  const keyed = rows.some((row) => row.idempotency !== null);
  const { rows: records } = await db.query<IntentRecord>({
    name: keyed ? 'record-keyed-intents' : 'record-intents',
    text: keyed ? keyedText : text,
    values: [
      rows.map((_, index) => index),
      rows.map((row) => row.workspaceId),
      rows.map((row) => row.channelId),
      rows.map((row) => row.chatId),
      rows.map((row) => row.origin),
      rows.map((row) => row.requestId),
      rows.map((row) => row.keyId),
      rows.map((row) => row.senderId),
      // One document for all rows: in an array of documents every quote would be escaped, and read, once more.
      JSON.stringify(rows.map(({ content, wire }) => ({ content, wire }))),
      rows[0]?.epoch,
      ...(keyed
        ? [
            rows.map((row) => row.idempotency?.scope ?? null),
            rows.map((row) => row.idempotency?.route ?? null),
            rows.map((row) => row.idempotency?.key ?? null),
            rows.map((row) => row.replyRef?.conversationId ?? null),
            rows.map((row) => row.replyRef?.entryId ?? null),
            rows.map((row) => row.resend?.of ?? null),
            rows.map((row) => row.resend?.note ?? null),
          ]
        : []),
    ],
  });
  const byOrd = new Map(records.map((record) => [record.ord, record]));
  return rows.map((row, index) => toOutcome(row, byOrd.get(index)));
}

function toOutcome(row: IntentRow, record: IntentRecord | undefined): IntentOutcome {
  if (!record) throw new Error('record-intents answered without a row for every intent');
  if (record.message_id !== null) {
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
  if (record.superseded) return { kind: 'superseded' };
  return { kind: 'busy' };
}

/** Two sends to one chat must not share a statement: the second has to find the first in flight. */
export const intentConflictKey = (row: IntentRow): string => `${row.channelId}:${row.chatId}`;

/** The queries of `store.intents`. */
export const intents = (db: Pool, schedule: Schedule) => ({
  record: createBatcher<IntentRow, IntentOutcome>({
    ...rowBatches((rows) => recordIntents(db, rows)),
    conflictKey: intentConflictKey,
    schedule,
  }).submit,
});
