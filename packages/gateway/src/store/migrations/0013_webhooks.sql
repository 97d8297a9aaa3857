-- 0013 (compatible with 0001+): webhooks to callers' backends
--
-- An earlier gateway that still runs does not know jobs of the kind webhook. It moves those that it claims to the dead
-- letters after some failures; a replay of these delivers them.
--
-- The tables are new. The two triggers lock messages and chats for a moment.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

-- cursor is the last event of the log that was queued for the endpoint. Null: none, from the start of the log.
-- A replay, and skipping what was missed, begin a new round: jobs of earlier rounds with later events than kept_to are
-- not sent. failures counts the failed attempts since the last accepted one.
create table webhook_endpoints (
  id text primary key,
  workspace_id text not null,
  url text not null,
  description text not null,
  types text[],
  channel_ids text[],
  secret bytea not null,
  previous_secret bytea,
  previous_secret_until timestamptz,
  enabled boolean not null,
  disabled_reason text check (disabled_reason in ('by_request', 'gone', 'failing')),
  disabled_at timestamptz,
  cursor text collate "C",
  round integer not null default 0,
  kept_to text not null default '',
  failures integer not null default 0,
  failing_since timestamptz,
  last_failure text,
  created_at timestamptz not null default now(),
  check (enabled = (disabled_reason is null) and enabled = (disabled_at is null))
) with (fillfactor = 50);
create index webhook_endpoints_workspace on webhook_endpoints (workspace_id);

-- One row for each event and endpoint, after the first attempt. The words of the event are not repeated here; an
-- endpoint's answer may repeat them. event_on is the day of the event in the log.
create table webhook_deliveries (
  event_on date not null,
  endpoint_id text not null,
  event_id text collate "C" not null,
  workspace_id text not null,
  type text not null,
  channel_id text,
  chat_id bigint,
  message_id bigint,
  state text not null check (state in ('waiting', 'delivered', 'failed')),
  attempts jsonb not null,
  primary key (endpoint_id, event_id, event_on)
) partition by range (event_on);
create index webhook_deliveries_message on webhook_deliveries (message_id);

alter table webhook_endpoints enable row level security;
alter table webhook_endpoints force row level security;
create policy tenant on webhook_endpoints using (works_for(workspace_id));
alter table webhook_deliveries enable row level security;
alter table webhook_deliveries force row level security;
create policy tenant on webhook_deliveries using (works_for(workspace_id));

-- What was erased is also gone from the answers of endpoints, which often repeat the request. Rows of messages are
-- deleted only when a customer is erased: what is too old goes with its partition.
create function forget_deliveries_of_messages() returns trigger language plpgsql as $$
begin
  delete from webhook_deliveries d using gone g where d.message_id = g.id and d.workspace_id = g.workspace_id;
  return null;
end $$;
create trigger forget_deliveries after delete on messages
  referencing old table as gone for each statement execute function forget_deliveries_of_messages();

create function forget_deliveries_of_chats() returns trigger language plpgsql as $$
begin
  delete from webhook_deliveries d using gone g
    where d.channel_id = g.channel_id and d.chat_id = g.chat_id and d.workspace_id = g.workspace_id;
  return null;
end $$;
create trigger forget_deliveries after delete on chats
  referencing old table as gone for each statement execute function forget_deliveries_of_chats();

create or replace function ensure_partitions(parent text, days_ahead integer) returns void
language plpgsql security definer set lock_timeout = '500ms' as $$
declare
  day date;
begin
  if parent not in ('messages', 'attempts', 'updates', 'events', 'webhook_deliveries') or days_ahead not between 0 and 31 then
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
  if parent not in ('messages', 'attempts', 'updates', 'events', 'webhook_deliveries') or first_kept > (now() at time zone 'utc')::date then
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
end $$;

select ensure_partitions('webhook_deliveries', 7);
