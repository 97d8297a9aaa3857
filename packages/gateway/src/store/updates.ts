import type { Pool } from 'pg';
import { createBatcher, rowBatches, type Schedule } from './database/batcher.ts';
import { bindQueries } from './database/bind-queries.ts';
import type { KeyedDigest } from './keyed-digest.ts';
import type { ClaimedLane } from './lanes.ts';

/** A verified raw event, before it is interpreted. */
export interface UpdateRow {
  readonly workspaceId: string;
  /** Null for an inbox's events, which do not name a channel. */
  readonly channelId: string | null;
  /** The kind of channel or inbox that it came from. */
  readonly source: string;
  /** The channel or workspace within which `externalId` is unique. */
  readonly ownerId: string;
  /** The id that the provider gave to the update or the event. */
  readonly externalId: string;
  readonly body: Buffer;
  /** The lane in which it is interpreted in order; null if it is only stored. */
  readonly laneKey: string | null;
  /** The kind of the job that interprets it. */
  readonly jobKind: 'update' | 'inbox-event';
  /** Why it is only stored; null if a lane interprets it. */
  readonly ignored: string | null;
}

/** The lane in which the events of one conversation of an inbox are relayed, in order. */
export const relayLaneKey = (workspaceId: string, conversationId: string | null): string =>
  `relay:${workspaceId}:${conversationId ?? '-'}`;

/**
 * Stores updates and queues their jobs in one statement, so that an update is acknowledged only if its job exists.
 * The insert into fences decides which updates are new. The order by clauses prevent deadlocks between two batches.
 */
const storeSql = `
with input as (
  select * from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::text[],
      $9::text[], $10::text[])
    as i(ord, workspace_id, channel_id, source, owner_id, external_id, body, lane_key, ignored, job_kind)
), fence as (
  insert into fences (owner_id, external_id, workspace_id)
  select owner_id, external_id, workspace_id from input order by owner_id, external_id
  on conflict do nothing
  returning owner_id, external_id
), fresh as (
  select i.*, nextval('update_ids') as id, (now() at time zone 'utc')::date as received_on
  from input i join fence f on f.owner_id = i.owner_id and f.external_id = i.external_id
  order by i.ord
), stored as (
  insert into updates (received_on, id, workspace_id, channel_id, source, external_id, body, state, detail)
  select received_on, id, workspace_id, channel_id, source, external_id, body,
    case when ignored is null then 'stored' else 'ignored' end, ignored
  from fresh
), lane as (
  insert into lanes (key, workspace_id, run_at, tail)
  select lane_key, min(workspace_id), now(), count(*) from fresh
  where lane_key is not null group by lane_key order by lane_key
  on conflict (key) do update set tail = lanes.tail + excluded.tail, run_at = coalesce(lanes.run_at, now())
  returning key, tail
), job as (
  insert into jobs (lane_key, seq, workspace_id, kind, payload)
  select f.lane_key, l.tail - count(*) over lane + row_number() over (lane order by f.ord), f.workspace_id, f.job_kind,
    jsonb_build_object('updateId', f.id, 'receivedOn', f.received_on)
  from fresh f join lane l on l.key = f.lane_key
  window lane as (partition by f.lane_key)
)
select ord from fresh`;

/**
 * Gives true for a row that is stored now and new, false for one that was stored before. Rows must not repeat an
 * external id.
 */
export async function storeUpdates(db: Pool, rows: readonly UpdateRow[]): Promise<readonly boolean[]> {
  const { rows: fresh } = await db.query<{ ord: number }>({
    name: 'store-updates',
    text: storeSql,
    values: [
      rows.map((_, index) => index),
      rows.map((row) => row.workspaceId),
      rows.map((row) => row.channelId),
      rows.map((row) => row.source),
      rows.map((row) => row.ownerId),
      rows.map((row) => row.externalId),
      rows.map((row) => row.body),
      rows.map((row) => row.laneKey),
      rows.map((row) => row.ignored),
      rows.map((row) => row.jobKind),
    ],
  });
  const ords = new Set(fresh.map((record) => record.ord));
  return rows.map((_, index) => ords.has(index));
}

export interface StoredUpdate {
  readonly workspaceId: string;
  readonly channelId: string | null;
  readonly body: Buffer;
  readonly state: 'stored' | 'applied' | 'ignored' | 'dead';
  /** By the database's clock. */
  readonly receivedAtMs: number;
  /** Time since it was received. */
  readonly ageMs: number;
}

