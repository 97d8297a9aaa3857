import type { Pool } from 'pg';

/** A leg of a channel: updates of Telegram, sends to it, entries in the inbox; and the events of a workspace's inbox. */
export type ActivityLeg = 'update' | 'sent' | 'entry' | 'event';

/** A leg was alive. `ownerId` is a channel, or a workspace for its inbox's events, which name no channel. */
export interface ActivityMark {
  readonly workspaceId: string;
  readonly ownerId: string;
  readonly leg: ActivityLeg;
  readonly atMs: number;
}

/** No two marks of one call may be of the same leg of the same owner. */
export async function recordActivity(db: Pool, marks: readonly ActivityMark[]): Promise<void> {
  await db.query({
    name: 'record-activity',
    text: `
insert into activity (workspace_id, owner_id, leg, at)
select workspace_id, owner_id, leg, to_timestamp(at_ms / 1000)
from unnest($1::text[], $2::text[], $3::text[], $4::float8[]) as m(workspace_id, owner_id, leg, at_ms)
order by owner_id, leg
on conflict (owner_id, leg) do update set at = greatest(activity.at, excluded.at)`,
    values: [
      marks.map((mark) => mark.workspaceId),
      marks.map((mark) => mark.ownerId),
      marks.map((mark) => mark.leg),
      marks.map((mark) => mark.atMs),
    ],
  });
}

export async function readActivity(
  db: Pool,
  ownerIds: readonly string[],
): Promise<readonly { readonly ownerId: string; readonly leg: ActivityLeg; readonly at: Date }[]> {
  const { rows } = await db.query<{ owner_id: string; leg: ActivityLeg; at: Date }>({
    name: 'read-activity',
    text: `select owner_id, leg, at from activity where owner_id = any($1::text[])`,
    values: [ownerIds],
  });
  return rows.map((row) => ({ ownerId: row.owner_id, leg: row.leg, at: row.at }));
}
