-- Generated from the migrations by "npm run gen:schema". Do not edit.

create sequence epochs as bigint start 1 increment 1 minvalue 1 maxvalue 9223372036854775807 cache 1;

create sequence event_ids as bigint start 1 increment 1 minvalue 1 maxvalue 9223372036854775807 cache 1;

create sequence message_ids as bigint start 1 increment 1 minvalue 1 maxvalue 9223372036854775807 cache 1;

create sequence test_numbers as bigint start 10000 increment 1000 minvalue 1 maxvalue 9223372036854775807 cache 1;

create sequence update_ids as bigint start 1 increment 1 minvalue 1 maxvalue 9223372036854775807 cache 1;

CREATE OR REPLACE FUNCTION public.count_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update changes set version = version + 1;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.create_partition(parent text, day date)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  child constant text := parent || to_char(day, '_YYYYMMDD');
begin
  execute format('create table %I (like %I including all) with (fillfactor = 80)', child, parent);
  perform guard_partition(format('%I', child)::regclass);
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, child, day, day + 1);
end $function$
;

CREATE OR REPLACE FUNCTION public.drop_partitions(parent text, first_kept date)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET lock_timeout TO '500ms'
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.enforce_message_state()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (old.state, new.state) not in (
    ('scheduled', 'sending'), ('scheduled', 'cancelled'), ('scheduled', 'failed'),
    ('pending', 'sending'), ('pending', 'failed'), ('pending', 'scheduled'),
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
end $function$
;

CREATE OR REPLACE FUNCTION public.ensure_partitions(parent text, days_ahead integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET lock_timeout TO '500ms'
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.erase_customer(workspace text, customer bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.event_of_content(content jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.event_of_state(was text, is_now text, origin text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case
    when is_now = 'cancelled' then 'message.deleted'
    when is_now not in ('sent', 'failed', 'unknown') then null
    when origin = 'agent' then 'reply.' || is_now
    when was = 'unknown' then 'message.resolved'
    else 'message.' || is_now
  end
$function$
;

CREATE OR REPLACE FUNCTION public.first_message_since(moment timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  day constant date := (moment at time zone 'utc')::date;
  low bigint;
  high bigint;
  middle bigint;
  found record;
begin
  select min(id), max(id) + 1 into low, high from messages where created_on = day;
  while low < high loop
    middle := (low + high) / 2;
    select id, created_at into found from messages where created_on = day and id >= middle order by id limit 1;
    if found.id is null or found.created_at >= moment then
      high := middle;
    else
      low := found.id + 1;
    end if;
  end loop;
  return low;
end $function$
;

CREATE OR REPLACE FUNCTION public.forget_deliveries_of_chats()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from webhook_deliveries d using gone g
    where d.channel_id = g.channel_id and d.chat_id = g.chat_id and d.workspace_id = g.workspace_id;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.forget_deliveries_of_messages()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from webhook_deliveries d using gone g where d.message_id = g.id and d.workspace_id = g.workspace_id;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.grant_runtime(runtime name)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.guard_partition(child regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('alter table %s enable row level security', child);
  execute format('alter table %s force row level security', child);
  execute format('create policy tenant on %s using (works_for(workspace_id))', child);
end $function$
;

CREATE OR REPLACE FUNCTION public.keep_audit_key()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the key of the audit log cannot be removed';
end $function$
;

CREATE OR REPLACE FUNCTION public.log_alarm()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into events (era, type, workspace_id, channel_id, facts)
  select event_era, case when new.cleared_at is null then 'alarm.raised' else 'alarm.cleared' end, new.workspace_id,
    case when new.subject like 'chn\_%' then new.subject end, jsonb_build_object('alarm', new.id)
  from installation;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.log_changed_messages()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.log_channel_health()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into events (era, type, workspace_id, channel_id, facts)
  select event_era, case new.state when 'broken' then 'channel.broken' else 'channel.recovered' end,
    new.workspace_id, new.id, case new.state when 'broken' then jsonb_build_object('problem', new.problem) end
  from installation;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.log_migrated_chat()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into events (era, type, workspace_id, channel_id, chat_id, facts)
  select event_era, 'chat.migrated', new.workspace_id, new.channel_id, new.chat_id,
    jsonb_build_object('migratedTo', new.migrated_to::text) from installation;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.log_new_messages()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into events (era, type, workspace_id, channel_id, chat_id, message_id, message_created_on)
  select (select event_era from installation),
    case when direction = 'inbound' then event_of_content(content) else 'message.accepted' end,
    workspace_id, channel_id, chat_id, id, created_on
  from fresh where direction = 'inbound' or origin <> 'agent' order by id;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.note_resend()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into resends (message_id, resent_as, created_on) values (new.resend_of, new.id, new.created_on);
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the audit log is only added to';
end $function$
;

CREATE OR REPLACE FUNCTION public.settle_event_era()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.works_for(workspace text)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select current_setting('chatferry.workspaces', true) = '*'
    or workspace = any (string_to_array(current_setting('chatferry.workspaces', true), ','))
$function$
;

create table activity (
  workspace_id text not null,
  owner_id text not null,
  leg text not null,
  at timestamp with time zone,
  since timestamp with time zone,
  failing_since timestamp with time zone,
  problem text,
  constraint activity_leg_check CHECK ((leg = ANY (ARRAY['update'::text, 'sent'::text, 'entry'::text, 'event'::text, 'grant'::text]))),
  constraint activity_pkey PRIMARY KEY (owner_id, leg)
) with (fillfactor=80);
alter table activity enable row level security;
alter table activity force row level security;
create policy tenant on activity as permissive for all to public using (works_for(workspace_id));

create table admin_tokens (
  id text not null,
  digest bytea not null,
  name text not null,
  role text not null,
  workspaces text[],
  created_by text not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  last_used_from text,
  constraint admin_tokens_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text, 'read-only'::text]))),
  constraint admin_tokens_pkey PRIMARY KEY (id),
  constraint admin_tokens_digest_key UNIQUE (digest)
);
alter table admin_tokens enable row level security;
alter table admin_tokens force row level security;
create policy tenant on admin_tokens as permissive for all to public using (works_for(NULL::text));

create table alarms (
  id bigint generated always as identity not null,
  source text not null,
  kind text not null,
  subject text not null,
  workspace_id text,
  detail text not null,
  remedy text not null,
  raised_at timestamp with time zone default now() not null,
  cleared_at timestamp with time zone,
  constraint alarms_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX alarms_raised ON public.alarms USING btree (source, kind, subject) WHERE (cleared_at IS NULL);
CREATE TRIGGER log_changed AFTER UPDATE ON public.alarms FOR EACH ROW WHEN (((old.cleared_at IS NULL) AND (new.cleared_at IS NOT NULL))) EXECUTE FUNCTION log_alarm();
CREATE TRIGGER log_new AFTER INSERT ON public.alarms FOR EACH ROW WHEN ((new.cleared_at IS NULL)) EXECUTE FUNCTION log_alarm();
alter table alarms enable row level security;
alter table alarms force row level security;
create policy tenant on alarms as permissive for all to public using (works_for(workspace_id));

create table attempts (
  created_on date not null,
  message_id bigint not null,
  number integer not null,
  workspace_id text not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone default clock_timestamp() not null,
  outcome text not null,
  detail text,
  constraint attempts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'rejected'::text, 'deferred'::text, 'uncertain'::text]))),
  constraint attempts_pkey PRIMARY KEY (created_on, message_id, number)
) partition by RANGE (created_on);
alter table attempts enable row level security;
alter table attempts force row level security;
create policy tenant on attempts as permissive for all to public using (works_for(workspace_id));

