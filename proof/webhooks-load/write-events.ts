import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** What every event of the load is about: a message in each of many chats, in each workspace. */
export interface Chats {
  readonly workspaces: readonly string[];
  readonly channelId: string;
  readonly chatsEach: number;
}

const firstChat = 1_000_000;

/** Copies one real message into every chat, so that each event is read and shown like any other. */
export async function writeMessages(client: pg.Client, { workspaces, channelId, chatsEach }: Chats): Promise<void> {
  await client.query(
    `insert into messages (workspace_id, channel_id, chat_id, direction, origin, state, content, wire, request_id,
       channel_message_id, mirror)
     select w.id, m.channel_id, ${firstChat} + w.place * $3 + c, m.direction, m.origin, 'sent', m.content, m.wire,
       gen_random_uuid(), c, 'done'
     from (select * from messages where channel_id = $2 order by id limit 1) m,
       unnest($1::text[]) with ordinality as w(id, place), generate_series(1, $3::int) c`,
    [workspaces, channelId, chatsEach],
  );
}

/** Writes events at a steady rate, in turn for all workspaces and chats. Resolves with the number written. */
export async function writeEvents(
  client: pg.Client,
  { workspaces, chatsEach }: Chats,
  { perSecond, forMs }: { readonly perSecond: number; readonly forMs: number },
): Promise<number> {
  const { rows } = await client.query<{ id: number; created_on: string; workspace_id: string; chat_id: string }>(
    `select id, created_on::text, workspace_id, chat_id::text from messages
     where chat_id > ${firstChat} order by (chat_id - ${firstChat} - 1) % $1, chat_id`,
    [chatsEach],
  );
  if (rows.length !== workspaces.length * chatsEach) throw new Error(`there are ${rows.length} messages`);
  const startedMs = performance.now();
  let written = 0;
  for (;;) {
    const elapsedMs = performance.now() - startedMs;
    if (elapsedMs >= forMs) return written;
    const due = Math.floor((elapsedMs / 1_000) * perSecond) - written;
    const batch = Array.from({ length: due }, (_, index) => rows[(written + index) % rows.length]);
    if (due > 0) {
      await client.query({
        name: 'write-load-events',
        text: `
insert into events (era, type, workspace_id, channel_id, chat_id, message_id, message_created_on)
select (select event_era from installation), 'message.sent', m.workspace_id, m.channel_id, m.chat_id, m.id, m.created_on
from unnest($1::bigint[]) with ordinality as i(id, place) join messages m on m.id = i.id order by i.place`,
        values: [batch.map((row) => row?.id)],
      });
      written += due;
    }
    await sleep(5);
  }
}
