import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readEventId, showEventId } from './event-ids.ts';
import {
  type EventQuery,
  readEventPage,
  readEvents,
  readLastEvent,
  type StoredEvent,
  settleEventEra,
} from './events.ts';
import { ensurePartitions } from './retention.ts';

const { pool } = await freshDatabase();
const everything: EventQuery = {
  after: null,
  scope: { workspaceIds: null, channelIds: null },
  types: null,
  limit: 100,
};

beforeAll(() => ensurePartitions(pool));
beforeEach(() => pool.query('delete from events'));

interface Executor {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

/** A message of a customer, whose text is its name. */
const receive = (text: string, { db = pool as Executor, workspace = 'wsp_a', channel = 'chn_a' } = {}) =>
  db.query(
    `insert into messages (workspace_id, channel_id, chat_id, direction, origin, state, content)
     values ($1, $2, 7, 'inbound', 'customer', 'received', $3)`,
    [workspace, channel, JSON.stringify({ author: {}, content: { kind: 'text', text } })],
  );
/** Other databases of the server have transactions too, and readers wait for these. */
const untilReadable = () =>
  vi.waitUntil(
    async () =>
      (
        await pool.query(
          `select not exists (select 1 from events where txid >= pg_snapshot_xmin(pg_current_snapshot())
             and era = (select event_era from installation)) as yes`,
        )
      ).rows[0].yes,
    { timeout: 15_000 },
  );
const textsOf = (events: readonly StoredEvent[]) =>
  events.map(({ message }) => (message as unknown as { content: { content: { text: string } } }).content.content.text);
const read = async (change: Partial<EventQuery> = {}) => textsOf(await readEvents(pool, { ...everything, ...change }));

describe('the order of the log', () => {
  it('does not pass an event that commits late, although later ones committed before it', async () => {
    const late = await pool.connect();
    await late.query('begin');
    await receive('late', { db: late });
    await receive('early');
    const before = await readEventPage(pool, everything);
    await late.query('commit');
    late.release();
    expect([textsOf(before.events), before.hasMore]).toEqual([[], false]);
    await untilReadable();
    expect(await read({ after: before.through })).toEqual(['late', 'early']);
  });

  it('skips what was rolled back, and waits for nothing after that', async () => {
    const doomed = await pool.connect();
    await doomed.query('begin');
    await receive('undone', { db: doomed });
    await receive('done');
    const before = await read();
    await doomed.query('rollback');
    doomed.release();
    expect(before).toEqual([]);
    await untilReadable();
    expect(await read()).toEqual(['done']);
  });

  it('gives every event once to readers of any page size, however many write at the same time', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `m${index}`);
    const seen: string[] = [];
    let after: string | null = null;
    let isWriting = true;
    const reader = (async () => {
      for (;;) {
        const isLastRound = !isWriting;
        const page = await readEventPage(pool, { ...everything, after, limit: 7 });
        seen.push(...textsOf(page.events));
        after = page.through;
        if (isLastRound && !page.hasMore) return;
      }
    })();
    await Promise.all(
      names.map(async (name, index) => {
        const client = await pool.connect();
        await client.query('begin');
        await receive(name, { db: client });
        if (index % 3 === 0) await client.query('select pg_sleep(0.01)');
        await client.query('commit');
        client.release();
      }),
    );
    await untilReadable();
    isWriting = false;
    await reader;
    expect(seen.toSorted()).toEqual(names.toSorted());
    expect(await read()).toEqual(seen);
  });

  it('is the order of the ids as text', async () => {
    for (const name of ['a', 'b', 'c']) await receive(name);
    await untilReadable();
    const ids = (await readEvents(pool, everything)).map(({ id }) => id);
    expect(ids.toSorted()).toEqual(ids);
    expect(ids.at(-1)).toBe(await readLastEvent(pool));
    expect(await read({ after: ids[0] ?? null })).toEqual(['b', 'c']);
  });

  it('is that of numbers, where transaction ids and numbers get another digit', async () => {
    const write = (txid: number, seq: number) =>
      pool.query(
        `insert into events (era, txid, seq, type, workspace_id, channel_id)
         select event_era, $1::text::xid8, $2, 'channel.recovered', 'wsp_a', 'chn_a' from installation`,
        [txid, seq],
      );
    for (const [txid, seq] of [
      [10, 10],
      [10, 9],
      [9, 8],
      [100, 11],
    ] as const)
      await write(txid, seq);
    const events = await readEvents(pool, everything);
    expect(events.map(({ id }) => [readEventId(id)?.txid, readEventId(id)?.seq])).toEqual([
      ['9', '8'],
      ['10', '9'],
      ['10', '10'],
      ['100', '11'],
    ]);
    expect(await readLastEvent(pool)).toBe(events.at(-1)?.id);
    const some = { ...everything, scope: { workspaceIds: ['wsp_a'], channelIds: null } };
    expect((await readEvents(pool, some)).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  });

  it('continues in a new era when the transaction ids of the server begin again', async () => {
    await settleEventEra(pool);
    await receive('before');
    await untilReadable();
    const [old] = await readEvents(pool, everything);
    // As if a backup had been restored on a server that is younger than the old one.
    await pool.query(`update events set txid = (pg_current_xact_id()::text::bigint + 1000000)::text::xid8`);
    expect(await read()).toEqual([]);
    await settleEventEra(pool);
    await receive('after');
    await untilReadable();
    expect(await read()).toEqual(['before', 'after']);
    const [moved] = await readEvents(pool, everything);
    expect(await read({ after: moved?.id ?? null })).toEqual(['after']);
    expect((moved?.id ?? '') > (old?.id ?? '')).toBe(true);
  });

  it('stays in its era at every other start', async () => {
    await settleEventEra(pool);
    await receive('x');
    const era = async () => (await pool.query('select event_era from installation')).rows[0].event_era;
    const before = await era();
    for (let start = 0; start < 3; start += 1) await settleEventEra(pool);
    expect(await era()).toBe(before);
  });

  it('begins a new era on another server, even if the transaction ids would fit', async () => {
    await settleEventEra(pool);
    await receive('before');
    const era = async () => (await pool.query('select event_era from installation')).rows[0].event_era;
    const before = await era();
    await pool.query(`update installation set event_home = 'another server'`);
    await settleEventEra(pool);
    expect(await era()).toBe(before + 1);
  });
});

