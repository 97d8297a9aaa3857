-- 0017 (compatible with 0001+): a lane tells whether it waits because its inbox is down
--
-- waits_for is 'inbox-answer' if the inbox was known to be down, so that no fault of the job is seen. Such a lane may be made
-- due again and again while the inbox comes back.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

alter table lanes drop constraint lanes_waits_for_check;
alter table lanes add constraint lanes_waits_for_check check (waits_for in ('inbox', 'inbox-answer')) not valid;
alter table lanes validate constraint lanes_waits_for_check;
