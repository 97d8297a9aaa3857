-- 0012 (compatible with 0011+): where a key may be used from; empty: from anywhere.
alter table keys add column networks text[] not null default '{}';
