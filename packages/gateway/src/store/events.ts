import type { EventType } from '@chatferry/contract';
import type { Pool } from 'pg';
import { type AlarmRecord, readAlarmsOf } from './alarms.ts';
import { bindQueries } from './database/bind-queries.ts';
import { type EventPlace, readEventId, showEventId } from './event-ids.ts';
import { type MessageRecord, readMessagesOf } from './messages.ts';

/** Whose events a reader may see. Null: all. Events without a workspace are for readers of all workspaces only. */
export interface EventScope {
  readonly workspaceIds: readonly string[] | null;
  readonly channelIds: readonly string[] | null;
}

export interface EventQuery {
  /** The id of the last event that the reader knows, or the end of its last page. Null: from the oldest event. */
  readonly after: string | null;
  readonly scope: EventScope;
  readonly types: readonly EventType[] | null;
  readonly limit: number;
}

/** An entry of the log, with what it is about as that is now. */
export interface StoredEvent {
  readonly id: string;
  readonly type: EventType;
  readonly occurredAt: Date;
  readonly workspaceId: string | null;
  readonly channelId: string | null;
  readonly chatId: string | null;
  readonly messageId: number | null;
  readonly facts: EventFacts;
  /** The message, without its attempts. Null if the event is not about a message. */
  readonly message: MessageRecord | null;
  /** For a tap: the message with the button. Null if it is not known. */
  readonly tappedId: number | null;
  /** The chat's title and username, for an event about a chat. */
  readonly chat: { readonly title: string | null; readonly username: string | null } | null;
  readonly alarm: AlarmRecord | null;
}

/** What the row itself says, beside ids. */
export interface EventFacts {
  /** `message.resolved`: what was decided. */
  readonly state?: 'sent' | 'failed';
  /** `chat.migrated`: the new chat id. */
  readonly migratedTo?: string;
  /** `channel.broken`: what is wrong. */
  readonly problem?: string | null;
  /** `alarm.raised`, `alarm.cleared`: the number of the alarm. */
  readonly alarm?: number;
}

export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** The place up to which the log was read: the `after` of the next page. Null if the log is empty. */
  readonly through: string | null;
  /** Whether there may be more to read now. */
  readonly hasMore: boolean;
}

interface Row {
  readonly matches: boolean;
  readonly scanned: number;
  readonly created_on: string;
  readonly era: number;
  readonly txid: string;
  readonly seq: string;
  readonly type: EventType;
  readonly occurred_at: Date;
  readonly workspace_id: string | null;
  readonly channel_id: string | null;
  readonly chat_id: string | null;
  readonly message_id: number | null;
  readonly message_created_on: string | null;
  readonly facts: EventFacts | null;
}

/** One statement looks at this many events at most, so that a reader of few events costs no more than one of many. */
const scanMax = 10_000;

/** The first place of the log. */
const beginning: EventPlace = { era: -1, txid: '0', seq: '0', createdOn: '1970-01-01' };

/**
 * Readable are the events of transactions that ended before the oldest one that still runs. Those of an earlier era
 * are all ended: their transaction ids may be those of another server.
 *
 * The day is that of the transaction's begin, and no transaction runs for a day: so no event after `after` is on a day
 * more than one before that of `after`, and the older partitions are not looked at.
 */
const readable = `(era < (select event_era from installation) or txid < pg_snapshot_xmin(pg_current_snapshot()))`;
const behind = `created_on >= $4::date - 1 and (era, txid, seq) > ($1::int, $2::xid8, $3::bigint) and ${readable}`;

/** $1 to $4: after. $5: types. $6: channels. $7: limit. $8: how many to look at. $9: workspaces. */
const selectSql = (scanned: string): string => `
with scanned as materialized (${scanned}), judged as (
  select s.*, ($5::text[] is null or type = any ($5)) and ($6::text[] is null or channel_id = any ($6)) as matches,
    row_number() over (order by era, txid, seq) as number, count(*) over () as scanned
  from scanned s
)
select matches, scanned, created_on::text, era, txid::text, seq::text, type, occurred_at, workspace_id, channel_id,
  chat_id::text, message_id, message_created_on::text, facts
from judged where matches or number = scanned order by number limit $7::int + 1`;

const ofAll = selectSql(`
  select * from events where ${behind} order by era, txid, seq limit $8`);

const ofSome = selectSql(`
  select e.* from unnest($9::text[]) w, lateral (
    select * from events where workspace_id = w and ${behind} order by era, txid, seq limit $8
  ) e order by e.era, e.txid, e.seq limit $8`);

/**
 * Reads the next events of the log, in its order. `after` must be an id of an event. Each event is about its message
 * as it is now. An event whose message or alarm was erased is left out.
 */
