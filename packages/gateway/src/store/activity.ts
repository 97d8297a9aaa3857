import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';

/**
 * One direction of traffic. A channel has the legs `update` (updates from Telegram), `sent` (sends to Telegram) and
 * `entry` (entries in the inbox). A workspace has `entry` (all of its entries), `event` (its inbox's events) and
 * `grant` (the credential that opens the inbox).
 */
export type ActivityLeg = 'update' | 'sent' | 'entry' | 'event' | 'grant';

/** One observation of a leg. `ownerId` is a channel, or a workspace for the legs that its channels share. */
export interface ActivityMark {
  readonly workspaceId: string;
  readonly ownerId: string;
  readonly leg: ActivityLeg;
  readonly atMs: number;
  /** `alive`: it did its work. `works`: it would do it. `failing`: it did not. */
  readonly sign: 'alive' | 'works' | 'failing';
  /** Why it fails; null if it does not. */
  readonly problem: string | null;
}

/** No two marks of one call may be for the same leg of the same owner. */
export async function recordActivity(db: Pool, marks: readonly ActivityMark[]): Promise<void> {
  await db.query({
    name: 'record-activity',
    text: `
insert into activity (workspace_id, owner_id, leg, at, since, failing_since, problem)
select workspace_id, owner_id, leg,
  case when sign = 'alive' then to_timestamp(at_ms / 1000) end,
  case when sign <> 'failing' then to_timestamp(at_ms / 1000) end,
  case when sign = 'failing' then to_timestamp(at_ms / 1000) end,
  problem
from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::text[], $6::text[])
  as m(workspace_id, owner_id, leg, at_ms, sign, problem)
order by owner_id, leg
on conflict (owner_id, leg) do update set
  at = greatest(activity.at, excluded.at),
  since = case
    when excluded.failing_since is not null then activity.since
    when activity.failing_since is not null then excluded.since
    else coalesce(activity.since, excluded.since) end,
  failing_since = case when excluded.failing_since is null then null
    else coalesce(activity.failing_since, excluded.failing_since) end,
  problem = excluded.problem`,
    values: [
      marks.map((mark) => mark.workspaceId),
      marks.map((mark) => mark.ownerId),
      marks.map((mark) => mark.leg),
      marks.map((mark) => mark.atMs),
      marks.map((mark) => mark.sign),
      marks.map((mark) => mark.problem),
    ],
  });
}

/** The stored health of one leg. */
export interface LegRecord {
  readonly ownerId: string;
  readonly leg: ActivityLeg;
  /** When it last did its work, to the minute; null if it never did. */
  readonly at: Date | null;
  /** The start of the time in which nothing failed; null if nothing ever worked. */
  readonly since: Date | null;
  /** Since when it fails; null if it does not. */
  readonly failingSince: Date | null;
  readonly problem: string | null;
}

interface Row {
  readonly owner_id: string;
  readonly leg: ActivityLeg;
  readonly at: Date | null;
  readonly since: Date | null;
  readonly failing_since: Date | null;
  readonly problem: string | null;
}

export async function readActivity(db: Pool, ownerIds: readonly string[]): Promise<readonly LegRecord[]> {
  const { rows } = await db.query<Row>({
    name: 'read-activity',
    text: `select owner_id, leg, at, since, failing_since, problem from activity where owner_id = any($1::text[])`,
    values: [ownerIds],
  });
  return rows.map((row) => ({
    ownerId: row.owner_id,
    leg: row.leg,
    at: row.at,
    since: row.since,
    failingSince: row.failing_since,
    problem: row.problem,
  }));
}

/** The queries of `store.activity`. */
export const activity = (db: Pool) => bindQueries(db, { record: recordActivity, read: readActivity });
