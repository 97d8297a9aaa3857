import type { Pool } from 'pg';
import { readActivity, recordActivity } from './activity.ts';
import * as adminTokens from './admin-tokens.ts';
import * as alarms from './alarms.ts';
import * as audit from './audit.ts';
import * as automatic from './automatic-answers.ts';
import { readChangeVersion } from './change-version.ts';
import * as channels from './channels.ts';
import * as chats from './chats.ts';
import * as connections from './connections.ts';
import * as conversations from './conversations.ts';
import { createBatcher } from './database/batcher.ts';
import * as deadLetters from './dead-letters.ts';
import * as erasures from './erasures.ts';
import * as flights from './flights.ts';
import * as grants from './grants.ts';
import * as idempotency from './idempotency.ts';
import { applyInbound, recordMigration } from './inbound.ts';
import { type IntentOutcome, type IntentRow, recordIntents } from './intents.ts';
import * as keys from './keys.ts';
import * as lanes from './lanes.ts';
import { holdLease, releaseLease } from './leases.ts';
import * as loginFailures from './login-failures.ts';
import * as lookBack from './message-history.ts';
import * as messages from './messages.ts';
import * as mirror from './mirror.ts';
import { isOpeningConversation, readOwnWrites } from './own-writes.ts';
import * as people from './people.ts';
import { buryProcesses, giveSignOfLife, readSignsOfLife, type SignOfLife } from './processes.ts';
import * as reconcile from './reconciliation.ts';
import * as replyPlans from './reply-plans.ts';
import * as resends from './resends.ts';
import * as resolve from './resolutions.ts';
import { isResultStored, type ResultRow, recordResults } from './results.ts';
import { applyRetention, ensurePartitions, type Retention } from './retention.ts';
import * as reseal from './sealed-values.ts';
import * as sessions from './sessions.ts';
import * as updateOrder from './update-order.ts';
import { dropUpdate, readUpdate, readUpdatesBehind, settleUpdate, storeUpdates, type UpdateRow } from './updates.ts';
import * as webhookWatches from './webhook-watches.ts';
import * as workspaces from './workspaces.ts';

export interface StoreOptions {
  readonly epoch: number;
  readonly retention: Retention;
  /** Runs a batch once everything that is ready has been submitted: `setImmediate`. */
  readonly schedule: (run: () => void) => void;
}

export type Store = ReturnType<typeof createStore>;

type Bound<M, Names extends keyof M> = {
  readonly [N in Names]: M[N] extends (db: Pool, ...args: infer A) => infer R ? (...args: A) => R : never;
};

/** The statements of a module, bound to the pool. */
function bind<M extends object, Names extends keyof M & string>(
  pool: Pool,
  module: M,
  names: readonly Names[],
): Bound<M, Names> {
  const bound = names.map((name) => {
    const run = module[name] as (db: Pool, ...args: unknown[]) => unknown;
    return [name, (...args: unknown[]) => run(pool, ...args)] as const;
  });
  return Object.fromEntries(bound) as Bound<M, Names>;
}

