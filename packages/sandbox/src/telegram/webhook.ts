import type { SandboxClock } from '../clock.ts';
import type { Recorder } from '../exchange.ts';
import { countFailure, createLanes, type Lane, type Lanes } from './lanes.ts';
import { type PendingUpdate, type UpdateQueue, updateJson } from './updates.ts';
import { createPost, type Post, type PostAnswer, type PostOutcome } from './webhook-post.ts';
import type { WebhookSettings } from './webhook-settings.ts';

/** Telegram: a request without an answer within 60 s has failed. */
const answerLimitMs = 60_000;
/** Telegram: a webhook that answers only 410 for 23 h is removed. */
const goneLimitMs = 23 * 3_600_000;

/** An open webhook of a bot. */
export interface Webhook extends WebhookSettings {
  close(): void;
}

export interface WebhookEvents {
  readonly delivered: (update: PendingUpdate, attempt: number) => void;
  readonly failed: (update: PendingUpdate, attempt: number, error: string, retryInMs: number | undefined) => void;
  /** Receives the body of the answer, which can contain a method to run. */
  readonly answered: (contentType: string, body: Buffer) => void;
  /** Telegram no longer uses the address. */
  readonly removed: () => void;
}

export interface WebhookParts {
  readonly clock: SandboxClock;
  readonly random: () => number;
  readonly updates: UpdateQueue;
  readonly settings: WebhookSettings;
  readonly events: WebhookEvents;
  readonly record: Recorder | undefined;
}

/** The state of an open webhook. */
interface WebhookState extends WebhookParts {
  readonly post: Post;
  readonly lanes: Lanes;
  /** Cancels the timers of the lanes that wait for their next try. */
  readonly sleeping: Set<() => void>;
  /** Requests that wait for their answer. */
  sending: number;
  closed: boolean;
  /** The time of the first of the latest 410 answers; undefined after any other answer. */
  goneSinceMs: number | undefined;
}

/**
 * Delivers a bot's updates as Telegram does: one at a time in each lane, the next one only after a 2xx for the previous
 * one. Lanes are delivered concurrently on at most `maxConnections` connections.
 */
export function openWebhook(parts: WebhookParts): Webhook {
  const { updates, settings } = parts;
  const webhook: WebhookState = {
    ...parts,
    post: createPost(settings),
    lanes: createLanes(),
    sleeping: new Set(),
    sending: 0,
    closed: false,
    goneSinceMs: undefined,
  };
  for (const update of updates.pending()) webhook.lanes.add(update);
  updates.setConsumer((update) => {
    webhook.lanes.add(update);
    sendReady(webhook);
  });
  sendReady(webhook);
  return {
    ...settings,
    close() {
      webhook.closed = true;
      for (const cancel of webhook.sleeping) cancel();
      updates.setConsumer(undefined);
      webhook.post.close();
    },
  };
}

/** Sends the oldest update of every ready lane, as far as connections are free. */
function sendReady(webhook: WebhookState): void {
  while (!webhook.closed && webhook.sending < webhook.settings.maxConnections) {
    const lane = webhook.lanes.takeReady();
    const update = lane?.queue[0];
    if (!lane || !update) return;
    if (webhook.updates.isExpired(update)) webhook.lanes.finish(lane);
    else void sendUpdate(webhook, lane, update);
  }
}

async function sendUpdate(webhook: WebhookState, lane: Lane, update: PendingUpdate): Promise<void> {
  webhook.sending += 1;
  const limit = new AbortController();
  const cancel = webhook.clock.after(answerLimitMs, () => limit.abort());
  const body = JSON.stringify(updateJson(update));
  const outcome = await webhook.post.send(body, limit.signal);
  cancel();
  webhook.record?.({
    provider: 'telegram',
    kind: 'webhook',
    method: 'POST',
    path: webhook.settings.url,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(body),
    answer: outcome.kind === 'answer' ? outcome : undefined,
    planted: update.planted,
  });
  webhook.sending -= 1;
  if (webhook.closed) return;
  if (outcome.kind === 'answer' && outcome.status >= 200 && outcome.status <= 299)
    finishUpdate(webhook, lane, update, outcome);
  else handleFailure(webhook, lane, update, outcome);
  sendReady(webhook);
}

function finishUpdate(webhook: WebhookState, lane: Lane, update: PendingUpdate, answer: PostAnswer): void {
  const attempt = lane.failures + 1;
  webhook.goneSinceMs = undefined;
  webhook.updates.drop(update.updateId);
  webhook.lanes.finish(lane);
  webhook.events.delivered(update, attempt);
  webhook.events.answered(answer.contentType, answer.body);
}

function handleFailure(webhook: WebhookState, lane: Lane, update: PendingUpdate, outcome: PostOutcome): void {
  const { clock, random, events, lanes } = webhook;
  const attempt = lane.failures + 1;
  const isAnswer = outcome.kind === 'answer';
  webhook.goneSinceMs = isAnswer && outcome.status === 410 ? (webhook.goneSinceMs ?? clock.nowMs()) : undefined;
  const waitMs = countFailure(lane, isAnswer ? outcome.retryAfterS : 0, random) * 1000;
  const isOver = clock.nowMs() + waitMs > update.expiresAtMs;
  const error = isAnswer ? `Wrong response from the webhook: ${outcome.status} ${outcome.reason}` : outcome.message;
  events.failed(update, attempt, error, isOver ? undefined : waitMs);
  if (webhook.goneSinceMs !== undefined && clock.nowMs() - webhook.goneSinceMs > goneLimitMs) events.removed();
  else if (isOver) {
    webhook.updates.expire(update.updateId);
    lanes.finish(lane);
  } else if (waitMs === 0) lanes.makeReady(lane);
  else retryLater(webhook, lane, waitMs);
}

function retryLater(webhook: WebhookState, lane: Lane, waitMs: number): void {
  const cancel = webhook.clock.after(waitMs, () => {
    webhook.sleeping.delete(cancel);
    webhook.lanes.makeReady(lane);
    sendReady(webhook);
  });
  webhook.sleeping.add(cancel);
}
