import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import { beforeAll, describe, expect, it } from 'vitest';
import { pauseChat } from './chats.ts';
import { abandon, readOwnFlights, recoverFlights, startNextAttempt } from './flights.ts';
import { claimKey, type KeyClaim, takeOverKey } from './idempotency.ts';
import { recordMigration } from './inbound.ts';
import { type Flight, type IntentOutcome, type IntentRow, recordIntents } from './intents.ts';
import {
  readSignsOfLife,
  recordSignOfLife,
  registerProcess,
  removeDeadProcesses,
  unregisterProcess,
} from './processes.ts';
import { recordResults } from './results.ts';
import { ensurePartitions } from './retention.ts';

const { pool } = await freshDatabase();
const requestId = '3e6b1d2a-9f4e-4c1d-8b7a-1b3c5d7e9f0a';
let epoch: number;
let chats = 0;

beforeAll(async () => {
  await ensurePartitions(pool);
  epoch = await registerProcess(pool, true);
});

const anIntent = (change: Partial<IntentRow> = {}): IntentRow => {
  chats += 1;
  return {
    workspaceId: 'wsp_1',
    channelId: 'chn_1',
    chatId: String(chats),
    origin: 'api',
    requestId,
    keyId: 'key_1',
    senderId: null,
    content: { text: 'Hello', controls: { kind: 'none' } },
    wire: { chat_id: chats, text: 'Hello' },
    epoch,
    idempotency: null,
    replyRef: null,
    ...change,
  };
};

function takenBy(outcome: IntentOutcome | undefined): Flight {
  if (outcome?.kind !== 'taken') throw new Error(`expected the lane to be taken, got ${outcome?.kind}`);
  return outcome.flight;
}

const take = async (intent: IntentRow) => takenBy((await recordIntents(pool, [intent]))[0]);

const sent = (flight: Flight, channelMessageId = '2418') =>
  ({ flight, state: 'sent', outcome: 'delivered', channelMessageId, failure: null, detail: null }) as const;

const dayFromToday = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

async function stateOf(flight: Flight) {
  const { rows } = await pool.query('select state, mirror from messages where created_on = $1 and id = $2', [
    flight.createdOn,
    flight.messageId,
  ]);
  return rows[0];
}

describe('an intent', () => {
  it('stores a whole batch as sending in one statement, with small ascending ids', async () => {
    const flights = (await recordIntents(pool, [anIntent(), anIntent(), anIntent()])).map(takenBy);
    const ids = flights.map(({ messageId }) => messageId).sort((a, b) => a - b);
    expect(ids.map((id) => id - (ids[0] ?? 0))).toEqual([0, 1, 2]);
    for (const flight of flights) expect(await stateOf(flight)).toEqual({ state: 'sending', mirror: 'none' });
  });

  it('finds the send lane busy while a send to the chat is in flight, and stores nothing', async () => {
    const first = anIntent();
    await take(first);
    const before = await pool.query('select count(*)::int as count from messages');
    expect(await recordIntents(pool, [first])).toEqual([{ kind: 'busy' }]);
    expect((await pool.query('select count(*)::int as count from messages')).rows).toEqual(before.rows);
  });

  it('is refused with the remaining wait during Telegram’s pause, while others in the batch are stored', async () => {
    const paused = anIntent();
    await pauseChat(pool, { ...paused, pauseMs: 60_000 });
    const [outcome, other] = await recordIntents(pool, [paused, anIntent()]);
    expect(outcome?.kind).toBe('paused');
    expect(outcome?.kind === 'paused' && outcome.remainingMs).toBeGreaterThan(50_000);
    expect(other?.kind).toBe('taken');
  });

  it('is refused if another request took over its Idempotency-Key, while others in the batch are stored', async () => {
    const name = { scope: 'chn_1', route: 'POST /send', key: 'order-1' };
    const claim: KeyClaim = {
      name,
      workspaceId: 'wsp_1',
      fingerprint: Buffer.from('a'),
      requestId,
      epoch,
      warnings: [],
    };
    const later: KeyClaim = { ...claim, requestId: '7c9e6679-7425-40de-944b-e07fc1f90ae7' };
    expect(await claimKey(pool, claim)).toBeNull();
    const seen = await claimKey(pool, later);
    expect(seen && (await takeOverKey(pool, later, seen))).toBe(true);

    const mine = anIntent({ idempotency: name });
    const [superseded, plain] = await recordIntents(pool, [mine, anIntent()]);
    expect(superseded).toEqual({ kind: 'superseded' });
    takenBy(plain);
    const left = await pool.query('select 1 from flights where channel_id = $1 and chat_id = $2', [
      mine.channelId,
      mine.chatId,
    ]);
    expect(left.rowCount).toBe(0);
    await take(anIntent({ idempotency: name, requestId: later.requestId }));
  });

  it('is refused with the new chat id if the chat was migrated', async () => {
    const moved = anIntent();
    await recordMigration(pool, { ...moved, newChatId: '-100777' });
    expect(await recordIntents(pool, [moved])).toEqual([{ kind: 'migrated', newChatId: '-100777' }]);
  });
});