create table audit (
  id bigint not null,
  at timestamp with time zone default clock_timestamp() not null,
  request_id uuid not null,
  phase text not null,
  actor_kind text not null,
  actor_id text not null,
  address text not null,
  action text not null,
  object text,
  workspace_id text,
  fields text[] default '{}'::text[] not null,
  status integer,
  hash bytea not null,
  constraint audit_hash_check CHECK ((octet_length(hash) = 32)),
  constraint audit_id_check CHECK ((id > 0)),
  constraint audit_phase_check CHECK ((phase = ANY (ARRAY['begun'::text, 'ended'::text]))),
  constraint audit_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_workspace ON public.audit USING btree (workspace_id, id);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
alter table audit enable row level security;
alter table audit force row level security;
create policy tenant on audit as permissive for all to public using (works_for(workspace_id));

create table changes (
  singleton boolean default true not null,
  version bigint default 0 not null,
  constraint changes_singleton_check CHECK (singleton),
  constraint changes_pkey PRIMARY KEY (singleton)
);

create table channels (
  id text not null,
  workspace_id text not null,
  name text not null,
  bot_id bigint not null,
  bot_username text not null,
  bot_name text not null,
  supports_inline_queries boolean not null,
  token bytea not null,
  webhook_secret bytea not null,
  hook_path text not null,
  updates text not null,
  api_root text not null,
  file_root text not null,
  poll_offset bigint,
  interactive_enabled boolean default true not null,
  inbox_ref jsonb default '{}'::jsonb not null,
  settings jsonb default '{}'::jsonb not null,
  state text default 'active'::text not null,
  problem text,
  created_at timestamp with time zone default now() not null,
  paused_until timestamp with time zone,
  bot_origin text not null,
  bot_former_username text,
  bot_renamed_at timestamp with time zone,
  constraint channels_state_check CHECK ((state = ANY (ARRAY['active'::text, 'disabled'::text, 'broken'::text, 'deleted'::text]))),
  constraint channels_updates_check CHECK ((updates = ANY (ARRAY['polling'::text, 'webhook'::text, 'direct'::text]))),
  constraint channels_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint channels_pkey PRIMARY KEY (id),
  constraint channels_hook_path_key UNIQUE (hook_path)
);
CREATE UNIQUE INDEX channels_bot ON public.channels USING btree (bot_origin, bot_id) WHERE (state <> 'deleted'::text);
CREATE INDEX channels_broken ON public.channels USING btree (id) WHERE (state = 'broken'::text);
CREATE INDEX channels_workspace ON public.channels USING btree (workspace_id);
CREATE TRIGGER channels_change AFTER INSERT OR DELETE OR UPDATE OF name, bot_username, bot_name, supports_inline_queries, token, webhook_secret, updates, api_root, file_root, interactive_enabled, inbox_ref, settings, state, problem, paused_until ON public.channels FOR EACH STATEMENT EXECUTE FUNCTION count_change();
CREATE TRIGGER log_changed AFTER UPDATE ON public.channels FOR EACH ROW WHEN (((new.state <> old.state) AND ((new.state = 'broken'::text) OR ((old.state = 'broken'::text) AND (new.state = 'active'::text))))) EXECUTE FUNCTION log_channel_health();
alter table channels enable row level security;
alter table channels force row level security;
create policy tenant on channels as permissive for all to public using (works_for(workspace_id));

create table chats (
  workspace_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  kind text default 'private'::text not null,
  title text,
  username text,
  person jsonb,
  blocked_at timestamp with time zone,
  migrated_to bigint,
  paused_until timestamp with time zone,
  seen_at timestamp with time zone,
  constraint chats_kind_check CHECK ((kind = ANY (ARRAY['private'::text, 'group'::text, 'channel'::text]))),
  constraint chats_pkey PRIMARY KEY (channel_id, chat_id)
) with (fillfactor=80);
CREATE TRIGGER forget_deliveries AFTER DELETE ON public.chats REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION forget_deliveries_of_chats();
CREATE TRIGGER log_changed AFTER UPDATE ON public.chats FOR EACH ROW WHEN (((new.migrated_to IS NOT NULL) AND (new.migrated_to IS DISTINCT FROM old.migrated_to))) EXECUTE FUNCTION log_migrated_chat();
CREATE TRIGGER log_new AFTER INSERT ON public.chats FOR EACH ROW WHEN ((new.migrated_to IS NOT NULL)) EXECUTE FUNCTION log_migrated_chat();
alter table chats enable row level security;
alter table chats force row level security;
create policy tenant on chats as permissive for all to public using (works_for(workspace_id));

create table connections (
  id text not null,
  workspace_id text,
  inbox_kind text not null,
  name text,
  default_sender text,
  app bytea not null,
  start_path text not null,
  state text default 'waiting'::text not null,
  problem_code text,
  problem text,
  claimed_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  constraint connections_inbox_kind_check CHECK ((inbox_kind = ANY (ARRAY['intercom'::text, 'hubspot'::text]))),
  constraint connections_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'connected'::text, 'failed'::text]))),
  constraint connections_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint connections_pkey PRIMARY KEY (id),
  constraint connections_start_path_key UNIQUE (start_path)
);
CREATE INDEX connections_expires_at ON public.connections USING btree (expires_at);
alter table connections enable row level security;
alter table connections force row level security;
create policy tenant on connections as permissive for all to public using (works_for(workspace_id));

