-- 0008 (compatible with 0001+): who an entry of the gateway is written as
--
-- Only what the gateway writes in a teammate's name can come back as an agent's reply. by_team says whether an entry is
-- such a one, and sender_id whose name it has. It is null for the inbox's default sender.
--
-- Entries that were reserved before count as a teammate's: that is the careful side. The new columns have
-- constant defaults, so the table is not rewritten.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

alter table inbox_writes
  add column by_team boolean not null default true,
  add column sender_id text;
