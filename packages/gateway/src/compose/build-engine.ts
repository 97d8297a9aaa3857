import type { Config } from '../config/config.ts';
import type { PaceLimit, PaceLimits } from '../core/delivery/pace.ts';
import {
  createDirectory,
  type Directory,
  type DirectorySource,
  type OpenChannel,
} from '../engine/directory/directory.ts';
import type { Erasures } from '../engine/directory/erasures.ts';
import { createMarkHealth, type HealthStore } from '../engine/directory/mark-health.ts';
import { createLeaseClock } from '../engine/lanes/lease-clock.ts';
import { createHoldLane } from '../engine/lanes/renew-lease.ts';
import { createSupervisor, type Loop } from '../engine/lanes/supervisor.ts';
import { createWorker, type LaneStore, leaseMs, renewAfterMs } from '../engine/lanes/worker.ts';
import { type MirrorStore, mirrorMessage } from '../engine/mirror/mirror-message.ts';
import { createTellTooLarge, type TellTooLargeStore } from '../engine/mirror/report-oversized-file.ts';
import { type ReconcileStore, reconcileLoop } from '../engine/relay/reconcile.ts';
import { type RelayStore, relayReplies } from '../engine/relay/relay-reply.ts';
import type { DeliveryStore } from '../engine/send/deliver.ts';
import { createPace } from '../engine/send/pace.ts';
import { type AutomaticStore, answerAutomatically } from '../engine/updates/answer-automatically.ts';
import { type ApplyUpdateStore, applyUpdate } from '../engine/updates/apply-update.ts';
import { type PollerStore, pollers, type TakeIn } from '../engine/updates/pollers.ts';
import { type GuardStore, guardWebhooks } from '../engine/upkeep/guard-webhooks.ts';
import { type HousekeepingStore, retentionLoop, signsOfLife } from '../engine/upkeep/housekeeping.ts';
import { type AlarmStore, loopDown, soundAlarms } from '../engine/upkeep/raise-alarms.ts';
import type { NoteActivity } from '../engine/upkeep/record-activity.ts';
import { type MendStore, mendChannels } from '../engine/upkeep/recover-paused-bots.ts';
import { watchChanges } from '../engine/upkeep/watch-changes.ts';
import { silenceMaxMs } from '../engine/upkeep/watch-processes.ts';
import type { Log } from '../observe/log.ts';
import { hookUrl } from '../operations/channels/steer-updates.ts';
import type { IdempotencyStore } from '../operations/idempotency.ts';
import type { Clock, Random } from '../ports/clock.ts';
import { type ReceiveUpdatesStore, receiveUpdates } from '../receive/receive-channel-update.ts';
import type { InboxCall } from '../receive/receive-inbox-call.ts';
import { receiveInboxCall, type SpoolDeps, spoolLoop } from '../receive/spool-inbox-calls.ts';
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
  HousekeepingStore &
  IdempotencyStore &
  LaneStore &
  MendStore &
  MirrorStore &
  PollerStore &
  ReconcileStore &
  RelayStore &
  ReceiveUpdatesStore &
  TellTooLargeStore &
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
  readonly activity: NoteActivity;
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
  readonly receiveUpdates: TakeIn;
  readonly receiveInboxCall: (call: InboxCall) => Promise<boolean>;
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
  const holdLane = createHoldLane({ store, clock, leases, leaseMs, everyMs: renewAfterMs });
  const mirror = mirrorMessage({
    channelKind: kind,
    store: recordingEntries(store, activity),
    health,
    directory,
    holdLane,
    leases,
    tellTooLarge: createTellTooLarge(store, clock),
    log,
  });
  const sending = { store: claiming, directory, deliver: delivery.deliver, clock, random, epoch };
  const worker = createWorker({
    store,
    handlers: {
      mirror,
      update: applyUpdate({ store, kind, directory, mirror, erasures: parts.erasures, clock, log }),
      'inbox-event': relayReplies({ ...sending, channelKind: kind, inboxKinds, holdLane }),
      automatic: answerAutomatically({ ...sending, kind, log }),
    },
    clock,
    random,
    log,
    lanesMax: config.workerLanesMax,
    leases,
    onDead: () => alarms.lookAround(),
  });
  const intake = buildIntake(parts, directory, activity, worker.wake);
  const polling = pollers({ store, health, directory, takeIn: intake.receiveUpdates, channelWords: kind, clock, log });
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
  const alarms = soundAlarms({
    store,
    clock,
    log,
    epoch,
    channelWords: kind,
    ownAlarms: () => [...supervisor.ailing().map((loop) => loopDown(epoch, loop)), ...polling.alarms()],
  });
  const guard = guardWebhooks({
    store,
    health,
    directory,
    clock,
    log,
    everyMs: config.watchEverySeconds * 1_000,
    channelWords: kind,
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
    receiveUpdates: intake.receiveUpdates,
    receiveInboxCall: (call) => receiveInboxCall(intake.inboxCallDeps, call),
    deliver: delivery.deliver,
    replayResults: delivery.replayResults,
    claiming,
    onChange,
    onJob: worker.wake,
    onAlarm: alarms.lookAround,
    keyTtlMs: changes.ttlMs,
    ailing: supervisor.ailing,
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
      supervisor.start(spoolLoop(intake.inboxCallDeps));
      if (config.role === 'serve') return;
      supervisor.start({ name: 'worker', run: worker.run });
      supervisor.start(polling);
      supervisor.start(guard);
      supervisor.start(mendChannels({ store, health, directory, clock, everyMs: config.watchEverySeconds * 1_000 }));
      supervisor.start(reconcileLoop(sweeps));
    },
    async stop() {
      // A caller may have gone before Telegram answered; the answer counts all the same.
      await delivery.settled();
      await supervisor.stop();
    },
  };
}

type Activity = NoteActivity;

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

/** What receives and stores updates, and the calls of inboxes. */
function buildIntake(
  { store, providers, erasures, journals, clock, log }: EngineParts,
  directory: Directory,
  activity: Activity,
  wake: () => void,
): { readonly receiveUpdates: TakeIn; readonly inboxCallDeps: SpoolDeps } {
  const updateDeps = {
    store,
    kind: providers.kind,
    log,
    onStored({ record: { id, workspaceId } }: OpenChannel) {
      activity.mark({ workspaceId, ownerId: id, leg: 'update' });
      wake();
    },
  };
  return {
    receiveUpdates: (open, updates) => receiveUpdates(updateDeps, open, updates),
    inboxCallDeps: {
      store,
      directory,
      erasures,
      inboxKinds: providers.inboxKinds,
      inputsOf: ({ record }, nowMs) => providers.inputsOf(record, nowMs),
      spool: journals.calls,
      clock,
      log,
      onStored({ record: { id } }) {
        activity.mark({ workspaceId: id, ownerId: id, leg: 'event' });
        wake();
      },
    },
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