create table conversations (
  workspace_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  topic_id bigint default 0 not null,
  contact_id text,
  contact_data jsonb,
  inbox_conversation_id text,
  linked_at timestamp with time zone,
  generation integer default 0 not null,
  last_entry_id text,
  last_entry_at timestamp with time zone,
  arrangement jsonb,
  contact_nameless boolean default false not null,
  constraint conversations_pkey PRIMARY KEY (channel_id, chat_id, topic_id)
) with (fillfactor=80);
CREATE INDEX conversations_contact ON public.conversations USING btree (workspace_id, contact_id);
CREATE INDEX conversations_inbox ON public.conversations USING btree (workspace_id, inbox_conversation_id);
alter table conversations enable row level security;
alter table conversations force row level security;
create policy tenant on conversations as permissive for all to public using (works_for(workspace_id));

create table dead_letters (
  id bigint generated always as identity not null,
  workspace_id text not null,
  lane_key text not null,
  kind text not null,
  payload jsonb not null,
  cause text not null,
  failures integer not null,
  created_at timestamp with time zone default now() not null,
  state text default 'waiting'::text not null,
  decided_at timestamp with time zone,
  note text,
  constraint dead_letters_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'replayed'::text, 'discarded'::text]))),
  constraint dead_letters_pkey PRIMARY KEY (id)
);
CREATE INDEX dead_letters_state ON public.dead_letters USING btree (state, id);
CREATE INDEX dead_letters_workspace ON public.dead_letters USING btree (workspace_id, id);
alter table dead_letters enable row level security;
alter table dead_letters force row level security;
create policy tenant on dead_letters as permissive for all to public using (works_for(workspace_id));

