import { createBatcher } from '@chatferry/gateway/internal/store/database/batcher';
import type { IntentOutcome, IntentRow } from '@chatferry/gateway/internal/store/intents';
import type { ResultRow } from '@chatferry/gateway/internal/store/results';
import type { UpdateRow } from '@chatferry/gateway/internal/store/updates';
import type { MemoryDatabase } from './database.ts';
import * as delivery from './delivery.ts';
import * as inbox from './inbox.ts';
import * as keys from './keys.ts';
import * as lanes from './lanes.ts';
import { readMessage } from './messages.ts';
import * as processes from './processes.ts';
import * as registry from './registry.ts';
import * as resolve from './resolve.ts';
import * as unwatched from './unwatched.ts';
import * as updateOrder from './update-order.ts';
import * as updates from './updates.ts';

/** Runs one statement of a process: at once, or as late and as unreliably as a network and a server may be. */
export type RunStatement = <T>(name: string, statement: () => T) => Promise<T>;

type Statement = (db: MemoryDatabase, ...args: never[]) => unknown;

type Bound<M extends Readonly<Record<string, Statement>>> = {
  readonly [N in keyof M]: M[N] extends (db: MemoryDatabase, ...args: infer A) => infer R
    ? (...args: A) => Promise<R>
    : never;
};

const single = {
  readChannel: registry.readChannel,
  readChannelByHookPath: registry.readChannelByHookPath,
  readWorkspace: registry.readWorkspace,
  readWorkspaceByHookPath: registry.readWorkspaceByHookPath,
  listWorkspacesOfAccount: registry.listWorkspacesOfAccount,
  listChannels: registry.listChannels,
  listPollingChannels: registry.listPollingChannels,
  breakChannel: registry.breakChannel,
  mendChannel: registry.mendChannel,
  breakWorkspace: registry.breakWorkspace,
  mendWorkspace: registry.mendWorkspace,
  readPollOffset: registry.readPollOffset,
  savePollOffset: registry.savePollOffset,
  pauseBot: registry.pauseBot,
  listPausedBots: registry.listPausedBots,
  isResultStored: delivery.isResultStored,
  startNextTry: delivery.startNextTry,
  abandon: delivery.abandon,
  recoverFlights: delivery.recoverFlights,
  readOwnFlights: delivery.readOwnFlights,
  pauseChat: delivery.pauseChat,
  markBlocked: delivery.markBlocked,
  readMessage,
  readUnknownMessages: resolve.readUnknownMessages,
  resolveByEvidence: resolve.resolveByEvidence,
  readSignsOfLife: processes.readSignsOfLife,
  buryProcesses: processes.buryProcesses,
  claimKey: keys.claimKey,
  readHeldKey: keys.readHeldKey,
  takeOverKey: keys.takeOverKey,
  releaseKey: keys.releaseKey,
  storeAnswer: keys.storeAnswer,
  renewLease: lanes.renewLease,
  finishLane: lanes.finishLane,
  nextDueInMs: lanes.nextDueInMs,
  isLaneBusy: lanes.isLaneBusy,
  readJob: lanes.readJob,
  readUpdateOrder: updateOrder.readUpdateOrder,
  moveJobAhead: updateOrder.moveJobAhead,
  recordDeadLetter: lanes.recordDeadLetter,
  queueAutomatic: lanes.queueAutomatic,
  hadAutomatic: lanes.hadAutomatic,
  readUpdate: updates.readUpdate,
  dropUpdate: updates.dropUpdate,
  readUpdatesBehind: updates.readUpdatesBehind,
  settleUpdate: updates.settleUpdate,
  applyInbound: updates.applyInbound,
  recordMigration: updates.recordMigration,
  readLastVersion: updates.readLastVersion,
  readSentMessage: updates.readSentMessage,
  readMirrorMessage: inbox.readMirrorMessage,
  readChat: inbox.readChat,
  readConversation: inbox.readConversation,
  leaveConversation: inbox.leaveConversation,
  recordArranged: inbox.recordArranged,
  readEarlierMessage: inbox.readEarlierMessage,
  readConversationByInbox: inbox.readConversationByInbox,
  linkContact: inbox.linkContact,
  relinkContact: inbox.relinkContact,
  unlink: inbox.unlink,
  unlinkInboxConversation: inbox.unlinkInboxConversation,
  recentOutbound: inbox.recentOutbound,
  reserveEntry: inbox.reserveEntry,
  releaseEntry: inbox.releaseEntry,
  recordMirrored: inbox.recordMirrored,
  recordPartMirrored: inbox.recordPartMirrored,
  isEntryRecorded: inbox.isEntryRecorded,
  isOtherEntry: inbox.isOtherEntry,
  recordMirrorDead: inbox.recordMirrorDead,
  recordReported: inbox.recordReported,
  readOwnWrites: inbox.readOwnWrites,
  isOpeningConversation: inbox.isOpeningConversation,
  markReported: inbox.markReported,
  keepReplyPlan: inbox.keepReplyPlan,
  listReconcilable: inbox.listReconcilable,
  saveReconciled: inbox.saveReconciled,
  readLinks: inbox.readLinks,
  unknownEntries: inbox.unknownEntries,
  ...unwatched,
} as const;

function bind<M extends Readonly<Record<string, Statement>>>(
  db: MemoryDatabase,
  run: RunStatement,
  statements: M,
): Bound<M> {
  const bound = Object.entries(statements).map(([name, statement]) => [
    name,
    (...args: unknown[]) => run(name, () => statement(db, ...(args as never[]))),
  ]);
  return Object.fromEntries(bound) as Bound<M>;
}

/**
 * The engine's store without PostgreSQL: a model of it, statement by statement, held to the same conformance suite. What is
 * hot goes through the real batches.
 */
export function createMemoryStore(
  db: MemoryDatabase,
  parts: { readonly epoch: number; readonly run: RunStatement; readonly schedule: (run: () => void) => void },
) {
  const { epoch, run, schedule } = parts;
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
    ...bind(db, run, single),
    recordIntent: batch<IntentRow, IntentOutcome>('recordIntents', delivery.recordIntents, (row) => {
      return `${row.channelId}:${row.chatId}`;
    }),
    recordResult: batch<ResultRow, boolean>('recordResults', delivery.recordResults, ({ flight }) => {
      return `${flight.channelId}:${flight.chatId}`;
    }),
    storeUpdate: batch<UpdateRow, boolean>('storeUpdates', updates.storeUpdates, (row) => {
      return `${row.ownerId}:${row.externalId}`;
    }),
    claimLanes: (limits: Parameters<typeof lanes.claimLanes>[2]) =>
      run('claimLanes', () => lanes.claimLanes(db, epoch, limits)),
    releaseLanes: () => run('releaseLanes', () => lanes.releaseLanes(db, epoch)),
    giveSignOfLife: () => run('giveSignOfLife', () => processes.giveSignOfLife(db, epoch)),
    holdLease: (name: string, leaseMs: number) => run('holdLease', () => lanes.holdLease(db, name, epoch, leaseMs)),
    releaseLease: (name: string) => run('releaseLease', () => lanes.releaseLease(db, name, epoch)),
    readChangeVersion: () => run('readChangeVersion', () => db.changes),
    recordActivity: () => run('recordActivity', () => undefined),
    ensurePartitions: () => run('ensurePartitions', () => undefined),
    applyRetention: () => run('applyRetention', () => undefined),
  };
}
