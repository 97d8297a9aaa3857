import type { FailureReason } from '@chatferry/contract';
import type { Pool } from 'pg';
import { createBatcher, rowBatches, type Schedule } from './database/batcher.ts';
import type { Flight } from './intents.ts';
import { inboxLaneKey } from './lane-keys.ts';

export interface FailureRecord {
  /** Name in the error catalogue. */
  readonly name: string;
  /** The provider's message, or the gateway's. */
  readonly reason: string;
  /** Why it was refused, for programs. Absent if it was not refused, and in what earlier versions stored. */
  readonly why?: FailureReason;
  readonly providerCode?: number;
}

/** The result of one try. A final state releases the chat's send lane; `pending` keeps it for the next try. */
export interface ResultRow {
  readonly flight: Flight;
  readonly state: 'sent' | 'failed' | 'unknown' | 'pending';
  readonly outcome: 'delivered' | 'rejected' | 'deferred' | 'uncertain';
  readonly channelMessageId: string | null;
  /** All ids of an album, the first one included. Absent for a message with one id. */
  readonly channelMessageIds?: readonly string[] | undefined;
  readonly failure: FailureRecord | null;
  readonly detail: string | null;
}

/**
 * Stores results before the caller gets its 201. One statement writes the message's state and the attempt, releases
 * the send lane and queues the mirror job. `sent` is also accepted for a message that became `unknown` in the
 * meantime. A result for a message in any other state changes nothing and gives false.
 *
 * Why it is written this way: `created_on in ($14, $15)` excludes all other partitions before the statement starts,
 * and `m.id = any ($2)` makes the planner use the primary key, even without statistics.
 */
const recordSql = `
with input as (
  select * from unnest($1::date[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::int[], $7::bigint[],
    $8::text[], $9::text[], $10::bigint[], $11::jsonb[], $12::text[], $13::text[], $16::text[])
    as i(created_on, id, workspace_id, channel_id, chat_id, number, epoch, state, outcome, channel_message_id, failure,
      detail, lane_key, channel_message_ids)
), message as (
  update messages m set state = i.state, channel_message_id = i.channel_message_id, failure = i.failure,
    channel_message_ids = i.channel_message_ids::bigint[],
    mirror = case when i.state = 'sent' and not m.skips_inbox then 'pending' else m.mirror end, updated_at = clock_timestamp()
  from input i
  where m.created_on in ($14, $15) and m.id = any ($2) and m.created_on = i.created_on and m.id = i.id
    and (m.state = 'sending' or (m.state = 'unknown' and i.state = 'sent'))
  returning m.id, m.skips_inbox
), flight as (
  delete from flights f using input i
  where f.channel_id = i.channel_id and f.chat_id = i.chat_id and f.message_id = i.id and f.epoch = i.epoch
    and i.state <> 'pending'
), attempt as (
  insert into attempts (created_on, message_id, number, workspace_id, started_at, outcome, detail)
  select i.created_on, i.id, i.number, i.workspace_id, f.started_at, i.outcome, i.detail
  from input i join flights f on f.channel_id = i.channel_id and f.chat_id = i.chat_id and f.message_id = i.id
  on conflict (created_on, message_id, number) do update
    set outcome = excluded.outcome, detail = excluded.detail, finished_at = excluded.finished_at
), lane as (
  insert into lanes (key, workspace_id, run_at, tail)
  select i.lane_key, i.workspace_id, now(), 1 from input i join message m on m.id = i.id
  where i.state = 'sent' and not m.skips_inbox order by i.lane_key
  on conflict (key) do update set tail = lanes.tail + 1, run_at = coalesce(lanes.run_at, now())
  returning key, tail
), job as (
  insert into jobs (lane_key, seq, workspace_id, kind, payload)
  select l.key, l.tail, i.workspace_id, 'mirror', jsonb_build_object('messageId', i.id, 'createdOn', i.created_on)
  from lane l join input i on i.lane_key = l.key
)
select id from message`;

/**
 * Whether a message already has this result. If the connection was lost before the answer to `recordResults` arrived,
 * the result may be stored.
 */
export async function isResultStored(db: Pool, { flight, state, channelMessageId }: ResultRow): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-result-stored',
    text: `
select 1 from messages
where created_on = $1 and id = $2 and state = $3 and channel_message_id is not distinct from $4::bigint`,
    values: [flight.createdOn, flight.messageId, state, channelMessageId],
  });
  return rowCount === 1;
}

/** Rows of one call must be for different chats. Gives for each row whether it changed its message. */
export async function recordResults(db: Pool, rows: readonly ResultRow[]): Promise<readonly boolean[]> {
  const days = [...new Set(rows.map((row) => row.flight.createdOn))];
  if (days.length > 2) return (await Promise.all(rows.map((row) => recordResults(db, [row])))).flat();
  const { rows: written } = await db.query<{ id: number }>({
    name: 'record-results',
    text: recordSql,
    values: [
      rows.map((row) => row.flight.createdOn),
      rows.map((row) => row.flight.messageId),
      rows.map((row) => row.flight.workspaceId),
      rows.map((row) => row.flight.channelId),
      rows.map((row) => row.flight.chatId),
      rows.map((row) => row.flight.number),
      rows.map((row) => row.flight.epoch),
      rows.map((row) => row.state),
      rows.map((row) => row.outcome),
      rows.map((row) => row.channelMessageId),
      rows.map((row) => (row.failure === null ? null : JSON.stringify(row.failure))),
      rows.map((row) => row.detail),
      rows.map((row) => inboxLaneKey(row.flight.channelId, row.flight.chatId)),
      days.at(0),
      days.at(-1),
      // An array of arrays must be rectangular in PostgreSQL, so each row has its own as text.
      rows.map(({ channelMessageIds: ids }) => (ids === undefined ? null : `{${ids.join(',')}}`)),
    ],
  });
  const ids = new Set(written.map((record) => record.id));
  return rows.map((row) => ids.has(row.flight.messageId));
}

/** Two results of one chat must not share a statement. */
export const resultConflictKey = (row: ResultRow): string => `${row.flight.channelId}:${row.flight.chatId}`;

/** The queries of `store.results`. */
export const results = (db: Pool, schedule: Schedule) => ({
  record: createBatcher<ResultRow, boolean>({
    ...rowBatches((rows) => recordResults(db, rows)),
    conflictKey: resultConflictKey,
    schedule,
  }).submit,
  isStored: (row: ResultRow) => isResultStored(db, row),
});
