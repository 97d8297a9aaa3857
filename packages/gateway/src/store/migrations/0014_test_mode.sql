-- 0014 (compatible with 0003+): test mode
--
-- A workspace of the kind 'test' has no account: its inbox is the log. The updates of its channel are 'direct': its
-- simulated chats are inside the gateway. test_numbers gives each process blocks of numbers for the messages and updates
-- of simulated chats, so that no number is used twice: neither by two processes, nor after a restart.
--
-- Earlier gateways keep working as long as there is no test channel: they do not know the kind. Create the first one
-- when no earlier gateway runs.
--
-- Both tables are locked while they are scanned. They have one row for each account and each bot.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

alter table workspaces drop constraint workspaces_inbox_kind_check;
alter table workspaces add constraint workspaces_inbox_kind_check
  check (inbox_kind in ('intercom', 'hubspot', 'test'));
alter table channels drop constraint channels_updates_check;
alter table channels add constraint channels_updates_check check (updates in ('polling', 'webhook', 'direct'));

create sequence test_numbers increment by 1000 start with 10000;