export async function readEventPage(db: Pool, { after, scope, types, limit }: EventQuery): Promise<EventPage> {
  const from = after === null ? beginning : readEventId(after);
  if (from === null) throw new RangeError('after must be the id of an event');
  const values = [from.era, from.txid, from.seq, from.createdOn, types, scope.channelIds, limit, scanMax];
  const { rows } = await db.query<Row>(
    scope.workspaceIds === null
      ? { name: 'read-events', text: ofAll, values }
      : { name: 'read-events-of', text: ofSome, values: [...values, scope.workspaceIds] },
  );
  const matching = rows.filter((row) => row.matches);
  const page = matching.slice(0, limit);
  const isCut = matching.length > limit;
  const last = isCut ? page.at(-1) : rows.at(-1);
  return {
    events: await joinEvents(db, page),
    through: last === undefined ? after : idOf(last),
    hasMore: isCut || (rows[0]?.scanned ?? 0) >= scanMax,
  };
}

const idOf = (row: Row): string =>
  showEventId({ era: row.era, txid: row.txid, seq: row.seq, createdOn: row.created_on });

/**
 * The next events, at most `limit`. Fewer: there are no more at present. `readEventPage` also says how far the log was
 * read, for a reader that sees few of its events.
 */
export async function readEvents(db: Pool, query: EventQuery): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  let { after } = query;
  for (;;) {
    const page = await readEventPage(db, { ...query, after, limit: query.limit - events.length });
    events.push(...page.events);
    if (!page.hasMore || events.length >= query.limit) return events;
    after = page.through;
  }
}

async function joinEvents(db: Pool, rows: readonly Row[]): Promise<readonly StoredEvent[]> {
  const [messages, alarms, tapped, chats] = await Promise.all([
    readMessages(db, rows),
    readAlarms(db, rows),
    readTapped(db, rows),
    readChats(db, rows),
  ]);
  return rows.flatMap((row): StoredEvent[] => {
    const message = row.message_id === null ? null : messages.get(row.message_id);
    const alarm = row.facts?.alarm === undefined ? null : alarms.get(String(row.facts.alarm));
    if (message === undefined || alarm === undefined) return [];
    return [
      {
        id: idOf(row),
        type: row.type,
        occurredAt: row.occurred_at,
        workspaceId: row.workspace_id,
        channelId: row.channel_id,
        chatId: row.chat_id,
        messageId: row.message_id,
        facts: row.facts ?? {},
        message,
        tappedId: tapped.get(row.message_id ?? 0) ?? null,
        chat: row.chat_id === null ? null : (chats.get(`${row.channel_id}:${row.chat_id}`) ?? null),
        alarm,
      },
    ];
  });
}

const unique = <T>(values: readonly (T | null | undefined)[]): T[] => [
  ...new Set(values.filter((value): value is T & {} => value !== null && value !== undefined)),
];

async function readMessages(db: Pool, rows: readonly Row[]): Promise<ReadonlyMap<number, MessageRecord>> {
  const ids = unique(rows.map((row) => row.message_id));
  const days = unique(rows.map((row) => row.message_created_on));
  return ids.length === 0 ? new Map() : readMessagesOf(db, ids, days);
}

async function readAlarms(db: Pool, rows: readonly Row[]): Promise<ReadonlyMap<string, AlarmRecord>> {
  const ids = unique(rows.map((row) => row.facts?.alarm)).map(String);
  return ids.length === 0 ? new Map() : readAlarmsOf(db, ids);
}

/** For each tap of these events, the message with the button. */
async function readTapped(db: Pool, rows: readonly Row[]): Promise<ReadonlyMap<number, number>> {
  const taps = rows.filter((row) => row.type === 'button.tapped');
  if (taps.length === 0) return new Map();
  const { rows: found } = await db.query<{ tap: number; message: number }>({
    name: 'read-tapped-messages',
    text: `
select t.id as tap, m.id as message from messages t, lateral (
  select id from messages m where m.channel_id = t.channel_id and m.chat_id = t.chat_id and m.direction = 'outbound'
    and m.channel_message_id = (t.content #>> '{answers,channelMessageId}')::bigint
  order by id desc limit 1
) m where t.created_on = any ($2::date[]) and t.id = any ($1::bigint[])`,
    values: [taps.map((row) => row.message_id), unique(taps.map((row) => row.message_created_on))],
  });
  return new Map(found.map(({ tap, message }) => [tap, message]));
}

const isAboutChat = (row: Row): boolean => row.type.startsWith('chat.');

