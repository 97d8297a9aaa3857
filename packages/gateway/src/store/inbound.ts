import type { Pool } from 'pg';
import type { InboundContent } from '../core/message/content.ts';
import type { InboundEvent } from '../core/message/inbound.ts';
import { bindQueries } from './database/bind-queries.ts';
import type { KeyedDigest } from './keyed-digest.ts';
import type { ClaimedLane, Job } from './lanes.ts';

export interface InboundRow {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly update: { readonly receivedOn: string; readonly updateId: number };
  readonly event: InboundEvent;
  readonly content: unknown;
  /** The content as it arrived, before it was compared with earlier versions. It tells two edits of one second apart. */
  readonly arrived: InboundContent;
  /** Further updates that are part of the same message: the other messages of an album. */
  readonly members?:
    | readonly { readonly receivedOn: string; readonly updateId: number; readonly channelMessageId: string }[]
    | undefined;
}

/**
 * Applies one decoded update in one statement: updates the chat, inserts the inbound message under its second fence
 * (chat, Telegram message id, edit date, digest of the content), and turns the update's job into the message's mirror job, which it returns.
 *
 * Applying the same update again changes nothing. For a tapped button, which has no message id, only the state of the
 * update shows that it was applied. Null if the update was already applied, if another update had brought the same
 * message, or if the lane was lost. The state of the update is read under a lock, so that two workers cannot both
 * apply it.
 */
export async function applyInbound(
  db: Pool,
  digestOf: KeyedDigest,
  lane: ClaimedLane,
  job: Job,
  row: InboundRow,
): Promise<Job | null> {
  const { event } = row;
  const { chat, author } = event;
  const members = row.members ?? [];
  const { kind } = event.content;
  const blocked = kind === 'blocked' || kind === 'removed' ? true : null;
  const { rows } = await db.query<{ id: number; created_on: string }>({
    name: 'apply-inbound',
    text: `
with held as (
  select 1 from lanes where key = $15 and lease = $20 for update
), waiting as (
  select 1 from held, updates u where u.received_on = $13 and u.id = $14 and u.state = 'stored' for update of u
), chat as (
  insert into chats (workspace_id, channel_id, chat_id, kind, title, username, person, blocked_at, seen_at)
  values ($1, $2, $3::bigint, $4, $5, $6, $7, case when $8::boolean then now() end, now())
  on conflict (channel_id, chat_id) do update set
    kind = excluded.kind, title = excluded.title, username = excluded.username, person = excluded.person,
    seen_at = now(),
    blocked_at = case when $8::boolean then coalesce(chats.blocked_at, now()) else null end
), fence as (
  insert into fences (owner_id, external_id, workspace_id)
  select $2, 'message:' || $3::bigint || ':' || $9::bigint || ':' || $10, $1
  where $9::bigint is not null and exists (select 1 from waiting)
  on conflict do nothing returning 1
), message as (
  insert into messages (workspace_id, channel_id, chat_id, topic_id, direction, origin, state, content,
    channel_message_id, mirror, created_at, tapped_id)
  select $1, $2, $3::bigint, coalesce($11::bigint, 0), 'inbound', 'customer', 'received', $12::jsonb,
    $9::bigint, 'pending', now(), $21::bigint
  where case when $9::bigint is null then exists (select 1 from waiting) else exists (select 1 from fence) end
  returning id, created_on
), applied as (
  update updates set state = case when exists (select 1 from message) then 'applied' else 'ignored' end,
    detail = case when exists (select 1 from message) then null else 'seen before' end
  where received_on = $13 and id = $14 and exists (select 1 from waiting)
), member as (
  select * from unnest($17::date[], $18::bigint[], $19::bigint[]) as m(received_on, id, message_id)
  where exists (select 1 from message)
), member_fence as (
  insert into fences (owner_id, external_id, workspace_id)
  select $2, 'message:' || $3::bigint || ':' || message_id || ':', $1 from member
  on conflict do nothing
), member_applied as (
  update updates u set state = 'applied', detail = 'in the album of message ' || $9::bigint
  from member m where u.received_on = m.received_on and u.id = m.id
), mirror as (
  update jobs set kind = 'mirror',
    payload = (select jsonb_build_object('messageId', id, 'createdOn', created_on) from message)
  where lane_key = $15 and seq = $16 and exists (select 1 from message)
)
select id, created_on::text from message`,
    values: [
      row.workspaceId,
      row.channelId,
      chat.chatId,
      chat.kind,
      chat.title,
      chat.username,
      JSON.stringify(author),
      blocked,
      event.channelMessageId,
      editOf(digestOf, row),
      chat.topicId,
      JSON.stringify(row.content),
      row.update.receivedOn,
      row.update.updateId,
      lane.key,
      job.seq,
      members.map(({ receivedOn }) => receivedOn),
      members.map(({ updateId }) => updateId),
      members.map(({ channelMessageId }) => channelMessageId),
      lane.lease,
      tappedId(row),
    ],
  });
  const message = rows[0];
  if (!message) return null;
  return { seq: job.seq, kind: 'mirror', payload: { messageId: message.id, createdOn: message.created_on } };
}

const tappedId = ({ event: { content } }: InboundRow): number | null =>
  content.kind === 'tap' ? (content.messageId ?? null) : null;

/** Telegram: `edit_date` has only seconds. So the content is part of the fence of an edit, and empty for the first version. */
function editOf(digestOf: KeyedDigest, { event, arrived }: InboundRow): string {
  if (event.editedAtMs === null) return '';
  return `${event.editedAtMs}:${digestOf(`edited message ${JSON.stringify(arrived)}`).toString('base64url')}`;
}

/**
 * Telegram gave a group a new chat id. Later sends use the new id, and the group's conversations move to it. The name
 * of a conversation in the inbox does not change: `formerChatId` is the chat id under which it began.
 */
export async function recordMigration(
  db: Pool,
  row: {
    readonly workspaceId: string;
    readonly channelId: string;
    readonly chatId: string;
    readonly newChatId: string;
  },
): Promise<void> {
  await db.query({
    name: 'record-migration',
    text: `
with moved as (
  insert into chats (workspace_id, channel_id, chat_id, kind, migrated_to) values ($1, $2, $3, 'group', $4)
  on conflict (channel_id, chat_id) do update set migrated_to = excluded.migrated_to
)
update conversations c set chat_id = $4,
  contact_data = contact_data
    || jsonb_build_object('formerChatId', coalesce(contact_data->>'formerChatId', $3::bigint::text))
where channel_id = $2 and chat_id = $3 and not exists (
  select 1 from conversations n where n.channel_id = $2 and n.chat_id = $4 and n.topic_id = c.topic_id
)`,
    values: [row.workspaceId, row.channelId, row.chatId, row.newChatId],
  });
}

/** The queries of `store.inbound`. */
export const inbound = (db: Pool, digestOf: KeyedDigest) => ({
  ...bindQueries(db, { recordMigration }),
  apply: (lane: ClaimedLane, job: Job, row: InboundRow) => applyInbound(db, digestOf, lane, job, row),
});
