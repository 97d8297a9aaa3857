-- 0010 (compatible with 0001+): messages of every kind, and the files that are sent with them
--
-- metadata is the caller's own. skips_inbox: the message is never written into the inbox. channel_message_ids has every
-- id of an album; it is null for a message with one id.
--
-- The new columns have constant defaults or none, so the table is not rewritten.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

alter table messages
  add column metadata jsonb,
  add column skips_inbox boolean not null default false,
  add column channel_message_ids bigint[];

-- Files that callers uploaded, or whose address they gave, for a day. They are in the database and not on a disk, so
-- that each replica can send them. size_bytes is null until all chunks are there: nothing uses such a file, and it
-- expires within the hour, also if its process died.
create table files (
  id text primary key,
  workspace_id text not null,
  channel_id text,
  name text,
  media_type text,
  size_bytes bigint,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index files_expiry on files (expires_at);
create index files_workspace on files (workspace_id);

create table file_chunks (
  file text not null references files on delete cascade,
  workspace_id text not null,
  number integer not null,
  content bytea not null,
  primary key (file, number)
);
-- What is compressed already would only cost time to compress again.
alter table file_chunks alter column content set storage external;

alter table files enable row level security;
alter table files force row level security;
create policy tenant on files using (works_for(workspace_id));
alter table file_chunks enable row level security;
alter table file_chunks force row level security;
create policy tenant on file_chunks using (works_for(workspace_id));

-- Also covers metadata, and the files of the customer's messages.
create or replace function erase_customer(workspace text, customer bigint) returns jsonb language plpgsql as $$
declare
  id_text constant text := customer::text;
  -- Matches the id as a whole number. For tables with many rows, a plain text search comes first, which is faster.
  named constant text := '(^|[^0-9])' || customer || '($|[^0-9])';
  channel_ids text[];
  conversation_ids text[];
  contact_ids text[];
  entry_ids text[];
  message_ids bigint[];
  group_conversation_ids text[];
  lane_keys text[];
  kept_updates bigint;
  gone_chats bigint;
begin
  if exists (select 1 from flights where workspace_id = workspace and chat_id = customer) then
    return null;
  end if;
  -- Others' messages stay without the customer's words: what they quote, by the id of the person quoted, or by the
  -- message quoted where the id was not stored.
  update messages m set content = jsonb_set(content, '{answers}', 'null')
    where workspace_id = workspace and chat_id <> customer and content #>> '{author,userId}' <> id_text
      and jsonb_typeof(content -> 'answers') = 'object'
      and (content #>> '{answers,authorId}' = id_text
        or content #> '{answers,authorId}' is null and exists (
          select 1 from messages quoted where quoted.channel_id = m.channel_id and quoted.chat_id = m.chat_id
            and quoted.channel_message_id::text = m.content #>> '{answers,channelMessageId}'
            and quoted.content #>> '{author,userId}' = id_text));
  select coalesce(array_agg(id), '{}') into channel_ids from channels where workspace_id = workspace;
  select coalesce(array_agg(distinct contact_id) filter (where contact_id is not null), '{}') into contact_ids
    from conversations where workspace_id = workspace and chat_id = customer;
  select coalesce(array_agg(id), '{}'),
      coalesce(array_agg(distinct inbox_entry_id) filter (where inbox_entry_id is not null), '{}')
    into message_ids, entry_ids
    from messages where workspace_id = workspace
      and (chat_id = customer or position(id_text in concat_ws(' ', content, wire, failure, resolution, resend_note, mirror_detail, metadata)) > 0
        and concat_ws(' ', content, wire, failure, resolution, resend_note, mirror_detail, metadata) ~ named);
  select coalesce(array_agg(distinct id), '{}') into conversation_ids from (
    select inbox_conversation_id from conversations where workspace_id = workspace and chat_id = customer
    union select inbox_conversation_id from past_conversations where workspace_id = workspace and chat_id = customer
    union select inbox_conversation_id from messages where workspace_id = workspace and chat_id = customer
  ) known(id) where id is not null;
  -- The conversations of groups in which the customer wrote. What the inbox reported about them may repeat those words.
  select coalesce(array_agg(distinct inbox_conversation_id) filter (where inbox_conversation_id is not null), '{}')
    into group_conversation_ids
    from messages where id = any (message_ids) and workspace_id = workspace and chat_id <> customer;
  select array_agg(key) into lane_keys from (
    select 'inbox:' || id || ':' || customer from unnest(channel_ids) id
    union select 'automatic:' || id || ':' || customer from unnest(channel_ids) id
    union select 'relay:' || workspace || ':' || id from unnest(conversation_ids) id
    union select key from lanes
      where workspace_id = workspace and key like 'file:%' and split_part(key, ':', 4) = any (message_ids::text[])
    union select lane_key from jobs
      where workspace_id = workspace and lane_key like 'reply-files:%' and payload::text ~ named
  ) waiting(key);

  delete from jobs where workspace_id = workspace and (lane_key = any (lane_keys) or payload::text ~ named);
  delete from lanes where key = any (lane_keys);
  delete from dead_letters where workspace_id = workspace
    and (lane_key = any (lane_keys) or payload::text ~ named or concat_ws(' ', cause, note) ~ named
      or (payload ->> 'messageId')::bigint = any (message_ids));
  delete from idempotency_keys where workspace_id = workspace
    and (message_id = any (message_ids) or key ~ named or split_part(key, '#', 1) = any (entry_ids));
  -- The requests stay, so that they are not carried out again. Only their answers may name the customer.
  update idempotency_keys set answer = null where workspace_id = workspace and ended is not null;
  delete from reply_plans where workspace_id = workspace and (entry_id = any (entry_ids) or plan::text ~ named);
  delete from inbox_writes where workspace_id = workspace
    and (conversation_id = any (conversation_ids) or split_part(key, ':', 2) = any (message_ids::text[]));
  delete from attempts where workspace_id = workspace and message_id = any (message_ids);
  delete from resends where message_id = any (message_ids) or resent_as = any (message_ids);
  delete from unknown_messages where workspace_id = workspace and message_id = any (message_ids);
  delete from files where workspace_id = workspace and id in (
    select (regexp_matches(wire::text, 'fil_[0-9a-z]+', 'g'))[1] from messages where id = any (message_ids));
  delete from messages where workspace_id = workspace and id = any (message_ids);
  update updates set body = '{}', detail = 'erased', state = case when state = 'stored' then 'ignored' else state end
    where workspace_id = workspace and (
      position(convert_to(id_text, 'UTF8') in body) > 0 and encode(body, 'escape') ~ named
      or exists (select 1 from unnest(conversation_ids) id where position(convert_to(id, 'UTF8') in body) > 0));
  get diagnostics kept_updates = row_count;
  update updates set body = '{}', detail = coalesce(detail, 'erased')
    where workspace_id = workspace and source <> 'telegram' and state <> 'stored' and body <> '{}'
      and exists (select 1 from unnest(group_conversation_ids) id where position(convert_to(id, 'UTF8') in body) > 0);
  delete from alarms where workspace_id = workspace and concat_ws(' ', subject, detail) ~ named;
  delete from fences where owner_id = any (channel_ids) and external_id ~ ('^message:' || customer || ':');
  delete from past_conversations where workspace_id = workspace and chat_id = customer;
  delete from conversations where workspace_id = workspace and chat_id = customer;
  delete from chats where workspace_id = workspace and chat_id = customer;
  get diagnostics gone_chats = row_count;
  -- The last author in a group.
  update chats set person = null where workspace_id = workspace and person ->> 'userId' = customer::text;
  return jsonb_build_object('messages', cardinality(message_ids), 'updates', kept_updates,
    'contactIds', contact_ids, 'conversationIds', conversation_ids,
    'removed', kept_updates + gone_chats + cardinality(message_ids) + cardinality(conversation_ids) > 0);
end $$;
