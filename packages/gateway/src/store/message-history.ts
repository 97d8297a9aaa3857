import type { Pool } from 'pg';
import type { OutboundContent } from '../core/message/content.ts';
import type { InboundEvent } from '../core/message/inbound.ts';
import { bindQueries } from './database/bind-queries.ts';

/** The newest version of a customer's message that the team was shown; an album counts for each of its messages. */
export async function readLastVersion(
  db: Pool,
  channelId: string,
  chatId: string,
  channelMessageId: string,
): Promise<InboundEvent | null> {
  const { rows } = await db.query<{ content: InboundEvent }>({
    name: 'read-last-version',
    text: `
select content from messages
where channel_id = $1 and chat_id = $2 and direction = 'inbound'
  and (channel_message_id = $3::bigint or content->'content'->'channelMessageIds' ? $3::bigint::text)
order by id desc limit 1`,
    values: [channelId, chatId, channelMessageId],
  });
  return rows[0]?.content ?? null;
}

/** A message of ours by Telegram's id. */
export async function readSentMessage(
  db: Pool,
  channelId: string,
  chatId: string,
  channelMessageId: string,
): Promise<OutboundContent | null> {
  const { rows } = await db.query<{ content: OutboundContent }>({
    name: 'read-sent-message',
    text: `
select content from messages
where channel_id = $1 and chat_id = $2 and direction = 'outbound' and channel_message_id = $3
order by id desc limit 1`,
    values: [channelId, chatId, channelMessageId],
  });
  return rows[0]?.content ?? null;
}

/** The queries of `store.messageHistory`. */
export const messageHistory = (db: Pool) => bindQueries(db, { readLastVersion, readSentMessage });
