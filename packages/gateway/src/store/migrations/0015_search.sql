-- 0015 (compatible with 0001+): finds messages by what a person knows about them
--
-- None of these columns changes after the insert, so the update that stores a result stays cheap: it writes no index.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

create index messages_workspace on messages (workspace_id, id desc);
create index messages_request on messages (request_id) where request_id is not null;
create index messages_metadata on messages using gin (metadata jsonb_path_ops) where metadata is not null;

-- The id of the first message of the day that was created at this time or later; null if there is none. Ids grow with
-- time, so it is found by bisection: about twenty look-ups, whatever the size of the day.
create function first_message_since(moment timestamptz) returns bigint
  language plpgsql stable set search_path = 'public', 'pg_temp' as $$
declare
  day constant date := (moment at time zone 'utc')::date;
  low bigint;
  high bigint;
  middle bigint;
  found record;
begin
  select min(id), max(id) + 1 into low, high from messages where created_on = day;
  while low < high loop
    middle := (low + high) / 2;
    select id, created_at into found from messages where created_on = day and id >= middle order by id limit 1;
    if found.id is null or found.created_at >= moment then
      high := middle;
    else
      low := found.id + 1;
    end if;
  end loop;
  return low;
end $$;

-- Finds the events of one message. Events of one message are written close together, so that ranges of pages suffice,
-- which cost a write next to nothing.
create index events_message on events using brin (message_id) with (pages_per_range = 16, autosummarize = on);