describe('a result', () => {
  it('marks the message sent, releases the send lane, stores the attempt and queues the mirror job', async () => {
    const intent = anIntent();
    const flight = await take(intent);
    expect(await recordResults(pool, [sent(flight)])).toEqual([true]);
    expect(await stateOf(flight)).toEqual({ state: 'sent', mirror: 'pending' });
    const attempts = await pool.query('select number, outcome from attempts where message_id = $1', [flight.messageId]);
    expect(attempts.rows).toEqual([{ number: 1, outcome: 'delivered' }]);
    const jobs = await pool.query('select kind, payload from jobs where lane_key = $1', [
      `inbox:chn_1:${intent.chatId}`,
    ]);
    expect(jobs.rows).toEqual([
      { kind: 'mirror', payload: { messageId: flight.messageId, createdOn: flight.createdOn } },
    ]);
    expect((await recordIntents(pool, [intent]))[0]?.kind).toBe('taken');
  });

  it('is stored in a batch with messages of several days', async () => {
    const flights = await Promise.all([anIntent(), anIntent(), anIntent()].map(take));
    const moved = flights.map((flight, index) => ({ ...flight, createdOn: dayFromToday(index - 1) }));
    for (const flight of moved) {
      await pool.query('update messages set created_on = $1 where id = $2', [flight.createdOn, flight.messageId]);
    }
    expect(
      await recordResults(
        pool,
        moved.slice(0, 2).map((flight) => sent(flight)),
      ),
    ).toEqual([true, true]);
    const unsent = { ...moved[0], messageId: -1 } as Flight;
    expect(
      await recordResults(
        pool,
        [unsent, ...moved].map((flight) => sent(flight)),
      ),
    ).toEqual([false, false, false, true]);
    for (const flight of moved) expect(await stateOf(flight)).toEqual({ state: 'sent', mirror: 'pending' });
  });

  it('that is a refusal queues no mirror job', async () => {
    const flight = await take(anIntent());
    const failure = { name: 'TELEGRAM_REJECTED', reason: 'Forbidden: bot was blocked by the user', providerCode: 403 };
    await recordResults(pool, [
      { flight, state: 'failed', outcome: 'rejected', channelMessageId: null, failure, detail: failure.reason },
    ]);
    expect(await stateOf(flight)).toEqual({ state: 'failed', mirror: 'none' });
    expect(
      (await pool.query(`select 1 from jobs where payload->>'messageId' = $1`, [String(flight.messageId)])).rows,
    ).toEqual([]);
  });

  it('that arrives late marks an unknown message sent, once', async () => {
    const flight = await take(anIntent());
    await recordResults(pool, [
      { flight, state: 'unknown', outcome: 'uncertain', channelMessageId: null, failure: null, detail: 'no answer' },
    ]);
    expect(await recordResults(pool, [sent(flight)])).toEqual([true]);
    expect(await recordResults(pool, [sent(flight, '9999')])).toEqual([false]);
    expect((await stateOf(flight))?.state).toBe('sent');
  });

  it('that arrives late and is not sent leaves the message unknown: only a person marks it failed', async () => {
    const flight = await take(anIntent());
    const { state: _, ...unsent } = { ...sent(flight), outcome: 'uncertain', channelMessageId: null } as const;
    await recordResults(pool, [{ ...unsent, state: 'unknown' }]);
    expect(await recordResults(pool, [{ ...unsent, state: 'failed', outcome: 'rejected' }])).toEqual([false]);
    expect((await stateOf(flight))?.state).toBe('unknown');
  });

  it('that is pending keeps the send lane for the next try, and abandoning releases it', async () => {
    const intent = anIntent();
    const flight = await take(intent);
    await recordResults(pool, [
      {
        flight,
        state: 'pending',
        outcome: 'deferred',
        channelMessageId: null,
        failure: null,
        detail: 'nothing written',
      },
    ]);
    expect(await recordIntents(pool, [intent])).toEqual([{ kind: 'busy' }]);
    const next = await startNextAttempt(pool, flight);
    expect(next?.number).toBe(2);
    expect((await stateOf(flight))?.state).toBe('sending');
    if (!next) throw new Error('no next try');
    await recordResults(pool, [
      {
        flight: next,
        state: 'pending',
        outcome: 'deferred',
        channelMessageId: null,
        failure: null,
        detail: 'nothing written',
      },
    ]);
    await abandon(pool, next, { name: 'UNAVAILABLE', reason: 'nothing was written' });
    expect((await stateOf(flight))?.state).toBe('failed');
    expect((await recordIntents(pool, [intent]))[0]?.kind).toBe('taken');
  });
});

