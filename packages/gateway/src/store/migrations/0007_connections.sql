-- 0007 (compatible with 0001+): installs of an app by OAuth, and the access tokens that all replicas share
--
-- New tables only; nothing that is there is locked.

-- An install that somebody began. The app with its secret is sealed; workspace_id is the workspace that it renews, or made.
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

-- The access token of a workspace's grant. It counts only with the credential that it was made with (made_with, a digest);
-- claim names who renews it now, until claimed_until.
create table grants (
  workspace_id text primary key references workspaces,
  access_token bytea,
  made_with bytea,
  expires_at timestamptz,
  claim text,
  claimed_until timestamptz
);