create table erasures (
  workspace_id text not null,
  digest bytea not null,
  erased_at timestamp with time zone default now() not null,
  removed_at timestamp with time zone,
  constraint erasures_pkey PRIMARY KEY (workspace_id, digest)
);
alter table erasures enable row level security;
alter table erasures force row level security;
create policy tenant on erasures as permissive for all to public using (works_for(workspace_id));

create table events (
  created_on date default ((now() AT TIME ZONE 'utc'::text))::date not null,
  era integer not null,
  txid xid8 default pg_current_xact_id() not null,
  seq bigint default nextval('event_ids'::regclass) not null,
  type text not null,
  occurred_at timestamp with time zone default clock_timestamp() not null,
  workspace_id text,
  channel_id text,
  chat_id bigint,
  message_id bigint,
  message_created_on date,
  facts jsonb,
  constraint events_pkey PRIMARY KEY (era, txid, seq, created_on)
) partition by RANGE (created_on);
CREATE INDEX events_message ON ONLY public.events USING brin (message_id) WITH (pages_per_range='16', autosummarize='on');
CREATE INDEX events_workspace ON ONLY public.events USING btree (workspace_id, era, txid, seq);
alter table events enable row level security;
alter table events force row level security;
create policy tenant on events as permissive for all to public using (works_for(workspace_id));

create table fences (
  owner_id text not null,
  external_id text not null,
  workspace_id text not null,
  created_at timestamp with time zone default now() not null,
  constraint fences_pkey PRIMARY KEY (owner_id, external_id)
);
CREATE INDEX fences_age ON public.fences USING btree (created_at);
alter table fences enable row level security;
alter table fences force row level security;
create policy tenant on fences as permissive for all to public using (works_for(workspace_id));

create table file_chunks (
  file text not null,
  workspace_id text not null,
  number integer not null,
  content bytea not null,
  constraint file_chunks_file_fkey FOREIGN KEY (file) REFERENCES files(id) ON DELETE CASCADE,
  constraint file_chunks_pkey PRIMARY KEY (file, number)
);
alter table file_chunks enable row level security;
alter table file_chunks force row level security;
create policy tenant on file_chunks as permissive for all to public using (works_for(workspace_id));

create table files (
  id text not null,
  workspace_id text not null,
  channel_id text,
  name text,
  media_type text,
  size_bytes bigint,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  counted_bytes bigint default 0 not null,
  constraint files_pkey PRIMARY KEY (id)
);
CREATE INDEX files_counted ON public.files USING btree (workspace_id) INCLUDE (counted_bytes, expires_at, size_bytes) WHERE (counted_bytes > 0);
CREATE INDEX files_expiry ON public.files USING btree (expires_at);
CREATE INDEX files_workspace ON public.files USING btree (workspace_id);
alter table files enable row level security;
alter table files force row level security;
create policy tenant on files as permissive for all to public using (works_for(workspace_id));

create table flights (
  workspace_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  message_id bigint not null,
  created_on date not null,
  number integer not null,
  epoch bigint not null,
  started_at timestamp with time zone default clock_timestamp() not null,
  constraint flights_pkey PRIMARY KEY (channel_id, chat_id)
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=1000);
alter table flights enable row level security;
alter table flights force row level security;
create policy tenant on flights as permissive for all to public using (works_for(workspace_id));

create table grants (
  workspace_id text not null,
  access_token bytea,
  made_with bytea,
  expires_at timestamp with time zone,
  claim text,
  claimed_until timestamp with time zone,
  constraint grants_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint grants_pkey PRIMARY KEY (workspace_id)
);
alter table grants enable row level security;
alter table grants force row level security;
create policy tenant on grants as permissive for all to public using (works_for(workspace_id));

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
  warnings json default '[]'::json not null,
  answer bytea,
  created_at timestamp with time zone default now() not null,
  ended text,
  made text,
  constraint idempotency_keys_ended_check CHECK ((ended = ANY (ARRAY['done'::text, 'unknown'::text]))),
  constraint idempotency_keys_pkey PRIMARY KEY (scope, route, key)
);
CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (created_at);
alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
create policy tenant on idempotency_keys as permissive for all to public using (works_for(workspace_id));

