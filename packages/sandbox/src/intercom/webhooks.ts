import { createHmac } from 'node:crypto';
import type { RandomIds } from '../inbox-server/ids.ts';
import {
  createWebhookQueue,
  type DeliveryProgress,
  isSuccess,
  type WebhookQueue,
} from '../inbox-server/webhook-queue.ts';
import type { SimulatorContext } from '../simulator.ts';
import type { Subscription, Workspace } from './workspace.ts';

/** Intercom retries once, after a minute. */
const retryAfterMs = 60_000;
const attemptsMax = 2;
/** Intercom: after a 429 the notification is retried for two hours. */
const throttleLimitMs = 2 * 3_600_000;

/** One notification on its way to one subscriber. */
export interface Delivery extends DeliveryProgress {
  readonly id: string;
  readonly topic: string;
  readonly url: string;
  readonly createdAtMs: number;
  firstSentAtMs: number | null;
}

export interface Webhooks {
  /** Notifies every subscriber of `topic`; resolves after the first try of each delivery. */
  deliver(workspace: Workspace, topic: string, item: unknown): Promise<void>;
  /** Sends each notification twice under one id, as Intercom's duplicates have it. */
  deliverTwice(workspace: Workspace, topic: string, item: unknown): Promise<void>;
  /** Sends the newest notification again under a new id, as Intercom does for some parts. False where there is none. */
  repeatLast(workspace: Workspace): boolean;
  deliveries(workspace: Workspace): readonly Delivery[];
  close(): void;
}

export function signature(rawBody: string, clientSecret: string): string {
  return `sha1=${createHmac('sha1', clientSecret).update(rawBody).digest('hex')}`;
}

/** Intercom's envelope of a notification; `app_id` is the id code of the workspace. */
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

/** The subscriptions of this workspace's app to a topic; none while the app is not installed. */
const subscriptionsFor = (workspace: Workspace, topic: string): readonly Subscription[] =>
  workspace.accessTokens.size === 0
    ? []
    : workspace.app.subscriptions.filter(({ active, topics }) => active && topics.has(topic));

interface Deps {
  readonly context: SimulatorContext;
  readonly ids: RandomIds;
  readonly queue: WebhookQueue<Delivery>;
}

/** One delivery and what it needs to be tried. */
interface Attempt {
  readonly workspace: Workspace;
  readonly subscription: Subscription;
  readonly delivery: Delivery;
  readonly item: unknown;
}

export function createWebhooks(context: SimulatorContext, ids: RandomIds): Webhooks {
  const queue = createWebhookQueue<Delivery>(context, 'intercom');
  const deps = { context, ids, queue };
  return {
    deliver: (workspace, topic, item) => notify(deps, workspace, topic, item, 1),
    deliverTwice: (workspace, topic, item) => notify(deps, workspace, topic, item, 2),
    repeatLast: (workspace) => queue.repeatNewest(workspace.id),
    deliveries: (workspace) => queue.deliveries(workspace.id),
    close: queue.close,
  };
}

/** Sends `copies` of one notification to every subscriber. Intercom itself does not promise any order. */
async function notify(deps: Deps, workspace: Workspace, topic: string, item: unknown, copies: number): Promise<void> {
  const { context, ids, queue } = deps;
  queue.setNewest(workspace.id, () => notify(deps, workspace, topic, item, 1));
  const id = `notif_${ids.uuid()}`;
  const firstAttempts = subscriptionsFor(workspace, topic).flatMap((subscription) =>
    Array.from({ length: copies }, () => {
      const delivery: Delivery = {
        id,
        topic,
        url: subscription.url,
        createdAtMs: context.clock.nowMs(),
        firstSentAtMs: null,
        attempts: 0,
        state: 'waiting',
        status: null,
      };
      queue.record(workspace.id, delivery);
      return queue.schedule(subscription, workspace.options, () =>
        send(deps, { workspace, subscription, delivery, item }),
      );
    }),
  );
  await Promise.all(firstAttempts);
}

async function send(deps: Deps, attempt: Attempt): Promise<void> {
  const { workspace, subscription, delivery, item } = attempt;
  const { clock } = deps.context;
  if (!subscription.active) return;
  if (workspace.options.webhooksLost) {
    delivery.state = 'lost';
    return;
  }
  await deps.queue.pause(subscription.throttledUntilMs - clock.nowMs());
  delivery.attempts += 1;
  delivery.firstSentAtMs ??= clock.nowMs();
  const body = envelope(workspace, delivery, item);
  delivery.status = await deps.queue.post(subscription.url, body, {
    'x-hub-signature': signature(body, workspace.app.clientSecret),
  });
  handleAnswer(deps, attempt);
}

function handleAnswer(deps: Deps, attempt: Attempt): void {
  const { workspace, subscription, delivery } = attempt;
  const { clock, feed } = deps.context;
  const { status, attempts } = delivery;
  const event = { workspaceId: workspace.id, id: delivery.id, topic: delivery.topic, attempt: attempts, status };
  if (isSuccess(status)) {
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
  const nowMs = clock.nowMs();
  if (status === 429) subscription.throttledUntilMs = nowMs + retryAfterMs;
  const isRetried = status === 429 ? nowMs - delivery.createdAtMs < throttleLimitMs : attempts < attemptsMax;
  if (isRetried) {
    void deps.queue.pause(retryAfterMs).then(() => send(deps, attempt));
    return;
  }
  delivery.state = 'lost';
  feed.publish('intercom', 'webhook.lost', event);
}
