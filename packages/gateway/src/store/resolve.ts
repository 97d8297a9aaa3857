import type { Pool } from 'pg';
import type { ResolutionRecord } from './messages.ts';
import type { FailureRecord } from './results.ts';

/**
 * The edge from `unknown` that a person decides, with its mirror job where it was sent after all. False where the message
 * is in another state: it may have been decided, or Telegram's answer come, a moment ago.
 */
export async function resolveMessage(
  db: Pool,
  messageId: number,
  resolution: Omit<ResolutionRecord, 'at'>,
  failure: FailureRecord | null,
): Promise<boolean> {
  const { rows } = await db.query({
    name: 'resolve-message',
    text: `
with message as (
  update messages m set state = $2, failure = $3::jsonb, updated_at = clock_timestamp(),
    resolution = $4::jsonb || jsonb_build_object('at', to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
    mirror = case when $2 = 'sent' then 'pending' else m.mirror end
  where m.id = $1 and m.state = 'unknown'
  returning m.id, m.created_on, m.workspace_id, 'inbox:' || m.channel_id || ':' || m.chat_id as lane_key
), lane as (
  insert into lanes (key, workspace_id, run_at, tail)
  select lane_key, workspace_id, now(), 1 from message where $2 = 'sent'
  on conflict (key) do update set tail = lanes.tail + 1, run_at = coalesce(lanes.run_at, now())
  returning key, tail
), job as (
  insert into jobs (lane_key, seq, workspace_id, kind, payload)
  select l.key, l.tail, m.workspace_id, 'mirror', jsonb_build_object('messageId', m.id, 'createdOn', m.created_on)
  from lane l join message m on m.lane_key = l.key
)
select id from message`,
    values: [
      messageId,
      resolution.state,
      failure === null ? null : JSON.stringify(failure),
      JSON.stringify(resolution),
    ],
  });
  return rows.length === 1;
}
