import type { Config } from '../config/config.ts';
import type { PaceLimit, PaceLimits } from '../core/delivery/pace.ts';
import { createDirectory, type Directory, type DirectorySource } from '../engine/directory/directory.ts';
import type { Erasures } from '../engine/directory/erasures.ts';
import { createMarkHealth, type HealthStore } from '../engine/directory/mark-health.ts';
import type { JobHandler } from '../engine/lanes/job.ts';
import { createLeaseClock } from '../engine/lanes/lease-clock.ts';
import { type RenewLeaseWhile, renewLeaseWhile } from '../engine/lanes/renew-lease-while.ts';
import { leaseMs, renewAfterMs } from '../engine/lanes/run-lane.ts';
import { createSlots } from '../engine/lanes/slots.ts';
import { createSupervisor, type Loop } from '../engine/lanes/supervisor.ts';
import { createWorker, type LaneStore } from '../engine/lanes/worker.ts';
import { fileLimits } from '../engine/mirror/mirror-files.ts';
import { type MirrorDeps, type MirrorStore, mirrorMessage } from '../engine/mirror/mirror-message.ts';
import { type ReportOversizedFileDeps, reportOversizedFile } from '../engine/mirror/report-oversized-file.ts';
import { replyFilesAtOnce } from '../engine/relay/carry-reply.ts';
import { type ReconcileStore, reconcileLoop } from '../engine/relay/reconcile.ts';
import { type RelayDeps, type RelayStore, relayReplies } from '../engine/relay/relay-replies.ts';
import type { DeliveryStore } from '../engine/send/delivery.ts';
import { createPace } from '../engine/send/pace.ts';
import { type AnswerDeps, type AutomaticStore, answerAutomatically } from '../engine/updates/answer-automatically.ts';
import { type ApplyUpdateDeps, type ApplyUpdateStore, applyUpdate } from '../engine/updates/apply-update.ts';
import type { ReceiveUpdates } from '../engine/updates/poll-channel.ts';
import { createPollers, type PollerStore } from '../engine/updates/pollers.ts';
import { type GuardStore, guardWebhooks } from '../engine/upkeep/guard-webhooks.ts';
import { type AlarmStore, loopDown, raiseAlarms } from '../engine/upkeep/raise-alarms.ts';
import type { ActivityRecorder } from '../engine/upkeep/record-activity.ts';
import { type RecoverStore, recoverBrokenChannels } from '../engine/upkeep/recover-broken-channels.ts';
import { type RetentionStore, retentionLoop } from '../engine/upkeep/retention-loop.ts';
import { type SignsOfLifeStore, signsOfLife } from '../engine/upkeep/signs-of-life.ts';
import { watchChanges } from '../engine/upkeep/watch-changes.ts';
import { silenceMaxMs } from '../engine/upkeep/watch-processes.ts';
import type { Log } from '../observe/log.ts';
import { hookUrl } from '../operations/channels/steer-updates.ts';
import type { IdempotencyStore } from '../operations/idempotency.ts';
import type { Clock, Random } from '../ports/clock.ts';
import { createTakeIn, type TakeInStore } from '../receive/receive-channel-update.ts';
import { createTakeInCall, type TakeInCall } from '../receive/receive-inbox-call.ts';
import { createTakeInInboxEvent } from '../receive/receive-inbox-event.ts';
import { createSpooledIntake, type SpooledIntake } from '../receive/spool-inbox-calls.ts';
import { signOfLifeMs } from '../store/processes.ts';
import type { StoreSlice } from '../store/store.ts';
import { buildDelivery, type DeliveryParts } from './build-delivery.ts';
import type { Journals } from './open-journals.ts';
import type { Providers } from './open-providers.ts';

/**
 * The queries that the engine uses: those of its parts together. The in-memory store of the testkit has the same ones, for the
 * simulation.
 */
export type EngineStore = AlarmStore &
  ApplyUpdateStore &
  AutomaticStore &
  DeliveryStore &
  DirectorySource['store'] &
  GuardStore &
  HealthStore &
  IdempotencyStore &
  LaneStore &
  MirrorStore &
  PollerStore &
  ReconcileStore &
  RecoverStore &
  RelayStore &
  ReportOversizedFileDeps['store'] &
  RetentionStore &
  SignsOfLifeStore &
  TakeInStore &
  StoreSlice<{
    readonly activity: 'record';
    readonly channels: 'listPausedBots';
    readonly changes: 'readVersion';
    readonly flights: 'listOwn';
    readonly lanes: 'renewLease';
    readonly updates: 'listBehind';
  }>;

export interface EngineParts {
  readonly config: Config;
  readonly store: EngineStore;
  readonly epoch: number;
  readonly providers: Providers;
  readonly journals: Journals;
  readonly clock: Clock;
  readonly random: Random;
  readonly activity: ActivityRecorder;
  readonly log: Log;
  readonly erasures: Pick<Erasures, 'erasedAtMs'>;
  /** Further work that goes on as long as the process lives. */
  readonly loops: readonly Loop[];
  /** What is in memory of keys is to be read anew. */
  readonly forgetKeys: () => void;
}

