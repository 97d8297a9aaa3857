-- 0017 (compatible with 0014+): erases one customer, and remembers that by a digest
--
-- What is erased is nowhere kept readable: only a keyed digest of the Telegram id, and of each conversation in the inbox, so that what
-- repeats old events late brings nobody back. They go after two weeks, when nothing repeats any more.
create table erasures (
  workspace_id text not null,
  digest bytea not null,
  erased_at timestamptz not null default now(),
  primary key (workspace_id, digest)
);
alter table erasures enable row level security;
alter table erasures force row level security;
create policy tenant on erasures using (works_for(workspace_id));

-- All of it or nothing; null while a message to the customer is on the wire.
create function erase_customer(workspace text, customer bigint) returns jsonb language plpgsql as $$
declare
  id_text constant text := customer::text;
  -- The id where it stands as a number of its own. Where there are many rows it is looked for plainly first, which is faster.
  named constant text := '(^|[^0-9])' || customer || '($|[^0-9])';
  channel_ids text[];
  conversation_ids text[];
  contact_ids text[];
  entry_ids text[];
  message_ids bigint[];
  lane_keys text[];
  kept_updates bigint;
begin
  if exists (select 1 from flights where workspace_id = workspace and chat_id = customer) then
    return null;
  end if;
  select coalesce(array_agg(id), '{}') into channel_ids from channels where workspace_id = workspace;
  select coalesce(array_agg(distinct contact_id) filter (where contact_id is not null), '{}') into contact_ids
    from conversations where workspace_id = workspace and chat_id = customer;
  select coalesce(array_agg(id), '{}'), coalesce(array_agg(distinct inbox_entry_id) filter (where inbox_entry_id is not null), '{}')
    into message_ids, entry_ids
    from messages where workspace_id = workspace
      and (chat_id = customer or position(id_text in concat_ws(' ', content, wire, failure, resolution)) > 0
        and concat_ws(' ', content, wire, failure, resolution) ~ named);
  select coalesce(array_agg(distinct id), '{}') into conversation_ids from (
    select inbox_conversation_id from conversations where workspace_id = workspace and chat_id = customer
    union select inbox_conversation_id from past_conversations where workspace_id = workspace and chat_id = customer
    union select inbox_conversation_id from messages where workspace_id = workspace and chat_id = customer
  ) known(id) where id is not null;
  select array_agg(key) into lane_keys from (
    select 'inbox:' || id || ':' || customer from unnest(channel_ids) id
    union select 'automatic:' || id || ':' || customer from unnest(channel_ids) id
    union select 'relay:' || workspace || ':' || id from unnest(conversation_ids) id
  ) waiting(key);

  delete from jobs where workspace_id = workspace and (lane_key = any (lane_keys) or payload::text ~ named);
  delete from lanes where key = any (lane_keys);
  delete from dead_letters where workspace_id = workspace
    and (lane_key = any (lane_keys) or payload::text ~ named or cause ~ named
      or (payload ->> 'messageId')::bigint = any (message_ids));
  delete from idempotency_keys where workspace_id = workspace
    and (message_id = any (message_ids) or key ~ named or split_part(key, '#', 1) = any (entry_ids));
  delete from reply_plans where workspace_id = workspace and (entry_id = any (entry_ids) or plan::text ~ named);
  delete from inbox_writes where workspace_id = workspace
    and (conversation_id = any (conversation_ids) or split_part(key, ':', 2) = any (message_ids::text[]));
  delete from attempts where workspace_id = workspace and message_id = any (message_ids);
  delete from resends where message_id = any (message_ids) or resent_as = any (message_ids);
  delete from unknown_messages where workspace_id = workspace and message_id = any (message_ids);
  delete from messages where workspace_id = workspace and id = any (message_ids);
  update updates set body = '{}', detail = 'erased', state = case when state = 'stored' then 'ignored' else state end
    where workspace_id = workspace and (position(convert_to(id_text, 'UTF8') in body) > 0 and encode(body, 'escape') ~ named
      or exists (select 1 from unnest(conversation_ids) id where position(convert_to(id, 'UTF8') in body) > 0));
  get diagnostics kept_updates = row_count;
  delete from fences where owner_id = any (channel_ids) and external_id ~ ('^message:' || customer || ':');
  delete from past_conversations where workspace_id = workspace and chat_id = customer;
  delete from conversations where workspace_id = workspace and chat_id = customer;
  delete from chats where workspace_id = workspace and chat_id = customer;
  -- Whoever wrote last in a group.
  update chats set person = null where workspace_id = workspace and person ->> 'userId' = customer::text;
  return jsonb_build_object('messages', cardinality(message_ids), 'updates', kept_updates,
    'contactIds', contact_ids, 'conversationIds', conversation_ids);
end $$;
