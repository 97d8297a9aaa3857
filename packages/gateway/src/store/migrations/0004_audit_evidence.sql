-- 0004 (compatible with 0004+): digests of the audit log that need a key, and the rights of a role that owns nothing
--
-- An earlier gateway that still runs keeps sending; requests that change something are refused there, because it
-- cannot write the digest of an entry. Locks installation, audit and each day partition until the end. The audit log is
-- scanned for its two checks, so a long log is locked for longer; the partitions are not scanned.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

-- The encrypted key of the audit log's digests (see secrets/audit-key.ts). The gateway's own role can replace the
-- encrypted value, because the master key may change, but not remove it.
alter table installation add column audit_key bytea;
create function keep_audit_key() returns trigger language plpgsql as $$
begin
  raise exception 'the key of the audit log cannot be removed';
end $$;
create trigger keep_audit_key before update on installation
  for each row when (old.audit_key is not null and new.audit_key is null) execute function keep_audit_key();

-- The gateway computes the digest of an entry, because the key must not reach the database. It numbers the entries
-- without gaps: the primary key then refuses the second of two processes that continue the chain at the same place.
drop trigger chain on audit;
drop function chain_audit();
drop function audit_text(text[]);
alter table audit alter column id drop identity;
alter table audit add constraint audit_id_check check (id > 0),
  add constraint audit_hash_check check (octet_length(hash) = 32);

-- A session that names a partition instead of its table is bound by the same policy.
create function guard_partition(child regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', child);
  execute format('alter table %s force row level security', child);
  execute format('create policy tenant on %s using (works_for(workspace_id))', child);
end $$;
select guard_partition(i.inhrelid) from pg_inherits i join pg_class p on p.oid = i.inhparent
  where p.relkind = 'p' and p.relnamespace = current_schema()::regnamespace;

-- Creates one day partition. A partition is created as a table and then attached. Unlike "create table ... partition
-- of", this waits neither for readers of the table (a backup reads for hours) nor for writers. It excludes only
-- another change of the same kind, for a moment.
create function create_partition(parent text, day date) returns void language plpgsql as $$
declare
  child constant text := parent || to_char(day, '_YYYYMMDD');
begin
  execute format('create table %I (like %I including all) with (fillfactor = 80)', child, parent);
  perform guard_partition(format('%I', child)::regclass);
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, child, day, day + 1);
end $$;

-- The two functions below run with the rights of the owner, so that a role that owns nothing can have the day
-- partitions created and dropped. They touch nothing else: their tables are named here, their search_path is fixed,
-- and no day that has not ended can be dropped.
drop function ensure_partitions(regclass, integer);
create function ensure_partitions(parent text, days_ahead integer) returns void
language plpgsql security definer set lock_timeout = '500ms' as $$
declare
  day date;
begin
  if parent not in ('messages', 'attempts', 'updates') or days_ahead not between 0 and 31 then
    raise exception 'there are no day partitions of % for % days', parent, days_ahead;
  end if;
  for step in -1 .. days_ahead loop
    day := (now() at time zone 'utc')::date + step;
    if to_regclass(parent || to_char(day, '_YYYYMMDD')) is null then
      perform create_partition(parent, day);
    end if;
  end loop;
end $$;

-- Drops the partitions that end before first_kept. Returns how many were dropped.
drop function drop_partitions(regclass, date);
create function drop_partitions(parent text, first_kept date) returns integer
language plpgsql security definer set lock_timeout = '500ms' as $$
declare
  child text;
  dropped integer := 0;
begin
  if parent not in ('messages', 'attempts', 'updates') or first_kept > (now() at time zone 'utc')::date then
    raise exception 'the day partitions of % may not be dropped up to %', parent, first_kept;
  end if;
  for child in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = format('%I', parent)::regclass and right(c.relname, 8) < to_char(first_kept, 'YYYYMMDD')
  loop
    execute format('drop table %I', child);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;

do $$
begin
  execute format('alter function ensure_partitions(text, integer) set search_path = %I, pg_temp',
    current_schema());
  execute format('alter function drop_partitions(text, date) set search_path = %I, pg_temp',
    current_schema());
end $$;
revoke all on function ensure_partitions(text, integer), drop_partitions(text, date) from public;

-- Gives a role that owns nothing what the running gateway needs, and takes everything else from it: it reads and
-- writes rows, adds to the audit log, and can neither change entries, nor disable a trigger, nor create a table. The
-- owner calls it after every migration.
create function grant_runtime(runtime name) returns void language plpgsql as $$
declare
  one record;
begin
  execute format('revoke create on schema %I from public, %I', current_schema(), runtime);
  execute format('grant usage on schema %I to %I', current_schema(), runtime);
  for one in
    select format('%I.%I', n.nspname, c.relname) as name, case
        when c.relispartition then null
        when c.relkind = 'S' then 'usage, select'
        when c.relname = 'schema_migrations' then 'select'
        when c.relname = 'installation' then 'select, update (key_pepper, audit_key)'
        when c.relname = 'audit' then 'select, insert'
        else 'select, insert, update, delete'
      end as rights, case c.relkind when 'S' then 'sequence' else 'table' end as kind
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind in ('r', 'p', 'S') and pg_has_role(c.relowner, 'usage')
    order by c.relname
  loop
    execute format('revoke all on %s %s from public, %I', one.kind, one.name, runtime);
    if one.rights is not null then
      execute format('grant %s on %s %s to %I', one.rights, one.kind, one.name, runtime);
    end if;
  end loop;
  execute format(
    'grant execute on function ensure_partitions(text, integer), drop_partitions(text, date) to %I', runtime);
end $$;
