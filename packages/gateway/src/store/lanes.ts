import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

export type JobKind = 'mirror' | 'update' | 'inbox-event' | 'automatic';

export interface Job {
  readonly seq: number;
  readonly kind: JobKind;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A worker's claim on a lane. A worker that finishes with another lease changes nothing. */
export interface ClaimedLane {
  readonly key: string;
  readonly workspaceId: string;
  readonly lease: string;
  readonly failures: number;
  /** How often its first job was begun since it last ended, this time included. */
  readonly starts: number;
  /** A claim that included the jobs up to this one did not end. They are done one at a time. */
  readonly watchedTo: number;
  /** The first jobs of the lane, in order. */
  readonly jobs: readonly Job[];
}

interface ClaimRecord {
  readonly key: string;
  readonly workspace_id: string;
  readonly lease: string;
  readonly failures: number;
  readonly starts: number;
  readonly watched_to: number;
  readonly jobs: readonly Job[];
}

export interface ClaimLimits {
  readonly lanesMax: number;
  readonly jobsMax: number;
  readonly leaseMs: number;
}

/** After this many starts without an end a job is a suspect: it may be what ended its processes. */
export const suspectAfter = 2;

/**
 * Claims due lanes and reads the first jobs of each. `skip locked` lets workers claim different lanes at the same time
 * without waiting. The jobs are read by a lateral query with a limit, so that a long lane is not read to its end. ADR
 * 0001 says why the queue is a table of the gateway.
 *
 * The statement counts the start of each lane's first job. A start that has not ended counts unless it is known that
 * the job did not end its process: a lease that ran out in a process that still gives signs of life is not counted.
 */
const claimText = (which: string): string => `
with due as (
  select key, lease, epoch from lanes where run_at <= now() and ${which} order by run_at limit $1
  for update skip locked
), head as (
  select due.key, (select min(seq) from jobs where lane_key = due.key) as seq,
    case when due.lease is not null and p.alive_until > now() then 0 else 1 end as unended
  from due left join processes p on p.epoch = due.epoch
), claimed as (
  update lanes l set run_at = now() + $3 * interval '1 ms', lease = gen_random_uuid(), epoch = $4,
    starts = case when l.started_seq is distinct from head.seq then 1 else l.starts + head.unended end,
    watched_to = case when l.starts > 0 and head.unended = 1 then l.tail else l.watched_to end,
    started_seq = head.seq
  from head where l.key = head.key
  returning l.key, l.workspace_id, l.lease, l.failures, l.starts, l.watched_to
)
select c.key, c.workspace_id, c.lease, c.failures, c.starts, c.watched_to::float8, coalesce(j.jobs, '[]') as jobs
from claimed c left join lateral (
  select jsonb_agg(jsonb_build_object('seq', seq, 'kind', kind, 'payload', payload) order by seq) as jobs
  from (select seq, kind, payload from jobs where lane_key = c.key order by seq limit $2) first
) j on true`;

const claimLanesText = claimText(`starts < ${suspectAfter}`);
const claimSuspectText = claimText(`starts >= ${suspectAfter}`);

/** Claims up to `lanesMax` due lanes and reads up to `jobsMax` jobs of each. Leaves out the lanes of suspects. */
export async function claimLanes(db: Pool, epoch: number, limits: ClaimLimits): Promise<readonly ClaimedLane[]> {
  const { lanesMax, jobsMax, leaseMs } = limits;
  const values = [lanesMax, jobsMax, leaseMs, epoch];
  const { rows } = await db.query<ClaimRecord>({ name: 'claim-lanes', text: claimLanesText, values });
  return rows.map(decodeClaim);
}

/** Claims the due lane of a suspect, with this one job. Null if there is none. */
export async function claimSuspect(db: Pool, epoch: number, leaseMs: number): Promise<ClaimedLane | null> {
  const values = [1, 1, leaseMs, epoch];
  const { rows } = await db.query<ClaimRecord>({ name: 'claim-suspect', text: claimSuspectText, values });
  return rows.map(decodeClaim)[0] ?? null;
}

const decodeClaim = (row: ClaimRecord): ClaimedLane => ({
  key: row.key,
  workspaceId: row.workspace_id,
  lease: row.lease,
  failures: row.failures,
  starts: row.starts,
  watchedTo: row.watched_to,
  jobs: row.jobs,
});

/** Whether the lane of a suspect is due. */
export async function isSuspectDue(db: Pool): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-suspect-due',
    text: `select 1 from lanes where run_at <= now() and starts >= ${suspectAfter} limit 1`,
  });
  return rowCount === 1;
}

