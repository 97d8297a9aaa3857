import type { Pool } from 'pg';
import type { TappedMessage } from '../core/inbox/judge-tap.ts';
import { bindQueries } from './database/bind-queries.ts';

/** The message of ours that was tapped, by Telegram's id of it. Null if it is not known. */
export async function readTapped(
  db: Pool,
  channelId: string,
  chatId: string,
  channelMessageId: string,
): Promise<TappedMessage | null> {
  const { rows } = await db.query<{
    id: number;
    created_on: string;
    content: TappedMessage['content'];
    sent_ms: number;
    first_tap: string | null;
  }>({
    name: 'read-tapped',
    text: `
select id, created_on::text, content, first_tap, (extract(epoch from coalesce(
    (select max(a.finished_at) from attempts a
     where a.created_on = m.created_on and a.message_id = m.id and a.outcome = 'delivered'),
    send_at, created_at)) * 1000)::float8 as sent_ms
from messages m
where channel_id = $1 and chat_id = $2 and direction = 'outbound' and channel_message_id = $3
order by id desc limit 1`,
    values: [channelId, chatId, channelMessageId],
  });
  const row = rows[0];
  if (!row) return null;
  const { id: messageId, created_on: createdOn, content, first_tap: firstTap } = row;
  return { messageId, createdOn, content, firstTap, sentAtMs: Math.round(row.sent_ms) };
}

/**
 * Makes the tap of this update the one that counts, unless another one is, and returns the update whose tap counts. The row
 * of the message decides between taps of the same moment, in every process.
 */
export async function claimFirstTap(
  db: Pool,
  message: Pick<TappedMessage, 'messageId' | 'createdOn'>,
  updateId: string,
): Promise<string | null> {
  const { rows } = await db.query<{ first_tap: string }>({
    name: 'claim-first-tap',
    text: `
update messages set first_tap = coalesce(first_tap, $3) where created_on = $1 and id = $2 returning first_tap`,
    values: [message.createdOn, message.messageId, updateId],
  });
  return rows[0]?.first_tap ?? null;
}

/** The queries of `store.taps`. */
export const taps = (db: Pool) => bindQueries(db, { readTapped, claimFirst: claimFirstTap });
