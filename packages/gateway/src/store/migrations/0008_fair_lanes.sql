-- 0008 (compatible with 0001+): lanes are shared fairly, and wait for an inbox by name
--
-- party is the kind of work with its owner, such as 'inbox:chn_1' or 'relay:wsp_1'. A claim under load takes lanes of all
-- parties in turn. waits_for is 'inbox' while the lane waits for the workspace's inbox to answer again. Then all such
-- lanes become due at once.
--
-- The table is rewritten for the generated column. It has one row for each conversation with work.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

alter table lanes
  add column party text not null generated always as (split_part(key, ':', 1) || ':' || split_part(key, ':', 2)) stored,
  add column waits_for text check (waits_for = 'inbox');

create index lanes_party on lanes (party, run_at) where run_at is not null;
create index lanes_relay on lanes (run_at) where key like 'relay:%';
create index lanes_waiting on lanes (workspace_id) where waits_for is not null;
