-- 0012 (compatible with 0001+): the event log
--
-- Everything that happens to a message, a chat, a channel or an alarm is written here once, by triggers: so it is the
-- statement which makes it true that writes it, and no path can forget it. A row has ids and small facts only. The words
-- stay in messages and are joined when the log is read, so erasing a customer erases them.
--
-- The log is read in the order of era, txid and seq. txid is the transaction that wrote the row. A reader takes no row
-- of a transaction that is at or after the oldest one still running, so it never passes an event that is committed
-- late. Transaction ids are numbered by the server: era grows when the database is on another server or timeline, where
-- the numbers may begin again.
--
-- Gateways of 0001 keep working: their triggers fire as well, and the day partitions of events are made with those of
-- messages.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

-- event_home names the server and the timeline that era belongs to.
alter table installation
  add column event_era integer not null default 0,
  add column event_home text;

create sequence event_ids;

create table events (
  created_on date not null default ((now() at time zone 'utc')::date),
  era integer not null,
  txid xid8 not null default pg_current_xact_id(),
  -- Only the order within a transaction.
  seq bigint not null default nextval('event_ids'),
  type text not null,
  occurred_at timestamptz not null default clock_timestamp(),
  workspace_id text,
  channel_id text,
  chat_id bigint,
  message_id bigint,
  message_created_on date,
  facts jsonb,
  primary key (era, txid, seq, created_on)
) partition by range (created_on);
-- A reader of one quiet workspace must not read what all others did.
create index events_workspace on events (workspace_id, era, txid, seq);

alter table events enable row level security;
alter table events force row level security;
create policy tenant on events using (works_for(workspace_id));

-- The type of the event of a message that entered its state.
create function event_of_state(was text, is_now text, origin text) returns text
  language sql immutable parallel safe as $$
  select case
    when is_now = 'cancelled' then 'message.deleted'
    when is_now not in ('sent', 'failed', 'unknown') then null
    when origin = 'agent' then 'reply.' || is_now
    when was = 'unknown' then 'message.resolved'
    else 'message.' || is_now
  end
$$;

-- The type of the event of a customer's message.
create function event_of_content(content jsonb) returns text language sql immutable parallel safe as $$
  select case
    when jsonb_typeof(content -> 'editedAtMs') = 'number' then 'message.received_edited'
    else case content #>> '{content,kind}'
      when 'tap' then 'button.tapped'
      when 'contact' then 'contact.shared'
      when 'location' then 'location.shared'
      when 'started' then 'chat.started'
      when 'blocked' then 'chat.blocked'
      when 'removed' then 'chat.blocked'
      when 'unblocked' then 'chat.unblocked'
      when 'added' then 'chat.unblocked'
      else 'message.received'
    end
  end
$$;

create function log_new_messages() returns trigger language plpgsql as $$
begin
  insert into events (era, type, workspace_id, channel_id, chat_id, message_id, message_created_on)
  select (select event_era from installation),
    case when direction = 'inbound' then event_of_content(content) else 'message.accepted' end,
    workspace_id, channel_id, chat_id, id, created_on
  from fresh where direction = 'inbound' or origin <> 'agent' order by id;
  return null;
end $$;

create function log_changed_messages() returns trigger language plpgsql as $$
begin
  insert into events (era, type, workspace_id, channel_id, chat_id, message_id, message_created_on, facts)
  select (select event_era from installation), happened.type, n.workspace_id, n.channel_id, n.chat_id, n.id,
    n.created_on, case when happened.type = 'message.resolved' then jsonb_build_object('state', n.state) end
  from fresh n join stale o on o.id = n.id and o.created_on = n.created_on cross join lateral (
    select event_of_state(o.state, n.state, n.origin) where n.state <> o.state
    union all
    select 'message.edited' where n.edited_at is not null and n.edited_at is distinct from o.edited_at
    union all
    select 'message.deleted' where n.deleted_at is not null and o.deleted_at is null
    union all
    select case n.mirror when 'done' then 'message.recorded' when 'dead' then 'message.not_recorded' end
      where n.mirror <> o.mirror and n.origin <> 'agent'
  ) happened(type)
  where happened.type is not null order by n.id;
  return null;
end $$;

create trigger log_new after insert on messages referencing new table as fresh
  for each statement execute function log_new_messages();
create trigger log_changed after update on messages referencing new table as fresh old table as stale
  for each statement execute function log_changed_messages();

create function log_migrated_chat() returns trigger language plpgsql as $$
begin
  insert into events (era, type, workspace_id, channel_id, chat_id, facts)
  select event_era, 'chat.migrated', new.workspace_id, new.channel_id, new.chat_id,
    jsonb_build_object('migratedTo', new.migrated_to::text) from installation;
  return null;
end $$;
create trigger log_new after insert on chats for each row when (new.migrated_to is not null)
  execute function log_migrated_chat();
create trigger log_changed after update on chats for each row
  when (new.migrated_to is not null and new.migrated_to is distinct from old.migrated_to)
  execute function log_migrated_chat();

create function log_channel_health() returns trigger language plpgsql as $$
begin
  insert into events (era, type, workspace_id, channel_id, facts)
  select event_era, case new.state when 'broken' then 'channel.broken' else 'channel.recovered' end,
    new.workspace_id, new.id, case new.state when 'broken' then jsonb_build_object('problem', new.problem) end
  from installation;
  return null;
