-- 0010 (compatible with 0001+): when Telegram lets a bot send again
--
-- Locks channels for a moment; no table is rewritten.

alter table channels add column paused_until timestamptz;

create or replace trigger channels_change after insert or delete or update of name, bot_username, bot_name,
  supports_inline_queries, token, webhook_secret, updates, api_root, file_root, interactive_enabled, inbox_ref, settings, state,
  problem, paused_until on channels for each statement execute function count_change();
