import { createHmac } from 'node:crypto';
import { createPoster } from '../inbox-server/webhook-poster.ts';
import type { SimulatorContext } from '../simulator.ts';
import type { Ids } from './environment.ts';
import type { Subscription, Workspace } from './workspace.ts';

/** Intercom tries once more after a minute. */
const RETRY_AFTER_MS = 60_000;
const ATTEMPTS_MAX = 2;
/** Intercom: a 429 delays what follows, and drops it after two hours. */
const THROTTLE_LIMIT_MS = 2 * 3_600_000;

/** One notification on its way to one subscriber. */
export interface Delivery {
  readonly id: string;
  readonly topic: string;
  readonly url: string;
  readonly createdAtMs: number;
  firstSentAtMs: number | null;
  attempts: number;
  state: 'waiting' | 'delivered' | 'lost';
  /** The last answer's status; null where none came. */
  status: number | null;
}

export interface Webhooks {
  /** Tells every subscriber of `topic`; resolves once each was tried for the first time. */
  deliver(workspace: Workspace, topic: string, item: unknown): Promise<void>;
  /** The same notification again, with the same id, as Intercom's duplicates are. */
  deliverTwice(workspace: Workspace, topic: string, item: unknown): Promise<void>;
  /** The newest notification again, as a new one: Intercom tells of one part more than once. False where there is none. */
  repeatLast(workspace: Workspace): boolean;
  deliveries(workspace: Workspace): readonly Delivery[];
  close(): void;
}

export function signature(rawBody: string, clientSecret: string): string {
  return `sha1=${createHmac('sha1', clientSecret).update(rawBody).digest('hex')}`;
}

/** Intercom's envelope around what happened; the app is named by the workspace's id code. */
function envelope(workspace: Workspace, delivery: Delivery, item: unknown): string {
  return JSON.stringify({
    type: 'notification_event',
    app_id: workspace.id,
    data: { type: 'notification_event_data', item },
    links: {},
    id: delivery.id,
    topic: delivery.topic,
    delivery_status: 'pending',
    delivery_attempts: delivery.attempts,
    delivered_at: 0,
    first_sent_at: Math.floor((delivery.firstSentAtMs ?? delivery.createdAtMs) / 1000),
    created_at: Math.floor(delivery.createdAtMs / 1000),
    self: null,
  });
}

/** Where the app of this workspace hears of a topic: nowhere while it is not installed. */
const listenersOf = (workspace: Workspace, topic: string): readonly Subscription[] =>
  workspace.accessTokens.size === 0
    ? []
    : workspace.app.subscriptions.filter(({ active, topics }) => active && topics.has(topic));

export function createWebhooks({ clock, feed, random }: SimulatorContext, ids: Ids): Webhooks {
  const log = new Map<string, Delivery[]>();
  const newest = new Map<string, () => Promise<void>>();
  const { pause, post, close } = createPoster(clock);

  async function attempt(workspace: Workspace, subscription: Subscription, delivery: Delivery, data: unknown) {
    if (!subscription.active) return;
    if (workspace.options.webhooksLost) {
      delivery.state = 'lost';
      return;
    }
    await pause(subscription.throttledUntilMs - clock.nowMs());
    delivery.attempts += 1;
    delivery.firstSentAtMs ??= clock.nowMs();
    const body = envelope(workspace, delivery, data);
    delivery.status = await post(subscription.url, body, {
      'x-hub-signature': signature(body, workspace.app.clientSecret),
    });
    settle(workspace, subscription, delivery, data);
  }

  function settle(workspace: Workspace, subscription: Subscription, delivery: Delivery, data: unknown) {
    const { status, attempts } = delivery;
    const event = { workspaceId: workspace.id, id: delivery.id, topic: delivery.topic, attempt: attempts, status };
    const nowMs = clock.nowMs();
    if (status !== null && status >= 200 && status < 300) {
      delivery.state = 'delivered';
      feed.publish('intercom', 'webhook.delivered', event);
      return;
    }
    feed.publish('intercom', 'webhook.failed', event);
    if (status === 410) {
      subscription.active = false;
      delivery.state = 'lost';
      feed.publish('intercom', 'subscription.disabled', { workspaceId: workspace.id, subscriptionId: subscription.id });
      return;
    }
    if (status === 429) subscription.throttledUntilMs = nowMs + RETRY_AFTER_MS;
    const again = status === 429 ? nowMs - delivery.createdAtMs < THROTTLE_LIMIT_MS : attempts < ATTEMPTS_MAX;
    if (again) {
      void pause(RETRY_AFTER_MS).then(() => attempt(workspace, subscription, delivery, data));
      return;
    }
    delivery.state = 'lost';
    feed.publish('intercom', 'webhook.lost', event);
  }

  /** In order, one after the other, as long as no jitter is asked for; Intercom itself promises no order. */
  function schedule(workspace: Workspace, subscription: Subscription, run: () => Promise<void>): Promise<unknown> {
    const { webhookDelayMs, webhookJitterMs, echo } = workspace.options;
    const delayMs = echo === 'before' ? 0 : webhookDelayMs + random() * webhookJitterMs;
    const due = pause(delayMs);
    if (webhookJitterMs > 0) return due.then(run);
    subscription.tail = Promise.all([subscription.tail, due]).then(run);
    return subscription.tail;
  }

  async function send(workspace: Workspace, topic: string, item: unknown, copies: number): Promise<void> {
    const entries = log.get(workspace.id) ?? [];
    log.set(workspace.id, entries);
    newest.set(workspace.id, () => send(workspace, topic, item, 1));
    const id = `notif_${ids.uuid()}`;
    const firsts = listenersOf(workspace, topic).flatMap((subscription) =>
      Array.from({ length: copies }, () => {
        const delivery: Delivery = {
          id,
          topic,
          url: subscription.url,
          createdAtMs: clock.nowMs(),
          firstSentAtMs: null,
          attempts: 0,
          state: 'waiting',
          status: null,
        };
        entries.push(delivery);
        return schedule(workspace, subscription, () => attempt(workspace, subscription, delivery, item));
      }),
    );
    await Promise.all(firsts);
  }

  return {
    deliver: (workspace, topic, item) => send(workspace, topic, item, 1),
    deliverTwice: (workspace, topic, item) => send(workspace, topic, item, 2),
    repeatLast(workspace) {
      const again = newest.get(workspace.id);
      void again?.();
      return again !== undefined;
    },
    deliveries: (workspace) => log.get(workspace.id) ?? [],
    close,
  };
}
