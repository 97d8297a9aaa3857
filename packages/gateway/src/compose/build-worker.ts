import { createFileBudget, type FileBudget } from '../core/memory/file-budget.ts';
import type { JobHandler } from '../engine/lanes/job.ts';
import { createLeaseClock } from '../engine/lanes/lease-clock.ts';
import { type RenewLeaseWhile, renewLeaseWhile } from '../engine/lanes/renew-lease-while.ts';
import { leaseMs, renewAfterMs } from '../engine/lanes/run-lane.ts';
import { createWaits, type Waits } from '../engine/lanes/waits.ts';
import { createWorker } from '../engine/lanes/worker.ts';
import { followWithFiles } from '../engine/mirror/follow-with-files.ts';
import { fileBudgetLimits, fileLimits } from '../engine/mirror/mirror-files.ts';
import { type MirrorDeps, mirrorMessage } from '../engine/mirror/mirror-message.ts';
import { reportOversizedFile } from '../engine/mirror/report-oversized-file.ts';
import { replyFileLimits } from '../engine/relay/carry-reply.ts';
import { type RelayDeps, relayReplies } from '../engine/relay/relay-replies.ts';
import { fetchStored } from '../engine/send/fetch-stored.ts';
import { sendScheduled } from '../engine/send/send-scheduled.ts';
import { type AnswerDeps, answerAutomatically } from '../engine/updates/answer-automatically.ts';
import { type ApplyUpdateDeps, applyUpdate } from '../engine/updates/apply-update.ts';
import { silenceMaxMs } from '../engine/upkeep/watch-processes.ts';
import { type DeliverEventDeps, deliverEvent } from '../engine/webhooks/deliver-event.ts';
import { showEvent } from '../operations/events/show-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeliveryParts } from './build-delivery.ts';
import { countedDirectory } from './counted-directory.ts';
import type { EngineCore } from './engine-core.ts';
import type { EngineParts } from './engine-parts.ts';
import { recordingEntries } from './record-engine-activity.ts';

/** What jobs use of the world outside. Each wait for it is counted, so that it occupies no slot of the worker. */
function buildOutside({ clock }: EngineParts, { directory, delivery }: EngineCore, waits: Waits) {
  const deliver: DeliveryParts['deliver'] = (request) => waits.during(delivery.deliver(request));
  return {
    directory: countedDirectory(directory, waits),
    deliver,
    clock: { ...clock, sleep: (delayMs: number, signal?: AbortSignal) => waits.during(clock.sleep(delayMs, signal)) },
  };
}

/** The wait for room is counted, too. */
const countedBudget = (budget: FileBudget, waits: Waits): FileBudget => ({
  ...budget,
  take: (owner, bytes) => waits.during(budget.take(owner, bytes)),
});

const webhookDepsOf = (
  { store, log, linkTo, webhooks: { client, secrets } }: EngineParts,
  clock: Clock,
  calls: Pick<DeliverEventDeps, 'onDue' | 'onDisabled'>,
): DeliverEventDeps => ({
  store,
  client,
  secrets,
  showEvent: (event) => showEvent(linkTo, event),
  clock,
  log,
  ...calls,
});

/** Builds the worker with the handlers of all kinds of jobs. */
export function buildWorker(parts: EngineParts, core: EngineCore, onAlarm: () => void) {
  const { config, store, epoch, providers, activity, random, log } = parts;
  const { health, claiming } = core;
  const waits = createWaits();
  const { directory, deliver, clock } = buildOutside(parts, core, waits);
  const { kind, inboxKinds } = providers;
  const leases = createLeaseClock(parts.clock, leaseMs, silenceMaxMs);
  const leaseDeps = { store, clock: parts.clock, leases, leaseMs, everyMs: renewAfterMs };
  const renewWhile: RenewLeaseWhile = (lane, work) => renewLeaseWhile(leaseDeps, lane, work);
  const mirrorDeps: MirrorDeps = {
    store: recordingEntries(store, activity),
    health,
    channelKind: kind,
    directory,
    renewLeaseWhile: renewWhile,
    nowMs: parts.clock.nowMs,
    leases,
    fileLimits,
    fileBudget: countedBudget(createFileBudget(fileBudgetLimits), waits),
    reportOversizedFile: (...file) => reportOversizedFile({ store, clock }, ...file),
    fetchStored: (workspaceId) => fetchStored(store, workspaceId),
    log,
  };
  const mirror: JobHandler = (lane, job) => mirrorMessage(mirrorDeps, lane, job);
  const updateDeps: ApplyUpdateDeps = { store, kind, directory, mirror, erasures: parts.erasures, clock, log };
  const sending = { store: claiming, directory, deliver, clock, random, epoch };
  const relayDeps: RelayDeps = {
    ...sending,
    channelKind: kind,
    inboxKinds,
    renewLeaseWhile: renewWhile,
    replyFileBudget: createFileBudget(replyFileLimits),
  };
  const scheduledFiles = createFileBudget(replyFileLimits);
  const answerDeps: AnswerDeps = { ...sending, kind, log };
  const webhookDeps = webhookDepsOf(parts, clock, { onDue: () => worker.wake(), onDisabled: onAlarm });
  const worker = createWorker({
    store,
    handlers: {
      mirror,
      file: (lane, job) => followWithFiles(mirrorDeps, lane, job),
      update: (lane, job) => applyUpdate(updateDeps, lane, job),
      'inbox-event': (lane, job) => relayReplies(relayDeps, lane, job),
      automatic: (lane, job) => answerAutomatically(answerDeps, lane, job),
      // All that it does is to wait: for the endpoint, and for statements that many deliveries share.
      webhook: (lane, job) => waits.during(deliverEvent(webhookDeps, lane, job)),
      scheduled: (lane, job) =>
        sendScheduled({ store, directory, deliver, epoch, fileBudget: scheduledFiles }, lane, job),
    },
    clock: parts.clock,
    random,
    log,
    lanesMax: config.workerLanesMax,
    waits,
    outages: core.outages,
    leases,
    ...(parts.jobBoard === undefined ? {} : { jobBoard: parts.jobBoard }),
    onDead: onAlarm,
  });
  return { worker, leases };
}