/** Everything that the rest asks of the database. What is hot goes in batches: one statement and one flush for all that waited. */
export function createStore(pool: Pool, { epoch, retention, schedule }: StoreOptions) {
  const batch = <Row, Result>(
    runMany: (rows: readonly Row[]) => Promise<readonly Result[]>,
    conflictKey: (row: Row) => string,
  ) =>
    createBatcher<Row, Result>({
      runMany,
      runOne: async (row) => only(await runMany([row])),
      conflictKey,
      schedule,
    });

  const intents = batch<IntentRow, IntentOutcome>(
    (rows) => recordIntents(pool, rows),
    (row) => `${row.channelId}:${row.chatId}`,
  );
  const results = batch<ResultRow, boolean>(
    (rows) => recordResults(pool, rows),
    (row) => `${row.flight.channelId}:${row.flight.chatId}`,
  );
  const updates = batch<UpdateRow, boolean>(
    (rows) => storeUpdates(pool, rows),
    (row) => `${row.ownerId}:${row.externalId}`,
  );

  return {
    ...bind(pool, channels, [
      'insertChannel',
      'readChannel',
      'readChannelByBot',
      'readChannelByHookPath',
      'updateChannel',
      'deleteChannel',
      'readPollOffset',
      'breakChannel',
      'pauseBot',
      'listPausedBots',
      'mendChannel',
    ]),
    ...bind(pool, workspaces, [
      'insertWorkspace',
      'readWorkspace',
      'readWorkspaceByHookPath',
      'listWorkspacesOfAccount',
      'listWorkspaces',
      'updateWorkspace',
      'deleteWorkspace',
      'breakWorkspace',
      'mendWorkspace',
    ]),
    ...bind(pool, connections, [
      'insertConnection',
      'readConnection',
      'readConnectionByStartPath',
      'claimConnection',
      'unclaimConnection',
      'settleConnection',
    ]),
    ...bind(pool, reseal, ['listSealedOtherwise', 'replaceSealed', 'listSealingKeys']),
    ...bind(pool, grants, ['readGrant', 'claimGrant', 'unclaimGrant', 'renewGrant']),
    ...bind(pool, keys, [
      'insertKey',
      'readKey',
      'readKeyByDigest',
      'readKeyWithDigest',
      'updateKey',
      'listKeys',
      'retireKey',
      'revokeKey',
      'deleteKey',
      'recordKeyUse',
    ]),
    ...bind(pool, flights, ['startNextTry', 'abandon', 'recoverFlights', 'readOwnFlights']),
    ...bind(pool, automatic, ['queueAutomatic', 'hadAutomatic']),
    ...bind(pool, lanes, ['renewLease', 'finishLane', 'nextDueInMs', 'isLaneBusy', 'readJob']),
    ...bind(pool, mirror, [
      'readMirrorMessage',
      'reserveEntry',
      'releaseEntry',
      'recordMirrored',
      'recordPartMirrored',
      'isEntryRecorded',
      'isOtherEntry',
      'recordMirrorDead',
      'recordReported',
      'recentOutbound',
      'readEarlierMessage',
    ]),
    ...bind(pool, conversations, [
      'readConversation',
      'readConversationByInbox',
      'linkContact',
      'relinkContact',
      'leaveConversation',
      'recordArranged',
      'unlink',
      'unlinkInboxConversation',
    ]),
    ...bind(pool, messages, ['readMessage', 'readAnyMessage', 'listMessages']),
    ...bind(pool, replyPlans, ['keepReplyPlan']),
    ...bind(pool, resolve, ['resolveMessage', 'resolveByEvidence', 'readUnknownMessages']),
    ...bind(pool, resends, ['readRepeatable']),
    ...bind(pool, idempotency, ['claimKey', 'readHeldKey', 'takeOverKey', 'releaseKey', 'storeAnswer']),
    ...bind(pool, chats, ['readChat', 'markBlocked']),
    ...bind(pool, people, [
      'insertPerson',
      'claimInstallation',
      'takeUpInvitation',
      'readInvited',
      'hasPeople',
      'findPersonOfProvider',
      'putInvitation',
      'readPerson',
      'readPersonByEmail',
      'listPeople',
      'updatePerson',
      'deletePerson',
      'setPassword',
      'setTotp',
      'useTotpStep',
    ]),
    ...bind(pool, sessions, ['insertSession', 'openSession', 'listSessions', 'endSession']),
    ...bind(pool, adminTokens, ['insertAdminToken', 'listAdminTokens', 'revokeAdminToken', 'openAdminToken']),
    ...bind(pool, loginFailures, ['loginWaitMs', 'recordLoginFailure', 'forgetLoginFailures']),
    ...bind(pool, audit, ['appendAudit', 'listAudit', 'verifyAudit']),
    ...bind(pool, erasures, ['eraseCustomer', 'rememberErasures', 'listErasures', 'exportCustomer']),
    ...bind(pool, alarms, ['readAlarmFacts', 'settleAlarms', 'clearAlarmsOfDeadProcesses', 'listAlarms']),
    ...bind(pool, webhookWatches, [
      'listUnwatchedChannels',
      'readWebhookWatch',
      'saveWebhookWatch',
      'listSuspectWebhooks',
    ]),
    ...bind(pool, deadLetters, [
      'recordDeadLetter',
      'listDeadLetters',
      'readDeadLetter',
      'countDeadLetters',
      'replayDeadLetters',
      'discardDeadLetter',
    ]),
    ...bind(pool, updateOrder, ['readUpdateOrder', 'moveJobAhead']),
    ...bind(pool, lookBack, ['readLastVersion', 'readSentMessage']),

    ...bind(pool, reconcile, ['listReconcilable', 'saveReconciled', 'readLinks', 'unknownEntries', 'markReported']),
    recordActivity: (marks: Parameters<typeof recordActivity>[1]) => recordActivity(pool, marks),
    readActivity: (ownerIds: readonly string[]) => readActivity(pool, ownerIds),
    readOwnWrites: (workspaceId: string, conversationId: string, entryId: string) =>
      readOwnWrites(pool, workspaceId, conversationId, entryId),
    isOpeningConversation: (workspaceId: string) => isOpeningConversation(pool, workspaceId),
    recordIntent: intents.submit,
    recordResult: results.submit,
    isResultStored: (row: ResultRow) => isResultStored(pool, row),
    storeUpdate: updates.submit,
    readUpdate: (receivedOn: string, updateId: number) => readUpdate(pool, receivedOn, updateId),
    dropUpdate: (receivedOn: string, updateId: number) => dropUpdate(pool, receivedOn, updateId),
    readUpdatesBehind: (laneKey: string, seq: number, limit: number) => readUpdatesBehind(pool, laneKey, seq, limit),
    settleUpdate: (...args: Parameters<typeof settleUpdate> extends [Pool, ...infer A] ? A : never) =>
      settleUpdate(pool, ...args),
    applyInbound: (...args: Parameters<typeof applyInbound> extends [Pool, ...infer A] ? A : never) =>
      applyInbound(pool, ...args),

    listChannels: (filter: { readonly workspaceId?: string | undefined }) => channels.listChannels(pool, filter),
    listPollingChannels: () => channels.listChannels(pool, { updates: 'polling' }),
    pauseChat: (chat: ChatOfMessage, pauseMs: number) => chats.pauseChat(pool, { ...chat, pauseMs }),
    recordMigration: (move: Parameters<typeof recordMigration>[1]) => recordMigration(pool, move),
    readChangeVersion: () => readChangeVersion(pool),
    claimLanes: (limits: Parameters<typeof lanes.claimLanes>[2]) => lanes.claimLanes(pool, epoch, limits),
    releaseLanes: () => lanes.releaseLanes(pool, epoch),
    savePollOffset: (channelId: string, offset: string) => channels.savePollOffset(pool, channelId, offset, epoch),
    giveSignOfLife: () => giveSignOfLife(pool, epoch),
    readSignsOfLife: () => readSignsOfLife(pool),
    buryProcesses: (dead: readonly SignOfLife[]) => buryProcesses(pool, dead),
    holdLease: (name: string, leaseMs: number) => holdLease(pool, name, epoch, leaseMs),
    releaseLease: (name: string) => releaseLease(pool, name, epoch),
    ensurePartitions: () => ensurePartitions(pool),
    applyRetention: () => applyRetention(pool, retention),
    ping: async (): Promise<void> => {
      await pool.query('select 1');
    },
  };
}

interface ChatOfMessage {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly chatId: string;
}

function only<T>(results: readonly T[]): T {
  const [first] = results;
  if (first === undefined) throw new Error('a statement for one row answered without it');
  return first;
}
