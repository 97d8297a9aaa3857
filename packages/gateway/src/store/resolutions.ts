import type { Pool } from 'pg';
import type { Wire } from '../ports/channel.ts';
import { bindQueries } from './database/bind-queries.ts';
import type { ResolutionRecord } from './messages.ts';
import type { FailureRecord } from './results.ts';

/**
 * Changes an unknown message to `sent` or `failed`, by a person's decision or by evidence, and queues its mirror job
 * if it was sent. False if the message is no longer unknown (it was just decided, or Telegram's answer just arrived),
 * or if another message of the chat already has this channel message id.
 */
export async function resolveMessage(
  db: Pool,
  messageId: number,
  resolution: Omit<ResolutionRecord, 'at'>,
  failure: FailureRecord | null,
  channelMessageId: string | null = null,
): Promise<boolean> {
  const { rows } = await db.query({
    name: 'resolve-message',
    text: `
with message as (
  update messages m set state = $2, failure = $3::jsonb, updated_at = clock_timestamp(),
    resolution = $4::jsonb || jsonb_build_object('at',
      to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
    channel_message_id = coalesce($5, m.channel_message_id),
    mirror = case when $2 = 'sent' and not m.skips_inbox then 'pending' else m.mirror end
  where m.id = $1 and m.state = 'unknown' and not exists (
    select 1 from messages o
    where o.channel_id = m.channel_id and o.chat_id = m.chat_id and o.channel_message_id = $5::bigint)
  returning m.id, m.created_on, m.workspace_id, m.skips_inbox, 'inbox:' || m.channel_id || ':' || m.chat_id as lane_key
), lane as (
  insert into lanes (key, workspace_id, run_at, tail)
  select lane_key, workspace_id, now(), 1 from message where $2 = 'sent' and not skips_inbox
  on conflict (key) do update set tail = lanes.tail + 1, run_at = coalesce(lanes.run_at, now())
  returning key, tail
), job as (
  insert into jobs (lane_key, seq, workspace_id, kind, payload)
  select l.key, l.tail, m.workspace_id, 'mirror', jsonb_build_object('messageId', m.id, 'createdOn', m.created_on)
  from lane l join message m on m.lane_key = l.key
)
select id from message`,
    values: [
      messageId,
      resolution.state,
      failure === null ? null : JSON.stringify(failure),
      JSON.stringify(resolution),
      channelMessageId,
    ],
  });
  return rows.length === 1;
}

/** Resolves a message as sent, because an update shows it under this channel message id. */
export const resolveByEvidence = (
  db: Pool,
  messageId: number,
  channelMessageId: string,
  note: string,
): Promise<boolean> => resolveMessage(db, messageId, { state: 'sent', by: 'evidence', note }, null, channelMessageId);

/** A message for which it is not known whether it was sent. */
export interface StoredUnknown {
  readonly messageId: number;
  readonly createdOn: string;
  readonly createdAtMs: number;
  readonly unknownSinceMs: number;
  readonly wire: Wire;
}

export async function readUnknownMessages(
  db: Pool,
  channelId: string,
  chatId: string,
): Promise<readonly StoredUnknown[]> {
  const { rows } = await db.query<{
    id: number;
    created_on: string;
    created_ms: number;
    since_ms: number;
    wire: Wire | null;
  }>({
    name: 'read-unknown-messages',
    text: `
select m.id, m.created_on::text, (extract(epoch from m.created_at) * 1000)::float8 as created_ms,
  (extract(epoch from u.since) * 1000)::float8 as since_ms, m.wire
from unknown_messages u join messages m on m.created_on = u.created_on and m.id = u.message_id
where u.channel_id = $1 and u.chat_id = $2`,
    values: [channelId, chatId],
  });
  return rows.map((row) => ({
    messageId: row.id,
    createdOn: row.created_on,
    createdAtMs: row.created_ms,
    unknownSinceMs: row.since_ms,
    wire: row.wire ?? {},
  }));
}

/** The queries of `store.resolutions`. */
export const resolutions = (db: Pool) =>
  bindQueries(db, { resolve: resolveMessage, resolveByEvidence, listUnknown: readUnknownMessages });
