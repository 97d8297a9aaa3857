import { createHmac } from 'node:crypto';
import { createPoster } from '../inbox-server/webhook-poster.ts';
import type { SimulatorContext } from '../simulator.ts';
import { type Ids, iso } from './environment.ts';
import type { Channel, Portal } from './portal.ts';

const RETRY_AFTER_MS = 60_000;

/** One event on its way to a channel's address. */
export interface Delivery {
  readonly event_id: string;
  readonly type: string;
  readonly url: string;
  attempts: number;
  state: 'waiting' | 'delivered' | 'lost';
  /** The last answer's status; null where none came. */
  status: number | null;
}

export interface Webhooks {
  /** Sends `copies` of one event to the channel; resolves once each was tried for the first time. */
  deliver(portal: Portal, channel: Channel, type: string, fields: object, copies?: number): Promise<void>;
  /** The newest event again, as a new one. False where there is none. */
  repeatLast(portal: Portal): boolean;
  deliveries(portal: Portal): readonly Delivery[];
  close(): void;
}

/** HubSpot signs the address with exactly these decoded. */
const DECODED = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/**
 * HubSpot's signature v3: base64 of HMAC-SHA256, keyed with the client secret, over method, address, raw body and
 * timestamp in milliseconds.
 */
export function signatureV3(
  clientSecret: string,
  { method, url, body, timestampMs }: { method: string; url: string; body: string; timestampMs: number },
): string {
  const address = url.replace(DECODED, (code) => decodeURIComponent(code));
  return createHmac('sha256', clientSecret).update(`${method}${address}${body}${timestampMs}`).digest('base64');
}

export function createWebhooks({ clock, feed, random }: SimulatorContext, ids: Ids): Webhooks {
  const { pause, post, close } = createPoster(clock);
  const log = new Map<string, Delivery[]>();
  const newest = new Map<string, () => Promise<void>>();

  async function attempt(portal: Portal, delivery: Delivery, body: string): Promise<void> {
    if (portal.options.webhooksLost) {
      delivery.state = 'lost';
      return;
    }
    delivery.attempts += 1;
    const timestampMs = clock.nowMs();
    const signed = { method: 'POST', url: delivery.url, body, timestampMs };
    delivery.status = await post(delivery.url, body, {
      'x-hubspot-signature-v3': signatureV3(portal.app.clientSecret, signed),
      'x-hubspot-request-timestamp': String(timestampMs),
    });
    const { status, attempts } = delivery;
    const event = { portalId: portal.id, eventId: delivery.event_id, type: delivery.type, attempt: attempts, status };
    if (status !== null && status >= 200 && status < 300) {
      delivery.state = 'delivered';
      feed.publish('hubspot', 'webhook.delivered', event);
      return;
    }
    feed.publish('hubspot', 'webhook.failed', event);
    if (attempts < portal.options.webhookAttemptsMax) {
      void pause(RETRY_AFTER_MS).then(() => attempt(portal, delivery, body));
      return;
    }
    delivery.state = 'lost';
    feed.publish('hubspot', 'webhook.lost', event);
  }

  /** In order, one after the other, as long as no jitter is asked for. */
  function schedule(portal: Portal, run: () => Promise<void>): Promise<unknown> {
    const { webhookDelayMs, webhookJitterMs, echo } = portal.options;
    const due = pause(echo === 'before' ? 0 : webhookDelayMs + random() * webhookJitterMs);
    if (webhookJitterMs > 0) return due.then(run);
    portal.webhooks.tail = Promise.all([portal.webhooks.tail, due]).then(run);
    return portal.webhooks.tail;
  }

  const webhooks: Webhooks = {
    async deliver(portal, channel, type, fields, copies = 1) {
      const url = channel.webhookUrl;
      if (url === null || channel.archived) return;
      const entries = log.get(portal.id) ?? [];
      log.set(portal.id, entries);
      newest.set(portal.id, () => webhooks.deliver(portal, channel, type, fields));
      const eventId = ids.uuid();
      const body = JSON.stringify({
        type,
        portalId: portal.id,
        channelId: channel.id,
        eventId,
        eventTimestamp: iso(clock.nowMs()),
        ...fields,
      });
      const firsts = Array.from({ length: copies }, () => {
        const delivery: Delivery = { event_id: eventId, type, url, attempts: 0, state: 'waiting', status: null };
        entries.push(delivery);
        return schedule(portal, () => attempt(portal, delivery, body));
      });
      await Promise.all(firsts);
    },
    repeatLast(portal) {
      const again = newest.get(portal.id);
      void again?.();
      return again !== undefined;
    },
    deliveries: (portal) => log.get(portal.id) ?? [],
    close,
  };
  return webhooks;
}
