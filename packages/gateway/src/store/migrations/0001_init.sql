-- 0001 (compatible with 0001+): the first schema
--
-- Every table with a tenant's data has a workspace_id, which row-level security (at the end) checks. Secrets are
-- encrypted bytes, never text. Tables that grow are partitioned by day. The gateway creates the partitions ahead of
-- time with ensure_partitions, and retention drops them.

-- The identity of this database. The files of a journal carry it, so that a journal is applied to its own database
-- only. A restored database gets a new id. key_pepper is the encrypted value that digests of API keys are made with;
-- it is stored, so that the master key can change.
create table installation (
  singleton boolean primary key default true check (singleton),
  id uuid not null default gen_random_uuid(),
  key_pepper bytea
);
insert into installation default values;

create sequence epochs;

-- A running gateway process. Rows that it claims carry its epoch. It moves alive_until forward while it runs.
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
  created_at timestamptz not null default now(),
  conversation_rules jsonb not null default '{}'
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
  created_at timestamptz not null default now(),
  -- Telegram's retry_after for the whole bot.
  paused_until timestamptz
);
create unique index channels_bot on channels (bot_id) where state <> 'deleted';
create index channels_workspace on channels (workspace_id);
create index channels_broken on channels (id) where state = 'broken';

-- Retired and revoked keys are not deleted, because the API must distinguish them from keys that never existed.
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
  last_used_from text,
  -- The networks from which the key may be used. Empty: all.
  networks text[] not null default '{}'
);
create index keys_workspace on keys (workspace_id);

-- Counts the changes of workspaces, channels and keys. Processes cache these rows until the version changes.
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
create trigger channels_change after insert or delete or update of name, bot_username, bot_name,
  supports_inline_queries, token, webhook_secret, updates, api_root, file_root, interactive_enabled, inbox_ref,
  settings, state, problem, paused_until on channels for each statement execute function count_change();
create trigger keys_change after insert or delete or update of expires_at, retires_at, revoked_at on keys
  for each statement execute function count_change();

-- A Telegram chat. paused_until is Telegram's retry_after for the chat.
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

-- The link between a chat (and topic) and an Intercom conversation or HubSpot thread. linked_at is the time at which
-- the entry that opened the conversation was reserved, so nothing in the conversation can be older.
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
  -- Changes to the inbox's conversation (tags, assignment) that are still to be made. Null: none.
  arrangement jsonb,
  -- The contact was created before the person's name was known.
  contact_nameless boolean not null default false,
  primary key (channel_id, chat_id, topic_id)
) with (fillfactor = 80);
create index conversations_inbox on conversations (workspace_id, inbox_conversation_id);

-- The inbox's conversations that a chat had before its current one. Agents' replies in them are still sent.
create table past_conversations (
  workspace_id text not null,
  inbox_conversation_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  topic_id bigint not null default 0,
  linked_at timestamptz not null,
  left_at timestamptz not null default now(),
  primary key (workspace_id, inbox_conversation_id)
);
create index past_conversations_age on past_conversations (left_at);

-- A small number: clients may store message_id in 32 bits.
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
  -- A person's decision about an unknown message, its reason, and its time.
  resolution jsonb,
  resend_of bigint,
  mirror text not null default 'none' check (mirror in ('none', 'pending', 'done', 'dead')),
  mirror_detail text,
  inbox_conversation_id text,
  inbox_entry_id text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  resend_note text,
  -- The id comes first, because some queries know the id but not the day.
  primary key (id, created_on)
) partition by range (created_on);
create index messages_chat on messages (channel_id, chat_id, id desc);

-- The messages whose state is 'unknown', written by the trigger below. An index on messages.state would have to be
-- updated with every result.
create table unknown_messages (
  message_id bigint primary key,
  created_on date not null,
  workspace_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  since timestamptz not null default now()
);
create index unknown_messages_chat on unknown_messages (channel_id, chat_id);

-- The permitted state changes of an outbound message (see ARCHITECTURE.md). A bug that attempts another change fails
-- here instead of reaching a customer twice.
create function enforce_message_state() returns trigger language plpgsql as $$
begin
  if (old.state, new.state) not in (
    ('pending', 'sending'), ('pending', 'failed'),
    ('sending', 'sent'), ('sending', 'failed'), ('sending', 'pending'), ('sending', 'unknown'),
    ('unknown', 'sent'), ('unknown', 'failed')
  ) then
    raise exception 'message % may not go from % to %', old.id, old.state, new.state using errcode = 'check_violation';
  end if;
  if new.state = 'unknown' then
    insert into unknown_messages (message_id, created_on, workspace_id, channel_id, chat_id)
    values (new.id, new.created_on, new.workspace_id, new.channel_id, new.chat_id);
  elsif old.state = 'unknown' then
    delete from unknown_messages where message_id = new.id;
  end if;
  return new;
