-- 0018 (compatible with 0001+): what an upload counts against the room of its workspace
--
-- counted_bytes is claimed before a byte is stored, and grows while the file arrives. It is 0 for files that were
-- fetched from an address, and for those that were uploaded before this migration.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

alter table files add column counted_bytes bigint not null default 0;
create index files_counted on files (workspace_id) include (counted_bytes, expires_at, size_bytes) where counted_bytes > 0;
