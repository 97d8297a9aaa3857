import type { Pool } from 'pg';
import type { AutomaticKind } from '../core/message/content.ts';
import { bindQueries } from './database/bind-queries.ts';

/** Queues an automatic answer in a lane of its chat's own. Queued twice, it is sent once: its key is claimed before. */
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

/** Whether a chat got this answer, or may have got it, within the last minutes. */
export async function wasAutomaticSentWithin(
  db: Pool,
  asked: {
    readonly channelId: string;
    readonly chatId: string;
    readonly kind: AutomaticKind;
    readonly minutes: number;
  },
): Promise<boolean> {
  const { rows } = await db.query<{ had: boolean }>({
    name: 'had-automatic',
    text: `
select exists (
  select 1 from messages
  where channel_id = $1 and chat_id = $2 and origin = 'automatic' and content ->> 'automatic' = $3 and state <> 'failed'
    and created_on >= ((now() - $4::int * interval '1 minute') at time zone 'utc')::date
    and created_at > now() - $4::int * interval '1 minute'
) as had`,
    values: [asked.channelId, asked.chatId, asked.kind, asked.minutes],
  });
  return rows[0]?.had === true;
}

/** The queries of `store.automaticAnswers`. */
export const automaticAnswers = (db: Pool) =>
  bindQueries(db, { queue: queueAutomatic, wasSentWithin: wasAutomaticSentWithin });
