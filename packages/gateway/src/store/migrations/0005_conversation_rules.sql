-- 0005 (compatible with 0001+): how a workspace keeps its conversations.
-- Constant defaults: each statement locks its table for a moment and rewrites nothing.

alter table workspaces add column conversation_rules jsonb default '{}'::jsonb not null;

-- What is still to be done to the inbox's conversation besides writing into it; null where nothing is.
alter table conversations add column arrangement jsonb;
-- The contact was made before anybody knew whose chat it is.
alter table conversations add column contact_nameless boolean default false not null;

-- Conversations of the inbox that a chat has left for a new one: what agents answer there still goes out.
create table past_conversations (
  workspace_id text not null,
  inbox_conversation_id text not null,
  channel_id text not null,
  chat_id bigint not null,
  topic_id bigint default 0 not null,
  linked_at timestamp with time zone not null,
  left_at timestamp with time zone default now() not null,
  primary key (workspace_id, inbox_conversation_id)
);
create index past_conversations_age on past_conversations (left_at);
