import type { EngineStore } from '@chatferry/gateway/internal/compose/engine-parts';
import { createBatcher } from '@chatferry/gateway/internal/store/database/batcher';
import { type IntentOutcome, type IntentRow, intentConflictKey } from '@chatferry/gateway/internal/store/intents';
import type { ClaimLimits } from '@chatferry/gateway/internal/store/lanes';
import { type ResultRow, resultConflictKey } from '@chatferry/gateway/internal/store/results';
import { type UpdateRow, updateConflictKey } from '@chatferry/gateway/internal/store/updates';
import type { MemoryDatabase } from './database.ts';
import { chatsQueries, flightsQueries, recordIntents, recordResults, resultsQueries } from './delivery.ts';
import {
  chatsQueriesOfInbox,
  conversationsQueries,
  inboxWritesQueries,
  messageHistoryQueriesOfInbox,
  mirrorQueries,
  reconciliationQueries,
  replyPlansQueries,
} from './inbox.ts';
import { idempotencyQueries } from './keys.ts';
import {
  acquireLease,
  automaticAnswersQueries,
  claimLanes,
  deadLettersQueries,
  lanesQueries,
  releaseLanes,
  releaseLease,
} from './lanes.ts';
import { messagesQueries } from './messages.ts';
import { processesQueries, recordSignOfLife } from './processes.ts';
import { channelsQueries, workspacesQueries } from './registry.ts';
import { resolutionsQueries } from './resolve.ts';
import { alarmsQueries, webhookWatchesQueries } from './unwatched.ts';
import { lanesQueriesOfOrder, updatesQueriesOfOrder } from './update-order.ts';
import { inboundQueries, messageHistoryQueries, storeUpdates, updatesQueries } from './updates.ts';

/** Runs one statement of a process: at once, or as late and unreliably as a network and a server can. */
export type RunStatement = <T>(name: string, statement: () => T) => Promise<T>;

type Statement = (db: MemoryDatabase, ...args: never[]) => unknown;

type Bound<S extends Statement> = S extends (db: MemoryDatabase, ...args: infer A) => infer R
  ? (...args: A) => Promise<R>
  : never;

/** Binds statements to a database and to what runs them. `name` is `namespace.query`. */
const createBinder = (db: MemoryDatabase, run: RunStatement) => {
  const query = <S extends Statement>(name: string, statement: S): Bound<S> =>
    ((...args: unknown[]) => run(name, () => statement(db, ...(args as never[])))) as Bound<S>;
  const bind = <Q extends Readonly<Record<string, Statement>>>(
    namespace: string,
    statements: Q,
  ): { readonly [N in keyof Q]: Bound<Q[N]> } =>
    Object.fromEntries(
      Object.entries(statements).map(([name, statement]) => [name, query(`${namespace}.${name}`, statement)]),
    ) as { readonly [N in keyof Q]: Bound<Q[N]> };
  return { query, bind };
};

/**
 * The engine's store without PostgreSQL: a model of it, statement by statement, checked by the same conformance suite. The
 * batched writes go through the real batcher.
 */
export function createMemoryStore(
  db: MemoryDatabase,
  parts: { readonly epoch: number; readonly run: RunStatement; readonly schedule: (run: () => void) => void },
) {
  const { epoch, run, schedule } = parts;
  const { query, bind } = createBinder(db, run);
  const batch = <Row, Result>(
    name: string,
    runMany: (db: MemoryDatabase, rows: readonly Row[]) => readonly Result[],
    conflictKey: (row: Row) => string,
  ) =>
    createBatcher<Row, Result>({
      runMany: (rows) => run(name, () => runMany(db, rows)),
      runOne: (row) => run(name, () => runMany(db, [row])[0] as Result),
      conflictKey,
      schedule,
    }).submit;

  return {
    alarms: bind('alarms', alarmsQueries),
    automaticAnswers: bind('automaticAnswers', automaticAnswersQueries),
    channels: bind('channels', channelsQueries),
    chats: {
      ...bind('chats', chatsQueries),
      ...bind('chats', chatsQueriesOfInbox),
    },
    conversations: bind('conversations', conversationsQueries),
    deadLetters: bind('deadLetters', deadLettersQueries),
    flights: bind('flights', flightsQueries),
    idempotency: bind('idempotency', idempotencyQueries),
    inbound: bind('inbound', inboundQueries),
    inboxWrites: bind('inboxWrites', inboxWritesQueries),
    lanes: {
      ...bind('lanes', lanesQueries),
      ...bind('lanes', lanesQueriesOfOrder),
      claim: query('lanes.claim', (db, limits: ClaimLimits) => claimLanes(db, epoch, limits)),
      release: query('lanes.release', (db) => releaseLanes(db, epoch)),
    },
    messageHistory: {
      ...bind('messageHistory', messageHistoryQueries),
      ...bind('messageHistory', messageHistoryQueriesOfInbox),
    },
    messages: bind('messages', messagesQueries),
    mirror: bind('mirror', mirrorQueries),
    processes: {
      ...bind('processes', processesQueries),
      recordSignOfLife: query('processes.recordSignOfLife', (db) => recordSignOfLife(db, epoch)),
    },
    reconciliation: bind('reconciliation', reconciliationQueries),
    replyPlans: bind('replyPlans', replyPlansQueries),
    resolutions: bind('resolutions', resolutionsQueries),
    updates: {
      ...bind('updates', updatesQueries),
      ...bind('updates', updatesQueriesOfOrder),
      store: batch<UpdateRow, boolean>('updates.store', storeUpdates, updateConflictKey),
    },
    webhookWatches: bind('webhookWatches', webhookWatchesQueries),
    workspaces: bind('workspaces', workspacesQueries),
    intents: { record: batch<IntentRow, IntentOutcome>('intents.record', recordIntents, intentConflictKey) },
    results: {
      ...bind('results', resultsQueries),
      record: batch<ResultRow, boolean>('results.record', recordResults, resultConflictKey),
    },
    leases: {
      acquire: query('leases.acquire', (db, name: string, leaseMs: number) => acquireLease(db, name, epoch, leaseMs)),
      release: query('leases.release', (db, name: string) => releaseLease(db, name, epoch)),
    },
    changes: { readVersion: query('changes.readVersion', (db) => db.changes) },
    activity: { record: query('activity.record', () => undefined) },
    retention: {
      ensurePartitions: query('retention.ensurePartitions', () => undefined),
      apply: query('retention.apply', () => undefined),
    },
  } satisfies EngineStore;
}
