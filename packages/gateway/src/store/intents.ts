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
  /** The agent's reply that is complete with this message; null for a caller's message. */
  readonly replyRef: { readonly conversationId: string; readonly entryId: string } | null;
  /** The caller's own words about the message. Absent or null: none. */
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
  /** The message is never written into the inbox. */
  readonly skipsInbox?: boolean | undefined;
  /** The scheduled message that is sent now: it has a row already. */
  readonly scheduled?: { readonly messageId: number; readonly createdOn: string } | undefined;
  /** The message that a person decided to repeat. Such an intent must have an idempotency name. */
  readonly resend?: { readonly of: number; readonly note: string } | undefined;
}

/** One try of one message: the row of `flights` that holds the chat's send lane. */
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
  /** Another request has taken over the Idempotency-Key. */
  | { readonly kind: 'superseded' };

interface IntentRecord {
  readonly ord: number;
  readonly message_id: number | null;
  /** Absent for a message that is new: 1. */
  readonly number?: number | null;
  readonly created_on: string;
  readonly paused_ms: number | null;
  readonly migrated_to: string | null;
  readonly superseded: boolean;
}

/**
 * Stores intents before anything is sent to Telegram. One statement takes the chat's send lane (the row in flights)
 * and inserts the message as `sending`. A row that does not get its lane changes nothing.
 *
 * Why it is written this way: the lateral look-up with `limit 1` makes the planner use the primary key of chats, even
 * in a plan that was made while the table was empty. Rows are matched by their number, because comparing integers is
 * faster than comparing channel ids. The order by prevents deadlocks between two batches.
 */
const recordSql = `
with input as (
  select * from unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::uuid[], $7::text[], $8::text[])
    as i(ord, workspace_id, channel_id, chat_id, origin, request_id, key_id, sender_id)
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
), flight as (
  insert into flights (workspace_id, channel_id, chat_id, message_id, created_on, number, epoch)
  select workspace_id, channel_id, chat_id, message_id, created_on, 1, $10::bigint from free f
  on conflict do nothing
  returning message_id
), message as (
  insert into messages (created_on, id, workspace_id, channel_id, chat_id, direction, origin, state, content, wire,
    metadata, skips_inbox, sender_id, request_id, key_id)
  select i.created_on, i.message_id, i.workspace_id, i.channel_id, i.chat_id, 'outbound', i.origin, 'sending',
    $9::jsonb -> i.ord -> 'content', $9::jsonb -> i.ord -> 'wire', $9::jsonb -> i.ord -> 'metadata',
    ($9::jsonb -> i.ord ->> 'skips') is not null, i.sender_id, i.request_id, i.key_id
  from free i where i.message_id = any (array(select message_id from flight))
  returning id
)
select a.ord, m.id as message_id, a.created_on::text, a.paused_ms, a.migrated_to::text, false as superseded
from asked a left join free f on f.ord = a.ord
  left join message m on m.id = f.message_id`;

/**
 * The same for a batch in which at least one row has an idempotency name. An agent's reply and a repeated message
 * always have one. This statement also writes the message's id to the key, and takes no lane for a row whose key now
 * belongs to another request. It is a separate statement, because most sends have no key and the shorter one is
 * faster.
 */
const recordKeyedSql = `
with input as (
  select * from unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::uuid[], $7::text[], $8::text[],
      $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::bigint[], $17::text[])
    as i(ord, workspace_id, channel_id, chat_id, origin, request_id, key_id, sender_id,
      idem_scope, idem_route, idem_key, inbox_conversation_id, inbox_entry_id, resend_of, resend_note)
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
), keyed as (
  update idempotency_keys k set message_id = f.message_id, created_on = f.created_on
  from free f
  where k.scope = f.idem_scope and k.route = f.idem_route and k.key = f.idem_key and k.request_id = f.request_id
  returning f.ord
), flight as (
  insert into flights (workspace_id, channel_id, chat_id, message_id, created_on, number, epoch)
  select workspace_id, channel_id, chat_id, message_id, created_on, 1, $10::bigint from free f
  where f.idem_key is null or exists (select 1 from keyed k where k.ord = f.ord)
  on conflict do nothing
  returning message_id
), message as (
  insert into messages (created_on, id, workspace_id, channel_id, chat_id, direction, origin, state, content, wire,
    metadata, skips_inbox, sender_id, request_id, key_id, inbox_conversation_id, inbox_entry_id, resend_of, resend_note)
  select i.created_on, i.message_id, i.workspace_id, i.channel_id, i.chat_id, 'outbound', i.origin, 'sending',
    $9::jsonb -> i.ord -> 'content', $9::jsonb -> i.ord -> 'wire', $9::jsonb -> i.ord -> 'metadata',
    ($9::jsonb -> i.ord ->> 'skips') is not null, i.sender_id, i.request_id, i.key_id, i.inbox_conversation_id, i.inbox_entry_id, i.resend_of, i.resend_note
  from free i where i.message_id = any (array(select message_id from flight))
  returning id
)
select a.ord, m.id as message_id, a.created_on::text, a.paused_ms, a.migrated_to::text,
  f.idem_key is not null and not exists (select 1 from keyed k where k.ord = a.ord) as superseded
from asked a left join free f on f.ord = a.ord
  left join message m on m.id = f.message_id`;

/** What is absent costs nothing: most messages have no metadata, and are shown in the inbox. */
const documentsOf = ({ content, wire, metadata, skipsInbox }: IntentRow) => ({
  content,
  wire,
  ...(metadata == null || Object.keys(metadata).length === 0 ? {} : { metadata }),
  ...(skipsInbox === true ? { skips: true } : {}),
});

