/** Sends events to a program on this machine as the gateway sends them to a webhook endpoint. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Event } from '@chatferry/sdk';

const prefix = 'whsec_';
const secretBytes = 24;
/** As the gateway waits for an endpoint. */
const limitMs = 15_000;

/** A new secret, in the form of those of the gateway. */
export const drawWebhookSecret = (): string => prefix + randomBytes(secretBytes).toString('base64');

/** Signs as Standard Webhooks describes (standard-webhooks/spec/standard-webhooks.md). */
const sign = (secret: string, signed: string): string => {
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
};

/** The request that carries an event. */
export const signEvent = (event: Event, secret: string, nowMs: number) => {
  const body = JSON.stringify(event);
  const seconds = String(Math.floor(nowMs / 1000));
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': event.id,
      'webhook-timestamp': seconds,
      'webhook-signature': sign(secret, `${event.id}.${seconds}.${body}`),
    },
  };
};

export interface Forwarding {
  readonly url: string;
  readonly secret: string;
  readonly nowMs: () => number;
}

/** What came of one attempt. There is no other: the person sees it, and the gateway's own webhooks repeat. */
export type Forwarded = { readonly status: number } | { readonly problem: string };

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
};

export const forwardEvent = async (event: Event, { url, secret, nowMs }: Forwarding): Promise<Forwarded> => {
  const request = signEvent(event, secret, nowMs());
  try {
    const signal = AbortSignal.timeout(limitMs);
    const response = await fetch(url, { method: 'POST', ...request, redirect: 'manual', signal });
    await response.body?.cancel();
    return { status: response.status };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
};

/** One forwarding after the other in each chat, as with the gateway's webhooks; other chats do not wait. */
export const createForwarder = (forwarding: Forwarding, report: (event: Event, result: Forwarded) => void) => {
  const lanes = new Map<string, Promise<void>>();
  return {
    add(event: Event): void {
      const lane = 'chat_id' in event && typeof event.chat_id === 'string' ? event.chat_id : '';
      const before = lanes.get(lane) ?? Promise.resolve();
      const own = before.then(async () => report(event, await forwardEvent(event, forwarding)));
      lanes.set(lane, own);
      void own.finally(() => (lanes.get(lane) === own ? lanes.delete(lane) : undefined));
    },
    /** Resolves when everything that was added has been tried. */
    idle: async (): Promise<void> => void (await Promise.all(lanes.values())),
  };
};
