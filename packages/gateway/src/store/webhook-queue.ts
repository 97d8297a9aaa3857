import type { Pool } from 'pg';
import { webhookLaneKey } from './lane-keys.ts';

/** An event that is to be sent to an endpoint. */
export interface QueuedEvent {
  readonly endpointId: string;
  readonly workspaceId: string;
  readonly eventId: string;
  readonly channelId: string | null;
  readonly chatId: string | null;
}

/** The next place of an endpoint in the event log. */
export interface CursorMove {
  readonly endpointId: string;
  /** Where it was when the events were read. */
  readonly before: string | null;
  readonly after: string;
  readonly round: number;
}

/** A queued event, and the lease under which this process works on its lane if the lane is new. */
export interface ClaimedEvent extends QueuedEvent {
  readonly lease: string | null;
}

const jobParts = `
job as (
  insert into jobs (lane_key, seq, workspace_id, kind, payload)
  select w.lane_key, lane.tail - count(*) over lane_jobs + row_number() over (lane_jobs order by w.place),
    w.workspace_id, 'webhook', jsonb_build_object('endpointId', w.endpoint_id, 'eventId', w.event_id, 'round', w.round)
  from wanted w join lane on lane.key = w.lane_key
  window lane_jobs as (partition by w.lane_key)
  returning 1
)`;

/**
 * Queues events and moves the endpoints past them, in one statement: so each event is queued exactly once. An endpoint
 * that was moved, disabled or deleted since its events were read gets none of these. `events` in the order of the log;
 * those of one lane have the same lease. A lane that did not exist is claimed at once, under its lease: that saves the
 * claim. Returns the leases of these lanes.
 */
export async function fanOutEvents(
  db: Pool,
  epoch: number,
  { moves, events, leaseMs }: FanOut,
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ lease: string }>({
    name: 'fan-out-events',
    text: `
with asked as (
  select * from unnest($1::text[], $2::text[], $3::text[], $4::int[]) as a(id, before, after, round)
), held as (
  select e.id, a.after, e.round from webhook_endpoints e join asked a on a.id = e.id
  where e.enabled and e.round = a.round and e.cursor is not distinct from a.before order by e.id for update of e
), moved as (
  update webhook_endpoints e set cursor = h.after from held h where e.id = h.id returning e.id, e.round
), wanted as (
  select u.*, m.round
  from unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[]) with ordinality
    as u(endpoint_id, workspace_id, event_id, lane_key, lease, place)
  join moved m on m.id = u.endpoint_id
), lane as (
  insert into lanes (key, workspace_id, tail, run_at, lease, epoch, starts, started_seq)
  select lane_key, min(workspace_id), count(*),
    now() + case when min(lease) is null then 0 else $10 end * interval '1 ms', min(lease)::uuid,
    case when min(lease) is null then null else $11::bigint end, case when min(lease) is null then 0 else 1 end,
    case when min(lease) is null then null else 1 end
  from wanted group by lane_key order by lane_key
  on conflict (key) do update set tail = lanes.tail + excluded.tail, run_at = coalesce(lanes.run_at, now())
  returning key, tail, lease
), ${jobParts}
select lease::text from lane where lease is not null`,
    values: [
      moves.map(({ endpointId }) => endpointId),
      moves.map(({ before }) => before),
      moves.map(({ after }) => after),
      moves.map(({ round }) => round),
      ...valuesOf(events),
      events.map(({ lease }) => lease),
      leaseMs,
      epoch,
    ],
  });
  return new Set(rows.map(({ lease }) => lease));
}

export interface FanOut {
  readonly moves: readonly CursorMove[];
  readonly events: readonly ClaimedEvent[];
  readonly leaseMs: number;
}

const valuesOf = (events: readonly QueuedEvent[]) => [
  events.map(({ endpointId }) => endpointId),
  events.map(({ workspaceId }) => workspaceId),
  events.map(({ eventId }) => eventId),
  events.map(({ endpointId, channelId, chatId }) => webhookLaneKey(endpointId, channelId, chatId)),
];

/** Queues events again, behind what waits. Returns how many: none if the endpoint does not exist. */
export async function queueEventsAgain(db: Pool, events: readonly QueuedEvent[]): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `with wanted as (
       select u.*, e.round
       from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality
         as u(endpoint_id, workspace_id, event_id, lane_key, place)
       join webhook_endpoints e on e.id = u.endpoint_id
     ), lane as (
       insert into lanes (key, workspace_id, run_at, tail)
       select lane_key, min(workspace_id), now(), count(*) from wanted group by lane_key order by lane_key
       on conflict (key) do update set tail = lanes.tail + excluded.tail, run_at = coalesce(lanes.run_at, now())
       returning key, tail
     ), ${jobParts}
     select count(*)::int as count from job`,
    valuesOf(events),
  );
  return rows[0]?.count ?? 0;
}

/** Makes everything due that waits for the endpoint. Returns the number of lanes. */
export async function wakeEndpoint(db: Pool, endpointId: string): Promise<number> {
  const { rowCount } = await db.query({
    name: 'wake-endpoint',
    text: `
with waiting as (
  select key from lanes where party = $1 and run_at > now() and lease is null order by key for update skip locked
)
update lanes l set run_at = now() from waiting w where l.key = w.key`,
    values: [`webhook:${endpointId}`],
  });
  return rowCount ?? 0;
}

/** How many events are queued for each of the endpoints. */
export async function countQueuedEvents(
  db: Pool,
  endpointIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ id: string; count: number }>({
    name: 'count-queued-events',
    text: `
select e.id, (
  select count(*)::int from lanes l join jobs j on j.lane_key = l.key
  where l.party = 'webhook:' || e.id and l.run_at is not null
) as count
from unnest($1::text[]) e(id)`,
    values: [endpointIds],
  });
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** The queries of `store.webhookQueue`. */
export const webhookQueue = (db: Pool, epoch: number) => ({
  fanOut: (fanOut: FanOut) => fanOutEvents(db, epoch, fanOut),
  again: (events: readonly QueuedEvent[]) => queueEventsAgain(db, events),
  wake: (endpointId: string) => wakeEndpoint(db, endpointId),
  count: (endpointIds: readonly string[]) => countQueuedEvents(db, endpointIds),
});
