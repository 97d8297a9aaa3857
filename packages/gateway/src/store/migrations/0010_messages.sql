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
