-- 0007 (compatible with 0001+): the name that a bot had before
--
-- Updates that wait at the provider are addressed to the name that the bot had when they were made. renamed_at is when the
-- gateway noticed the new one.
--
-- The new columns have no defaults, so the table is not rewritten. Rows of older versions read as never renamed.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

alter table channels
  add column bot_former_username text,
  add column bot_renamed_at timestamptz;
