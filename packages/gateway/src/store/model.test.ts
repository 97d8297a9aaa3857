import * as modelChats from '@chatferry/testkit/memory-store/chats';
import { createMemoryDatabase, type MemoryDatabase } from '@chatferry/testkit/memory-store/database';
import * as modelFlights from '@chatferry/testkit/memory-store/flights';
import * as modelIntents from '@chatferry/testkit/memory-store/intents';
import * as modelLanes from '@chatferry/testkit/memory-store/lanes';
import * as modelProcesses from '@chatferry/testkit/memory-store/processes';
import * as modelResults from '@chatferry/testkit/memory-store/results';
import * as modelUpdates from '@chatferry/testkit/memory-store/updates';
import { freshDatabase } from '@chatferry/testkit/postgres/postgres';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { pauseChat } from './chats.ts';
import { abandon, recoverFlights, startNextAttempt } from './flights.ts';
import { type Flight, type IntentRow, recordIntents } from './intents.ts';
import { claimLanes, claimSuspect } from './lane-claims.ts';
import {
  type ClaimedLane,
  finishLanes,
  isSuspectDue,
  releaseLanes,
  renewLease,
  suspectAfter,
  wakeLanes,
} from './lanes.ts';
import { recordSignOfLife, unregisterProcess } from './processes.ts';
import { type ResultRow, recordResults } from './results.ts';
import { ensurePartitions } from './retention.ts';
import { storeUpdates, type UpdateRow } from './updates.ts';

const { pool } = await freshDatabase();
const requestId = '3e6b1d2a-9f4e-4c1d-8b7a-1b3c5d7e9f0a';
const epochs = [1, 2] as const;
const minutesMs = 60_000;

beforeAll(() => ensurePartitions(pool));

/** Far apart, so that the duration of the run has no influence. */
const minutes = fc.constantFrom(10, 60, 600);
const chat = fc.constantFrom('1', '2', '3');
const epoch = fc.constantFrom(...epochs);
const pick = fc.nat(5);

