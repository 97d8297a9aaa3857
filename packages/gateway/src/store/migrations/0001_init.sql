-- 0001 (compatible with 0001+): the first schema
--
-- Every table with a tenant's data carries workspace_id, so that row-level security can be laid over it.
-- Secrets are sealed bytes, never text. Tables that grow are partitioned by day; their partitions are made ahead
-- by ensure_partitions and dropped by retention.

create sequence epochs;

-- A running gateway process. Its epoch marks what it holds; alive_until is moved ahead while it lives.
create table processes (
  epoch bigint primary key default nextval('epochs'),
  started_at timestamptz not null default now(),
  alive_until timestamptz not null
);

create table workspaces (
  id text primary key,
  name text not null,
  inbox_kind text not null check (inbox_kind in ('intercom', 'hubspot')),
  inbox_settings jsonb not null,
  inbox_credential bytea not null,
  default_sender text,
  inbox_account text,
  hook_path text not null unique,
  state text not null default 'active' check (state in ('active', 'disabled', 'broken', 'deleted')),
  problem text,
  created_at timestamptz not null default now()
);

create table channels (
  id text primary key,
  workspace_id text not null references workspaces,
  name text not null,
  bot_id bigint not null,
  bot_username text not null,
  bot_name text not null,
  supports_inline_queries boolean not null,
  token bytea not null,
  webhook_secret bytea not null,
  hook_path text not null unique,
  updates text not null check (updates in ('polling', 'webhook')),
  api_root text not null,
  file_root text not null,
  poll_offset bigint,
  interactive_enabled boolean not null default true,
  inbox_ref jsonb not null default '{}',
  settings jsonb not null default '{}',
  state text not null default 'active' check (state in ('active', 'disabled', 'broken', 'deleted')),
  problem text,
  created_at timestamptz not null default now()
);
create unique index channels_bot on channels (bot_id) where state <> 'deleted';
create index channels_workspace on channels (workspace_id);

-- Retired and revoked keys stay, because the API must tell them from keys that never existed.
create table keys (
  id text primary key,
  workspace_id text not null references workspaces,
  channel_id text references channels,
  name text not null,
  digest bytea not null unique,
  prefix text not null,
  scopes text[] not null default '{send,read}',
  rate_per_second integer not null,
  rate_burst integer not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  retires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  last_used_from text
);
create index keys_workspace on keys (workspace_id);

-- Counts the changes of workspaces, channels and keys, so that processes may keep them in memory until it moves.
create table changes (
  singleton boolean primary key default true check (singleton),
  version bigint not null default 0
);
insert into changes default values;
create function count_change() returns trigger language plpgsql as $$
begin
  update changes set version = version + 1;
  return null;
end $$;
create trigger workspaces_change after insert or update or delete on workspaces
  for each statement execute function count_change();
create trigger channels_change after insert or delete or update of name, bot_username, bot_name, supports_inline_queries,
  token, webhook_secret, updates, api_root, file_root, interactive_enabled, inbox_ref, settings, state, problem on channels
  for each statement execute function count_change();
create trigger keys_change after insert or delete or update of expires_at, retires_at, revoked_at on keys
  for each statement execute function count_change();

-- What is known of a Telegram chat. A pause is Telegram's retry_after, stored.
create table chats (
  workspace_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  kind text not null default 'private' check (kind in ('private', 'group', 'channel')),
  title text,
  username text,
  person jsonb,
  blocked_at timestamptz,
  migrated_to bigint,
  paused_until timestamptz,
  seen_at timestamptz,
  primary key (channel_id, chat_id)
) with (fillfactor = 80);

-- The link between a chat (and topic) and an Intercom conversation or HubSpot thread. It is as old as the reservation of
-- the entry that opened that conversation: nothing that was said in it can be older.
create table conversations (
  workspace_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  topic_id bigint not null default 0,
  contact_id text,
  contact_data jsonb,
  inbox_conversation_id text,
  linked_at timestamptz,
  generation integer not null default 0,
  last_entry_id text,
  last_entry_at timestamptz,
  primary key (channel_id, chat_id, topic_id)
) with (fillfactor = 80);
create index conversations_inbox on conversations (workspace_id, inbox_conversation_id);

-- Plain and small: a seed client may keep message_id in 32 bits.
create sequence message_ids;

create table messages (
  created_on date not null default (now() at time zone 'utc')::date,
  id bigint not null default nextval('message_ids'),
  workspace_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  topic_id bigint not null default 0,
  direction text not null check (direction in ('outbound', 'inbound')),
  origin text not null check (origin in ('api', 'agent', 'automatic', 'customer')),
  state text not null check (state in ('pending', 'sending', 'sent', 'failed', 'unknown', 'received')),
  content jsonb not null,
  wire jsonb,
  sender_id text,
  request_id uuid,
  key_id text,
  channel_message_id bigint,
  failure jsonb,
  -- What a person decided of a message that was unknown, why, and when.
  resolution jsonb,
  resend_of bigint,
  mirror text not null default 'none' check (mirror in ('none', 'pending', 'done', 'dead')),
  mirror_detail text,
  inbox_conversation_id text,
  inbox_entry_id text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- The id first: whoever asks by id alone does not know the day.
  primary key (id, created_on)
) partition by range (created_on);
create index messages_chat on messages (channel_id, chat_id, id desc);

-- The state table of an outbound message (docs: ARCHITECTURE.md). A bug that takes another edge fails here
-- instead of reaching a customer twice.
create function enforce_message_state() returns trigger language plpgsql as $$
begin
  if (old.state, new.state) not in (
    ('pending', 'sending'), ('pending', 'failed'),
    ('sending', 'sent'), ('sending', 'failed'), ('sending', 'pending'), ('sending', 'unknown'),
    ('unknown', 'sent'), ('unknown', 'failed')
  ) then
    raise exception 'message % may not go from % to %', old.id, old.state, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger message_state before update on messages
  for each row when (old.state is distinct from new.state) execute function enforce_message_state();

