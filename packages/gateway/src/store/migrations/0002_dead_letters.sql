-- 0002 (compatible with 0001+): what a person decides of dead letters
--
-- A gateway of 0001 goes on writing dead letters, which wait. Locks dead_letters and inbox_writes for a moment; no table is
-- rewritten.

alter table dead_letters
  add column state text not null default 'waiting' check (state in ('waiting', 'replayed', 'discarded')),
  add column decided_at timestamptz,
  add column note text;

create index dead_letters_state on dead_letters (state, id);

-- The newest entry that was known when this one was reserved: it is looked for behind that one, however much later.
alter table inbox_writes add column after_entry_id text;
