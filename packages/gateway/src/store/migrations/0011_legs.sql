-- 0011 (compatible with 0001+): since when each leg of a channel is alive, or is not, and why
--
-- The table is as small as the number of channels; it is locked for a moment. A gateway of 0001 goes on as before: what it
-- writes says only that a leg was alive.

alter table activity
  alter column at drop not null,
  add column since timestamptz,
  add column failing_since timestamptz,
  add column problem text,
  drop constraint activity_leg_check,
  add constraint activity_leg_check check (leg in ('update', 'sent', 'entry', 'event', 'grant'));
update activity set since = at;
