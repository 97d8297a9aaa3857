import { worksForAll } from '@chatferry/gateway/internal/store/database/pool';
import { readEventId, showEventId } from '@chatferry/gateway/internal/store/event-ids';
import pg from 'pg';
import type { LoggedEvent, StoredMessage } from '../judge/records.ts';
import { tokenIn } from '../judge/token.ts';

interface MessageRow {
  readonly text: string | null;
  readonly state: string;
  readonly attempts: readonly { readonly started: number; readonly finished: number }[] | null;
  readonly events: readonly string[] | null;
}

interface EventRow {
  readonly era: number;
  readonly txid: string;
  readonly seq: string;
  readonly created_on: string;
  readonly type: string;
  readonly workspace_id: string | null;
  readonly channel_id: string | null;
  readonly chat_id: string | null;
  readonly message_id: number | null;
  readonly content: string | null;
}

/** The gateway's own PostgreSQL, read past the gateway. */
export interface StoreReader {
  /** Outbound messages in the order of their numbers. */
  readMessages(): Promise<readonly StoredMessage[]>;
  /** The events of the log after the one with this id, in order. Null: all. */
  readLog(after?: string | null): Promise<readonly LoggedEvent[]>;
  /** How much is not done: jobs that wait, messages that are not final. */
  countOpenWork(): Promise<number>;
  deadLetters(): Promise<readonly string[]>;
  /**
   * Ends the waits between the tries of work that failed. What was under way in processes that died is no longer a suspect,
   * which would run alone, one every two seconds.
   */
  makeRetriesDue(): Promise<void>;
  close(): Promise<void>;
}

export function openStoreReader(connection: pg.PoolConfig): StoreReader {
  const pool = new pg.Pool({
    ...connection,
    max: 1,
    application_name: 'campaign',
    onConnect: (client) => client.query(worksForAll),
  });
  // A server that is killed while a connection idles is what this is about.
  pool.on('error', () => undefined);
  return {
    async readMessages() {
      const { rows } = await pool.query<MessageRow>(`
select m.content->>'text' as text, m.state,
  (select jsonb_agg(jsonb_build_object('started', extract(epoch from a.started_at) * 1000,
    'finished', extract(epoch from a.finished_at) * 1000)) from attempts a
   where a.created_on = m.created_on and a.message_id = m.id) as attempts,
  (select jsonb_agg(e.type order by e.era, e.txid, e.seq) from events e
   where e.message_id = m.id and e.type not in ('message.recorded', 'message.not_recorded')) as events
from messages m where m.direction = 'outbound' order by m.id`);
      return rows.flatMap(({ text, state, attempts, events }) => {
        const token = tokenIn(text ?? '');
        if (token === null) return [];
        const tries = (attempts ?? []).map(({ started, finished }) => ({
          startedAtMs: started,
          finishedAtMs: finished,
        }));
        return [{ token, state, attempts: tries, events: events ?? [] }];
      });
    },
    async readLog(after = null) {
      const from = after === null ? null : readEventId(after);
      const { rows } = await pool.query<EventRow>(
        `
select e.era, e.txid::text, e.seq::text, e.created_on::text, e.type, e.workspace_id, e.channel_id, e.chat_id::text,
  e.message_id, m.content::text as content
from events e left join messages m on m.id = e.message_id and m.created_on = e.message_created_on
where $1::int is null or (e.era, e.txid, e.seq) > ($1::int, $2::xid8, $3::bigint)
order by e.era, e.txid, e.seq`,
        [from?.era ?? null, from?.txid ?? null, from?.seq ?? null],
      );
      return rows.map(toLoggedEvent);
    },
    async countOpenWork() {
      const { rows } = await pool.query<{ open: number }>(`
select (select count(*) from jobs) + (select count(*) from messages where state in ('pending', 'sending')) as open`);
      return Number(rows[0]?.open);
    },
    async deadLetters() {
      const { rows } = await pool.query<{ letter: string }>(
        `select kind || ': ' || cause as letter from dead_letters order by id`,
      );
      return rows.map(({ letter }) => letter);
    },
    async makeRetriesDue() {
      await pool.query(`
update lanes set run_at = least(run_at, now()), starts = 0
where lease is null and (run_at > now() or (run_at is not null and starts > 0))`);
    },
    close: () => pool.end(),
  };
}

const toLoggedEvent = (row: EventRow): LoggedEvent => ({
  id: showEventId({ era: row.era, txid: row.txid, seq: row.seq, createdOn: row.created_on }),
  type: row.type,
  workspaceId: row.workspace_id,
  channelId: row.channel_id,
  chatId: row.chat_id,
  messageId: row.message_id,
  token: tokenIn(row.content ?? ''),
});