end $$;
create trigger message_state before update on messages
  for each row when (old.state is distinct from new.state) execute function enforce_message_state();

-- A message is resent at most once; the resent message may be resent in turn. The primary key enforces this.
create table resends (
  message_id bigint primary key,
  resent_as bigint not null,
  created_on date not null
);
create function note_resend() returns trigger language plpgsql as $$
begin
  insert into resends (message_id, resent_as, created_on) values (new.resend_of, new.id, new.created_on);
  return null;
end $$;
create trigger message_resend after insert on messages
  for each row when (new.resend_of is not null) execute function note_resend();

-- The one send of a chat that is in flight. The row is the chat's send lane: it is inserted with the intent and
-- deleted with the result, so the table has one row per send on the wire.
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

-- One logical request. The answer to a send is read from its message, so it is correct after a crash too. The answer
-- to a management request is stored encrypted, because it may contain a key that is shown only once. The statement
-- that stores an intent also stores its message id here.
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

-- Every event received, byte for byte, before it is interpreted.
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

-- The unique names of the events received. A separate table, because a unique key cannot span the day partitions.
create table fences (
  owner_id text not null,
  external_id text not null,
  workspace_id text not null,
  created_at timestamptz not null default now(),
  primary key (owner_id, external_id)
);
create index fences_age on fences (created_at);

-- The queue: one row per lane, and jobs in the order of their lane. A lane whose run_at is null is idle. A claim
-- moves run_at forward (the lease) and writes its id to lease; a worker that finishes with another lease changes
-- nothing. epoch is the process that claimed the lane: when it dies, its lanes are due at once, before their leases
-- expire.
create table lanes (
  key text primary key,
  workspace_id text not null,
  run_at timestamptz,
  tail bigint not null,
  failures integer not null default 0,
  lease uuid,
  epoch bigint
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
  created_at timestamptz not null default now(),
  state text not null default 'waiting' check (state in ('waiting', 'replayed', 'discarded')),
  decided_at timestamptz,
  note text
);
create index dead_letters_workspace on dead_letters (workspace_id, id);
create index dead_letters_state on dead_letters (state, id);

-- Every entry that the gateway writes to an inbox: reserved before the call, confirmed with the inbox's id. It
-- distinguishes an echo from an agent's reply, and an uncertain write from one that never happened.
create table inbox_writes (
  workspace_id text not null,
  key text not null,
  conversation_id text,
  text_hash bytea not null,
  entry_id text,
  created_at timestamptz not null default now(),
  -- The newest entry known at the reservation. A search for this entry starts behind it.
  after_entry_id text,
  primary key (workspace_id, key)
);
create unique index inbox_writes_entry on inbox_writes (workspace_id, entry_id) where entry_id is not null;
create index inbox_writes_open on inbox_writes (workspace_id, conversation_id) where entry_id is null;
create index inbox_writes_age on inbox_writes (created_at);

-- The messages that an agent's reply becomes. They are decided once, so that every try sends the same.
create table reply_plans (
  workspace_id text not null,
  entry_id text not null,
  -- json and not jsonb, so that the text is stored exactly as it will be sent.
  plan json not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, entry_id)
);
create index reply_plans_age on reply_plans (created_at);

-- The time up to which a workspace's inbox was searched for replies whose event never arrived.
create table reconciliations (
  workspace_id text primary key references workspaces,
  reconciled_at timestamptz not null
);

-- The health of each leg of a channel: when it last worked (to the minute), since when it has worked, or since when
-- it has failed and why. The owner is a channel, or a workspace for its inbox's events.
create table activity (
  workspace_id text not null,
  owner_id text not null,
  leg text not null check (leg in ('update', 'sent', 'entry', 'event', 'grant')),
  at timestamptz,
  since timestamptz,
  failing_since timestamptz,
  problem text,
  primary key (owner_id, leg)
) with (fillfactor = 80);

-- One row for each time that something needed a person. source is the observer: 'store' for conditions that every
-- process sees, 'process:<epoch>' for those that only one process sees.
create table alarms (
  id bigint generated always as identity primary key,
  source text not null,
  kind text not null,
  subject text not null,
  workspace_id text,
  detail text not null,
  remedy text not null,
  raised_at timestamptz not null default now(),
  cleared_at timestamptz
);
create unique index alarms_raised on alarms (source, kind, subject) where cleared_at is null;