/** The current state of a job; null if it is done. */
export async function readJob(db: Pool, laneKey: string, seq: number): Promise<Job | null> {
  const { rows } = await db.query<Job>({
    name: 'read-job',
    text: `select seq::float8, kind, payload from jobs where lane_key = $1 and seq = $2`,
    values: [laneKey, seq],
  });
  return rows[0] ?? null;
}

/**
 * Makes all lanes of a process due. Its worker has just started or restarted, so none of them is being worked on. The
 * process lives, so the starts of their jobs are not counted.
 */
export async function releaseLanes(db: Pool, epoch: number): Promise<void> {
  await db.query(
    `update lanes set lease = null, run_at = now(), starts = greatest(starts - 1, 0)
     where epoch = $1 and lease is not null`,
    [epoch],
  );
}

/** Extends the lease while the work continues. False if the lane was lost. */
export async function renewLease(db: Pool, lane: ClaimedLane, leaseMs: number): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'renew-lease',
    text: `update lanes set run_at = now() + $3 * interval '1 ms' where key = $1 and lease = $2`,
    values: [lane.key, lane.lease, leaseMs],
  });
  return rowCount === 1;
}

/**
 * Ends a claim, and with it the starts of its jobs. Jobs up to `doneSeq` are deleted. The lane is due at once if more jobs wait, due after `delayMs` if
 * its head failed, and deleted if it is empty. False if the lane was lost: then nothing changes.
 *
 * The row is locked first, so that a job that is queued at the same moment either is seen here or finds no lane and
 * creates it again.
 */
export async function finishLane(
  db: Pool,
  lane: ClaimedLane,
  end: { readonly doneSeq: number | null; readonly delayMs: number | null },
): Promise<boolean> {
  const { rows } = await db.query<{ held: boolean }>({
    name: 'finish-lane',
    text: `
with held as (
  select key, tail from lanes where key = $1 and lease = $2 for update
), done as (
  delete from jobs j using held h where j.lane_key = h.key and j.seq <= $3::bigint returning j.seq
), drained as (
  delete from lanes l using held h where l.key = h.key and $4::int is null and h.tail <= $3::bigint returning l.key
), kept as (
  update lanes l set lease = null, starts = 0,
    run_at = now() + coalesce($4::int, 0) * interval '1 ms',
    failures = case when $4::int is null then 0 when $3::bigint is null then l.failures + 1 else 1 end
  from held h where l.key = h.key and not ($4::int is null and h.tail <= coalesce($3::bigint, 0))
  returning l.key
)
select exists (select 1 from held) as held`,
    values: [lane.key, lane.lease, end.doneSeq, end.delayMs],
  });
  return rows[0]?.held === true;
}

/**
 * The time until the next lane is due, in milliseconds by the database's clock. Null if no lane waits. The lanes of
 * suspects are left out.
 */
export async function nextDueInMs(db: Pool): Promise<number | null> {
  const { rows } = await db.query<{ due_ms: number | null }>({
    name: 'next-due',
    // greatest() ignores nulls. Without the case expression, the absence of lanes would read as a lane that is due
    // now.
    text: `
select case when min(run_at) is not null
    then greatest(0, ceil(extract(epoch from min(run_at) - now()) * 1000))::int end as due_ms
from lanes where run_at is not null and starts < ${suspectAfter}`,
  });
  return rows[0]?.due_ms ?? null;
}

/** Whether a lane has jobs that wait or run. */
export async function isLaneBusy(db: Pool, laneKey: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-lane-busy',
    text: `select 1 from lanes where key = $1`,
    values: [laneKey],
  });
  return rowCount === 1;
}

/**
 * Moves a job before another one of its lane; the jobs between them move back by one. Changes nothing if the lane was
 * lost.
 */
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
  select seq, kind, payload, lag(kind) over (order by seq) as kind_before,
    lag(payload) over (order by seq) as payload_before
  from jobs where lane_key = $1 and seq between $4 and $3 and exists (select 1 from held)
), moved as (
  select kind, payload from place where seq = $3
)
update jobs j set kind = coalesce(p.kind_before, m.kind), payload = coalesce(p.payload_before, m.payload)
from place p, moved m where j.lane_key = $1 and j.seq = p.seq`,
    values: [lane.key, lane.lease, move.from, move.to],
  });
}

/** The queries of `store.lanes`. */
export const lanes = (db: Pool, epoch: number) => ({
  ...bindQueries(db, {
    renewLease,
    finish: finishLane,
    nextDueInMs,
    isSuspectDue,
    isBusy: isLaneBusy,
    readJob,
    moveJobAhead,
  }),
  claim: (limits: ClaimLimits) => claimLanes(db, epoch, limits),
  claimSuspect: (leaseMs: number) => claimSuspect(db, epoch, leaseMs),
  release: () => releaseLanes(db, epoch),
});
