-- 0006 (compatible with 0001+): alarms, what is seen of webhooks, and the messages of which nobody knows
--
-- New tables only, and one function replaced: no table is locked for longer than a moment. A gateway of 0001 goes on as before;
-- what it leaves unknown is listed by the trigger all the same.

-- One row for each time that something needed a person. `source` is who looks: `store` for what every process sees,
-- `process:<epoch>` for what only one sees.
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

-- What the last looks at a bot's webhook saw.
create table webhook_watches (
  channel_id text primary key references channels (id),
  workspace_id text not null,
  -- Null where Telegram has never told.
  seen jsonb,
  -- An alarm follows from it.
  suspect boolean not null default false,
  looked_at timestamptz not null default now()
);
create index webhook_watches_suspect on webhook_watches (channel_id) where suspect;

create index channels_broken on channels (id) where state = 'broken';

-- The messages that are unknown now, kept by the trigger: an index on the state would make every result rewrite its row's indexes.
create table unknown_messages (
  message_id bigint primary key,
  created_on date not null,
  workspace_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  since timestamptz not null default now()
);
create index unknown_messages_chat on unknown_messages (channel_id, chat_id);

insert into unknown_messages (message_id, created_on, workspace_id, channel_id, chat_id, since)
select id, created_on, workspace_id, channel_id, chat_id, updated_at from messages where state = 'unknown';

create or replace function enforce_message_state() returns trigger language plpgsql as $$
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
