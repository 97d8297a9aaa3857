-- 0002 (compatible with 0001+): sign-in that strangers cannot block
--
-- Gateways of 0001 keep working: they do not read the new columns. Locks `people` and `invitations` until the end, while
-- they are scanned. They have one row for each account and each invitation.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

-- The secret of a second factor that is not confirmed yet. The old second factor stays valid until then.
alter table people
  add column pending_totp_secret bytea,
  add column pending_totp_at timestamptz,
  -- Signed device cookies name this number. A higher number ends all of them.
  add column device_version integer not null default 0;

-- Until now a begun second factor was in the place of the confirmed one. These people begin again.
update people set totp_secret = null, totp_step = null where totp_confirmed_at is null;

-- An invitation counts only while its person has the role that it was made for.
alter table invitations add column role text;
update invitations i set role = p.role from people p where p.id = i.person_id;

-- The database's own locale must not decide which addresses are equal: addresses are ASCII.
alter table people drop constraint people_email_check;
alter table people add constraint people_email_check
  check (email = lower(email collate "C") and octet_length(email) = char_length(email));

-- Wrong codes after a right password. A row counts those of one account through one door: all strangers together, or one
-- known browser or session. A row without a person is a decoy, which is written after a wrong password, so that both
-- failures take the same time.
create table second_factor_failures (
  bucket text primary key,
  person_id text references people on delete cascade,
  -- In a row, for the wait.
  failures integer not null,
  -- Since the last day without any, for the alarm.
  total integer not null,
  -- How many came from each network, for the alarm.
  networks jsonb not null,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  until timestamptz not null default 'epoch'
);
create index second_factor_failures_person on second_factor_failures (person_id);
alter table second_factor_failures enable row level security;
alter table second_factor_failures force row level security;
create policy tenant on second_factor_failures using (works_for(null));
