-- 0014 (compatible with 0014+): what belongs to a workspace is seen by whoever works for that workspace, and by nobody else
--
-- A second fence behind the statements, which name their workspace: the database itself. A session says whom it works for by
-- the setting chatferry.workspaces: ids with commas between them, or * for all of them; one that says nothing sees nothing.
-- The tables are locked for a moment; nothing is rewritten. Gateways of before do not say it, and would find their tables empty.
create function works_for(workspace text) returns boolean language sql stable parallel safe as $$
  select current_setting('chatferry.workspaces', true) = '*'
    or workspace = any (string_to_array(current_setting('chatferry.workspaces', true), ','))
$$;

do $$
declare
  one text;
begin
  foreach one in array array['activity', 'alarms', 'attempts', 'channels', 'chats', 'connections', 'conversations', 'dead_letters',
    'fences', 'flights', 'grants', 'idempotency_keys', 'inbox_writes', 'jobs', 'keys', 'lanes', 'messages', 'past_conversations',
    'reconciliations', 'reply_plans', 'unknown_messages', 'updates', 'webhook_watches']
  loop
    execute format('alter table %I enable row level security', one);
    execute format('alter table %I force row level security', one);
    execute format('create policy tenant on %I using (works_for(workspace_id))', one);
  end loop;
end $$;

alter table workspaces enable row level security;
alter table workspaces force row level security;
create policy tenant on workspaces using (works_for(id));

-- A repetition belongs to whom the message belongs that it repeats.
alter table resends enable row level security;
alter table resends force row level security;
create policy tenant on resends using (
  current_setting('chatferry.workspaces', true) = '*' or exists (select 1 from messages m where m.id = message_id)
);
