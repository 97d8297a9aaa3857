import type { Pool } from 'pg';
import type { WebhookWatch } from '../core/health/watch-webhook.ts';
import { bindQueries } from './database/bind-queries.ts';

/** Active channels whose webhook was not checked for `forMs`, the longest unchecked first. */
export async function listUnwatchedChannels(db: Pool, forMs: number, limit: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: 'list-unwatched-channels',
    text: `
select c.id from channels c left join webhook_watches w on w.channel_id = c.id
where c.state = 'active' and c.updates <> 'direct' and (w.looked_at is null or w.looked_at <= now() - $1 * interval '1 ms')
order by w.looked_at nulls first, c.id limit $2`,
    values: [forMs, limit],
  });
  return rows.map(({ id }) => id);
}

export async function readWebhookWatch(db: Pool, channelId: string): Promise<WebhookWatch | null> {
  const { rows } = await db.query<{ seen: WebhookWatch | null }>({
    name: 'read-webhook-watch',
    text: `select seen from webhook_watches where channel_id = $1`,
    values: [channelId],
  });
  return rows[0]?.seen ?? null;
}

/** Stores the result of a check. `suspect` raises an alarm. A failed check (null) keeps the earlier result. */
export async function saveWebhookWatch(
  db: Pool,
  channelId: string,
  check: { readonly seen: WebhookWatch; readonly suspect: boolean } | null,
): Promise<void> {
  await db.query({
    name: 'save-webhook-watch',
    text: `
insert into webhook_watches (channel_id, workspace_id, seen, suspect)
select id, workspace_id, $2::jsonb, coalesce($3, false) from channels where id = $1
on conflict (channel_id) do update set looked_at = now(),
  seen = coalesce(excluded.seen, webhook_watches.seen),
  suspect = case when excluded.seen is null then webhook_watches.suspect else excluded.suspect end`,
    values: [channelId, check === null ? null : JSON.stringify(check.seen), check?.suspect ?? null],
  });
}

/** A channel whose webhook raises an alarm. */
export interface SuspectChannel {
  readonly channelId: string;
  readonly workspaceId: string;
  readonly updates: 'polling' | 'webhook' | 'direct';
  readonly watch: WebhookWatch;
}

export async function listSuspectWebhooks(db: Pool): Promise<readonly SuspectChannel[]> {
  const { rows } = await db.query<{
    channel_id: string;
    workspace_id: string;
    updates: SuspectChannel['updates'];
    seen: WebhookWatch;
  }>({
    name: 'list-suspect-webhooks',
    text: `
select w.channel_id, w.workspace_id, c.updates, w.seen from webhook_watches w join channels c on c.id = w.channel_id
where w.suspect and c.state = 'active' order by w.channel_id`,
  });
  return rows.map(({ channel_id, workspace_id, updates, seen }) => ({
    channelId: channel_id,
    workspaceId: workspace_id,
    updates,
    watch: seen,
  }));
}

/** The queries of `store.webhookWatches`. */
export const webhookWatches = (db: Pool) =>
  bindQueries(db, {
    listUnwatchedChannels,
    read: readWebhookWatch,
    save: saveWebhookWatch,
    listSuspect: listSuspectWebhooks,
  });
