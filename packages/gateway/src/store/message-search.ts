import type { MessageKind } from '@chatferry/contract';
import type { Pool } from 'pg';
import { bindQueries } from './database/bind-queries.ts';
import { decodeMessage, type MessageRecord, type MessageRow, type MessageScope, selectMessage } from './messages.ts';

/** What a person knows about the messages that they look for. Absent members do not count. */
export interface MessageSearch {
  readonly channelId?: string | undefined;
  readonly chatId?: string | undefined;
  readonly state?: MessageRecord['state'] | undefined;
  readonly direction?: MessageRecord['direction'] | undefined;
  readonly kind?: MessageKind | undefined;
  /** Created at this time or later. ISO 8601. */
  readonly since?: string | undefined;
  /** Created before this time. ISO 8601. */
  readonly until?: string | undefined;
  readonly requestId?: string | undefined;
  /** Telegram's number. Only with a chat: Telegram counts for each chat. */
  readonly channelMessageId?: string | undefined;
  /** The conversation or thread in the inbox. */
  readonly conversationId?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Only messages older than this id. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface FoundMessages {
  readonly messages: readonly MessageRecord[];
  /** Where the next page continues: `before` of the next search. Null if there is no older message. */
  readonly next: number | null;
}

/** How many messages one search looks at, so that none takes long. A page may then have fewer messages than its limit. */
export const searchedMax = 20_000;

/** Collects the values of a statement. */
class Values {
  readonly list: unknown[] = [];
  add(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

/** The newest first. */
export async function searchMessages(db: Pool, scope: MessageScope, search: MessageSearch): Promise<FoundMessages> {
  const days = await daysOf(db, search);
  return search.metadata !== undefined || search.requestId !== undefined
    ? searchByIndex(db, scope, search, days)
    : searchBackwards(db, scope, search, days);
}

/** Bounds of the ids by the time of creation. */
interface Days {
  readonly from: number | null;
  readonly to: number | null;
}

/** A time on a day without later messages has no id; then the day bounds it. */
async function daysOf(db: Pool, { since, until }: MessageSearch): Promise<Days> {
  if (since === undefined && until === undefined) return { from: null, to: null };
  const { rows } = await db.query<{ from: number | null; to: number | null }>({
    name: 'message-ids-of-times',
    text: `
select coalesce(first_message_since($1), (select min(id) from messages where created_on > ($1 at time zone 'utc')::date)) as from,
  coalesce(first_message_since($2), (select min(id) from messages where created_on > ($2 at time zone 'utc')::date)) as to`,
    values: [since ?? null, until ?? null],
  });
  const { from, to } = rows[0] ?? { from: null, to: null };
  // Nothing is that new.
  return { from: since !== undefined && from === null ? Number.MAX_SAFE_INTEGER : from, to };
}

/** Every message that the statement looks at fulfils all of these conditions. An index serves them in the order of ids. */
function keyConditions(values: Values, scope: MessageScope, search: MessageSearch, days: Days): string[] {
  const conditions = [`m.workspace_id = ${values.add(scope.workspaceId)}`];
  const channelId = scope.channelId ?? search.channelId;
  if (search.chatId !== undefined) {
    conditions.push(`m.chat_id = ${values.add(search.chatId)}::bigint`);
    conditions.push(
      channelId === undefined
        ? `m.channel_id = any (array(select id from channels where workspace_id = ${values.add(scope.workspaceId)}))`
        : `m.channel_id = ${values.add(channelId)}`,
    );
  }
  if (search.state === 'unknown')
    conditions.push(
      `m.id in (select message_id from unknown_messages where workspace_id = ${values.add(scope.workspaceId)})`,
    );
  if (search.before !== undefined) conditions.push(`m.id < ${values.add(search.before)}`);
  if (days.from !== null) conditions.push(`m.id >= ${values.add(days.from)}`);
  if (days.to !== null) conditions.push(`m.id < ${values.add(days.to)}`);
  if (search.since !== undefined)
    conditions.push(`m.created_on >= (${values.add(search.since)}::timestamptz at time zone 'utc')::date`);
  if (search.until !== undefined)
    conditions.push(`m.created_on <= (${values.add(search.until)}::timestamptz at time zone 'utc')::date`);
  return conditions;
}

/** The other conditions: each message is compared with them. */
function otherConditions(values: Values, scope: MessageScope, search: MessageSearch): string[] {
  const conditions: string[] = [];
  const equal = (column: string, value: unknown) => {
    if (value !== undefined && value !== null) conditions.push(`${column} = ${values.add(value)}`);
  };
  if (search.chatId === undefined) {
    equal('m.channel_id', scope.channelId);
    equal('m.channel_id', search.channelId);
  } else if (scope.channelId !== null) equal('m.channel_id', search.channelId);
  equal('m.state', search.state);
  equal('m.direction', search.direction);
  equal('m.inbox_conversation_id', search.conversationId);
  if (search.channelMessageId !== undefined) {
    const id = values.add(search.channelMessageId);
    conditions.push(`(m.channel_message_id = ${id}::bigint or ${id}::bigint = any (m.channel_message_ids))`);
  }
  if (search.kind !== undefined) conditions.push(`${kindSql} = ${values.add(search.kind)}`);
  return conditions;
}

/** `kindOfMessage` in SQL: a test compares the two. */
const kindSql = `
case when m.direction = 'inbound' then
  case m.content #>> '{content,kind}'
    when 'text' then 'text' when 'suggested-reply' then 'text' when 'caption' then 'text'
    when 'file' then replace(m.content #>> '{content,media}', '-', '_')
    when 'location' then case when m.content #> '{content,name}' is null then 'location' else 'venue' end
    when 'removed' then 'blocked' when 'added' then 'unblocked'
    when 'composed' then 'other' when 'described' then 'other' when 'unsupported' then 'other'
    else m.content #>> '{content,kind}' end
else coalesce(m.content #>> '{shared,kind}',
  case when jsonb_array_length(coalesce(m.content -> 'files', '[]')) > 1 then 'album' else m.content #>> '{files,0,media}' end,
  case when m.content -> 'file' is null then 'text' else 'document' end)
end`;

/** Looks at messages from the newest to the oldest, at most `searchedMax` of them. */
async function searchBackwards(
  db: Pool,
  scope: MessageScope,
  search: MessageSearch,
  days: Days,
): Promise<FoundMessages> {
  const values = new Values();
  const keys = keyConditions(values, scope, search, days);
  const conversation = await chatsOf(db, scope, search);
  if (conversation !== null)
    keys.push(
      `(m.channel_id, m.chat_id) in (select * from unnest(${values.add(conversation.channelIds)}::text[], ${values.add(conversation.chatIds)}::bigint[]))`,
    );
  const others = otherConditions(values, scope, search);
  const isPlain = others.length === 0;
  const window = values.add(isPlain ? search.limit + 1 : searchedMax);
  const limit = values.add(search.limit + 1);
  const { rows } = await db.query<MessageRow & { searched_to: number | null }>(
    `
with searched as materialized (
  select m.id, m.created_on, ${isPlain ? 'true' : `(${others.join(' and ')})`} as fits
  from messages m where ${keys.join(' and ')} order by m.id desc limit ${window}
), page as (
  select id, created_on from searched where fits order by id desc limit ${limit}
), reach as (
  select case when count(*) = ${window} then min(id) end as searched_to from searched
)
select found.*, reach.searched_to from reach left join (
  ${selectMessage} where (m.id, m.created_on) in (select id, created_on from page)
) found on true order by found.id desc`,
    values.list,
  );
  return pageOf(rows, search.limit, rows[0]?.searched_to ?? null);
}

/** Looks day by day, so that a common pair costs no more than its newest messages. */
async function searchByIndex(db: Pool, scope: MessageScope, search: MessageSearch, days: Days): Promise<FoundMessages> {
  const values = new Values();
  const conditions = [...keyConditions(values, scope, search, days), ...otherConditions(values, scope, search)];
  if (search.metadata !== undefined) conditions.push(`m.metadata @> ${values.add(JSON.stringify(search.metadata))}`);
  if (search.requestId !== undefined) conditions.push(`m.request_id = ${values.add(search.requestId)}`);
  const limit = values.add(search.limit + 1);
  const { rows } = await db.query<MessageRow>(
    `
with oldest as (select min(created_on) as day from (select created_on from messages order by id limit 1) first),
page as materialized (
  select found.id, found.created_on
  from oldest, generate_series((now() at time zone 'utc')::date + 1, oldest.day, interval '-1 day') days(at) cross join lateral (
    select m.id, m.created_on from messages m
    where m.created_on = days.at::date and ${conditions.join(' and ')} order by m.id desc limit ${limit}
  ) found limit ${limit}
)
${selectMessage} where (m.id, m.created_on) in (select id, created_on from page) order by m.id desc`,
    values.list,
  );
  return pageOf(rows, search.limit, null);
}

/** The chats of a conversation of the inbox. Null if none is looked for. */
async function chatsOf(db: Pool, { workspaceId }: MessageScope, { conversationId }: MessageSearch) {
  if (conversationId === undefined) return null;
  const { rows } = await db.query<{ channel_id: string; chat_id: string }>({
    name: 'chats-of-conversation',
    text: `
select channel_id, chat_id::text from conversations where workspace_id = $1 and inbox_conversation_id = $2
union select channel_id, chat_id::text from past_conversations where workspace_id = $1 and inbox_conversation_id = $2`,
    values: [workspaceId, conversationId],
  });
  return { channelIds: rows.map((row) => row.channel_id), chatIds: rows.map((row) => row.chat_id) };
}

/** `searchedTo`: the last id that was looked at, if there are older ones. */
function pageOf(
  rows: readonly (MessageRow | { readonly id: null })[],
  limit: number,
  searchedTo: number | null,
): FoundMessages {
  const found = rows.filter((row): row is MessageRow => row.id !== null);
  const messages = found.slice(0, limit).map(decodeMessage);
  const isFull = found.length > limit;
  return { messages, next: isFull ? (messages.at(-1)?.messageId ?? null) : searchedTo };
}

/** The queries of `store.messageSearch`. */
export const messageSearch = (db: Pool) => bindQueries(db, { search: searchMessages });
