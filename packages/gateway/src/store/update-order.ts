import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';
import type { ClaimedLane } from './lanes.ts';

/** Where an update stands among those that its bot got about the same time. */
export interface UpdateOrder {
  /** The job behind it in its lane whose update has the lowest number, where that is lower than its own. */
  readonly earlierSeq: number | null;
  /** Since it was received. */
  readonly ageMs: number;
  /** An update of the same bot with a lower number is on its way, as far as numbers tell: one before it is here, and it is not. */
  readonly hasGap: boolean;
}

/** How many numbers before an update are looked at. */
const lookBackMax = 8;
/** How far behind in its lane another one may stand, and how much later it may have come. */
const lookBehindMax = 50;
const closeMs = 5_000;

/**
 * Telegram numbers a bot's updates in the order in which they came to it, and delivers them from several queues. Null for
 * what has no number.
 */
export async function readUpdateOrder(
  db: Pool,
  lane: ClaimedLane,
  seq: number,
  update: { readonly receivedOn: string; readonly updateId: number },
): Promise<UpdateOrder | null> {
  const { rows } = await db.query<{ earlier_seq: string | null; age_ms: number; has_gap: boolean }>({
    name: 'read-update-order',
    text: `
with this as (
  select channel_id, substr(external_id, 8)::bigint as number, received_at
  from updates where received_on = $3 and id = $4 and external_id ~ '^update:[0-9]{1,15}$'
)
select this_age.age_ms, coalesce(near.count > 0 and t.number - near.lowest > near.count, false) as has_gap,
  behind.seq as earlier_seq
from this t
cross join lateral (select (extract(epoch from clock_timestamp() - t.received_at) * 1000)::float8 as age_ms) this_age
cross join lateral (
  select count(*) as count, min(n) as lowest
  from generate_series(greatest(t.number - $5, 0), t.number - 1) n
  join fences f on f.owner_id = t.channel_id and f.external_id = 'update:' || n
) near
left join lateral (
  select j.seq from (
    select seq, (payload->>'receivedOn')::date as received_on, (payload->>'updateId')::bigint as id
    from jobs where lane_key = $1 and seq > $2 and seq <= $2::bigint + $6 and kind = 'update'
  ) j join updates u on u.received_on = j.received_on and u.id = j.id
  where u.state = 'stored' and u.external_id ~ '^update:[0-9]{1,15}$' and substr(u.external_id, 8)::bigint < t.number
    and u.received_at < t.received_at + $7 * interval '1 ms'
  order by substr(u.external_id, 8)::bigint limit 1
) behind on true`,
    values: [lane.key, seq, update.receivedOn, update.updateId, lookBackMax, lookBehindMax, closeMs],
  });
  const row = rows[0];
  if (!row) return null;
  const earlierSeq = row.earlier_seq === null ? null : Number(row.earlier_seq);
  return { earlierSeq, ageMs: row.age_ms, hasGap: row.has_gap };
}

/** Puts a job before another one of its lane; those between move back by one. Nothing where the lane was lost. */
export async function moveJobAhead(
  db: Pool,
  lane: ClaimedLane,
  move: { readonly from: number; readonly to: number },
): Promise<void> {
  await db.query({
    name: 'move-job-ahead',
    text: `
with held as (
  select 1 from lanes where key = $1 and lease = $2 for update
), place as (
  select seq, kind, payload, lag(kind) over (order by seq) as kind_before, lag(payload) over (order by seq) as payload_before
  from jobs where lane_key = $1 and seq between $4 and $3 and exists (select 1 from held)
), moved as (
  select kind, payload from place where seq = $3
)
update jobs j set kind = coalesce(p.kind_before, m.kind), payload = coalesce(p.payload_before, m.payload)
from place p, moved m where j.lane_key = $1 and j.seq = p.seq`,
    values: [lane.key, lane.lease, move.from, move.to],
  });
}

/** The queries of `store.updateOrder`. */
export const updateOrder = (db: Pool) => bindQueries(db, { read: readUpdateOrder, moveJobAhead });
