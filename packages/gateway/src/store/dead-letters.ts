import type { Pool } from 'pg';
import { storableText } from '../core/message/storable.ts';
import { bindQueries } from './database/bind-queries.ts';
import type { ClaimedLane, Job, JobKind } from './lanes.ts';

export type DeadLetterState = 'waiting' | 'replayed' | 'discarded';

/** A job that needs a person. */
export interface DeadLetterRecord {
  readonly id: string;
  readonly workspaceId: string;
  /** The lane that it was taken from, and to which a replay returns it. */
  readonly lane: string;
  readonly kind: JobKind;
  /** The message of a job that writes it, or its files, into the inbox; null for other kinds. */
  readonly messageId: number | null;
  /** The stored update of an update's or an inbox event's job; null for other kinds. */
  readonly updateId: number | null;
  readonly cause: string;
  readonly failures: number;
  readonly state: DeadLetterState;
  readonly note: string | null;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
}

/** Selects dead letters. An absent field selects all. */
export interface DeadLetterFilter {
  readonly ids?: readonly string[] | undefined;
  readonly workspaceId?: string | undefined;
  readonly kind?: JobKind | undefined;
  readonly createdBefore?: string | undefined;
}

/**
 * Moves a job from its lane to the dead letters, so that the lane can continue. The same statement marks the
 * message's mirror, or the update, as dead. False if the lane was lost: then nothing changes.
 */
export async function recordDeadLetter(db: Pool, lane: ClaimedLane, job: Job, cause: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'record-dead-letter',
    // The stored job counts and not the given one: an update's job may have become its message's mirror job.
    text: `
with held as (
  select key from lanes where key = $1 and lease = $2 for update
), job as (
  delete from jobs j using held h where j.lane_key = h.key and j.seq = $3 returning j.*
), message as (
  update messages m set mirror = 'dead', mirror_detail = $4 from job j
  where j.kind in ('mirror', 'file') and m.created_on = (j.payload->>'createdOn')::date
    and m.id = (j.payload->>'messageId')::bigint and m.mirror = 'pending'
), raw as (
  update updates u set state = 'dead', detail = $4 from job j
  where j.kind in ('update', 'inbox-event') and u.received_on = (j.payload->>'receivedOn')::date
    and u.id = (j.payload->>'updateId')::bigint and u.state = 'stored'
)
insert into dead_letters (workspace_id, lane_key, kind, payload, cause, failures)
select workspace_id, lane_key, kind, payload, $4, $5 from job`,
    values: [lane.key, lane.lease, job.seq, storableText(cause), lane.failures],
  });
  return rowCount === 1;
}

interface Row {
  readonly id: string;
  readonly workspace_id: string;
  readonly lane_key: string;
  readonly kind: JobKind;
  readonly message_id: number | null;
  readonly raw_id: number | null;
  readonly cause: string;
  readonly failures: number;
  readonly state: DeadLetterState;
  readonly note: string | null;
  readonly created_at: Date;
  readonly decided_at: Date | null;
}

const columns = `id::text, workspace_id, lane_key, kind, (payload->>'messageId')::bigint as message_id,
  (payload->>'updateId')::bigint as raw_id, cause, failures, state, note, created_at, decided_at`;

const decode = (row: Row): DeadLetterRecord => ({
  id: row.id,
  workspaceId: row.workspace_id,
  lane: row.lane_key,
  kind: row.kind,
  messageId: row.message_id,
  updateId: row.raw_id,
  cause: row.cause,
  failures: row.failures,
  state: row.state,
  note: row.note,
  createdAt: row.created_at,
  decidedAt: row.decided_at,
});

