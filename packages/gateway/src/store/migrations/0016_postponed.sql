-- 0016 (compatible with 0001+): a scheduled message that was certainly not sent waits again
--
-- It goes back between two tries, by a statement that takes only messages with a time: no process sends it then.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

create or replace function enforce_message_state() returns trigger language plpgsql as $$
begin
  if (old.state, new.state) not in (
    ('scheduled', 'sending'), ('scheduled', 'cancelled'), ('scheduled', 'failed'),
    ('pending', 'sending'), ('pending', 'failed'), ('pending', 'scheduled'),
    ('sending', 'sent'), ('sending', 'failed'), ('sending', 'pending'), ('sending', 'unknown'),
    ('unknown', 'sent'), ('unknown', 'failed')
  ) then
    raise exception 'message % may not go from % to %', old.id, old.state, new.state using errcode = 'check_violation';
  end if;
  if new.state = 'unknown' then
    insert into unknown_messages (message_id, created_on, workspace_id, channel_id, chat_id)
    values (new.id, new.created_on, new.workspace_id, new.channel_id, new.chat_id);
  elsif old.state = 'unknown' then
    delete from unknown_messages where message_id = new.id;
  end if;
  return new;
end $$;
