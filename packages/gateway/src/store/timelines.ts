import type { EventType } from '@chatferry/contract';
import type { Pool } from 'pg';
import type { InboundEvent } from '../core/message/inbound.ts';
import { bindQueries } from './database/bind-queries.ts';
import { showEventId } from './event-ids.ts';

export interface MessageEvent {
  readonly id: string;
  readonly type: EventType;
  readonly at: Date;
}

/** The entries of the log about one message, in the order of the log. */
export async function readMessageEvents(
  db: Pool,
  { messageId, createdAt }: { readonly messageId: number; readonly createdAt: Date },
): Promise<readonly MessageEvent[]> {
  const { rows } = await db.query<{
    era: number;
    txid: string;
    seq: string;
    created_on: string;
    type: EventType;
    occurred_at: Date;
  }>({
    name: 'read-message-events',
    text: `
select era, txid::text, seq::text, created_on::text, type, occurred_at from events
where message_id = $1 and created_on >= ($2::timestamptz at time zone 'utc')::date - 1
order by era, events.txid, events.seq limit 200`,
    values: [messageId, createdAt],
  });
  return rows.map(({ era, txid, seq, created_on: createdOn, type, occurred_at: at }) => ({
    id: showEventId({ era, txid, seq, createdOn }),
    type,
    at,
  }));
}

export interface ReplyRecord {
  readonly messageId: number;
  readonly at: Date;
  readonly content: InboundEvent;
}

/** The customer's messages that answer this one. Telegram's ids of messages belong to a chat. */
export async function readReplies(
  db: Pool,
  message: {
    readonly messageId: number;
    readonly channelId: string;
    readonly chatId: string;
    readonly channelMessageIds: readonly string[];
  },
): Promise<readonly ReplyRecord[]> {
  const { rows } = await db.query<{ id: number; created_at: Date; content: InboundEvent }>({
    name: 'read-replies',
    text: `
select id, created_at, content from messages
where channel_id = $1 and chat_id = $2 and id > $3 and direction = 'inbound' and content #>> '{content,kind}' <> 'tap'
  and content #>> '{answers,channelMessageId}' = any ($4)
order by id limit 100`,
    values: [message.channelId, message.chatId, message.messageId, message.channelMessageIds],
  });
  return rows.map(({ id, created_at: at, content }) => ({ messageId: id, at, content }));
}

/** The queries of `store.timelines`. */
export const timelines = (db: Pool) => bindQueries(db, { readEvents: readMessageEvents, readReplies });