describe('a reader', () => {
  it('sees only its workspaces and channels, and no event of the whole gateway', async () => {
    await receive('mine');
    await receive('of my other bot', { channel: 'chn_b' });
    await receive('theirs', { workspace: 'wsp_b', channel: 'chn_c' });
    await pool.query(
      `insert into alarms (source, kind, subject, detail, remedy) values ('test', 'loop-down', 'x', 'd', 'r')`,
    );
    await untilReadable();
    const seenBy = (workspaceIds: string[] | null, channelIds: string[] | null) =>
      readEvents(pool, { ...everything, scope: { workspaceIds, channelIds } });
    expect(textsOf(await seenBy(['wsp_a'], null))).toEqual(['mine', 'of my other bot']);
    expect(textsOf(await seenBy(['wsp_a'], ['chn_b']))).toEqual(['of my other bot']);
    expect(textsOf(await seenBy(['wsp_b', 'wsp_a'], null))).toEqual(['mine', 'of my other bot', 'theirs']);
    expect(await seenBy([], null)).toEqual([]);
    expect((await seenBy(null, null)).map(({ type }) => type)).toContain('alarm.raised');
  });

  it('of few events gets past those of others, and past those that it does not ask for', async () => {
    await pool.query(
      `insert into events (era, type, workspace_id, channel_id)
       select event_era, 'channel.broken', 'wsp_b', 'chn_c' from installation, generate_series(1, 25000)`,
    );
    await receive('mine');
    await untilReadable();
    const first = await readEventPage(pool, { ...everything, types: ['message.received'] });
    expect([first.events.length, first.hasMore]).toEqual([0, true]);
    expect(await read({ types: ['message.received'] })).toEqual(['mine']);
    const own = await readEventPage(pool, { ...everything, scope: { workspaceIds: ['wsp_a'], channelIds: null } });
    expect([textsOf(own.events), own.hasMore]).toEqual([['mine'], false]);
  });

  it('learns once that a group has a new id, whether or not its messages came before', async () => {
    const move = (chat: number) =>
      pool.query(
        `insert into chats (workspace_id, channel_id, chat_id, kind, migrated_to) values ('wsp_a', 'chn_a', $1, 'group', -9)
         on conflict (channel_id, chat_id) do update set migrated_to = excluded.migrated_to`,
        [chat],
      );
    await pool.query(
      `insert into chats (workspace_id, channel_id, chat_id, kind) values ('wsp_a', 'chn_a', -1, 'group')`,
    );
    for (const chat of [-1, -1, -2, -2]) await move(chat);
    await untilReadable();
    const seen = (await readEvents(pool, everything)).map(({ type, chatId }) => [type, chatId]);
    expect(seen).toEqual([
      ['chat.migrated', '-1'],
      ['chat.migrated', '-2'],
    ]);
  });

  it('does not see an event whose message is gone', async () => {
    await receive('erased');
    await pool.query('delete from messages');
    await receive('kept');
    await untilReadable();
    expect(await read()).toEqual(['kept']);
  });

  it('finds no event twice after the last one, and the place of an empty page stays', async () => {
    await receive('only');
    await untilReadable();
    const page = await readEventPage(pool, everything);
    const next = await readEventPage(pool, { ...everything, after: page.through });
    expect(next).toEqual({ events: [], through: page.through, hasMore: false });
  });
});

describe('the id of an event', () => {
  it.each([
    { era: 0, txid: '1', seq: '1', createdOn: '2026-01-31' },
    { era: 1_048_575, txid: '18446744073709551615', seq: '9007199254740993', createdOn: '2059-12-31' },
  ])('says its place: %j', (place) => {
    const id = showEventId(place);
    expect(id).toMatch(/^evt_[0-9a-z]{33}$/);
    expect(readEventId(id)).toEqual(place);
  });

  it.each(['', 'evt_', 'evt_0', 'msg_0', `evt_${'u'.repeat(33)}`, `evt_${'z'.repeat(33)}`, `evt_${'0'.repeat(34)}`])(
    'is not %j',
    (text) => expect(readEventId(text)).toBeNull(),
  );
});
