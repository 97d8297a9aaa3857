import type { Pool } from 'pg';
import { type ClaimedLane, type Job, suspectAfter } from './lanes.ts';

interface ClaimRecord {
  readonly key: string;
  readonly party: string;
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
  /**
   * `first-due`: the lanes that have been due for the longest time. `in-turn`: one lane of each workspace, then the next
   * of each, and within a workspace the same for its parties. `replies`: only the lanes of agents' replies.
   */
  readonly order: 'first-due' | 'in-turn' | 'replies';
  /** Parties whose lanes are left out. Only with `in-turn`. */
  readonly without?: readonly string[];
}

/**
 * Claims due lanes and reads the first jobs of each. `skip locked` lets workers claim different lanes at the same time
 * without waiting. The jobs are read by a lateral query with a limit, so that a long lane is not read to its end. ADR
 * 0001 says why the queue is a table of the gateway.
 *
 * The statement counts the start of each lane's first job. A start that has not ended counts unless it is known that
 * the job did not end its process: a lease that ran out in a process that still gives signs of life is not counted.
 */
const claimText = (due: string): string => `
with recursive ${due}, head as (
  select due.key, (select min(seq) from jobs where lane_key = due.key) as seq,
    case when due.lease is not null and p.alive_until > now() then 0 else 1 end as unended
  from due left join processes p on p.epoch = due.epoch
), claimed as (
  update lanes l set run_at = now() + $3 * interval '1 ms', lease = gen_random_uuid(), epoch = $4, waits_for = null,
    starts = case when l.started_seq is distinct from head.seq then 1 else l.starts + head.unended end,
    watched_to = case when l.starts > 0 and head.unended = 1 then l.tail else l.watched_to end,
    started_seq = head.seq
  from head where l.key = head.key
  returning l.key, l.party, l.workspace_id, l.lease, l.failures, l.starts, l.watched_to
)
select c.key, c.party, c.workspace_id, c.lease, c.failures, c.starts, c.watched_to::float8,
  coalesce(j.jobs, '[]') as jobs
from claimed c left join lateral (
  select jsonb_agg(jsonb_build_object('seq', seq, 'kind', kind, 'payload', payload) order by seq) as jobs
  from (select seq, kind, payload from jobs where lane_key = c.key order by seq limit $2) first
) j on true`;

const firstDue = (which: string): string => `due as (
  select key, lease, epoch from lanes where run_at <= now() and ${which} order by run_at limit $1
  for update skip locked
)`;

/** Reads the parties one by one from the index, so that a party with many lanes costs no more than one with few. */
const inTurn = `parties as (
  (select party from lanes where run_at is not null order by party limit 1)
  union all
  select n.party from parties p cross join lateral (
    select party from lanes where run_at is not null and party > p.party order by party limit 1
  ) n
), first_of_party as (
  select f.*, row_number() over (partition by f.party order by f.run_at) as place
  from parties p cross join lateral (
    select key, party, workspace_id, run_at from lanes
    where party = p.party and run_at <= now() and starts < ${suspectAfter} order by run_at limit $1
  ) f
  where p.party <> all ($5::text[])
), chosen as (
  select key from (
    select key, run_at, row_number() over (partition by workspace_id order by place, run_at) as turn from first_of_party
  ) t order by turn, run_at limit $1
), due as (
  select key, lease, epoch from lanes
  where key in (select key from chosen) and run_at <= now() and starts < ${suspectAfter} for update skip locked
)`;

const texts: Readonly<Record<ClaimLimits['order'], string>> = {
  'first-due': claimText(firstDue(`starts < ${suspectAfter}`)),
  'in-turn': claimText(inTurn),
  replies: claimText(firstDue(`starts < ${suspectAfter} and key like 'relay:%'`)),
};
const claimSuspectText = claimText(firstDue(`starts >= ${suspectAfter}`));

/** Claims up to `lanesMax` due lanes and reads up to `jobsMax` jobs of each. Leaves out the lanes of suspects. */
export async function claimLanes(db: Pool, epoch: number, limits: ClaimLimits): Promise<readonly ClaimedLane[]> {
  const { lanesMax, jobsMax, leaseMs, order, without = [] } = limits;
  const values = [lanesMax, jobsMax, leaseMs, epoch, ...(order === 'in-turn' ? [without] : [])];
  const { rows } = await db.query<ClaimRecord>({ name: `claim-lanes-${order}`, text: texts[order], values });
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
  party: row.party,
  workspaceId: row.workspace_id,
  lease: row.lease,
  failures: row.failures,
  starts: row.starts,
  watchedTo: row.watched_to,
  jobs: row.jobs,
});

/** The claims of `store.lanes`. */
export const laneClaims = (db: Pool, epoch: number) => ({
  claim: (limits: ClaimLimits) => claimLanes(db, epoch, limits),
  claimSuspect: (leaseMs: number) => claimSuspect(db, epoch, leaseMs),
});