create table inbox_writes (
  workspace_id text not null,
  key text not null,
  conversation_id text,
  text_hash bytea not null,
  entry_id text,
  created_at timestamp with time zone default now() not null,
  after_entry_id text,
  by_team boolean default true not null,
  sender_id text,
  constraint inbox_writes_pkey PRIMARY KEY (workspace_id, key)
);
CREATE INDEX inbox_writes_age ON public.inbox_writes USING btree (created_at);
CREATE UNIQUE INDEX inbox_writes_entry ON public.inbox_writes USING btree (workspace_id, entry_id) WHERE (entry_id IS NOT NULL);
CREATE INDEX inbox_writes_open ON public.inbox_writes USING btree (workspace_id, conversation_id) WHERE (entry_id IS NULL);
alter table inbox_writes enable row level security;
alter table inbox_writes force row level security;
create policy tenant on inbox_writes as permissive for all to public using (works_for(workspace_id));

create table installation (
  singleton boolean default true not null,
  id uuid default gen_random_uuid() not null,
  key_pepper bytea,
  audit_key bytea,
  event_era integer default 0 not null,
  event_home text,
  constraint installation_singleton_check CHECK (singleton),
  constraint installation_pkey PRIMARY KEY (singleton)
);
CREATE TRIGGER keep_audit_key BEFORE UPDATE ON public.installation FOR EACH ROW WHEN (((old.audit_key IS NOT NULL) AND (new.audit_key IS NULL))) EXECUTE FUNCTION keep_audit_key();

create table invitations (
  digest bytea not null,
  person_id text,
  expires_at timestamp with time zone not null,
  role text,
  constraint invitations_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE,
  constraint invitations_pkey PRIMARY KEY (digest),
  constraint invitations_person_id_key UNIQUE (person_id)
);
alter table invitations enable row level security;
alter table invitations force row level security;
create policy tenant on invitations as permissive for all to public using (works_for(NULL::text));

create table jobs (
  lane_key text not null,
  seq bigint not null,
  workspace_id text not null,
  kind text not null,
  payload jsonb not null,
  created_at timestamp with time zone default now() not null,
  constraint jobs_pkey PRIMARY KEY (lane_key, seq)
) with (autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=1000);
alter table jobs enable row level security;
alter table jobs force row level security;
create policy tenant on jobs as permissive for all to public using (works_for(workspace_id));

create table keys (
  id text not null,
  workspace_id text not null,
  channel_id text,
  name text not null,
  digest bytea not null,
  prefix text not null,
  scopes text[] default '{send,read}'::text[] not null,
  rate_per_second integer not null,
  rate_burst integer not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone,
  retires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  last_used_from text,
  networks text[] default '{}'::text[] not null,
  constraint keys_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id),
  constraint keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint keys_pkey PRIMARY KEY (id),
  constraint keys_digest_key UNIQUE (digest)
);
CREATE INDEX keys_workspace ON public.keys USING btree (workspace_id);
CREATE TRIGGER keys_change AFTER INSERT OR DELETE OR UPDATE OF expires_at, retires_at, revoked_at ON public.keys FOR EACH STATEMENT EXECUTE FUNCTION count_change();
alter table keys enable row level security;
alter table keys force row level security;
create policy tenant on keys as permissive for all to public using (works_for(workspace_id));

create table lanes (
  key text not null,
  workspace_id text not null,
  run_at timestamp with time zone,
  tail bigint not null,
  failures integer default 0 not null,
  lease uuid,
  epoch bigint,
  starts integer default 0 not null,
  started_seq bigint,
  watched_to bigint default 0 not null,
  party text generated always as (((split_part(key, ':'::text, 1) || ':'::text) || split_part(key, ':'::text, 2))) stored not null,
  waits_for text,
  constraint lanes_waits_for_check CHECK ((waits_for = ANY (ARRAY['inbox'::text, 'inbox-answer'::text]))),
  constraint lanes_pkey PRIMARY KEY (key)
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=1000);
CREATE INDEX lanes_due ON public.lanes USING btree (run_at) WHERE (run_at IS NOT NULL);
CREATE INDEX lanes_party ON public.lanes USING btree (party, run_at) WHERE (run_at IS NOT NULL);
CREATE INDEX lanes_relay ON public.lanes USING btree (run_at) WHERE (key ~~ 'relay:%'::text);
CREATE INDEX lanes_suspect ON public.lanes USING btree (run_at) WHERE (starts >= 2);
CREATE INDEX lanes_waiting ON public.lanes USING btree (workspace_id) WHERE (waits_for IS NOT NULL);
alter table lanes enable row level security;
alter table lanes force row level security;
create policy tenant on lanes as permissive for all to public using (works_for(workspace_id));