-- The one send in flight of a chat: its row is the chat's send lane. Made with the intent, gone with the result,
-- so this table is as small as the number of sends on the wire.
create table flights (
  workspace_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  message_id bigint not null,
  created_on date not null,
  number integer not null,
  epoch bigint not null,
  started_at timestamptz not null default clock_timestamp(),
  primary key (channel_id, chat_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

create table attempts (
  created_on date not null,
  message_id bigint not null,
  number integer not null,
  workspace_id text not null,
  started_at timestamptz not null,
  finished_at timestamptz not null default clock_timestamp(),
  outcome text not null check (outcome in ('delivered', 'rejected', 'deferred', 'uncertain')),
  detail text,
  primary key (created_on, message_id, number)
) partition by range (created_on);

-- One logical request. A send's answer is read off its message, so that it is right after a crash too; a management
-- answer is sealed, because it may hold a key that is shown once. The intent names its message here in the same statement.
create table idempotency_keys (
  workspace_id text,
  scope text not null,
  route text not null,
  key text not null,
  fingerprint bytea not null,
  request_id uuid not null,
  epoch bigint not null,
  message_id bigint,
  created_on date,
  warnings json not null default '[]',
  answer bytea,
  created_at timestamptz not null default now(),
  primary key (scope, route, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

create sequence update_ids;

-- Everything that came in, as it came, before it is understood.
create table updates (
  received_on date not null default (now() at time zone 'utc')::date,
  id bigint not null default nextval('update_ids'),
  workspace_id text not null,
  channel_id text,
  source text not null check (source in ('telegram', 'intercom', 'hubspot')),
  external_id text not null,
  body bytea not null,
  state text not null default 'stored' check (state in ('stored', 'applied', 'ignored', 'dead')),
  detail text,
  received_at timestamptz not null default now(),
  primary key (received_on, id)
) partition by range (received_on);

-- What came in before, under its unique name. A unique key cannot span day partitions, so it stands apart.
create table fences (
  owner_id text not null,
  external_id text not null,
  workspace_id text not null,
  created_at timestamptz not null default now(),
  primary key (owner_id, external_id)
);
create index fences_age on fences (created_at);

-- The queue: one row a lane, jobs in the lane's own order. run_at null is idle. A claim moves run_at ahead
-- (the lease) and names itself in lease; whoever finishes with another lease changes nothing.
create table lanes (
  key text primary key,
  workspace_id text not null,
  run_at timestamptz,
  tail bigint not null,
  failures integer not null default 0,
  lease uuid
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
create index lanes_due on lanes (run_at) where run_at is not null;

create table jobs (
  lane_key text not null,
  seq bigint not null,
  workspace_id text not null,
  kind text not null,
  payload jsonb not null,
  created_at timestamptz not null default now(),
  primary key (lane_key, seq)
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

create table dead_letters (
  id bigint generated always as identity primary key,
  workspace_id text not null,
  lane_key text not null,
  kind text not null,
  payload jsonb not null,
  cause text not null,
  failures integer not null,
  created_at timestamptz not null default now()
);
create index dead_letters_workspace on dead_letters (workspace_id, id);

-- Every entry that we write into an inbox: reserved before the call, confirmed with the inbox's id. Tells an echo from
-- an agent's reply, and an uncertain write from one that never was.
create table inbox_writes (
  workspace_id text not null,
  key text not null,
  conversation_id text,
  text_hash bytea not null,
  entry_id text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, key)
);
create unique index inbox_writes_entry on inbox_writes (workspace_id, entry_id) where entry_id is not null;
create index inbox_writes_open on inbox_writes (workspace_id, conversation_id) where entry_id is null;
create index inbox_writes_age on inbox_writes (created_at);

-- Up to when a workspace's inbox was searched for replies that nobody told us of.
create table reconciliations (
  workspace_id text primary key references workspaces,
  reconciled_at timestamptz not null
);

-- When each leg of a channel was alive last, to the minute. The owner is a channel, or a workspace for its inbox's events.
create table activity (
  workspace_id text not null,
  owner_id text not null,
  leg text not null check (leg in ('update', 'sent', 'entry', 'event')),
  at timestamptz not null,
  primary key (owner_id, leg)
) with (fillfactor = 80);

-- A claim of one process on something that must run once in a deployment: a channel's poller, a sweep.
create table leases (
  name text primary key,
  epoch bigint not null,
  until timestamptz not null
);

-- Makes the day partitions from today to days_ahead of one partitioned table. The lock on the parent that this takes keeps
-- everybody else waiting behind it: a backup that reads the table must not stop all sends, so it is given up soon.
create function ensure_partitions(parent regclass, days_ahead integer) returns void language plpgsql
set lock_timeout = '500ms' as $$
declare
  day date;
  child text;
begin
  for step in -1 .. days_ahead loop
    day := (now() at time zone 'utc')::date + step;
    child := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
    if to_regclass(child) is null then
      execute format('create table %I partition of %s for values from (%L) to (%L) with (fillfactor = 80)',
        child, parent, day, day + 1);
    end if;
  end loop;
end $$;

-- Drops the partitions that lie wholly before first_kept; returns how many went.
create function drop_partitions(parent regclass, first_kept date) returns integer language plpgsql
set lock_timeout = '500ms' as $$
declare
  child text;
  dropped integer := 0;
begin
  for child in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = parent and right(c.relname, 8) < to_char(first_kept, 'YYYYMMDD')
  loop
    execute format('drop table %I', child);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;
