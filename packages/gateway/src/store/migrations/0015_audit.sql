-- 0015 (compatible with 0014+): who did what to which object from where
--
-- Rows are added and never changed: the right to change them is taken from the gateway's own role, and a trigger refuses it to
-- everybody. Each row has a digest over itself and the digest of the row before, so that a change by other means shows.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  request_id uuid not null,
  phase text not null check (phase in ('begun', 'ended')),
  actor_kind text not null,
  actor_id text not null,
  address text not null,
  action text not null,
  object text,
  workspace_id text,
  fields text[] not null default '{}',
  status integer,
  hash bytea not null
);
create index audit_workspace on audit (workspace_id, id);

alter table audit enable row level security;
alter table audit force row level security;
create policy tenant on audit using (works_for(workspace_id));

-- Each value with its length before it, or a minus sign where there is none: no two rows read alike.
create function audit_text(variadic fields text[]) returns text language sql immutable as $$
  select string_agg(case when field is null then '-' else octet_length(field) || ':' || field end, ' ' order by place)
  from unnest(fields) with ordinality as f(field, place)
$$;

create function chain_audit() returns trigger language plpgsql as $$
declare
  before bytea;
begin
  -- One after the other, in the order of their ids.
  perform pg_advisory_xact_lock(1635083369);
  new.id := nextval(pg_get_serial_sequence('audit', 'id'));
  new.at := clock_timestamp();
  select hash into before from audit order by id desc limit 1;
  new.hash := sha256(coalesce(before, '') || convert_to(audit_text(new.id::text,
    to_char(new.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), new.request_id::text, new.phase, new.actor_kind, new.actor_id,
    new.address, new.action, new.object, new.workspace_id, array_to_string(new.fields, ','), new.status::text), 'UTF8'));
  return new;
end $$;
create trigger chain before insert on audit for each row execute function chain_audit();

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only added to';
end $$;
create trigger append_only before update or delete on audit for each row execute function refuse_audit_change();
create trigger append_only_whole before truncate on audit for each statement execute function refuse_audit_change();
revoke update, delete, truncate on audit from current_user;