create table leases (
  name text not null,
  epoch bigint not null,
  until timestamp with time zone not null,
  constraint leases_pkey PRIMARY KEY (name)
);

create table login_failures (
  name text not null,
  failures integer not null,
  last_at timestamp with time zone default now() not null,
  until timestamp with time zone default now() not null,
  constraint login_failures_pkey PRIMARY KEY (name)
);
alter table login_failures enable row level security;
alter table login_failures force row level security;
create policy tenant on login_failures as permissive for all to public using (works_for(NULL::text));

create table messages (
  created_on date default ((now() AT TIME ZONE 'utc'::text))::date not null,
  id bigint default nextval('message_ids'::regclass) not null,
  workspace_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  topic_id bigint default 0 not null,
  direction text not null,
  origin text not null,
  state text not null,
  content jsonb not null,
  wire jsonb,
  sender_id text,
  request_id uuid,
  key_id text,
  channel_message_id bigint,
  failure jsonb,
  resolution jsonb,
  resend_of bigint,
  mirror text default 'none'::text not null,
  mirror_detail text,
  inbox_conversation_id text,
  inbox_entry_id text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  resend_note text,
  metadata jsonb,
  skips_inbox boolean default false not null,
  channel_message_ids bigint[],
  tapped_id bigint,
  first_tap text,
  send_at timestamp with time zone,
  edited_at timestamp with time zone,
  deleted_at timestamp with time zone,
  constraint messages_direction_check CHECK ((direction = ANY (ARRAY['outbound'::text, 'inbound'::text]))),
  constraint messages_mirror_check CHECK ((mirror = ANY (ARRAY['none'::text, 'pending'::text, 'done'::text, 'dead'::text]))),
  constraint messages_origin_check CHECK ((origin = ANY (ARRAY['api'::text, 'agent'::text, 'automatic'::text, 'customer'::text]))),
  constraint messages_state_check CHECK ((state = ANY (ARRAY['scheduled'::text, 'pending'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'unknown'::text, 'cancelled'::text, 'received'::text]))) NOT VALID,
  constraint messages_pkey PRIMARY KEY (id, created_on)
) partition by RANGE (created_on);
CREATE INDEX messages_chat ON ONLY public.messages USING btree (channel_id, chat_id, id DESC);
CREATE INDEX messages_metadata ON ONLY public.messages USING gin (metadata jsonb_path_ops) WHERE (metadata IS NOT NULL);
CREATE INDEX messages_request ON ONLY public.messages USING btree (request_id) WHERE (request_id IS NOT NULL);
CREATE INDEX messages_tapped ON ONLY public.messages USING btree (tapped_id) WHERE (tapped_id IS NOT NULL);
CREATE INDEX messages_workspace ON ONLY public.messages USING btree (workspace_id, id DESC);
CREATE TRIGGER forget_deliveries AFTER DELETE ON public.messages REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION forget_deliveries_of_messages();
CREATE TRIGGER log_changed AFTER UPDATE ON public.messages REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION log_changed_messages();
CREATE TRIGGER log_new AFTER INSERT ON public.messages REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION log_new_messages();
CREATE TRIGGER message_resend AFTER INSERT ON public.messages FOR EACH ROW WHEN ((new.resend_of IS NOT NULL)) EXECUTE FUNCTION note_resend();
CREATE TRIGGER message_state BEFORE UPDATE ON public.messages FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION enforce_message_state();
alter table messages enable row level security;
alter table messages force row level security;
create policy tenant on messages as permissive for all to public using (works_for(workspace_id));

create table past_conversations (
  workspace_id text not null,
  inbox_conversation_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  topic_id bigint default 0 not null,
  linked_at timestamp with time zone not null,
  left_at timestamp with time zone default now() not null,
  constraint past_conversations_pkey PRIMARY KEY (workspace_id, inbox_conversation_id)
);
CREATE INDEX past_conversations_age ON public.past_conversations USING btree (left_at);
alter table past_conversations enable row level security;
alter table past_conversations force row level security;
create policy tenant on past_conversations as permissive for all to public using (works_for(workspace_id));

