-- 0008 (compatible with 0001+): the messages that an agent's reply becomes, decided once.
-- A new table: nothing is locked. Gateways before it go on deciding anew with each try.

create table reply_plans (
  workspace_id text not null,
  entry_id text not null,
  -- json and not jsonb: what goes out is kept as it is, to the letter.
  plan json not null,
  created_at timestamp with time zone default now() not null,
  primary key (workspace_id, entry_id)
);
create index reply_plans_age on reply_plans (created_at);
