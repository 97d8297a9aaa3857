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
