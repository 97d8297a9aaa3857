import type { SandboxClock } from '../clock.ts';
import { countFailure, createLanes, type Lane } from './lanes.ts';
import { type PendingUpdate, type UpdateQueue, updateJson } from './updates.ts';
import { createPost, type PostOutcome } from './webhook-post.ts';

/** Telegram: without an answer in 60 s the request counts as failed. */
const ANSWER_LIMIT_MS = 60_000;
/** Telegram: nothing but 410 for 23 h removes the webhook. */
const GONE_LIMIT_MS = 23 * 3_600_000;

export interface WebhookSettings {
  readonly url: string;
  /** `''` when there is none. */
  readonly secretToken: string;
  readonly maxConnections: number;
  readonly ipAddress: string;
  /** The certificate that came with `setWebhook`, PEM. */
  readonly certificate?: Buffer;
}

/** A bot's webhook, at work. */
export interface Webhook extends WebhookSettings {
  close(): void;
}

export interface WebhookEvents {
  readonly delivered: (update: PendingUpdate, attempt: number) => void;
  readonly failed: (update: PendingUpdate, attempt: number, error: string, retryInMs: number | undefined) => void;
  /** The answer's body, which may name a method to run. */
  readonly answered: (contentType: string, body: Buffer) => void;
  /** Telegram has given the address up. */
  readonly removed: () => void;
}

export interface WebhookParts {
  readonly clock: SandboxClock;
  readonly random: () => number;
  readonly updates: UpdateQueue;
  readonly settings: WebhookSettings;
  readonly events: WebhookEvents;
}

/**
 * Delivers a bot's updates as Telegram does: one at a time in each lane, the next only after a 2xx for the one before;
 * lanes side by side on at most `maxConnections` connections.
 */
export function openWebhook({ clock, random, updates, settings, events }: WebhookParts): Webhook {
  const post = createPost(settings);
  const lanes = createLanes();
  const sleeping = new Set<() => void>();
  let sending = 0;
  let closed = false;
  let goneSinceMs: number | undefined;

  const pump = () => {
    while (!closed && sending < settings.maxConnections) {
      const lane = lanes.takeReady();
      const update = lane?.queue[0];
      if (!lane || !update) return;
      if (updates.isExpired(update)) lanes.finish(lane);
      else void send(lane, update);
    }
  };

  const send = async (lane: Lane, update: PendingUpdate) => {
    sending += 1;
    const limit = new AbortController();
    const cancel = clock.after(ANSWER_LIMIT_MS, () => limit.abort());
    const outcome = await post.send(JSON.stringify(updateJson(update)), limit.signal);
    cancel();
    sending -= 1;
    if (closed) return;
    settle(lane, update, outcome);
    pump();
  };

  const settle = (lane: Lane, update: PendingUpdate, outcome: PostOutcome) => {
    const attempt = lane.failures + 1;
    const isAnswer = outcome.kind === 'answer';
    if (isAnswer && outcome.status >= 200 && outcome.status <= 299) {
      goneSinceMs = undefined;
      updates.drop(update.updateId);
      lanes.finish(lane);
      events.delivered(update, attempt);
      events.answered(outcome.contentType, outcome.body);
      return;
    }
    goneSinceMs = isAnswer && outcome.status === 410 ? (goneSinceMs ?? clock.nowMs()) : undefined;
    const waitMs = countFailure(lane, isAnswer ? outcome.retryAfterS : 0, random) * 1000;
    const isOver = clock.nowMs() + waitMs > update.expiresAtMs;
    const error = isAnswer ? `Wrong response from the webhook: ${outcome.status} ${outcome.reason}` : outcome.message;
    events.failed(update, attempt, error, isOver ? undefined : waitMs);
    if (goneSinceMs !== undefined && clock.nowMs() - goneSinceMs > GONE_LIMIT_MS) return events.removed();
    if (isOver) {
      updates.expire(update.updateId);
      lanes.finish(lane);
    } else if (waitMs === 0) lanes.makeReady(lane);
    else sleep(lane, waitMs);
  };

  const sleep = (lane: Lane, waitMs: number) => {
    const cancel = clock.after(waitMs, () => {
      sleeping.delete(cancel);
      lanes.makeReady(lane);
      pump();
    });
    sleeping.add(cancel);
  };

  for (const update of updates.pending()) lanes.add(update);
  updates.setConsumer((update) => {
    lanes.add(update);
    pump();
  });
  pump();

  return {
    ...settings,
    close() {
      closed = true;
      for (const cancel of sleeping) cancel();
      updates.setConsumer(undefined);
      post.close();
    },
  };
}
