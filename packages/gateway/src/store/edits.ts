import type { Pool } from 'pg';
import type { OutboundContent } from '../core/message/content.ts';
import type { Wire } from '../ports/channel.ts';
import { bindQueries } from './database/bind-queries.ts';
import { inboxLaneKey } from './lane-keys.ts';

/** A message whose change holds the chat's send lane. */
export interface HeldMessage {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly chatId: string;
  readonly messageId: number;
  readonly createdOn: string;
  readonly state: 'scheduled' | 'pending' | 'sending' | 'sent' | 'failed' | 'unknown' | 'cancelled' | 'received';
  readonly content: OutboundContent;
  readonly wire: Wire | null;
  readonly channelMessageId: string | null;
  /** All ids of it in the chat. Empty if it was not sent. */
  readonly channelMessageIds: readonly string[];
  readonly isDeleted: boolean;
}

/**
 * Takes the chat's send lane for a change of this message, and reads the message. Null if another send or change has
 * the lane. The row in flights ends with the process: what a dead process changed is repeated by its caller.
 */
export async function holdMessage(
  db: Pool,
  { messageId, epoch }: { readonly messageId: number; readonly epoch: number },
): Promise<HeldMessage | null> {
  const { rows } = await db.query<{
    workspace_id: string;
    channel_id: string;
    chat_id: string;
    created_on: string;
  }>({
    name: 'hold-message',
    text: `
insert into flights (workspace_id, channel_id, chat_id, message_id, created_on, number, epoch)
select workspace_id, channel_id, chat_id, id, created_on, 1, $2 from messages where id = $1
on conflict do nothing
returning workspace_id, channel_id, chat_id::text, created_on::text`,
    values: [messageId, epoch],
  });
  const held = rows[0];
  if (!held) return null;
  // After the lane is taken: nothing else changes the message now.
  const { rows: messages } = await db.query<{
    state: HeldMessage['state'];
    content: OutboundContent;
    wire: Wire | null;
    channel_message_id: string | null;
    channel_message_ids: readonly string[];
    is_deleted: boolean;
  }>({
    name: 'read-held-message',
    text: `
select state, content, wire, channel_message_id::text,
  coalesce(channel_message_ids, array_remove(array[channel_message_id], null))::text[] as channel_message_ids, deleted_at is not null as is_deleted
from messages where created_on = $1 and id = $2`,
    values: [held.created_on, messageId],
  });
  const message = messages[0];
  if (!message) return null;
  return {
    workspaceId: held.workspace_id,
    channelId: held.channel_id,
    chatId: held.chat_id,
    messageId,
    createdOn: held.created_on,
    state: message.state,
    content: message.content,
    wire: message.wire,
    channelMessageId: message.channel_message_id,
    channelMessageIds: message.channel_message_ids,
    isDeleted: message.is_deleted,
  };
}

/** Gives the chat's send lane back. */
export async function releaseMessage(db: Pool, held: HeldMessage, epoch: number): Promise<void> {
  await db.query({
    name: 'release-message',
    text: 'delete from flights where channel_id = $1 and chat_id = $2 and message_id = $3 and epoch = $4',
    values: [held.channelId, held.chatId, held.messageId, epoch],
  });
}

/** Queues the entry of an edit or a deletion, if the message has an entry of its own. */
const mirrorJob = `, lane as (
  insert into lanes (key, workspace_id, run_at, tail)
  select $3, $4, now(), 1 from message where mirror in ('pending', 'done')
  on conflict (key) do update set tail = lanes.tail + 1, run_at = coalesce(lanes.run_at, now())
  returning key, tail
)
insert into jobs (lane_key, seq, workspace_id, kind, payload)
select key, tail, $4, 'mirror', jsonb_build_object('messageId', $2::bigint, 'createdOn', $1::text, 'change', $5::text) from lane`;

/** Stores the new words and buttons, with the edit at the end of `content.edits`, and queues its entry. */
export async function recordEdit(
  db: Pool,
  { createdOn, messageId, channelId, chatId, workspaceId }: HeldMessage,
  edited: { readonly content: OutboundContent; readonly wire: Wire },
): Promise<void> {
  const number = edited.content.edits?.length ?? 0;
  await db.query({
    name: 'record-edit',
    text: `
with message as (
  update messages set content = $6, wire = $7, edited_at = clock_timestamp(), updated_at = clock_timestamp()
  where created_on = $1::date and id = $2 returning mirror
)${mirrorJob}`,
    values: [
      createdOn,
      messageId,
      inboxLaneKey(channelId, chatId),
      workspaceId,
      String(number),
      JSON.stringify(edited.content),
      JSON.stringify(edited.wire),
    ],
  });
}

/** Stores that the message was deleted, once, and queues the entry that says so. */
export async function recordDeletion(
  db: Pool,
  { createdOn, messageId, channelId, chatId, workspaceId }: HeldMessage,
): Promise<void> {
  await db.query({
    name: 'record-deletion',
    text: `
with message as (
  update messages set deleted_at = clock_timestamp(), updated_at = clock_timestamp()
  where created_on = $1::date and id = $2 and deleted_at is null returning mirror
)${mirrorJob}`,
    values: [createdOn, messageId, inboxLaneKey(channelId, chatId), workspaceId, 'deleted'],
  });
}

/** Ends a message that is scheduled. It is not sent. */
export async function cancelScheduled(db: Pool, { createdOn, messageId }: HeldMessage): Promise<void> {
  await db.query({
    name: 'cancel-scheduled',
    text: `
update messages set state = 'cancelled', updated_at = clock_timestamp()
where created_on = $1 and id = $2 and state = 'scheduled'`,
    values: [createdOn, messageId],
  });
}

/** The queries of `store.edits`. */
export const edits = (db: Pool, epoch: number) => ({
  ...bindQueries(db, { record: recordEdit, recordDeletion, cancel: cancelScheduled }),
  hold: (messageId: number) => holdMessage(db, { messageId, epoch }),
  release: (held: HeldMessage) => releaseMessage(db, held, epoch),
});