async function readChats(db: Pool, rows: readonly Row[]): Promise<ReadonlyMap<string, StoredEvent['chat']>> {
  const about = rows.filter(isAboutChat);
  if (about.length === 0) return new Map();
  const { rows: found } = await db.query<{ key: string; title: string | null; username: string | null }>({
    name: 'read-chats-of-events',
    text: `
select c.channel_id || ':' || c.chat_id as key, c.title, c.username
from unnest($1::text[], $2::bigint[]) as i(channel_id, chat_id)
  join chats c on c.channel_id = i.channel_id and c.chat_id = i.chat_id`,
    values: [about.map((row) => row.channel_id), about.map((row) => row.chat_id)],
  });
  return new Map(found.map(({ key, title, username }) => [key, { title, username }]));
}

/** The id of the newest readable event. Null if there is none. */
export async function readLastEvent(db: Pool): Promise<string | null> {
  for (const since of [`(now() at time zone 'utc')::date - 1`, `'1970-01-01'`]) {
    const { rows } = await db.query<EventPlace>({
      name: `read-last-event-${since.length}`,
      text: `select era, txid::text, seq::text, created_on::text as "createdOn" from events
where created_on >= ${since} and ${readable} order by era desc, txid desc, seq desc limit 1`,
    });
    if (rows[0]) return showEventId(rows[0]);
  }
  return null;
}

/** The events with these ids, with what they are about as it is now. Those that are not stored any more are left out. */
export async function readEventsById(db: Pool, ids: readonly string[]): Promise<readonly StoredEvent[]> {
  const places = ids.map(readEventId).filter((place) => place !== null);
  const { rows } = await db.query<Row>({
    name: 'read-events-by-id',
    text: `
select true as matches, 0 as scanned, e.created_on::text, e.era, e.txid::text, e.seq::text, e.type, e.occurred_at,
  e.workspace_id, e.channel_id, e.chat_id::text, e.message_id, e.message_created_on::text, e.facts
from unnest($1::int[], $2::xid8[], $3::bigint[], $4::date[]) as i(era, txid, seq, created_on), lateral (
  select * from events e
  where e.created_on = i.created_on and e.era = i.era and e.txid = i.txid and e.seq = i.seq limit 1
) e`,
    values: [
      places.map(({ era }) => era),
      places.map(({ txid }) => txid),
      places.map(({ seq }) => seq),
      places.map(({ createdOn }) => createdOn),
    ],
  });
  return joinEvents(db, rows);
}

/** What says who wants an event, and in which order. */
export type EventHead = Pick<StoredEvent, 'id' | 'type' | 'workspaceId' | 'channelId' | 'chatId'>;

export interface EventHeadPage {
  readonly events: readonly EventHead[];
  /** The last one's id, or `after` if there is none. */
  readonly through: string | null;
  /** Whether there may be more to read now. */
  readonly hasMore: boolean;
}

/** The next events of all workspaces, without what they are about: at most `limit`. */
export async function readEventHeads(db: Pool, after: string | null, limit: number): Promise<EventHeadPage> {
  const from = after === null ? beginning : readEventId(after);
  if (from === null) throw new RangeError('after must be the id of an event');
  const { rows } = await db.query<Row>({
    name: 'read-event-heads',
    text: `
select created_on::text, era, txid::text, seq::text, type, workspace_id, channel_id, chat_id::text from events
where ${behind} order by era, txid, seq limit $5`,
    values: [from.era, from.txid, from.seq, from.createdOn, limit],
  });
  const events = rows.map(
    (row): EventHead => ({
      id: idOf(row),
      type: row.type,
      workspaceId: row.workspace_id,
      channelId: row.channel_id,
      chatId: row.chat_id,
    }),
  );
  return { events, through: events.at(-1)?.id ?? after, hasMore: rows.length === limit };
}

/** The id of the last event before the first one that happened at this time or later. Null if there is none. */
export async function readPlaceBefore(db: Pool, at: Date): Promise<string | null> {
  const { rows } = await db.query<EventPlace>({
    name: 'read-place-before',
    text: `
with first as (
  select era, txid, seq from events
  where created_on >= ($1::timestamptz at time zone 'utc')::date - 1 and occurred_at >= $1
  order by era, txid, seq limit 1
)
select e.era, e.txid::text, e.seq::text, e.created_on::text as "createdOn" from events e
where not exists (select 1 from first f where (e.era, e.txid, e.seq) >= (f.era, f.txid, f.seq)) and ${readable}
order by e.era desc, e.txid desc, e.seq desc limit 1`,
    values: [at],
  });
  return rows[0] === undefined ? null : showEventId(rows[0]);
}

/**
 * Begins a new era of the log if the database was moved to a server whose transaction ids do not continue those of the log.
 * To be called at every start, before anything is written.
 */
export async function settleEventEra(db: Pool): Promise<void> {
  await db.query('select settle_event_era()');
}

/** The queries of `store.events`. */
export const events = (db: Pool) => bindQueries(db, { page: readEventPage, read: readEvents, last: readLastEvent });
