import type { Config } from '../config/config.ts';
import type { DirectorySource } from '../engine/directory/directory.ts';
import type { Erasures } from '../engine/directory/erasures.ts';
import type { HealthStore } from '../engine/directory/mark-health.ts';
import type { Loop } from '../engine/lanes/supervisor.ts';
import type { LaneStore } from '../engine/lanes/worker.ts';
import type { MirrorStore } from '../engine/mirror/mirror-message.ts';
import type { ReportOversizedFileDeps } from '../engine/mirror/report-oversized-file.ts';
import type { ReconcileStore } from '../engine/relay/reconcile.ts';
import type { RelayStore } from '../engine/relay/relay-replies.ts';
import type { DeliveryStore } from '../engine/send/delivery.ts';
import type { AutomaticStore } from '../engine/updates/answer-automatically.ts';
import type { ApplyUpdateStore } from '../engine/updates/apply-update.ts';
import type { PollerStore } from '../engine/updates/pollers.ts';
import type { GuardStore } from '../engine/upkeep/guard-webhooks.ts';
import type { AlarmStore } from '../engine/upkeep/raise-alarms.ts';
import type { ActivityRecorder } from '../engine/upkeep/record-activity.ts';
import type { RecoverStore } from '../engine/upkeep/recover-broken-channels.ts';
import type { RetentionStore } from '../engine/upkeep/retention-loop.ts';
import type { SignsOfLifeStore } from '../engine/upkeep/signs-of-life.ts';
import type { DeliverEventDeps, DeliverEventStore } from '../engine/webhooks/deliver-event.ts';
import type { FanOutStore } from '../engine/webhooks/fan-out.ts';
import type { ProxyWatch } from '../http/watch-proxies.ts';
import type { Log } from '../observe/log.ts';
import type { IdempotencyStore } from '../operations/idempotency-deps.ts';
import type { LinkTo } from '../operations/messages/file-links.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { JobBoard } from '../ports/job-board.ts';
import type { ReceiveUpdatesStore } from '../receive/receive-channel-update.ts';
import type { LookUpForStranger } from '../receive/receive-inbox-call.ts';
import type { StoreSlice } from '../store/store.ts';
import type { Journals } from './open-journals.ts';
import type { Providers } from './open-providers.ts';

/** All queries that the engine uses. The in-memory store of the testkit has the same ones, for the simulation. */
export type EngineStore = AlarmStore &
  ApplyUpdateStore &
  AutomaticStore &
  DeliverEventStore &
  DeliveryStore &
  DirectorySource['store'] &
  FanOutStore &
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
  ReceiveUpdatesStore &
  StoreSlice<{
    readonly activity: 'record';
    readonly channels: 'listPausedBots';
    readonly events: 'page' | 'read' | 'last';
    readonly changes: 'readVersion';
    readonly edits: 'hold' | 'release' | 'record' | 'recordDeletion' | 'cancel';
    readonly files: 'read' | 'readChunk';
    readonly flights: 'listOwn';
    readonly lanes: 'renewLease' | 'wake';
    readonly schedules: 'read' | 'fail';
    readonly updates: 'listBehind';
    readonly workspaces: 'list';
  }>;

export interface EngineParts {
  /** Makes the addresses of customers' files. */
  readonly linkTo: LinkTo;
  readonly config: Config;
  readonly store: EngineStore;
  readonly epoch: number;
  readonly providers: Providers;
  readonly journals: Journals;
  readonly webhooks: Pick<DeliverEventDeps, 'client' | 'secrets'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly activity: ActivityRecorder;
  readonly jobBoard?: JobBoard;
  readonly log: Log;
  readonly erasures: Pick<Erasures, 'erasedAtMs'>;
  /** Further loops that run as long as the process. */
  readonly loops: readonly Loop[];
  /** Looks something up for a stranger. */
  readonly guesses: { readonly lookUp: LookUpForStranger };
  /** Called when keys may have changed, so that cached keys must be read again. */
  readonly forgetKeys: () => void;
  readonly proxyWatch: Pick<ProxyWatch, 'alarms'>;
}
