-- 0016 (compatible with 0014+): the people who administer, their sessions, and the tokens of their scripts
--
-- They belong to the installation and to no workspace: row-level security shows them to who works for all. Of passwords, sessions,
-- invitations and tokens only digests are kept; the secret of a second factor is under seal.
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
  -- The newest code that was used: none counts twice.
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

-- Who holds one becomes the first owner (person_id is null), or sets the password of whom it was made for.
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

do $$
declare
  one text;
begin
  foreach one in array array['people', 'sessions', 'admin_tokens', 'invitations', 'login_failures'] loop
    execute format('alter table %I enable row level security', one);
    execute format('alter table %I force row level security', one);
    execute format('create policy tenant on %I using (works_for(null))', one);
  end loop;
end $$;
