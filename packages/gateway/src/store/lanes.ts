import type { Pool } from 'pg';
import { createBatcher, rowBatches, type Schedule } from './database/batcher.ts';
import { bindQueries } from './database/bind-queries.ts';

export type JobKind = 'mirror' | 'file' | 'update' | 'inbox-event' | 'automatic' | 'webhook' | 'scheduled';

export interface Job {
  readonly seq: number;
  readonly kind: JobKind;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A worker's claim on a lane. A worker that finishes with another lease changes nothing. */
export interface ClaimedLane {
  readonly key: string;
  /** The kind of its work with the owner, such as `inbox:<channel>` or `relay:<workspace>`: what shares a process fairly. */
  readonly party: string;
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

/** After this many starts without an end a job is a suspect: it may be what ended its processes. */
export const suspectAfter = 2;

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

/**
 * The process stops on purpose. The starts of the jobs that it still works on are not counted, even if it is killed before
 * they end.
 */
export async function excuseLanes(db: Pool, epoch: number): Promise<void> {
  await db.query(
    `update lanes set starts = greatest(starts - 1, 0), started_seq = null where epoch = $1 and lease is not null`,
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

/** How a claim of a lane ended. */
export interface ClaimEnd {
  /** The last job that is done. Null if none is. */
  readonly doneSeq: number | null;
  /** How long the next job must wait. Null if it need not. */
  readonly delayMs: number | null;
  /** Whether the wait counts as a failure of the lane. True if absent. */
  readonly isFailure?: boolean;
  /** What the next job waits for. `wake` ends such a wait early. */
  readonly waitsFor?: WaitsFor | null;
}

/**
 * What a lane waits for: `inbox-answer` if the inbox was known to be down, so that no fault of the job is seen, and `inbox` if
 * the inbox did not accept the job.
 */
export type WaitsFor = 'inbox' | 'inbox-answer';

export const allWaits: readonly WaitsFor[] = ['inbox', 'inbox-answer'];

interface LaneEnd {
  readonly lane: ClaimedLane;
  readonly end: ClaimEnd;
}

/**
 * Ends claims, and with them the starts of their jobs. Jobs up to `doneSeq` are deleted. A lane is due at once if more
 * jobs wait, due after `delayMs` if its head must wait, and deleted if it is empty. False for a lane that was lost: then
 * nothing changes. Rows of one call must be for different lanes.
 *
 * The rows are locked first, so that a job that is queued at the same moment either is seen here or finds no lane and
 * creates it again. They are locked in the order of their keys, as by all statements that queue.
 */
export async function finishLanes(db: Pool, ends: readonly LaneEnd[]): Promise<readonly boolean[]> {
  const { rows } = await db.query<{ key: string }>({
    name: 'finish-lanes',
    text: `
with held as (
  select l.key, l.tail, a.done_seq, a.delay_ms, a.failure, a.waits_for
  from unnest($1::text[], $2::uuid[], $3::bigint[], $4::int[], $5::int[], $6::text[])
    as a(key, lease, done_seq, delay_ms, failure, waits_for)
  join lanes l on l.key = a.key and l.lease = a.lease
  where l.key = any ($1) order by l.key for update of l
), done as (
  delete from jobs j using held h where j.lane_key = h.key and j.seq <= h.done_seq
), drained as (
  delete from lanes l using held h where l.key = h.key and h.delay_ms is null and h.tail <= h.done_seq
), kept as (
  update lanes l set lease = null, starts = 0,
    run_at = now() + coalesce(h.delay_ms, 0) * interval '1 ms', waits_for = h.waits_for,
    failures = case when h.delay_ms is null then 0
      else h.failure + case when h.done_seq is null then l.failures else 0 end end
  from held h where l.key = h.key and not (h.delay_ms is null and h.tail <= coalesce(h.done_seq, 0))
)
select key from held`,
    values: [
      ends.map(({ lane }) => lane.key),
      ends.map(({ lane }) => lane.lease),
      ends.map(({ end }) => end.doneSeq),
      ends.map(({ end }) => end.delayMs),
      ends.map(({ end }) => (end.isFailure === false ? 0 : 1)),
      ends.map(({ end }) => (end.delayMs === null ? null : (end.waitsFor ?? null))),
    ],
  });
  const held = new Set(rows.map(({ key }) => key));
  return ends.map(({ lane }) => held.has(lane.key));
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

/**
 * Makes the lanes of a workspace due that wait for its inbox in one of these ways: it answers again. Their failures still
 * count, so that a job that fails every time keeps its back-off. Returns how many there were.
 */
export async function wakeLanes(db: Pool, workspaceId: string, waits = allWaits): Promise<number> {
  const { rowCount } = await db.query({
    name: 'wake-lanes',
    text: `
with waiting as (
  select key from lanes where workspace_id = $1 and waits_for is not null and waits_for = any ($2) and lease is null
  order by key for update skip locked
)
update lanes l set run_at = now(), waits_for = null from waiting w where l.key = w.key`,
    values: [workspaceId, waits],
  });
  return rowCount ?? 0;
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

/** What ends while one statement runs ends together in the next one. */
function finishInBatches(db: Pool, schedule: Schedule) {
  const { submit } = createBatcher<LaneEnd, boolean>({
    ...rowBatches((ends) => finishLanes(db, ends)),
    conflictKey: ({ lane }) => lane.key,
    schedule,
  });
  return (lane: ClaimedLane, end: ClaimEnd): Promise<boolean> => submit({ lane, end });
}

/** The queries of `store.lanes`, without its claims. */
export const lanes = (db: Pool, epoch: number, schedule: Schedule) => ({
  ...bindQueries(db, {
    renewLease,
    nextDueInMs,
    wake: wakeLanes,
    isSuspectDue,
    isBusy: isLaneBusy,
    readJob,
    moveJobAhead,
  }),
  finish: finishInBatches(db, schedule),
  release: () => releaseLanes(db, epoch),
  excuse: () => excuseLanes(db, epoch),
});
