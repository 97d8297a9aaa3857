import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';
import type { Flight } from './intents.ts';
import type { FailureRecord } from './results.ts';

/** Starts the next try of a message whose lane this process still holds. False when the lane was lost. */
export async function startNextAttempt(db: Pool, flight: Flight): Promise<Flight | null> {
  const { rowCount } = await db.query({
    name: 'start-next-try',
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

/** Gives up a message that is surely not sent (`pending`), and frees its lane. */
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

export interface Recovered {
  /** On the wire when the process died: nobody knows. */
  readonly unknown: number;
  /** Surely not sent, and the caller is gone. */
  readonly abandoned: number;
}

/** A flight of this process, as the store knows it, and the request whose message it carries. */
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
 * Judges what processes that were struck off left in flight, and what a living one (`lost`) has no memory of. A message on the wire becomes
 * `unknown`, one between two tries `failed`: its caller is gone, and sending it later would surprise everybody; the job of an
 * agent's reply takes the reply up afresh. Nothing is ever sent again from here.
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
      then jsonb_build_object('name', 'OUTCOME_UNKNOWN', 'reason', 'the gateway lost this message while it was on the wire')
      else jsonb_build_object('name', 'UNAVAILABLE', 'reason', 'abandoned: the gateway lost this message before it was sent') end,
    updated_at = clock_timestamp()
  from orphan o
  where m.created_on = o.created_on and m.id = o.message_id and m.state in ('sending', 'pending')
  returning m.state
)
select state, count(*)::int as count from message group by state`,
    values: [lost?.epoch ?? null, lost?.messageIds ?? []],
  });
  const count = (state: string) => rows.find((row) => row.state === state)?.count ?? 0;
  return { unknown: count('unknown'), abandoned: count('failed') };
}

/** The queries of `store.flights`. */
export const flights = (db: Pool) =>
  bindQueries(db, { startNextAttempt, abandon, recover: recoverFlights, listOwn: readOwnFlights });
