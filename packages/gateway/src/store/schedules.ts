import type { Pool } from 'pg';
import type { Wire } from '../ports/channel.ts';
import { bindQueries } from './database/bind-queries.ts';
import type { IntentRow } from './intents.ts';
import { scheduleLaneKey } from './lane-keys.ts';
import type { MessageRecord } from './messages.ts';
import type { FailureRecord } from './results.ts';

/** A message that is to be sent later. */
export interface ScheduledRow extends Omit<IntentRow, 'epoch' | 'replyRef' | 'resend' | 'scheduled'> {
  readonly sendAt: Date;
}

/**
 * Stores a message that is to be sent later, and the job that sends it, in a lane that is due then. Null if another
 * request has taken over the Idempotency-Key: nothing is stored then.
 */
export async function recordScheduled(db: Pool, row: ScheduledRow): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>({
    name: 'record-scheduled',
    text: `
with draft as (
  select nextval('message_ids') as id, (now() at time zone 'utc')::date as created_on
), keyed as (
  update idempotency_keys k set message_id = d.id, created_on = d.created_on from draft d
  where k.scope = $11 and k.route = $12 and k.key = $13 and k.request_id = $5::uuid returning 1
), message as (
  insert into messages (created_on, id, workspace_id, channel_id, chat_id, direction, origin, state, content, wire,
    metadata, skips_inbox, sender_id, request_id, key_id, send_at)
  select created_on, id, $1, $2, $3::bigint, 'outbound', $4, 'scheduled', $6::jsonb, $7::jsonb, $8::jsonb, $9, $10,
    $5::uuid, $14, $15::timestamptz
  from draft where $13::text is null or exists (select 1 from keyed)
  returning id, created_on
), lane as (
  insert into lanes (key, workspace_id, run_at, tail) select $16 || id, $1, $15::timestamptz, 1 from message returning key
), job as (
  insert into jobs (lane_key, seq, workspace_id, kind, payload)
  select l.key, 1, $1, 'scheduled', jsonb_build_object('messageId', m.id, 'createdOn', m.created_on)
  from lane l, message m
)
select id from message`,
    values: [
      row.workspaceId,
      row.channelId,
      row.chatId,
      row.origin,
      row.requestId,
      JSON.stringify(row.content),
      JSON.stringify(row.wire),
      row.metadata == null ? null : JSON.stringify(row.metadata),
      row.skipsInbox === true,
      row.senderId,
      row.idempotency?.scope ?? null,
      row.idempotency?.route ?? null,
      row.idempotency?.key ?? null,
      row.keyId,
      row.sendAt,
      scheduleLaneKey(row.channelId, ''),
    ],
  });
  return rows[0]?.id ?? null;
}

/** A scheduled message, with all that is needed to send it. */
export interface ScheduledMessage
  extends Pick<IntentRow, 'workspaceId' | 'channelId' | 'chatId' | 'content' | 'senderId' | 'keyId' | 'requestId'> {
  readonly messageId: number;
  readonly createdOn: string;
  readonly state: MessageRecord['state'];
  readonly wire: Wire;
  /** Until it is due, on the database's clock. Negative if it is overdue. */
  readonly dueInMs: number;
}

export async function readScheduled(db: Pool, createdOn: string, messageId: number): Promise<ScheduledMessage | null> {
  const { rows } = await db.query<{
    workspace_id: string;
    channel_id: string;
    chat_id: string;
    state: ScheduledMessage['state'];
    content: ScheduledMessage['content'];
    wire: Wire;
    sender_id: string | null;
    key_id: string | null;
    request_id: string;
    due_in_ms: number;
  }>({
    name: 'read-scheduled',
    text: `
select workspace_id, channel_id, chat_id::text, state, content, wire, sender_id, key_id, request_id::text,
  (extract(epoch from send_at - now()) * 1000)::float8 as due_in_ms
from messages where created_on = $1 and id = $2 and send_at is not null`,
    values: [createdOn, messageId],
  });
  const row = rows[0];
  if (!row) return null;
  return {
    messageId,
    createdOn,
    workspaceId: row.workspace_id,
    channelId: row.channel_id,
    chatId: row.chat_id,
    state: row.state,
    content: row.content,
    wire: row.wire,
    senderId: row.sender_id,
    keyId: row.key_id,
    requestId: row.request_id,
    dueInMs: Math.ceil(row.due_in_ms),
  };
}

/** Ends a scheduled message that cannot be sent. */
export async function failScheduled(
  db: Pool,
  { createdOn, messageId }: Pick<ScheduledMessage, 'createdOn' | 'messageId'>,
  failure: FailureRecord,
): Promise<void> {
  await db.query({
    name: 'fail-scheduled',
    text: `
update messages set state = 'failed', failure = $3, updated_at = clock_timestamp()
where created_on = $1 and id = $2 and state = 'scheduled'`,
    values: [createdOn, messageId, JSON.stringify(failure)],
  });
}

/** The queries of `store.schedules`. */
export const schedules = (db: Pool) =>
  bindQueries(db, { record: recordScheduled, read: readScheduled, fail: failScheduled });
