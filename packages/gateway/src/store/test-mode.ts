import type { Pool } from 'pg';
import type { OutboundContent } from '../core/message/content.ts';
import type { Wire } from '../ports/channel.ts';
import { bindQueries } from './database/bind-queries.ts';

/** The first of a thousand numbers that no other process has, now or later. */
export async function takeTestNumbers(db: Pool): Promise<number> {
  const { rows } = await db.query<{ first: string }>({
    name: 'take-test-numbers',
    text: `select nextval('test_numbers')::text as first`,
  });
  return Number(rows[0]?.first);
}

/** Whether the customer of this chat has blocked the bot, as far as the updates that were applied say. */
export async function isTestChatBlocked(db: Pool, botOrigin: string, botId: string, chatId: string): Promise<boolean> {
  const { rows } = await db.query({
    name: 'is-test-chat-blocked',
    text: `
select 1 from chats t join channels c on c.id = t.channel_id
where c.bot_origin = $1 and c.bot_id = $2 and c.state <> 'deleted' and t.chat_id = $3 and t.blocked_at is not null`,
    values: [botOrigin, botId, chatId],
  });
  return rows.length > 0;
}

/** A message that the customer of a test chat can act on. */
export interface TestMessage {
  readonly messageId: number;
  readonly channelMessageId: string;
  readonly content: OutboundContent;
  readonly wire: Wire;
}

/** The newest messages of a chat that were sent with controls, the newest first; or the one with this id. */
export async function listTestMessages(
  db: Pool,
  channelId: string,
  chatId: string,
  messageId: number | null,
): Promise<readonly TestMessage[]> {
  const { rows } = await db.query<{ id: string; channel_message_id: string; content: OutboundContent; wire: Wire }>({
    name: 'list-test-messages',
    text: `
select id::text, channel_message_id::text, content, wire from messages
where channel_id = $1 and chat_id = $2 and direction = 'outbound' and channel_message_id is not null
  and wire is not null and ($3::bigint is null or id = $3)
order by id desc limit 50`,
    values: [channelId, chatId, messageId],
  });
  return rows.map((row) => ({
    messageId: Number(row.id),
    channelMessageId: row.channel_message_id,
    content: row.content,
    wire: row.wire,
  }));
}

/** The queries of `store.testMode`. */
export const testMode = (db: Pool) =>
  bindQueries(db, { takeNumbers: takeTestNumbers, isBlocked: isTestChatBlocked, listMessages: listTestMessages });