/** What the API needs of the engine. */
export interface Engine {
  /** Each durable when it resolves. */
  readonly takeIn: ReceiveUpdates;
  readonly takeInInboxCall: SpooledIntake['take'];
  readonly directory: Directory;
  readonly deliver: DeliveryParts['deliver'];
  /** For claiming Idempotency-Keys; gives them back whatever happens. */
  readonly claiming: IdempotencyStore;
  /** A workspace, a channel or a key changed: what is in memory is to be read anew. */
  readonly onChange: () => void;
  /** A job was stored: the worker need not wait until it looks again. */
  readonly onJob: () => void;
  /** How old a key may be in memory. */
  readonly keyTtlMs: () => number;
  /** Brings in the results that wait on disk; to be done before flights are judged. */
  readonly replayResults: () => Promise<void>;
  /** What needs a person may have changed. */
  readonly onAlarm: () => void;
  /** Loops that are down. */
  readonly ailing: () => readonly string[];
  start(): void;
  /** Lets end what is on the wire, and stops the loops. */
  stop(): Promise<void>;
}

/** What delivers, understands and carries, and the loops that keep it going; `start` begins them. */
export function buildEngine(parts: EngineParts): Engine {
  const { config, store, epoch, providers, clock, random, log } = parts;
  const { kind, inboxKinds } = providers;
  const supervisor = createSupervisor(clock, log);
  const changes = watchChanges({ readChangeVersion: store.changes.readVersion, onChange: () => onChange(), clock });
  const directory = createDirectory({ store, ...providers }, clock, changes.ttlMs);
  const { activity } = parts;
  const health = createMarkHealth({ store, log, onChange: () => onMarked() });
  const pace = createPace(paceLimits(config), kind, clock);
  const delivery = buildDelivery({
    config,
    pace,
    store,
    health,
    resultJournal: parts.journals.results,
    epoch,
    kind,
    supervisor,
    clock,
    random,
    log,
    onResult: () => worker.wake(),
    onSent: ({ intent: { workspaceId, channelId } }) => activity.mark({ workspaceId, ownerId: channelId, leg: 'sent' }),
  });
  const claiming = { ...store, idempotency: { ...store.idempotency, release: delivery.releaseKey } };

  const leases = createLeaseClock(clock, leaseMs, silenceMaxMs);
  const leaseDeps = { store, clock, leases, leaseMs, everyMs: renewAfterMs };
  const renewWhile: RenewLeaseWhile = (lane, work) => renewLeaseWhile(leaseDeps, lane, work);
  const mirrorDeps: MirrorDeps = {
    store: recordingEntries(store, activity),
    health,
    channelKind: kind,
    directory,
    renewLeaseWhile: renewWhile,
    leases,
    fileLimits,
    fileSlots: createSlots(fileLimits.entriesAtOnce),
    reportOversizedFile: (...file) => reportOversizedFile({ store, clock }, ...file),
    log,
  };
  const mirror: JobHandler = (lane, job) => mirrorMessage(mirrorDeps, lane, job);
  const updateDeps: ApplyUpdateDeps = { store, kind, directory, mirror, erasures: parts.erasures, clock, log };
  const sending = { store: claiming, directory, deliver: delivery.deliver, clock, random, epoch };
  const relayDeps: RelayDeps = {
    ...sending,
    channelKind: kind,
    inboxKinds,
    renewLeaseWhile: renewWhile,
    replyFileSlots: createSlots(replyFilesAtOnce),
  };
  const answerDeps: AnswerDeps = { ...sending, kind, log };
  const worker = createWorker({
    store,
    handlers: {
      mirror,
      update: (lane, job) => applyUpdate(updateDeps, lane, job),
      'inbox-event': (lane, job) => relayReplies(relayDeps, lane, job),
      automatic: (lane, job) => answerAutomatically(answerDeps, lane, job),
    },
    clock,
    random,
    log,
    lanesMax: config.workerLanesMax,
    leases,
    onDead: () => alarms.lookAround(),
  });
  const intake = buildIntake(parts, directory, activity, worker.wake);
  const spooled = createSpooledIntake({
    intake: intake.inboxCalls,
    inboxKinds,
    spool: parts.journals.calls,
    clock,
    log,
  });
  const polling = createPollers({
    store,
    channelWords: kind,
    health,
    directory,
    receiveUpdates: intake.takeIn,
    clock,
    log,
  });
  const everyMs = config.reconcileEverySeconds * 1_000;
  const sweeps = {
    store,
    health,
    directory,
    inboxKinds,
    clock,
    log,
    everyMs,
    onFound: worker.wake,
    onMissed: tellOfMissed(activity),
  };
  const alarms = raiseAlarms({
    store,
    channelWords: kind,
    clock,
    log,
    epoch,
    ownAlarms: () => [...supervisor.failingLoops().map((loop) => loopDown(epoch, loop)), ...polling.alarms()],
  });
  const guard = guardWebhooks({
    store,
    channelWords: kind,
    health,
    directory,
    clock,
    log,
    everyMs: config.watchEverySeconds * 1_000,
    ownUrlOf: ({ updates, hookPath }) =>
      updates === 'webhook' && config.publicUrl !== null ? hookUrl(config.publicUrl, kind, hookPath) : '',
    onLooked: () => alarms.lookAround(),
  });
  const onMarked = () => {
    directory.refresh();
    alarms.lookAround();
  };
  /** What other processes were told of Telegram's limits, or before this start; and which bots work again. */
  const learnPace = async () => {
    for (const { channelId, pauseMs } of await store.channels.listPausedBots()) pace.pauseBot(channelId, pauseMs);
    for (const channelId of pace.closedBots()) {
      if ((await directory.channel(channelId))?.record.state === 'active') pace.reopen(channelId);
    }
  };
  const learn = () => void learnPace().catch((err: unknown) => log.warn('pace.unlearned', { err }));
  const onChange = () => {
    alarms.lookAround();
    directory.refresh();
    learn();
    parts.forgetKeys();
    polling.lookAround();
  };

  return {
    directory,
    takeIn: intake.takeIn,
    takeInInboxCall: spooled.take,
    deliver: delivery.deliver,
    replayResults: delivery.replayResults,
    claiming,
    onChange,
    onJob: worker.wake,
    onAlarm: alarms.lookAround,
    keyTtlMs: changes.ttlMs,
    ailing: supervisor.failingLoops,
    start() {
      learn();
      const { findLostFlights, replayResults } = delivery;
      supervisor.start(changes);
      supervisor.start(activity);
      supervisor.start(
        signsOfLife({ store, clock, log, epoch, everyMs: signOfLifeMs, findLostFlights, replayResults, leases }),
      );
      supervisor.start(retentionLoop({ store, clock }));
      supervisor.start(alarms);
      for (const loop of parts.loops) supervisor.start(loop);
      supervisor.start(spooled.loop);
      if (config.role === 'serve') return;
      supervisor.start({ name: 'worker', run: worker.run });
      supervisor.start(polling);
      supervisor.start(guard);
      supervisor.start(
        recoverBrokenChannels({ store, health, directory, clock, everyMs: config.watchEverySeconds * 1_000 }),
      );
      supervisor.start(reconcileLoop(sweeps));
    },
    async stop() {
      // A caller may have gone before Telegram answered; the answer counts all the same.
      await delivery.settled();
      await supervisor.stop();
    },
  };
}