-- What the last checks of a bot's webhook found.
create table webhook_watches (
  channel_id text primary key references channels (id),
  workspace_id text not null,
  -- Null if Telegram has never answered.
  seen jsonb,
  -- An alarm is raised for it.
  suspect boolean not null default false,
  looked_at timestamptz not null default now()
);
create index webhook_watches_suspect on webhook_watches (channel_id) where suspect;

-- An OAuth install that was begun. app is the app with its secret, encrypted. workspace_id is the workspace whose
-- grant the install renews, or the workspace that it created.
create table connections (
  id text primary key,
  workspace_id text references workspaces,
  inbox_kind text not null check (inbox_kind in ('intercom', 'hubspot')),
  name text,
  default_sender text,
  app bytea not null,
  start_path text not null unique,
  state text not null default 'waiting' check (state in ('waiting', 'connected', 'failed')),
  problem_code text,
  problem text,
  -- The browser came back, and its code is being redeemed.
  claimed_at timestamptz,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index connections_expires_at on connections (expires_at);

-- The access token of a workspace's grant, shared by all replicas. It is valid only with the credential that it was
-- made with (made_with is its digest). claim names the process that renews it, until claimed_until.
create table grants (
  workspace_id text primary key references workspaces,
  access_token bytea,
  made_with bytea,
  expires_at timestamptz,
  claim text,
  claimed_until timestamptz
);

-- The claim of one process on work that must run once in a deployment: a channel's poller, a sweep.
create table leases (
  name text primary key,
  epoch bigint not null,
  until timestamptz not null
);

-- Creates the day partitions of one partitioned table, from yesterday to days_ahead. A partition is created as a
-- table and then attached. Unlike "create table ... partition of", this waits neither for readers of the table (a
-- backup reads for hours) nor for writers. It excludes only another change of the same kind, for a moment.
create function ensure_partitions(parent regclass, days_ahead integer) returns void
language plpgsql set lock_timeout = '500ms' as $$
declare
  day date;
  child text;
begin
  for step in -1 .. days_ahead loop
    day := (now() at time zone 'utc')::date + step;
    child := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
    if to_regclass(child) is null then
      execute format('create table %I (like %s including all) with (fillfactor = 80)', child, parent);
      execute format('alter table %s attach partition %I for values from (%L) to (%L)', parent, child, day, day + 1);
    end if;
  end loop;
end $$;

-- Drops the partitions that end before first_kept. Returns how many were dropped.
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

-- The people who administer the gateway, their sessions, and the tokens of their scripts. They belong to the
-- installation and not to a workspace. Passwords, sessions, invitations and tokens are stored as digests only; the
-- secret of a second factor is encrypted.
create table people (
  id text primary key,
  email text not null unique check (email = lower(email)),
  name text not null,
  role text not null check (role in ('owner', 'admin', 'member', 'read-only')),
  -- Null: every workspace.
  workspaces text[],
  password text,
  totp_secret bytea,
  totp_confirmed_at timestamptz,
  -- The newest code that was used, so that no code is accepted twice.
  totp_step bigint,
  oidc_issuer text,
  oidc_subject text,
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  unique (oidc_issuer, oidc_subject)
);

create table sessions (
  id text primary key,
  digest bytea not null unique,
  person_id text not null references people on delete cascade,
  address text not null,
  user_agent text,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
create index sessions_person on sessions (person_id);

create table admin_tokens (
  id text primary key,
  digest bytea not null unique,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'member', 'read-only')),
  workspaces text[],
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  last_used_from text
);

-- The holder of an invitation becomes the first owner (person_id is null), or sets the password of that person.
create table invitations (
  digest bytea primary key,
  person_id text unique references people on delete cascade,
  expires_at timestamptz not null
);

create table login_failures (
  name text primary key,
  failures integer not null,
  last_at timestamptz not null default now(),
  until timestamptz not null default now()
);

-- Who did what to which object, and from where. Rows are only added: the gateway's own role may not change them, and
-- a trigger refuses every change. Each row has a digest of itself and of the previous row's digest, so that a change
-- by other means is detected.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  request_id uuid not null,
  phase text not null check (phase in ('begun', 'ended')),
  actor_kind text not null,
  actor_id text not null,
  address text not null,
  action text not null,
  object text,
  workspace_id text,
  fields text[] not null default '{}',
  status integer,
  hash bytea not null
);
create index audit_workspace on audit (workspace_id, id);

-- Each value is preceded by its length, or is a minus sign if it is null, so that no two rows have the same text.
create function audit_text(variadic fields text[]) returns text language sql immutable as $$
  select string_agg(case when field is null then '-' else octet_length(field) || ':' || field end, ' ' order by place)
  from unnest(fields) with ordinality as f(field, place)
$$;