create table people (
  id text not null,
  email text not null,
  name text not null,
  role text not null,
  workspaces text[],
  password text,
  totp_secret bytea,
  totp_confirmed_at timestamp with time zone,
  totp_step bigint,
  oidc_issuer text,
  oidc_subject text,
  created_at timestamp with time zone default now() not null,
  disabled_at timestamp with time zone,
  pending_totp_secret bytea,
  pending_totp_at timestamp with time zone,
  device_version integer default 0 not null,
  constraint people_email_check CHECK (((email = lower((email COLLATE "C"))) AND (octet_length(email) = char_length(email)))),
  constraint people_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text, 'read-only'::text]))),
  constraint people_pkey PRIMARY KEY (id),
  constraint people_email_key UNIQUE (email),
  constraint people_oidc_issuer_oidc_subject_key UNIQUE (oidc_issuer, oidc_subject)
);
alter table people enable row level security;
alter table people force row level security;
create policy tenant on people as permissive for all to public using (works_for(NULL::text));

create table processes (
  epoch bigint default nextval('epochs'::regclass) not null,
  started_at timestamp with time zone default now() not null,
  alive_until timestamp with time zone not null,
  constraint processes_pkey PRIMARY KEY (epoch)
);

create table reconciliations (
  workspace_id text not null,
  reconciled_at timestamp with time zone not null,
  constraint reconciliations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint reconciliations_pkey PRIMARY KEY (workspace_id)
);
alter table reconciliations enable row level security;
alter table reconciliations force row level security;
create policy tenant on reconciliations as permissive for all to public using (works_for(workspace_id));

create table reply_plans (
  workspace_id text not null,
  entry_id text not null,
  plan json not null,
  created_at timestamp with time zone default now() not null,
  constraint reply_plans_pkey PRIMARY KEY (workspace_id, entry_id)
);
CREATE INDEX reply_plans_age ON public.reply_plans USING btree (created_at);
alter table reply_plans enable row level security;
alter table reply_plans force row level security;
create policy tenant on reply_plans as permissive for all to public using (works_for(workspace_id));

create table resends (
  message_id bigint not null,
  resent_as bigint not null,
  created_on date not null,
  constraint resends_pkey PRIMARY KEY (message_id)
);
alter table resends enable row level security;
alter table resends force row level security;
create policy tenant on resends as permissive for all to public using (((current_setting('chatferry.workspaces'::text, true) = '*'::text) OR (EXISTS ( SELECT 1
   FROM messages m
  WHERE (m.id = resends.message_id)))));

create table schema_migrations (
  number integer not null,
  name text not null,
  checksum text not null,
  compatible_with integer not null,
  applied_at timestamp with time zone default now() not null,
  constraint schema_migrations_pkey PRIMARY KEY (number)
);

create table second_factor_failures (
  bucket text not null,
  person_id text,
  failures integer not null,
  total integer not null,
  networks jsonb not null,
  first_at timestamp with time zone default now() not null,
  last_at timestamp with time zone default now() not null,
  until timestamp with time zone default '1970-01-01 00:00:00+00'::timestamp with time zone not null,
  constraint second_factor_failures_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE,
  constraint second_factor_failures_pkey PRIMARY KEY (bucket)
);
CREATE INDEX second_factor_failures_person ON public.second_factor_failures USING btree (person_id);
alter table second_factor_failures enable row level security;
alter table second_factor_failures force row level security;
create policy tenant on second_factor_failures as permissive for all to public using (works_for(NULL::text));

create table sessions (
  id text not null,
  digest bytea not null,
  person_id text not null,
  address text not null,
  user_agent text,
  created_at timestamp with time zone default now() not null,
  seen_at timestamp with time zone default now() not null,
  constraint sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_digest_key UNIQUE (digest)
);
CREATE INDEX sessions_person ON public.sessions USING btree (person_id);
alter table sessions enable row level security;
alter table sessions force row level security;
create policy tenant on sessions as permissive for all to public using (works_for(NULL::text));

create table unknown_messages (
  message_id bigint not null,
  created_on date not null,
  workspace_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  since timestamp with time zone default now() not null,
  constraint unknown_messages_pkey PRIMARY KEY (message_id)
);
CREATE INDEX unknown_messages_chat ON public.unknown_messages USING btree (channel_id, chat_id);
alter table unknown_messages enable row level security;
alter table unknown_messages force row level security;
create policy tenant on unknown_messages as permissive for all to public using (works_for(workspace_id));

