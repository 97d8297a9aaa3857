-- 0004 (compatible with 0001+): who holds a lane
--
-- The lanes of a process that died are due at once, instead of when its leases have run out. A gateway of before names nobody:
-- its lanes wait for the end of their leases. Adds a column without a default: no table is rewritten, lanes is locked for a
-- moment.

alter table lanes add column epoch bigint;
