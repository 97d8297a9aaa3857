import type { Directory } from '../engine/directory/directory.ts';
import { reconcileLoop } from '../engine/relay/reconcile.ts';
import type { ReceiveUpdates } from '../engine/updates/poll-channel.ts';
import { createPollers } from '../engine/updates/pollers.ts';
import { guardWebhooks } from '../engine/upkeep/guard-webhooks.ts';
import { loopDown, raiseAlarms } from '../engine/upkeep/raise-alarms.ts';
import { recoverBrokenChannels } from '../engine/upkeep/recover-broken-channels.ts';
import { retentionLoop } from '../engine/upkeep/retention-loop.ts';
import { signsOfLife } from '../engine/upkeep/signs-of-life.ts';
import { journalDamaged } from '../engine/upkeep/sweep-set-aside-files.ts';
import { hookUrl } from '../operations/channels/direct-updates.ts';
import type { IdempotencyStore } from '../operations/idempotency-deps.ts';
import { type InboxCall, isInboxHook } from '../receive/receive-inbox-call.ts';
import { type InboxCallReceipt, receiveInboxCall, spoolLoop } from '../receive/spool-inbox-calls.ts';
import { signOfLifeMs } from '../store/processes.ts';
import type { DeliveryParts } from './build-delivery.ts';
import { buildIntake } from './build-intake.ts';
import { buildWorker } from './build-worker.ts';
import { buildCore, type EngineCore } from './engine-core.ts';
import type { EngineParts } from './engine-parts.ts';
import { recordMissedReplies } from './record-engine-activity.ts';

/** What the API needs of the engine. */
export interface Engine {
  /** The updates are durable when this resolves. */
  readonly receiveUpdates: ReceiveUpdates;
  readonly receiveInboxCall: (call: InboxCall) => Promise<InboxCallReceipt>;
  /** Whether a workspace has this webhook path; null if that cannot be known now. */
  readonly isInboxHook: (call: Parameters<typeof isInboxHook>[1]) => Promise<boolean | null>;
  readonly directory: Directory;
  readonly deliver: DeliveryParts['deliver'];
  readonly change: DeliveryParts['change'];
  /** The store for claiming Idempotency-Keys. A release and an end are repeated until they are stored. */
  readonly claiming: IdempotencyStore;
  /** To be called when a workspace, a channel or a key changed, so that caches are read again. */
  readonly onChange: () => void;
  /** To be called when a job was stored, so that the worker looks for it at once. */
  readonly onJob: () => void;
  /** The most milliseconds that a key may be cached. */
  readonly keyTtlMs: () => number;
  /** Stores the results that wait on disk. Must run before flights are recovered. */
  readonly replayResults: () => Promise<void>;
  /** To be called when the reasons for alarms may have changed. */
  readonly onAlarm: () => void;
  /** The names of the loops that are down. */
  readonly failingLoops: () => readonly string[];
  start(): void;
  /** Waits for the sends in flight, and stops the loops. */
  stop(): Promise<void>;
}

type Loops = ReturnType<typeof buildLoops>;

