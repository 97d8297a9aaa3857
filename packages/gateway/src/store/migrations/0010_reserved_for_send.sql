-- 0010 (compatible with 0001+): a place for the migration of another branch; to be deleted when that is merged
select 1;
set local lock_timeout = '15s';
