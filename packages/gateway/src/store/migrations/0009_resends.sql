-- 0009 (compatible with 0001+): messages that repeat others, by a person's decision
--
-- A column without a default, a small table and a trigger that fires for repeats only: messages is locked for a moment and not
-- rewritten. A gateway of before shows no notes.

alter table messages add column resend_note text;

-- A message is repeated at most once; the repeat may be repeated in its turn. The key keeps it so, whatever the programs do.
create table resends (
  message_id bigint primary key,
  resent_as bigint not null,
  created_on date not null
);

create function note_resend() returns trigger language plpgsql as $$
begin
  insert into resends (message_id, resent_as, created_on) values (new.resend_of, new.id, new.created_on);
  return null;
end $$;

create trigger message_resend after insert on messages
  for each row when (new.resend_of is not null) execute function note_resend();
