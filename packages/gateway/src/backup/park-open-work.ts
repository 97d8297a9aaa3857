import type pg from 'pg';
import { reconcileOverlapMs } from '../store/reconciliation.ts';

export interface Parked {
  /** Messages that had no final state at the time of the backup. */
  readonly unknown: number;
  /** Jobs that were queued at the time of the backup. Each is now a dead letter. */
  readonly deadLetters: number;
}

const cause = 'restored from a backup, which does not say whether this was done after it was made';

/**
 * Parks the open work of a restored database. It may have been done after the backup, which the backup cannot say.
 * Messages become `unknown`, and jobs become dead letters that a person replays or discards. The inboxes are not
 * searched for earlier replies of agents, because these may have been sent.
 */
export async function parkOpenWork(db: pg.ClientBase): Promise<Parked> {
  await db.query(`update messages set state = 'sending' where state = 'pending' and direction = 'outbound'`);
  await db.query(
    `insert into attempts (created_on, message_id, number, workspace_id, started_at, outcome, detail)
     select f.created_on, f.message_id, f.number, f.workspace_id, f.started_at, 'uncertain', $1 from flights f
     on conflict do nothing`,
    [cause],
  );
  const { rowCount: unknown } = await db.query(
    `update messages set state = 'unknown', updated_at = now(),
       failure = jsonb_build_object('name', 'OUTCOME_UNKNOWN', 'reason', $1::text)
     where state = 'sending'`,
    [cause],
  );
  await db.query('delete from flights');
  await db.query(
    `update messages m set mirror = 'dead', mirror_detail = $1 from jobs j
     where j.kind in ('mirror', 'file') and m.created_on = (j.payload->>'createdOn')::date
       and m.id = (j.payload->>'messageId')::bigint and m.mirror = 'pending'`,
    [cause],
  );
  await db.query(
    `update updates u set state = 'dead', detail = $1 from jobs j
     where j.kind in ('update', 'inbox-event') and u.received_on = (j.payload->>'receivedOn')::date
       and u.id = (j.payload->>'updateId')::bigint and u.state = 'stored'`,
    [cause],
  );
  const { rowCount: deadLetters } = await db.query(
    `insert into dead_letters (workspace_id, lane_key, kind, payload, cause, failures)
     select workspace_id, lane_key, kind, payload, $1, 0 from jobs order by lane_key, seq`,
    [cause],
  );
  await db.query('delete from jobs');
  await db.query('delete from lanes');
  await db.query(
    `insert into reconciliations (workspace_id, reconciled_at) select id, now() + $1 * interval '1 ms' from workspaces
     on conflict (workspace_id) do update set reconciled_at = excluded.reconciled_at`,
    [reconcileOverlapMs],
  );
  return { unknown: unknown ?? 0, deadLetters: deadLetters ?? 0 };
}
