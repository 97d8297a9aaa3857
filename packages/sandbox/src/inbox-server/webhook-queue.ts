import type { Exchange } from '../exchange.ts';
import type { SimulatorContext } from '../simulator.ts';
import type { InboxOptions } from './options.ts';
import { createPoster, type Poster } from './webhook-poster.ts';

/** Deliveries of one receiver; each waits for the one before it. */
export interface DeliveryOrder {
  tail: Promise<unknown>;
}

/** What a delivery has come to. */
export interface DeliveryProgress {
  attempts: number;
  state: 'waiting' | 'delivered' | 'lost';
  /** The status of the last answer; null where there was none. */
  status: number | null;
}

/** The webhook calls of one provider: what was sent, and what waits to be sent. */
export interface WebhookQueue<Delivery extends DeliveryProgress> extends Poster {
  /** Runs `send` after the account's delay: in order, or, where jitter is set, at a random time. */
  schedule(
    order: DeliveryOrder,
    options: Pick<InboxOptions, 'echo' | 'webhookDelayMs' | 'webhookJitterMs'>,
    send: () => Promise<void>,
  ): Promise<unknown>;
  record(accountId: string, delivery: Delivery): void;
  deliveries(accountId: string): readonly Delivery[];
  /** Stores how the newest notification can be sent again. */
  setNewest(accountId: string, sendAgain: () => Promise<void>): void;
  /** Sends the newest notification again. False where there is none. */
  repeatNewest(accountId: string): boolean;
}

export function createWebhookQueue<Delivery extends DeliveryProgress>(
  { clock, random, record }: SimulatorContext,
  provider: Exchange['provider'],
): WebhookQueue<Delivery> {
  const poster = createPoster(clock, (call) => record?.({ provider, ...call }));
  const log = new Map<string, Delivery[]>();
  const newest = new Map<string, () => Promise<void>>();
  return {
    ...poster,
    schedule(order, { echo, webhookDelayMs, webhookJitterMs }, send) {
      const due = poster.pause(echo === 'before' ? 0 : webhookDelayMs + random() * webhookJitterMs);
      if (webhookJitterMs > 0) return due.then(send);
      order.tail = Promise.all([order.tail, due]).then(send);
      return order.tail;
    },
    record(accountId, delivery) {
      const entries = log.get(accountId) ?? [];
      entries.push(delivery);
      log.set(accountId, entries);
    },
    deliveries: (accountId) => log.get(accountId) ?? [],
    setNewest(accountId, sendAgain) {
      newest.set(accountId, sendAgain);
    },
    repeatNewest(accountId) {
      const sendAgain = newest.get(accountId);
      void sendAgain?.();
      return sendAgain !== undefined;
    },
  };
}

export const isSuccess = (status: number | null): boolean => status !== null && status >= 200 && status < 300;
