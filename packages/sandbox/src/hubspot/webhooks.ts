import { createHmac } from 'node:crypto';
import type { RandomIds } from '../inbox-server/ids.ts';
import {
  createWebhookQueue,
  type DeliveryProgress,
  isSuccess,
  type WebhookQueue,
} from '../inbox-server/webhook-queue.ts';
import type { SimulatorContext } from '../simulator.ts';
import type { Channel, Portal } from './portal.ts';
import { isoTime } from './time.ts';

const retryAfterMs = 60_000;

/** One event on its way to a channel's address. */
export interface Delivery extends DeliveryProgress {
  readonly event_id: string;
  readonly type: string;
  readonly url: string;
}

export interface Webhooks {
  /** Sends `copies` of one event to the channel; resolves after the first try of each. */
  deliver(portal: Portal, channel: Channel, type: string, fields: object, copies?: number): Promise<void>;
  /** Sends the newest event again under a new id. False where there is none. */
  repeatLast(portal: Portal): boolean;
  deliveries(portal: Portal): readonly Delivery[];
  close(): void;
}

/** HubSpot decodes exactly these characters of the address before it signs. */
const decodedCharacters = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/**
 * HubSpot's signature v3: base64 of HMAC-SHA256, keyed with the client secret, over method, address, raw body and
 * timestamp in milliseconds.
 */
export function signatureV3(
  clientSecret: string,
  { method, url, body, timestampMs }: { method: string; url: string; body: string; timestampMs: number },
): string {
  const address = url.replace(decodedCharacters, (code) => decodeURIComponent(code));
  return createHmac('sha256', clientSecret).update(`${method}${address}${body}${timestampMs}`).digest('base64');
}

interface Deps {
  readonly context: SimulatorContext;
  readonly ids: RandomIds;
  readonly queue: WebhookQueue<Delivery>;
}

interface ChannelEvent {
  readonly channel: Channel;
  readonly type: string;
  /** The fields beside those of every event. */
  readonly fields: object;
}

export function createWebhooks(context: SimulatorContext, ids: RandomIds): Webhooks {
  const queue = createWebhookQueue<Delivery>(context, 'hubspot');
  const deps = { context, ids, queue };
  return {
    deliver: (portal, channel, type, fields, copies = 1) => notify(deps, portal, { channel, type, fields }, copies),
    repeatLast: (portal) => queue.repeatNewest(portal.id),
    deliveries: (portal) => queue.deliveries(portal.id),
    close: queue.close,
  };
}

async function notify(deps: Deps, portal: Portal, event: ChannelEvent, copies: number): Promise<void> {
  const { context, ids, queue } = deps;
  const { channel, type, fields } = event;
  const url = channel.webhookUrl;
  if (url === null || channel.archived) return;
  queue.setNewest(portal.id, () => notify(deps, portal, event, 1));
  const eventId = ids.uuid();
  const body = JSON.stringify({
    type,
    portalId: portal.id,
    channelId: channel.id,
    eventId,
    eventTimestamp: isoTime(context.clock.nowMs()),
    ...fields,
  });
  const firstAttempts = Array.from({ length: copies }, () => {
    const delivery: Delivery = { event_id: eventId, type, url, attempts: 0, state: 'waiting', status: null };
    queue.record(portal.id, delivery);
    return queue.schedule(portal.webhooks, portal.options, () => send(deps, portal, delivery, body));
  });
  await Promise.all(firstAttempts);
}

async function send(deps: Deps, portal: Portal, delivery: Delivery, body: string): Promise<void> {
  if (portal.options.webhooksLost) {
    delivery.state = 'lost';
    return;
  }
  delivery.attempts += 1;
  const timestampMs = deps.context.clock.nowMs();
  const signed = { method: 'POST', url: delivery.url, body, timestampMs };
  delivery.status = await deps.queue.post(delivery.url, body, {
    'x-hubspot-signature-v3': signatureV3(portal.app.clientSecret, signed),
    'x-hubspot-request-timestamp': String(timestampMs),
  });
  handleAnswer(deps, portal, delivery, body);
}

function handleAnswer(deps: Deps, portal: Portal, delivery: Delivery, body: string): void {
  const { feed } = deps.context;
  const { status, attempts } = delivery;
  const event = { portalId: portal.id, eventId: delivery.event_id, type: delivery.type, attempt: attempts, status };
  if (isSuccess(status)) {
    delivery.state = 'delivered';
    feed.publish('hubspot', 'webhook.delivered', event);
    return;
  }
  feed.publish('hubspot', 'webhook.failed', event);
  if (attempts < portal.options.webhookAttemptsMax) {
    void deps.queue.pause(retryAfterMs).then(() => send(deps, portal, delivery, body));
    return;
  }
  delivery.state = 'lost';
  feed.publish('hubspot', 'webhook.lost', event);
}
