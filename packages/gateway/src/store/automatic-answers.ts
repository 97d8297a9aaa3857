import type { Pool } from 'pg';
import type { AutomaticKind } from '../core/message/content.ts';
import { bindQueries } from './database/bind-queries.ts';

/**
 * Queues an automatic answer in the chat's lane for automatic answers. An answer that is queued twice is sent once,
 * because its idempotency key is claimed before the send.
 */
export async function queueAutomatic(
  db: Pool,
  row: {
    readonly workspaceId: string;
    readonly channelId: string;
    readonly chatId: string;
    readonly payload: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  await db.query({
    name: 'queue-automatic',
    text: `
with lane as (
  insert into lanes (key, workspace_id, run_at, tail) values ($1, $2, now(), 1)
  on conflict (key) do update set tail = lanes.tail + 1, run_at = coalesce(lanes.run_at, now())
  returning key, tail
)
insert into jobs (lane_key, seq, workspace_id, kind, payload) select key, tail, $2, 'automatic', $3 from lane`,
    values: [`automatic:${row.channelId}:${row.chatId}`, row.workspaceId, JSON.stringify(row.payload)],
  });
}

/** Whether this answer was sent to the chat, or may have been sent, within the last `minutes`. */
export async function wasAutomaticSentWithin(
  db: Pool,
  query: {
    readonly channelId: string;
    readonly chatId: string;
    readonly kind: AutomaticKind;
    readonly minutes: number;
  },
): Promise<boolean> {
  const { rows } = await db.query<{ was_sent: boolean }>({
    name: 'was-automatic-sent',
    text: `
select exists (
  select 1 from messages
  where channel_id = $1 and chat_id = $2 and origin = 'automatic' and content ->> 'automatic' = $3
    and state <> 'failed'
    and created_on >= ((now() - $4::int * interval '1 minute') at time zone 'utc')::date
    and created_at > now() - $4::int * interval '1 minute'
) as was_sent`,
    values: [query.channelId, query.chatId, query.kind, query.minutes],
  });
  return rows[0]?.was_sent === true;
}

/** The queries of `store.automaticAnswers`. */
export const automaticAnswers = (db: Pool) =>
  bindQueries(db, { queue: queueAutomatic, wasSentWithin: wasAutomaticSentWithin });