create table updates (
  received_on date default ((now() AT TIME ZONE 'utc'::text))::date not null,
  id bigint default nextval('update_ids'::regclass) not null,
  workspace_id text not null,
  channel_id text,
  source text not null,
  external_id text not null,
  body bytea not null,
  state text default 'stored'::text not null,
  detail text,
  received_at timestamp with time zone default now() not null,
  constraint updates_source_check CHECK ((source = ANY (ARRAY['telegram'::text, 'intercom'::text, 'hubspot'::text]))),
  constraint updates_state_check CHECK ((state = ANY (ARRAY['stored'::text, 'applied'::text, 'ignored'::text, 'dead'::text]))),
  constraint updates_pkey PRIMARY KEY (received_on, id)
) partition by RANGE (received_on);
alter table updates enable row level security;
alter table updates force row level security;
create policy tenant on updates as permissive for all to public using (works_for(workspace_id));

create table webhook_deliveries (
  event_on date not null,
  endpoint_id text not null,
  event_id text collate "C" not null,
  workspace_id text not null,
  type text not null,
  channel_id text,
  chat_id bigint,
  message_id bigint,
  state text not null,
  attempts jsonb not null,
  constraint webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text]))),
  constraint webhook_deliveries_pkey PRIMARY KEY (endpoint_id, event_id, event_on)
) partition by RANGE (event_on);
CREATE INDEX webhook_deliveries_message ON ONLY public.webhook_deliveries USING btree (message_id);
alter table webhook_deliveries enable row level security;
alter table webhook_deliveries force row level security;
create policy tenant on webhook_deliveries as permissive for all to public using (works_for(workspace_id));

create table webhook_endpoints (
  id text not null,
  workspace_id text not null,
  url text not null,
  description text not null,
  types text[],
  channel_ids text[],
  secret bytea not null,
  previous_secret bytea,
  previous_secret_until timestamp with time zone,
  enabled boolean not null,
  disabled_reason text,
  disabled_at timestamp with time zone,
  cursor text collate "C",
  round integer default 0 not null,
  kept_to text default ''::text not null,
  failures integer default 0 not null,
  failing_since timestamp with time zone,
  last_failure text,
  created_at timestamp with time zone default now() not null,
  constraint webhook_endpoints_check CHECK (((enabled = (disabled_reason IS NULL)) AND (enabled = (disabled_at IS NULL)))),
  constraint webhook_endpoints_disabled_reason_check CHECK ((disabled_reason = ANY (ARRAY['by_request'::text, 'gone'::text, 'failing'::text]))),
  constraint webhook_endpoints_pkey PRIMARY KEY (id)
) with (fillfactor=50);
CREATE INDEX webhook_endpoints_workspace ON public.webhook_endpoints USING btree (workspace_id);
alter table webhook_endpoints enable row level security;
alter table webhook_endpoints force row level security;
create policy tenant on webhook_endpoints as permissive for all to public using (works_for(workspace_id));

create table webhook_watches (
  channel_id text not null,
  workspace_id text not null,
  seen jsonb,
  suspect boolean default false not null,
  looked_at timestamp with time zone default now() not null,
  constraint webhook_watches_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id),
  constraint webhook_watches_pkey PRIMARY KEY (channel_id)
);
CREATE INDEX webhook_watches_suspect ON public.webhook_watches USING btree (channel_id) WHERE suspect;
alter table webhook_watches enable row level security;
alter table webhook_watches force row level security;
create policy tenant on webhook_watches as permissive for all to public using (works_for(workspace_id));

create table workspaces (
  id text not null,
  name text not null,
  inbox_kind text not null,
  inbox_settings jsonb not null,
  inbox_credential bytea not null,
  default_sender text,
  inbox_account text,
  hook_path text not null,
  state text default 'active'::text not null,
  problem text,
  created_at timestamp with time zone default now() not null,
  conversation_rules jsonb default '{}'::jsonb not null,
  inbox_origin text,
  constraint workspaces_inbox_kind_check CHECK ((inbox_kind = ANY (ARRAY['intercom'::text, 'hubspot'::text, 'test'::text]))),
  constraint workspaces_state_check CHECK ((state = ANY (ARRAY['active'::text, 'disabled'::text, 'broken'::text, 'deleted'::text]))),
  constraint workspaces_pkey PRIMARY KEY (id),
  constraint workspaces_hook_path_key UNIQUE (hook_path)
);
CREATE UNIQUE INDEX workspaces_account ON public.workspaces USING btree (inbox_kind, inbox_origin, inbox_account) WHERE ((state <> 'deleted'::text) AND (inbox_account IS NOT NULL) AND (inbox_origin IS NOT NULL));
CREATE TRIGGER workspaces_change AFTER INSERT OR DELETE OR UPDATE ON public.workspaces FOR EACH STATEMENT EXECUTE FUNCTION count_change();
alter table workspaces enable row level security;
alter table workspaces force row level security;
create policy tenant on workspaces as permissive for all to public using (works_for(id));
