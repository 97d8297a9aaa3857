-- 0003 (compatible with 0003+): accounts and bots are identified together with the origin that vouched for them
--
-- Sealed secrets now carry the origins that they were given for. An earlier gateway cannot read them, so it must not
-- run beside this one. Both tables are locked until the end, while they are scanned and each row of channels is written.
-- They have one row for each account and each bot.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

-- The origin of the server that named inbox_account; null while it is not known. The gateway fills it at its next start
-- for the rows that exist, because it depends on the settings.
alter table workspaces add column inbox_origin text;
create unique index workspaces_account on workspaces (inbox_kind, inbox_origin, inbox_account)
  where state <> 'deleted' and inbox_account is not null and inbox_origin is not null;

-- The origin of the Bot API server that named bot_id.
alter table channels add column bot_origin text;
update channels set bot_origin = regexp_replace(
  lower(substring(api_root from '^[A-Za-z]+://[^/?#]+')), '^(http://.*):80$|^(https://.*):443$', '\1\2');
update channels set bot_origin = api_root where bot_origin is null;
alter table channels alter column bot_origin set not null;
drop index channels_bot;
create unique index channels_bot on channels (bot_origin, bot_id) where state <> 'deleted';

-- The secrets of installs that are under way, and access tokens, have no origins. An install is begun again; a token is
-- renewed.
update connections set expires_at = least(expires_at, now()), app = '' where state = 'waiting';
update grants set access_token = null, made_with = null;