/** Builds what receives updates and inbox calls, and the loops that check the world outside. */
function buildLoops(
  parts: EngineParts,
  { supervisor, directory, roster, health }: EngineCore,
  worker: { readonly wake: () => void },
) {
  const { config, store, epoch, providers, activity, clock, log } = parts;
  const { kind, inboxKinds } = providers;
  const intake = buildIntake(parts, { directory, roster }, activity, worker.wake);
  const polling = createPollers({
    store,
    channelWords: kind,
    health,
    directory,
    receiveUpdates: intake.receiveUpdates,
    clock,
    log,
  });
  const everyMs = config.reconcileEverySeconds * 1_000;
  const reconcileDeps = {
    store,
    health,
    directory,
    inboxKinds,
    clock,
    log,
    everyMs,
    onFound: worker.wake,
    onMissed: recordMissedReplies(activity),
  };
  const alarms = raiseAlarms({
    store,
    channelWords: kind,
    clock,
    log,
    epoch,
    ownAlarms: () => [
      ...supervisor.failingLoops().map((loop) => loopDown(epoch, loop)),
      ...polling.alarms(),
      ...parts.proxyWatch.alarms(),
      ...parts.journals.setAside.damaged().map(journalDamaged),
    ],
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
  return { intake, polling, reconcileDeps, alarms, guard };
}

/** Builds the engine: delivery, the handlers of all jobs, and the loops. Nothing runs before `start`. */
export function buildEngine(parts: EngineParts): Engine {
  const core = buildCore(parts, {
    onChange: () => onChange(),
    onMarked: () => onMarked(),
    onResult: () => worker.wake(),
  });
  const { directory, delivery, supervisor } = core;
  const { worker, leases } = buildWorker(parts, core, () => alarms.lookAround());
  const loops = buildLoops(parts, core, worker);
  const { alarms, intake, polling } = loops;
  const onMarked = () => {
    directory.refresh();
    alarms.lookAround();
  };
  const refreshPace = () =>
    void readPauses(parts, core).catch((err: unknown) => parts.log.warn('pace.unlearned', { err }));
  const onChange = () => {
    alarms.lookAround();
    directory.refresh();
    core.rosterLoop.lookAround();
    refreshPace();
    parts.forgetKeys();
    polling.lookAround();
  };

  return {
    directory,
    receiveUpdates: intake.receiveUpdates,
    receiveInboxCall: (call) => receiveInboxCall(intake.inboxCallDeps, call),
    isInboxHook: (call) => isInboxHook(intake.inboxCallDeps, call),
    deliver: delivery.deliver,
    change: delivery.change,
    replayResults: delivery.replayResults,
    claiming: core.claiming,
    onChange,
    onJob: worker.wake,
    onAlarm: alarms.lookAround,
    keyTtlMs: core.changes.ttlMs,
    failingLoops: () => [...supervisor.failingLoops(), ...core.lastSupervisor.failingLoops()],
    start() {
      refreshPace();
      startLoops(parts, core, loops, { worker, leases });
    },
    async stop() {
      // A caller may have left before Telegram answered. The answer is stored nevertheless.
      await delivery.settled();
      await supervisor.stop();
      // A process that stops slowly lives: the others must not take over what it still works on.
      await core.lastSupervisor.stop();
    },
  };
}

/** Reads the pauses that Telegram set before this start or through other processes, and which bots work again. */
async function readPauses({ store }: EngineParts, { pace, directory }: EngineCore): Promise<void> {
  for (const { channelId, pauseMs } of await store.channels.listPausedBots()) pace.pauseBot(channelId, pauseMs);
  for (const channelId of pace.closedBots()) {
    if ((await directory.channel(channelId))?.record.state === 'active') pace.reopen(channelId);
  }
}

function startLoops(
  { config, store, epoch, activity, loops: furtherLoops, clock, log }: EngineParts,
  { supervisor, lastSupervisor, changes, directory, rosterLoop, health, delivery }: EngineCore,
  { alarms, intake, polling, guard, reconcileDeps }: Loops,
  { worker, leases }: ReturnType<typeof buildWorker>,
): void {
  const { findLostFlights, replayResults } = delivery;
  supervisor.start(changes);
  supervisor.start(rosterLoop);
  supervisor.start(activity);
  lastSupervisor.start(
    signsOfLife({ store, clock, log, epoch, everyMs: signOfLifeMs, findLostFlights, replayResults, leases }),
  );
  supervisor.start(retentionLoop({ store, clock }));
  supervisor.start(alarms);
  for (const loop of furtherLoops) supervisor.start(loop);
  supervisor.start(spoolLoop(intake.inboxCallDeps));
  if (config.role === 'serve') return;
  supervisor.start({ name: 'worker', run: worker.run });
  supervisor.start(polling);
  supervisor.start(guard);
  supervisor.start(
    recoverBrokenChannels({ store, health, directory, clock, everyMs: config.watchEverySeconds * 1_000 }),
  );
  supervisor.start(reconcileLoop(reconcileDeps));
}