/** The oldest first, starting with the one after the id `after`. */
export async function listDeadLetters(
  db: Pool,
  filter: DeadLetterFilter & {
    readonly state?: DeadLetterState | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): Promise<readonly DeadLetterRecord[]> {
  const { rows } = await db.query<Row>(
    `select ${columns} from dead_letters
     where ($1::text is null or state = $1) and ($2::text is null or workspace_id = $2)
       and ($3::text is null or kind = $3) and id > $4
     order by id limit $5`,
    [filter.state ?? null, filter.workspaceId ?? null, filter.kind ?? null, filter.after ?? 0, filter.limit],
  );
  return rows.map(decode);
}

/** Also returns the raw bytes of its update, if the update is still stored. */
export async function readDeadLetter(
  db: Pool,
  id: string,
): Promise<(DeadLetterRecord & { readonly raw: Buffer | null }) | null> {
  const { rows } = await db.query<Row & { readonly raw: Buffer | null }>(
    `select ${columns}, (
       select u.body from updates u
       where u.received_on = (payload->>'receivedOn')::date and u.id = (payload->>'updateId')::bigint
     ) as raw
     from dead_letters where id = $1`,
    [id],
  );
  const row = rows[0];
  return row ? { ...decode(row), raw: row.raw } : null;
}

const isChosen = `state = 'waiting' and ($1::bigint[] is null or id = any($1))
  and ($2::text is null or workspace_id = $2) and ($3::text is null or kind = $3)
  and ($4::timestamptz is null or created_at < $4)`;

const valuesOf = ({ ids, workspaceId, kind, createdBefore }: DeadLetterFilter) => [
  ids ?? null,
  workspaceId ?? null,
  kind ?? null,
  createdBefore ?? null,
];

/** The number of waiting dead letters. */
export async function countDeadLetters(db: Pool, filter: DeadLetterFilter): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from dead_letters where ${isChosen}`,
    valuesOf(filter),
  );
  return rows[0]?.count ?? 0;
}

/**
 * Appends waiting jobs to their lanes again, the oldest first, and resets their messages and updates. The fences
 * apply as they did the first time. Returns the number of replayed jobs. A dead letter that was already decided is
 * not replayed.
 */
export async function replayDeadLetters(db: Pool, filter: DeadLetterFilter, limit: number): Promise<number> {
  const { rows } = await db.query(
    `
with chosen as (
  select id from dead_letters where ${isChosen} order by id limit $5 for update skip locked
), letter as (
  update dead_letters d set state = 'replayed', decided_at = now() from chosen c where d.id = c.id
  returning d.id, d.lane_key, d.workspace_id, d.kind, d.payload
), message as (
  update messages m set mirror = 'pending', mirror_detail = null from letter l
  where l.kind in ('mirror', 'file') and m.created_on = (l.payload->>'createdOn')::date
    and m.id = (l.payload->>'messageId')::bigint and m.mirror = 'dead'
), raw as (
  update updates u set state = 'stored', detail = null from letter l
  where l.kind in ('update', 'inbox-event') and u.received_on = (l.payload->>'receivedOn')::date
    and u.id = (l.payload->>'updateId')::bigint and u.state = 'dead'
), lane as (
  insert into lanes (key, workspace_id, run_at, tail)
  select lane_key, min(workspace_id), now(), count(*) from letter group by lane_key order by lane_key
  on conflict (key) do update set tail = lanes.tail + excluded.tail, run_at = coalesce(lanes.run_at, now())
  returning key, tail
), job as (
  insert into jobs (lane_key, seq, workspace_id, kind, payload)
  select l.lane_key, lane.tail - count(*) over lane_jobs + row_number() over (lane_jobs order by l.id), l.workspace_id,
    l.kind, l.payload
  from letter l join lane on lane.key = l.lane_key
  window lane_jobs as (partition by l.lane_key)
)
select id from letter`,
    [...valuesOf(filter), limit],
  );
  return rows.length;
}

/** Discards a waiting job. False if it was already decided. */
export async function discardDeadLetter(db: Pool, id: string, note: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update dead_letters set state = 'discarded', decided_at = now(), note = $2 where id = $1 and state = 'waiting'`,
    [id, note],
  );
  return rowCount === 1;
}

/** The queries of `store.deadLetters`. */
export const deadLetters = (db: Pool) =>
  bindQueries(db, {
    record: recordDeadLetter,
    list: listDeadLetters,
    read: readDeadLetter,
    count: countDeadLetters,
    replay: replayDeadLetters,
    discard: discardDeadLetter,
  });
