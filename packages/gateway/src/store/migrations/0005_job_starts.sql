-- 0005 (compatible with 0001+): the starts of jobs that have not ended
--
-- starts counts how often the job started_seq was begun since it last ended. The claim of its lane counts it, so it is
-- durable before the job runs, and the end of the claim resets it. A job whose starts do not end kills or hangs its
-- process. After a claim that did not end, watched_to is the last job that the lane had: the jobs up to it are done one
-- at a time, so that the one that is to blame gets to the head of its lane.
--
-- The new columns have constant defaults, so the table is not rewritten. The lock lasts while it is scanned for its index:
-- it has one row for each conversation with work.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

alter table lanes
  add column starts integer not null default 0,
  add column started_seq bigint,
  add column watched_to bigint not null default 0;

create index lanes_suspect on lanes (run_at) where starts >= 2;
