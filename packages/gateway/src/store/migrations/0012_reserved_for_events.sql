-- 0012 (compatible with 0001+): a place for the migration of another branch; to be deleted when that is merged
select 1;