end $$;
create trigger log_changed after update on channels for each row
  when (new.state <> old.state and (new.state = 'broken' or old.state = 'broken' and new.state = 'active'))
  execute function log_channel_health();

create function log_alarm() returns trigger language plpgsql as $$
begin
  insert into events (era, type, workspace_id, channel_id, facts)
  select event_era, case when new.cleared_at is null then 'alarm.raised' else 'alarm.cleared' end, new.workspace_id,
    case when new.subject like 'chn\_%' then new.subject end, jsonb_build_object('alarm', new.id)
  from installation;
  return null;
end $$;
create trigger log_new after insert on alarms for each row when (new.cleared_at is null) execute function log_alarm();
create trigger log_changed after update on alarms for each row
  when (old.cleared_at is null and new.cleared_at is not null) execute function log_alarm();

-- Begins a new era if the database has moved to another server or timeline, or if the server's transaction ids are
-- behind those of the log. Returns the era. To be called at every start, before anything is written.
create function settle_event_era() returns integer language plpgsql security definer as $$
declare
  kept installation%rowtype;
  newest xid8;
  home text;
begin
  begin
    home := (select system_identifier::text from pg_control_system()) || ':'
      || left(pg_walfile_name(pg_current_wal_lsn()), 8);
  exception when others then
    -- A server that is only compatible with PostgreSQL may not say it.
    home := null;
  end;
  select * into kept from installation for update;
  select txid into newest from events where era = kept.event_era order by txid desc limit 1;
  if home is distinct from kept.event_home or newest >= pg_snapshot_xmax(pg_current_snapshot()) then
    update installation set event_home = home,
      event_era = event_era + case when kept.event_home is null and newest is null then 0 else 1 end
      returning event_era into kept.event_era;
  end if;
  return kept.event_era;
end $$;

create or replace function ensure_partitions(parent text, days_ahead integer) returns void
language plpgsql security definer set lock_timeout = '500ms' as $$
declare
  day date;
begin
  if parent not in ('messages', 'attempts', 'updates', 'events') or days_ahead not between 0 and 31 then
    raise exception 'there are no day partitions of % for % days', parent, days_ahead;
  end if;
  for step in -1 .. days_ahead loop
    day := (now() at time zone 'utc')::date + step;
    if to_regclass(parent || to_char(day, '_YYYYMMDD')) is null then
      perform create_partition(parent, day);
    end if;
  end loop;
  -- A gateway of an earlier version asks only for those of messages, and its messages have events too.
  if parent = 'messages' then
    perform ensure_partitions('events', days_ahead);
  end if;
end $$;

create or replace function drop_partitions(parent text, first_kept date) returns integer
language plpgsql security definer set lock_timeout = '500ms' as $$
declare
  child text;
  dropped integer := 0;
begin
  if parent not in ('messages', 'attempts', 'updates', 'events') or first_kept > (now() at time zone 'utc')::date then
    raise exception 'the day partitions of % may not be dropped up to %', parent, first_kept;
  end if;
  for child in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = format('%I', parent)::regclass and right(c.relname, 8) < to_char(first_kept, 'YYYYMMDD')
  loop
    execute format('drop table %I', child);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;

do $$
begin
  execute format('alter function ensure_partitions(text, integer) set search_path = %I, pg_temp', current_schema());
  execute format('alter function drop_partitions(text, date) set search_path = %I, pg_temp', current_schema());
  execute format('alter function settle_event_era() set search_path = %I, pg_temp', current_schema());
end $$;
revoke all on function settle_event_era() from public;

-- Running gateways of an earlier version do not make these before their next round.
select ensure_partitions('events', 7);

create or replace function grant_runtime(runtime name) returns void language plpgsql as $$
declare
  one record;
begin
  execute format('revoke create on schema %I from public, %I', current_schema(), runtime);
  execute format('grant usage on schema %I to %I', current_schema(), runtime);
  for one in
    select format('%I.%I', n.nspname, c.relname) as name, case
        when c.relispartition then null
        when c.relkind = 'S' then 'usage, select'
        when c.relname = 'schema_migrations' then 'select'
        when c.relname = 'installation' then 'select, update (key_pepper, audit_key)'
        when c.relname = 'audit' then 'select, insert'
        -- An erasure deletes. Nothing changes an event.
        when c.relname = 'events' then 'select, insert, delete'
        else 'select, insert, update, delete'
      end as rights, case c.relkind when 'S' then 'sequence' else 'table' end as kind
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind in ('r', 'p', 'S') and pg_has_role(c.relowner, 'usage')
    order by c.relname
  loop
    execute format('revoke all on %s %s from public, %I', one.kind, one.name, runtime);
    if one.rights is not null then
      execute format('grant %s on %s %s to %I', one.rights, one.kind, one.name, runtime);
    end if;
  end loop;
  execute format('grant execute on function ensure_partitions(text, integer), drop_partitions(text, date), '
    'settle_event_era() to %I', runtime);
end $$;

-- Also covers the events.
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
  delete from events where workspace_id = workspace
    and (chat_id = customer or message_id = any (message_ids) or facts::text ~ named
      or (facts ->> 'alarm')::bigint in (
        select id from alarms where workspace_id = workspace and concat_ws(' ', subject, detail) ~ named));
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
