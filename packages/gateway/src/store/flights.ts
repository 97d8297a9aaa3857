import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';
import type { Flight } from './intents.ts';
import type { FailureRecord } from './results.ts';

/** Starts the next try of a message. Null if this process no longer holds the chat's send lane. */
export async function startNextAttempt(db: Pool, flight: Flight): Promise<Flight | null> {
  const { rowCount } = await db.query({
    name: 'start-next-attempt',
    text: `
with flight as (
  update flights set number = number + 1, started_at = clock_timestamp()
  where channel_id = $1 and chat_id = $2 and message_id = $3 and epoch = $4
  returning message_id
)
update messages m set state = 'sending', updated_at = clock_timestamp()
from flight f where m.created_on = $5 and m.id = f.message_id and m.state = 'pending'`,
    values: [flight.channelId, flight.chatId, flight.messageId, flight.epoch, flight.createdOn],
  });
  return rowCount === 1 ? { ...flight, number: flight.number + 1 } : null;
}

/** Gives up a message that was certainly not sent (`pending`), and releases its send lane. */
export async function abandon(db: Pool, flight: Flight, failure: FailureRecord): Promise<void> {
  await db.query({
    name: 'abandon',
    text: `
with flight as (
  delete from flights where channel_id = $1 and chat_id = $2 and message_id = $3 and epoch = $4
)
update messages set state = 'failed', failure = $6, updated_at = clock_timestamp()
where created_on = $5 and id = $3 and state = 'pending'`,
    values: [
      flight.channelId,
      flight.chatId,
      flight.messageId,
      flight.epoch,
      flight.createdOn,
      JSON.stringify(failure),
    ],
  });
}

/** Makes a message that was certainly not sent (`pending`) wait again as a scheduled one, and releases its send lane. */
export async function postpone(db: Pool, flight: Flight): Promise<void> {
  await db.query({
    name: 'postpone',
    text: `
with flight as (
  delete from flights where channel_id = $1 and chat_id = $2 and message_id = $3 and epoch = $4
)
update messages set state = 'scheduled', updated_at = clock_timestamp()
where created_on = $5 and id = $3 and state = 'pending' and send_at is not null`,
    values: [flight.channelId, flight.chatId, flight.messageId, flight.epoch, flight.createdOn],
  });
}

export interface Recovered {
  /** Messages that were in flight when the process died. Whether they were sent is not known. */
  readonly unknown: number;
  /** Messages that were certainly not sent, and whose caller is gone. */
  readonly abandoned: number;
}

/** A flight of this process in the store, and the request that it belongs to. */
export type OwnFlight = Pick<Flight, 'messageId'> & { readonly requestId: string };

export async function readOwnFlights(db: Pool, epoch: number): Promise<readonly OwnFlight[]> {
  const { rows } = await db.query<{ message_id: number; request_id: string }>({
    name: 'read-own-flights',
    text: `
select f.message_id, m.request_id from flights f join messages m on m.created_on = f.created_on and m.id = f.message_id
where f.epoch = $1`,
    values: [epoch],
  });
  return rows.map((row) => ({ messageId: row.message_id, requestId: row.request_id }));
}

/**
 * Ends the flights of processes that were removed, and the flights of a living process that it no longer knows
 * (`lost`). A message in flight becomes `unknown`. A message between two tries becomes `failed`, because its caller
 * is gone and must not be surprised by a late send; the job of an agent's reply starts the reply again. Nothing is
 * sent again by this.
 */
export async function recoverFlights(
  db: Pool,
  lost: { readonly epoch: number; readonly messageIds: readonly number[] } | null = null,
): Promise<Recovered> {
  const { rows } = await db.query<{ state: string; count: number }>({
    name: 'recover-flights',
    text: `
with orphan as (
  delete from flights f
  where (f.epoch = $1 and f.message_id = any($2::bigint[]))
    or not exists (select 1 from processes p where p.epoch = f.epoch)
  returning f.*
), attempt as (
  insert into attempts (created_on, message_id, number, workspace_id, started_at, outcome, detail)
  select o.created_on, o.message_id, o.number, o.workspace_id, o.started_at, 'uncertain',
    'the gateway lost this message while it was on the wire'
  from orphan o join messages m on m.created_on = o.created_on and m.id = o.message_id
  where m.state = 'sending'
  on conflict do nothing
), message as (
  update messages m set
    state = case when m.state = 'sending' then 'unknown' else 'failed' end,
    failure = case when m.state = 'sending'
      then jsonb_build_object('name', 'OUTCOME_UNKNOWN',
        'reason', 'the gateway lost this message while it was on the wire')
      else jsonb_build_object('name', 'UNAVAILABLE',
        'reason', 'abandoned: the gateway lost this message before it was sent') end,
    updated_at = clock_timestamp()
  from orphan o
  where m.created_on = o.created_on and m.id = o.message_id and m.state in ('sending', 'pending')
  returning m.state
)
select state, count(*)::int as count from message group by state`,
    values: [lost?.epoch ?? null, lost?.messageIds ?? []],
  });
  const countIn = (state: string) => rows.find((row) => row.state === state)?.count ?? 0;
  return { unknown: countIn('unknown'), abandoned: countIn('failed') };
}

/** The queries of `store.flights`. */
export const flights = (db: Pool) =>
  bindQueries(db, { startNextAttempt, abandon, postpone, recover: recoverFlights, listOwn: readOwnFlights });