type Activity = ActivityRecorder;

/** Replies that only a look through the inbox found: its events do not come. */
const tellOfMissed =
  (activity: Activity) =>
  (id: string, count: number): void =>
    activity.markFailing(
      { workspaceId: id, ownerId: id, leg: 'event' },
      `${count} ${count === 1 ? 'reply was' : 'replies were'} found by looking, of which no event told`,
    );

/** The same store; each recorded entry also counts as activity of the channel. */
function recordingEntries(store: MirrorStore, activity: Activity): MirrorStore {
  const recording =
    (record: MirrorStore['mirror']['recordMirrored']): MirrorStore['mirror']['recordMirrored'] =>
    async (message, ...entry) => {
      await record(message, ...entry);
      const { workspaceId, channelId } = message.key;
      activity.mark({ workspaceId, ownerId: channelId, leg: 'entry' });
    };
  const { recordMirrored, recordPartMirrored } = store.mirror;
  return {
    ...store,
    mirror: {
      ...store.mirror,
      recordMirrored: recording(recordMirrored),
      recordPartMirrored: recording(recordPartMirrored),
    },
  };
}

/** Where what comes in is made durable. */
function buildIntake(
  { store, providers, erasures, log }: EngineParts,
  directory: Directory,
  activity: Activity,
  wake: () => void,
): { readonly takeIn: ReceiveUpdates; readonly inboxCalls: TakeInCall } {
  const { inboxKinds } = providers;
  const takeInEvent = createTakeInInboxEvent({
    store,
    erasures,
    inboxKinds,
    onStored({ record: { id } }) {
      activity.mark({ workspaceId: id, ownerId: id, leg: 'event' });
      wake();
    },
  });
  return {
    inboxCalls: createTakeInCall({
      directory,
      inboxKinds,
      inputsOf: ({ record }, nowMs) => providers.inputsOf(record, nowMs),
      takeInEvent,
    }),
    takeIn: createTakeIn({
      store,
      kind: providers.kind,
      log,
      onStored({ record: { id, workspaceId } }) {
        activity.mark({ workspaceId, ownerId: id, leg: 'update' });
        wake();
      },
    }),
  };
}

/** Of the settings, where 0 is no limit. */
function paceLimits(config: Config): PaceLimits {
  const limit = (perSecond: number, burst: number): PaceLimit | null => (perSecond === 0 ? null : { perSecond, burst });
  return {
    bot: limit(config.botRatePerSecond, config.botRatePerSecond),
    chat: limit(config.chatRatePerSecond, config.chatRateBurst),
    group: limit(config.groupRatePerMinute / 60, config.chatRateBurst),
  };
}