/** The parameters $1 to $10 of both statements. */
const intentValues = (rows: readonly IntentRow[]): readonly unknown[] => [
  rows.map((_, index) => index),
  rows.map((row) => row.workspaceId),
  rows.map((row) => row.channelId),
  rows.map((row) => row.chatId),
  rows.map((row) => row.origin),
  rows.map((row) => row.requestId),
  rows.map((row) => row.keyId),
  rows.map((row) => row.senderId),
  // One document for all rows: in an array of documents every quote would be escaped and parsed a second time.
  JSON.stringify(rows.map(documentsOf)),
  rows[0]?.epoch,
];

/** The parameters $11 to $17 of `recordKeyedSql`. */
const keyedValues = (rows: readonly IntentRow[]): readonly unknown[] => [
  rows.map((row) => row.idempotency?.scope ?? null),
  rows.map((row) => row.idempotency?.route ?? null),
  rows.map((row) => row.idempotency?.key ?? null),
  rows.map((row) => row.replyRef?.conversationId ?? null),
  rows.map((row) => row.replyRef?.entryId ?? null),
  rows.map((row) => row.resend?.of ?? null),
  rows.map((row) => row.resend?.note ?? null),
];

/**
 * The same for a scheduled message: it becomes `sending`. A message that is no longer scheduled is `superseded`, and
 * holds no lane.
 */
const beginScheduledSql = `
with chat as (
  select migrated_to,
    case when paused_until > now() then ceil(extract(epoch from paused_until - now()) * 1000)::int end as paused_ms
  from chats where channel_id = $2 and chat_id = $3::bigint
), due as (
  select id, created_on from messages where created_on = $4 and id = $5 and state = 'scheduled'
), flight as (
  insert into flights (workspace_id, channel_id, chat_id, message_id, created_on, number, epoch)
  select $1, $2, $3::bigint, id, created_on,
    1 + coalesce((select max(a.number) from attempts a where a.created_on = $4 and a.message_id = due.id), 0), $6
  from due
  where not exists (select 1 from chat where migrated_to is not null or paused_ms is not null)
  on conflict do nothing returning message_id, number
), message as (
  update messages m set state = 'sending', chat_id = $3::bigint, wire = $7, updated_at = clock_timestamp()
  from flight f where m.created_on = $4 and m.id = f.message_id returning m.id
)
select (select id from message) as message_id, (select number from flight) as number, $4::text as created_on, (select paused_ms from chat) as paused_ms,
  (select migrated_to from chat)::text as migrated_to, not exists (select 1 from due) as superseded`;

async function beginScheduled(
  db: Pool,
  row: IntentRow,
  { messageId, createdOn }: NonNullable<IntentRow['scheduled']>,
): Promise<IntentOutcome> {
  const { workspaceId, channelId, chatId, epoch, wire } = row;
  const { rows } = await db.query<Omit<IntentRecord, 'ord'>>({
    name: 'begin-scheduled',
    text: beginScheduledSql,
    values: [workspaceId, channelId, chatId, createdOn, messageId, epoch, JSON.stringify(wire)],
  });
  return toOutcome(row, rows[0] && { ...rows[0], ord: 0 });
}

/** Rows of one call must be for different chats and of the same process. */
export async function recordIntents(db: Pool, rows: readonly IntentRow[]): Promise<readonly IntentOutcome[]> {
  const scheduled = rows.find((row) => row.scheduled !== undefined);
  if (scheduled !== undefined) return Promise.all(rows.map((row) => recordOne(db, row)));
  const hasKeys = rows.some((row) => row.idempotency !== null);
  const { rows: records } = await db.query<IntentRecord>(
    hasKeys
      ? { name: 'record-keyed-intents', text: recordKeyedSql, values: [...intentValues(rows), ...keyedValues(rows)] }
      : { name: 'record-intents', text: recordSql, values: [...intentValues(rows)] },
  );
  const byOrd = new Map(records.map((record) => [record.ord, record]));
  return rows.map((row, index) => toOutcome(row, byOrd.get(index)));
}

async function recordOne(db: Pool, row: IntentRow): Promise<IntentOutcome> {
  if (row.scheduled !== undefined) return beginScheduled(db, row, row.scheduled);
  const [outcome] = await recordIntents(db, [row]);
  return outcome ?? { kind: 'busy' };
}

function toOutcome(row: IntentRow, record: IntentRecord | undefined): IntentOutcome {
  if (!record) throw new Error('record-intents did not return a row for every intent');
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
        number: record.number ?? 1,
        epoch,
      },
    };
  }
  if (record.migrated_to !== null) return { kind: 'migrated', newChatId: record.migrated_to };
  if (record.paused_ms !== null) return { kind: 'paused', remainingMs: record.paused_ms };
  if (record.superseded) return { kind: 'superseded' };
  return { kind: 'busy' };
}

/** Two sends to one chat must not share a statement, because the second must find the first in flight. */
export const intentConflictKey = (row: IntentRow): string => `${row.channelId}:${row.chatId}`;

/** The queries of `store.intents`. */
export const intents = (db: Pool, schedule: Schedule) => ({
  record: createBatcher<IntentRow, IntentOutcome>({
    ...rowBatches((rows) => recordIntents(db, rows)),
    conflictKey: intentConflictKey,
    schedule,
  }).submit,
});