export async function readUpdate(db: Pool, receivedOn: string, updateId: number): Promise<StoredUpdate | null> {
  const { rows } = await db.query<{
    workspace_id: string;
    channel_id: string | null;
    body: Buffer;
    state: StoredUpdate['state'];
    received_ms: number;
    age_ms: number;
  }>({
    name: 'read-update',
    text: `
select workspace_id, channel_id, body, state, (extract(epoch from received_at) * 1000)::float8 as received_ms,
  (extract(epoch from clock_timestamp() - received_at) * 1000)::float8 as age_ms
from updates where received_on = $1 and id = $2`,
    values: [receivedOn, updateId],
  });
  const row = rows[0];
  if (!row) return null;
  const { workspace_id: workspaceId, channel_id: channelId, body, state } = row;
  return { workspaceId, channelId, body, state, receivedAtMs: row.received_ms, ageMs: row.age_ms };
}

/** An update that waits in a lane. */
export interface WaitingUpdate {
  readonly receivedOn: string;
  readonly updateId: number;
  readonly body: Buffer;
}

/** The updates whose jobs come after `seq` in a lane, in order. */
export async function readUpdatesBehind(
  db: Pool,
  laneKey: string,
  seq: number,
  limit: number,
): Promise<readonly WaitingUpdate[]> {
  const { rows } = await db.query<{ received_on: string; id: string; body: Buffer }>({
    name: 'read-updates-behind',
    text: `
select u.received_on::text, u.id::text, u.body
from (
  select seq, (payload->>'receivedOn')::date as received_on, (payload->>'updateId')::bigint as id
  from jobs where lane_key = $1 and seq > $2 and kind = 'update' order by seq limit $3
) j join updates u on u.received_on = j.received_on and u.id = j.id
where u.state = 'stored' order by j.seq`,
    values: [laneKey, seq, limit],
  });
  return rows.map((row) => ({ receivedOn: row.received_on, updateId: Number(row.id), body: row.body }));
}

/** Ignores an update of an erased customer and deletes its content. */
export async function dropUpdate(db: Pool, receivedOn: string, updateId: number): Promise<void> {
  await db.query({
    name: 'drop-update',
    text: `update updates set state = 'ignored', detail = 'erased', body = '{}' where received_on = $1 and id = $2`,
    values: [receivedOn, updateId],
  });
}

export async function finishUpdate(
  db: Pool,
  receivedOn: string,
  updateId: number,
  state: 'applied' | 'ignored' | 'dead',
  detail: string | null,
): Promise<void> {
  await db.query({
    name: 'finish-update',
    text: `update updates set state = $3, detail = $4 where received_on = $1 and id = $2`,
    values: [receivedOn, updateId, state, detail],
  });
}

/** The order of an update among the other updates that its bot received at about the same time. */
export interface UpdateOrder {
  /** The later job in its lane whose update has the lowest number, if that is lower than its own; otherwise null. */
  readonly earlierSeq: number | null;
  /** Time since it was received. */
  readonly ageMs: number;
  /**
   * Whether a lower number is missing: an update with a still lower number was received, but the ones between were
   * not.
   */
  readonly hasGap: boolean;
}

/** How many lower numbers are checked. */
const lookBackMax = 8;
/** How many later jobs of the lane are checked, and how much later their updates may have been received. */
const lookBehindMax = 50;
const closeMs = 5_000;

/**
 * Telegram numbers a bot's updates in the order in which it received them, but delivers them from several queues.
 * Null for an update without a number.
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

/** Rows with the same owner and external id must not share a statement: the second one is a duplicate. */
export const updateConflictKey = (row: UpdateRow): string => `${row.ownerId}:${row.externalId}`;

/** An external id that is a digest of the body: a provider gave the event no id. */
const ofBody = /^(malformed:|event:sha256:)[0-9a-f]{64}$/;

const keyedName = (digestOf: KeyedDigest, row: UpdateRow): UpdateRow => {
  const [, prefix] = ofBody.exec(row.externalId) ?? [];
  if (prefix === undefined) return row;
  return { ...row, externalId: `${prefix}${digestOf(`event ${row.externalId}`).toString('hex')}` };
};

/** The queries of `store.updates`. */
export const updates = (db: Pool, schedule: Schedule, digestOf: KeyedDigest) => {
  const batcher = createBatcher<UpdateRow, boolean>({
    ...rowBatches((rows) => storeUpdates(db, rows)),
    conflictKey: updateConflictKey,
    schedule,
  });
  return {
    ...bindQueries(db, {
      read: readUpdate,
      drop: dropUpdate,
      listBehind: readUpdatesBehind,
      finish: finishUpdate,
      readOrder: readUpdateOrder,
    }),
    store: (row: UpdateRow) => batcher.submit(keyedName(digestOf, row)),
  };
};