create function chain_audit() returns trigger language plpgsql as $$
declare
  before bytea;
begin
  -- The lock makes rows join the chain one at a time, in the order of their ids.
  perform pg_advisory_xact_lock(1635083369);
  new.id := nextval(pg_get_serial_sequence('audit', 'id'));
  new.at := clock_timestamp();
  select hash into before from audit order by id desc limit 1;
  new.hash := sha256(coalesce(before, '') || convert_to(audit_text(new.id::text,
    to_char(new.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), new.request_id::text, new.phase,
    new.actor_kind, new.actor_id, new.address, new.action, new.object, new.workspace_id,
    array_to_string(new.fields, ','), new.status::text), 'UTF8'));
  return new;
end $$;
create trigger chain before insert on audit for each row execute function chain_audit();

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only added to';
end $$;
create trigger append_only before update or delete on audit for each row execute function refuse_audit_change();
create trigger append_only_whole before truncate on audit for each statement execute function refuse_audit_change();
revoke update, delete, truncate on audit from current_user;

-- Erased customers. Only a keyed digest is stored of the Telegram id, and of each conversation in the inbox, so that
-- late copies of old events do not bring the customer back. Rows are deleted after two weeks, when no provider
-- repeats events.
create table erasures (
  workspace_id text not null,
  digest bytea not null,
  erased_at timestamptz not null default now(),
  primary key (workspace_id, digest)
);

-- Erases one customer in one transaction. Returns null, and changes nothing, while a message to the customer is on
-- the wire.
create function erase_customer(workspace text, customer bigint) returns jsonb language plpgsql as $$
declare
  id_text constant text := customer::text;
  -- Matches the id as a whole number. For tables with many rows, a plain text search comes first, which is faster.
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
  select coalesce(array_agg(id), '{}'),
      coalesce(array_agg(distinct inbox_entry_id) filter (where inbox_entry_id is not null), '{}')
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
    where workspace_id = workspace and (
      position(convert_to(id_text, 'UTF8') in body) > 0 and encode(body, 'escape') ~ named
      or exists (select 1 from unnest(conversation_ids) id where position(convert_to(id, 'UTF8') in body) > 0));
  get diagnostics kept_updates = row_count;
  delete from fences where owner_id = any (channel_ids) and external_id ~ ('^message:' || customer || ':');
  delete from past_conversations where workspace_id = workspace and chat_id = customer;
  delete from conversations where workspace_id = workspace and chat_id = customer;
  delete from chats where workspace_id = workspace and chat_id = customer;
  -- The last author in a group.
  update chats set person = null where workspace_id = workspace and person ->> 'userId' = customer::text;
  return jsonb_build_object('messages', cardinality(message_ids), 'updates', kept_updates,
    'contactIds', contact_ids, 'conversationIds', conversation_ids);
end $$;

-- Row-level security: the sessions of a workspace see that workspace's rows only. It is a second check behind the
-- statements, which name their workspace themselves. A session sets chatferry.workspaces to a list of ids with commas
-- between them, or to * for all workspaces. A session that does not set it sees nothing.
create function works_for(workspace text) returns boolean language sql stable parallel safe as $$
  select current_setting('chatferry.workspaces', true) = '*'
    or workspace = any (string_to_array(current_setting('chatferry.workspaces', true), ','))
$$;

do $$
declare
  one text;
begin
  foreach one in array array['activity', 'alarms', 'attempts', 'audit', 'channels', 'chats', 'connections',
    'conversations', 'dead_letters', 'erasures', 'fences', 'flights', 'grants', 'idempotency_keys', 'inbox_writes',
    'jobs', 'keys', 'lanes', 'messages', 'past_conversations', 'reconciliations', 'reply_plans', 'unknown_messages',
    'updates', 'webhook_watches']
  loop
    execute format('alter table %I enable row level security', one);
    execute format('alter table %I force row level security', one);
    execute format('create policy tenant on %I using (works_for(workspace_id))', one);
  end loop;
  -- These belong to the installation: only a session that works for all workspaces sees them.
  foreach one in array array['admin_tokens', 'invitations', 'login_failures', 'people', 'sessions'] loop
    execute format('alter table %I enable row level security', one);
    execute format('alter table %I force row level security', one);
    execute format('create policy tenant on %I using (works_for(null))', one);
  end loop;
end $$;

alter table workspaces enable row level security;
alter table workspaces force row level security;
create policy tenant on workspaces using (works_for(id));

-- A resent message belongs to the workspace of the message that it repeats.
alter table resends enable row level security;
alter table resends force row level security;
create policy tenant on resends using (
  current_setting('chatferry.workspaces', true) = '*' or exists (select 1 from messages m where m.id = message_id)
);
