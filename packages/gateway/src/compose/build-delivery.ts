import type { Config } from '../config/config.ts';
import type { MarkHealth } from '../engine/directory/mark-health.ts';
import type { Supervisor } from '../engine/lanes/supervisor.ts';
import { createLaneGate } from '../engine/send/chat-queue.ts';
import { type Delivery, type DeliveryRequest, type DeliveryStore, deliver } from '../engine/send/deliver.ts';
import { createFindLostFlights } from '../engine/send/find-lost-flights.ts';
import type { Pace } from '../engine/send/pace.ts';
import { createReleaseKey, type ReleaseKey } from '../engine/send/release-key.ts';
import { createKeepResults, type ResultJournal } from '../engine/send/result-journal.ts';
import { createInsistence } from '../engine/send/retry-until-stored.ts';
import type { Log } from '../observe/log.ts';
import type { ChannelKind } from '../ports/channel-kind.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { StoreSlice } from '../store/store.ts';

export interface DeliveryParts {
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
  readonly releaseKey: ReleaseKey;
  /** Brings in the results that wait on disk. */
  readonly replayResults: () => Promise<void>;
  readonly findLostFlights: () => Promise<readonly number[]>;
  /** Resolves when nothing is on the wire any more. */
  settled(): Promise<void>;
}

/** The one way of a message to Telegram, for requests, replies and automatic answers alike. */
export function buildDelivery(parts: {
  readonly config: Pick<Config, 'laneWaitersMax'>;
  readonly store: DeliveryStore & StoreSlice<{ readonly flights: 'listOwn'; readonly idempotency: 'release' }>;
  readonly health: MarkHealth;
  readonly resultJournal: ResultJournal;
  readonly pace: Pace;
  readonly epoch: number;
  readonly kind: ChannelKind;
  readonly supervisor: Supervisor;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly onResult: () => void;
  readonly onSent: (request: DeliveryRequest) => void;
}): DeliveryParts {
  const { store, health, epoch, kind, clock, random, log, onResult, onSent } = parts;
  const gate = createLaneGate(parts.config.laneWaitersMax);
  const { insist, isInsisting } = createInsistence(parts.supervisor);
  const deliveryLog = {
    attempted: (fields: Readonly<Record<string, unknown>>) => log.debug('delivery.attempted', fields),
    failed: (fields: Readonly<Record<string, unknown>>) => log.error('delivery.failed', fields),
  };
  const results = createKeepResults({ journal: parts.resultJournal, store, log, onResult });
  const deps = {
    store,
    health,
    results,
    gate,
    pace: parts.pace,
    clock,
    random,
    kind,
    log: deliveryLog,
    onResult,
    insist,
  };
  const underWay = new Map<Promise<unknown>, string>();

  const deliverOnce = async (request: DeliveryRequest): Promise<Delivery> => {
    const delivering = deliver(deps, request);
    underWay.set(delivering, request.intent.requestId);
    try {
      const delivery = await delivering;
      if (delivery.kind === 'sent') onSent(request);
      return delivery;
    } finally {
      underWay.delete(delivering);
    }
  };

  return {
    deliver: deliverOnce,
    replayResults: results.replay,
    // A key that could not be given back would be refused to everybody for as long as this process lives.
    releaseKey: createReleaseKey({ store, insist, log }),
    findLostFlights: createFindLostFlights({
      readOwnFlights: () => store.flights.listOwn(epoch),
      requestsUnderWay: () => new Set(underWay.values()),
      isInsisting,
    }),
    async settled() {
      await Promise.allSettled(underWay.keys());
    },
  };
}