const step = fc.oneof(
  fc.record({ do: fc.constant('intent' as const), chat, epoch }),
  fc.record({
    do: fc.constant('result' as const),
    pick,
    state: fc.constantFrom('sent' as const, 'failed' as const, 'unknown' as const, 'pending' as const),
  }),
  fc.record({ do: fc.constantFrom('next try' as const, 'abandon' as const), pick }),
  fc.record({ do: fc.constant('pause' as const), chat, minutes }),
  fc.record({ do: fc.constantFrom('live' as const, 'die' as const), epoch }),
  fc.record({ do: fc.constant('recover' as const) }),
  fc.record({
    do: fc.constant('update' as const),
    chat,
    number: fc.nat(8),
    lanes: fc.constantFrom('inbox:c' as const, 'relay:w' as const),
  }),
  fc.record({
    do: fc.constant('claim' as const),
    epoch,
    minutes,
    order: fc.constantFrom('first-due' as const, 'in-turn' as const, 'replies' as const),
    without: fc.subarray(['inbox:c', 'relay:w']),
  }),
  fc.record({ do: fc.constant('wake' as const), workspaceId: fc.constantFrom('w', 'other') }),
  fc.record({ do: fc.constant('claim suspect' as const), epoch, minutes }),
  fc.record({ do: fc.constant('release' as const), epoch }),
  fc.record({ do: fc.constant('renew' as const), pick, minutes }),
  fc.record({
    do: fc.constant('finish' as const),
    pick,
    done: fc.boolean(),
    delay: fc.option(minutes),
    isFailure: fc.boolean(),
    waitsFor: fc.option(fc.constantFrom('inbox' as const, 'inbox-answer' as const)),
  }),
  fc.record({ do: fc.constant('wait' as const), minutes }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** An empty real store and an empty model, whose ids continue equally. */
async function arrange() {
  await pool.query(`
    delete from flights; delete from attempts; delete from messages; delete from jobs; delete from lanes;
    delete from chats; delete from events; delete from updates; delete from fences; delete from processes`);
  const { rows } = await pool.query(
    `select nextval('message_ids')::int as message, nextval('update_ids')::int as update`,
  );
  let leases = 0;
  const model = createMemoryDatabase({
    nowMs: () => Date.now(),
    newLease: () => String(++leases),
  });
  Object.assign(model.sequences, rows[0]);
  const flights: Flight[] = [];
  const claims: { readonly real: ClaimedLane; readonly model: ClaimedLane }[] = [];
  return { model, flights, claims };
}
type Stores = Awaited<ReturnType<typeof arrange>>;

const lanesOf = (lanes: readonly ClaimedLane[]) =>
  lanes
    .map(({ key, party, failures, starts, watchedTo, jobs }) => ({ key, party, failures, starts, watchedTo, jobs }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

const countSuspects = (model: MemoryDatabase): number =>
  [...model.lanes.values()].filter(({ starts }) => starts >= suspectAfter).length;

/** Runs one step in both, and returns both results. */
async function runStep(stores: Stores, one: Step): Promise<readonly [unknown, unknown]> {
  const { model, flights, claims } = stores;
  const flight = 'pick' in one ? flights[flights.length - 1 - one.pick] : undefined;
  const claim = 'pick' in one ? claims[claims.length - 1 - one.pick] : undefined;
  switch (one.do) {
    case 'intent': {
      const row: IntentRow = {
        workspaceId: 'w',
        channelId: 'c',
        chatId: one.chat,
        origin: 'api',
        requestId,
        keyId: null,
        senderId: null,
        content: { text: 'x', controls: { kind: 'none' } },
        wire: {},
        epoch: one.epoch,
        idempotency: null,
        replyRef: null,
      };
      const [real] = await recordIntents(pool, [row]);
      const [modelled] = modelIntents.recordIntents(model, [row]);
      if (real?.kind === 'taken') flights.push(real.flight);
      return [real?.kind === 'paused' ? 'paused' : real, modelled?.kind === 'paused' ? 'paused' : modelled];
    }
    case 'result': {
      if (!flight) return [0, 0];
      const outcomes = { sent: 'delivered', failed: 'rejected', unknown: 'uncertain', pending: 'deferred' } as const;
      const outcome = outcomes[one.state];
      const channelMessageId = one.state === 'sent' ? '7' : null;
      const row: ResultRow = { flight, state: one.state, outcome, channelMessageId, failure: null, detail: null };
      return [await recordResults(pool, [row]), modelResults.recordResults(model, [row])];
    }
    case 'next try': {
      if (!flight) return [0, 0];
      const both = [await startNextAttempt(pool, flight), modelFlights.startNextAttempt(model, flight)] as const;
      if (both[0]) flights.push(both[0]);
      return both;
    }
    case 'abandon': {
      if (!flight) return [0, 0];
      const failure = { name: 'UNAVAILABLE', reason: 'x' } as const;
      return [await abandon(pool, flight, failure), modelFlights.abandon(model, flight, failure)];
    }
    case 'pause': {
      const row = { workspaceId: 'w', channelId: 'c', chatId: one.chat, pauseMs: one.minutes * minutesMs };
      return [await pauseChat(pool, row), modelChats.pauseChat(model, row)];
    }
    case 'live':
      return [await recordSignOfLife(pool, one.epoch), modelProcesses.recordSignOfLife(model, one.epoch)];
    case 'die':
      return [await unregisterProcess(pool, one.epoch), modelProcesses.unregisterProcess(model, one.epoch)];
    case 'recover':
      return [await recoverFlights(pool), modelFlights.recoverFlights(model)];
    case 'update': {
      const row: UpdateRow = {
        workspaceId: 'w',
        channelId: 'c',
        source: 'telegram',
        ownerId: 'c',
        externalId: `update:${one.number}`,
        body: Buffer.from('{}'),
        laneKey: `${one.lanes}:${one.chat}`,
        jobKind: 'update',
        ignored: null,
      };
      return [await storeUpdates(pool, [row]), modelUpdates.storeUpdates(model, [row])];
    }
    case 'claim': {
      const { order, without } = one;
      const limits = { lanesMax: 10, jobsMax: 3, leaseMs: one.minutes * minutesMs, order, without };
      const real = await claimLanes(pool, one.epoch, limits);
      const modelled = modelLanes.claimLanes(model, one.epoch, limits);
      for (const lane of real) {
        const same = modelled.find(({ key }) => key === lane.key);
        if (same) claims.push({ real: lane, model: same });
      }
      return [lanesOf(real), lanesOf(modelled)];
    }
    case 'claim suspect': {
      const leaseMs = one.minutes * minutesMs;
      const due = [await isSuspectDue(pool), modelLanes.isSuspectDue(model)] as const;
      // Which of two suspects is claimed depends on times that differ by milliseconds.
      if (due[0] !== due[1] || countSuspects(model) > 1) return due;
      const real = await claimSuspect(pool, one.epoch, leaseMs);
      const modelled = modelLanes.claimSuspect(model, one.epoch, leaseMs);
      if (real && modelled) claims.push({ real, model: modelled });
      return [lanesOf(real ? [real] : []), lanesOf(modelled ? [modelled] : [])];
    }
    case 'wake':
      return [await wakeLanes(pool, one.workspaceId), modelLanes.wakeLanes(model, one.workspaceId)];
    case 'release':
      return [await releaseLanes(pool, one.epoch), modelLanes.releaseLanes(model, one.epoch)];
    case 'renew': {
      if (!claim) return [0, 0];
      const leaseMs = one.minutes * minutesMs;
      return [await renewLease(pool, claim.real, leaseMs), modelLanes.renewLease(model, claim.model, leaseMs)];
    }
    case 'finish': {
      if (!claim) return [0, 0];
      const doneSeq = one.done ? (claim.real.jobs.at(-1)?.seq ?? null) : null;
      const { isFailure, waitsFor } = one;
      const end = { doneSeq, delayMs: one.delay === null ? null : one.delay * minutesMs, isFailure, waitsFor };
      const [isHeld] = await finishLanes(pool, [{ lane: claim.real, end }]);
      return [isHeld, modelLanes.finishLane(model, claim.model, end)];
    }
    case 'wait': {
      // Instead of waiting, all times are moved closer.
      for (const lane of model.lanes.values()) lane.runAtMs -= one.minutes * minutesMs;
      for (const row of model.chats.values()) {
        if (row.pausedUntilMs !== null) row.pausedUntilMs -= one.minutes * minutesMs;
      }
      const by = [one.minutes];
      await pool.query(`update lanes set run_at = run_at - $1 * interval '1 minute'`, by);
      await pool.query(`update chats set paused_until = paused_until - $1 * interval '1 minute'`, by);
      return [0, 0];
    }
  }
}

/** The contents of the tables, reduced to the columns that both stores have. */
async function realTables() {
  const rows = async (text: string) => (await pool.query(text)).rows;
  return {
    messages: await rows('select id::int, state, channel_message_id::text as number, mirror from messages order by id'),
    // One statement may write the events of several messages in any order.
    events: await rows('select message_id::int as id, type, facts from events order by message_id, era, txid, seq'),
    flights: await rows(
      'select chat_id::text as chat, message_id::int as id, number, epoch::int from flights order by 1',
    ),
    attempts: await rows('select message_id::int as id, number, outcome from attempts order by 1, 2'),
    lanes: await rows(
      'select key, tail::int, failures, starts, waits_for, lease is not null as held, run_at <= now() as due from lanes order by key',
    ),
    jobs: await rows('select lane_key as lane, seq::int, kind, payload from jobs order by 1, 2'),
  };
}

function modelTables(db: MemoryDatabase): Awaited<ReturnType<typeof realTables>> {
  return {
    messages: [...db.messages.values()].map(({ id, state, channelMessageId: number, mirror }) => ({
      id,
      state,
      number,
      mirror,
    })),
    events: db.events
      .map(({ messageId, type, facts }) => ({
        id: messageId,
        type,
        facts: Object.keys(facts).length === 0 ? null : facts,
      }))
      .sort((a, b) => (a.id ?? 0) - (b.id ?? 0)),
    flights: [...db.flights.values()]
      .map(({ chatId, messageId, number, epoch: by }) => ({ chat: chatId, id: messageId, number, epoch: by }))
      .sort((a, b) => (a.chat < b.chat ? -1 : 1)),
    attempts: [...db.attempts.values()]
      .map(({ messageId, number, outcome }) => ({ id: messageId, number, outcome }))
      .sort((a, b) => a.id - b.id || a.number - b.number),
    lanes: [...db.lanes]
      .map(([key, { tail, failures, starts, waitsFor, lease, runAtMs }]) => ({
        key,
        tail,
        failures,
        starts,
        waits_for: waitsFor,
        held: lease !== null,
        due: runAtMs <= db.nowMs(),
      }))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
    jobs: [...db.jobs]
      .flatMap(([lane, jobs]) => jobs.map(({ seq, kind, payload }) => ({ lane, seq, kind, payload })))
      .sort((a, b) => (a.lane === b.lane ? a.seq - b.seq : a.lane < b.lane ? -1 : 1)),
  };
}

it('the store behaves like the in-memory model in every sequence of calls to lanes, intents, results and flights', {
  timeout: 900_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 80, size: 'max' }), async (steps) => {
      const stores = await arrange();
      for (const one of steps) {
        const [real, modelled] = await runStep(stores, one);
        expect(modelled ?? null).toEqual(real ?? null);
      }
      expect(modelTables(stores.model)).toEqual(await realTables());
    }),
    { numRuns: 1_000 },
  );
});
