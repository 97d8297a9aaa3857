-- 0011 (compatible with 0001+): taps, edits, deletions and schedules of messages
--
-- The new columns are null for every message that is stored, so no table is rewritten.

-- A reader with a long transaction must not make everyone else wait behind this migration: then it fails, and the next
-- start tries again.
set local lock_timeout = '15s';

-- tapped_id: of a tap, the message whose button was tapped. first_tap: of a message that counts one tap, the update
-- that brought this tap. The words and the data of a tap are in its own content, so that an erasure erases them.
alter table messages
  add column tapped_id bigint,
  add column first_tap text,
  add column send_at timestamptz,
  add column edited_at timestamptz,
  add column deleted_at timestamptz;
create index messages_tapped on messages (tapped_id) where tapped_id is not null;

-- Every state that was allowed is allowed still: what is stored need not be read.
alter table messages drop constraint messages_state_check;
alter table messages add constraint messages_state_check check (state in
  ('scheduled', 'pending', 'sending', 'sent', 'failed', 'unknown', 'cancelled', 'received')) not valid;

create or replace function enforce_message_state() returns trigger language plpgsql as $$
begin
  if (old.state, new.state) not in (
    ('scheduled', 'sending'), ('scheduled', 'cancelled'), ('scheduled', 'failed'),
    ('pending', 'sending'), ('pending', 'failed'),
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
