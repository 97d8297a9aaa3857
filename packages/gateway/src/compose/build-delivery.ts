import type { Config } from '../config/config.ts';
import type { MarkHealth } from '../engine/directory/mark-health.ts';
import type { Supervisor } from '../engine/lanes/supervisor.ts';
import { type ChangeDeps, type Changed, type ChangeRequest, changeMessage } from '../engine/send/change-message.ts';
import { createChatQueue } from '../engine/send/chat-queue.ts';
import { deliver } from '../engine/send/deliver.ts';
import type { Delivery, DeliveryRequest, DeliveryStore } from '../engine/send/delivery.ts';
import { endKeyedRequest } from '../engine/send/end-keyed-request.ts';
import { createFindLostFlights } from '../engine/send/find-lost-flights.ts';
import type { Pace } from '../engine/send/pace.ts';
import { releaseKey } from '../engine/send/release-key.ts';
import { createResultJournal, type RecordFile } from '../engine/send/result-journal.ts';
import { createStoreRetries } from '../engine/send/retry-until-stored.ts';
import type { Log } from '../observe/log.ts';
import type { ChannelKind } from '../ports/channel-kind.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { KeyName, RequestEnd } from '../store/idempotency.ts';
import type { StoreSlice } from '../store/store.ts';

export interface DeliveryParts {
  readonly deliver: (request: DeliveryRequest) => Promise<Delivery>;
  /** Edits or deletes a message in the lane of its chat. */
  readonly change: (request: ChangeRequest) => Promise<Changed>;
  readonly releaseKey: (name: KeyName, requestId: string) => Promise<void>;
  readonly endKeyedRequest: (name: KeyName, requestId: string, end: RequestEnd) => Promise<void>;
  /** Brings in the results that wait on disk. */
  readonly replayResults: () => Promise<void>;
  readonly findLostFlights: () => Promise<readonly number[]>;
  /** Resolves when nothing is on the wire any more. */
  settled(): Promise<void>;
}

/** The one way of a message to Telegram, for requests, replies and automatic answers alike. */
export function buildDelivery(parts: {
  readonly config: Pick<Config, 'laneWaitersMax'>;
  readonly store: DeliveryStore &
    ChangeDeps['store'] &
    StoreSlice<{ readonly flights: 'listOwn'; readonly idempotency: 'release' | 'end' }>;
  readonly health: MarkHealth;
  readonly resultJournal: RecordFile;
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
  const chatQueue = createChatQueue(parts.config.laneWaitersMax);
  const { retryUntilStored, isRetrying } = createStoreRetries(parts.supervisor);
  const deliveryLog = {
    attempted: (fields: Readonly<Record<string, unknown>>) => log.debug('delivery.attempted', fields),
    failed: (fields: Readonly<Record<string, unknown>>) => log.error('delivery.failed', fields),
  };
  const resultJournal = createResultJournal({ file: parts.resultJournal, store, log, onResult });
  const deps = {
    store,
    health,
    resultJournal,
    chatQueue,
    pace: parts.pace,
    clock,
    random,
    kind,
    log: deliveryLog,
    onResult,
    retryUntilStored,
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
    change: (request) => changeMessage({ store, chatQueue, pace: parts.pace, clock }, request),
    replayResults: resultJournal.replay,
    // Each request with a key that was not released is refused for as long as this process lives.
    releaseKey: (name, requestId) => releaseKey({ store, retryUntilStored, log }, name, requestId),
    endKeyedRequest: (name, requestId, end) => endKeyedRequest({ store, retryUntilStored, log }, name, requestId, end),
    findLostFlights: createFindLostFlights({
      readOwnFlights: () => store.flights.listOwn(epoch),
      requestsUnderWay: () => new Set(underWay.values()),
      isRetrying,
    }),
    async settled() {
      await Promise.allSettled(underWay.keys());
    },
  };
}