describe('the trigger of the message states', () => {
  const states = ['scheduled', 'cancelled', 'pending', 'sending', 'sent', 'failed', 'unknown'] as const;
  const permitted = new Set([
    'pending→sending',
    'pending→failed',
    'pending→scheduled',
    'scheduled→sending',
    'scheduled→cancelled',
    'scheduled→failed',
    'sending→sent',
    'sending→failed',
    'sending→pending',
    'sending→unknown',
    'unknown→sent',
    'unknown→failed',
  ]);
  const edges = states.flatMap((from) => states.filter((to) => to !== from).map((to) => [from, to] as const));

  it.each(edges)('permits or refuses the change from %s to %s as documented', async (from, to) => {
    const { rows } = await pool.query(
      `insert into messages (workspace_id, channel_id, chat_id, direction, origin, state, content)
       values ('wsp_1', 'chn_1', 1, 'outbound', 'api', $1, '{}') returning id`,
      [from],
    );
    const change = pool.query('update messages set state = $2 where id = $1', [rows[0].id, to]);
    if (permitted.has(`${from}→${to}`)) await expect(change).resolves.toMatchObject({ rowCount: 1 });
    else await expect(change).rejects.toThrow(`may not go from ${from} to ${to}`);
  });
});

describe('recovery of flights', () => {
  it('marks messages of dead processes unknown in flight and failed between tries, and no others', async () => {
    await recoverFlights(pool);
    const dead = await registerProcess(pool, false);
    const onTheWire = await take(anIntent({ epoch: dead }));
    const between = await take(anIntent({ epoch: dead }));
    const agents = await take(anIntent({ epoch: dead, origin: 'agent' }));
    const living = await take(anIntent());
    for (const flight of [between, agents]) {
      await recordResults(pool, [
        { flight, state: 'pending', outcome: 'deferred', channelMessageId: null, failure: null, detail: null },
      ]);
    }
    expect(await recoverFlights(pool)).toEqual({ unknown: 0, abandoned: 0 });
    await unregisterProcess(pool, dead);
    expect(await recoverFlights(pool)).toEqual({ unknown: 1, abandoned: 2 });
    expect((await stateOf(onTheWire))?.state).toBe('unknown');
    expect((await stateOf(between))?.state).toBe('failed');
    // The reply's job is still in the queue, and finds that the reply was not sent.
    expect((await stateOf(agents))?.state).toBe('failed');
    expect((await stateOf(living))?.state).toBe('sending');
  });

  it('ends only the lost flights of a living process', async () => {
    const lost = await take(anIntent());
    const held = await take(anIntent());
    expect(await readOwnFlights(pool, epoch)).toContainEqual({ messageId: lost.messageId, requestId });
    const messageIds = [lost.messageId];
    expect(await recoverFlights(pool, { epoch: epoch + 1_000, messageIds })).toEqual({ unknown: 0, abandoned: 0 });
    expect(await recoverFlights(pool, { epoch, messageIds })).toEqual({ unknown: 1, abandoned: 0 });
    expect((await stateOf(held))?.state).toBe('sending');
  });

  it('starts after the process is removed, which requires that it gave no newer sign of life', async () => {
    const silent = await registerProcess(pool, false);
    const signOf = async () => (await readSignsOfLife(pool)).filter((sign) => sign.epoch === silent);
    const flight = await take(anIntent({ epoch: silent }));
    const before = await signOf();
    await recordSignOfLife(pool, silent);
    expect(await removeDeadProcesses(pool, before)).toEqual([]);
    expect(await recoverFlights(pool)).toEqual({ unknown: 0, abandoned: 0 });
    expect(await removeDeadProcesses(pool, await signOf())).toEqual([silent]);
    expect(await recoverFlights(pool)).toEqual({ unknown: 1, abandoned: 0 });
    // The process was only slow. It is registered again, and its result still counts.
    await recordSignOfLife(pool, silent);
    expect(await signOf()).toHaveLength(1);
    const late = { state: 'sent', outcome: 'delivered', channelMessageId: '9', failure: null, detail: null } as const;
    expect(await recordResults(pool, [{ flight, ...late }])).toEqual([true]);
    expect((await stateOf(flight))?.state).toBe('sent');
  });
});
