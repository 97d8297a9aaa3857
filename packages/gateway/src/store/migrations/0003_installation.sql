-- 0003 (compatible with 0001+): whose a journal is, and partitions that wait for nobody
--
-- A journal on disk belongs to one database. A restored one gets another id: what was written for its past is not its own.

create table installation (
  singleton boolean primary key default true check (singleton),
  id uuid not null default gen_random_uuid()
);
insert into installation default values;

-- A partition is made as a table of its own and then attached: unlike "create table … partition of", that waits neither for
-- those who read the table (a backup does, for hours) nor for those who write it. It locks out only another such change, for
-- a moment.
create or replace function ensure_partitions(parent regclass, days_ahead integer) returns void
language plpgsql set lock_timeout = '500ms' as $$
declare
  day date;
  child text;
begin
  for step in -1 .. days_ahead loop
    day := (now() at time zone 'utc')::date + step;
    child := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
    if to_regclass(child) is null then
      execute format('create table %I (like %s including all) with (fillfactor = 80)', child, parent);
      execute format('alter table %s attach partition %I for values from (%L) to (%L)', parent, child, day, day + 1);
    end if;
  end loop;
end $$;
