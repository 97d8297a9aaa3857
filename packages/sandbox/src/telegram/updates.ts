import type { SandboxClock } from '../clock.ts';

/** Seconds that Telegram stores an update of each kind; messages and all other kinds: 24 h. */
const lifeS: Readonly<Record<string, number>> = {
  callback_query: 150,
  inline_query: 30,
  chosen_inline_result: 600,
  shipping_query: 150,
  pre_checkout_query: 150,
};
const dayS = 86_400;
const quietWeekMs = 7 * dayS * 1000;
/** Telegram: kinds that a bot receives only if they are listed in `allowed_updates`. */
const onlyWhenNamed = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);

export interface PendingUpdate {
  readonly updateId: number;
  readonly kind: string;
  readonly content: unknown;
  /** Telegram delivers the updates of one lane one after the other, and different lanes concurrently. */
  readonly lane: string;
  readonly chatId: number | undefined;
  readonly expiresAtMs: number;
  /** True for content that the simulation did not make. */
  readonly planted: boolean;
}

export interface NewUpdate {
  readonly kind: string;
  readonly content: unknown;
  readonly lane: string;
  readonly chatId?: number;
  /** Instead of the next one, which stays as it is. */
  readonly updateId?: number;
  readonly planted?: boolean;
}

/** The updates of one bot that are not confirmed yet. */
export interface UpdateQueue {
  /** `undefined` when the bot has not allowed this kind. */
  push(update: NewUpdate): PendingUpdate | undefined;
  /** Delivers the last pushed update again, as Telegram does after a lost confirmation. */
  repeatLast(): PendingUpdate | undefined;
  /**
   * Telegram: `offset` confirms all updates before it; 0 starts at the oldest, a negative value counts from the end.
   */
  take(offset: number, limit: number): readonly PendingUpdate[];
  /** Everything pending and unexpired, oldest first. */
  pending(): readonly PendingUpdate[];
  /** The id of the next update; each later one has the next higher id. */
  setNextId(updateId: number): void;
  nextId(): number;
  drop(updateId: number): void;
  /** Removes the update as if it had expired. */
  expire(updateId: number): void;
  isExpired(update: PendingUpdate): boolean;
  clear(): void;
  count(): number;
  /** `[]` allows all kinds except those that must be listed. Valid until the next call. */
  allow(kinds: readonly string[]): void;
  allowed(): readonly string[];
  /** The consumer receives each new update: the open long poll, or the webhook. */
  setConsumer(consumer: ((update: PendingUpdate) => void) | undefined): void;
}

interface QueueState {
  readonly clock: SandboxClock;
  readonly random: () => number;
  readonly onExpired: (update: PendingUpdate) => void;
  readonly updates: Map<number, PendingUpdate>;
  nextId: number;
  lastPushMs: number;
  allowedKinds: readonly string[];
  /** The update that was pushed last. */
  last: PendingUpdate | undefined;
  /** Updates to hand out once more, although they were confirmed. */
  repeated: PendingUpdate[];
  consumer: ((update: PendingUpdate) => void) | undefined;
}

export function createUpdateQueue(
  clock: SandboxClock,
  random: () => number,
  onExpired: (update: PendingUpdate) => void,
): UpdateQueue {
  const queue: QueueState = {
    clock,
    random,
    onExpired,
    updates: new Map(),
    nextId: randomUpdateId(random),
    lastPushMs: clock.nowMs(),
    allowedKinds: [],
    last: undefined,
    repeated: [],
    consumer: undefined,
  };
  return {
    push: (update) => pushUpdate(queue, update),
    repeatLast: () => repeatLast(queue),
    take: (offset, limit) => takeUpdates(queue, offset, limit),
    pending() {
      expireOld(queue);
      return [...queue.updates.values()];
    },
    setNextId(updateId) {
      queue.nextId = updateId;
    },
    nextId: () => queue.nextId,
    drop(updateId) {
      queue.updates.delete(updateId);
      queue.repeated = queue.repeated.filter((update) => update.updateId !== updateId);
    },
    expire: (updateId) => expire(queue, updateId),
    isExpired(update) {
      if (!isExpired(queue, update)) return false;
      expire(queue, update.updateId);
      return true;
    },
    clear() {
      queue.updates.clear();
      queue.repeated = [];
    },
    count() {
      expireOld(queue);
      return queue.updates.size;
    },
    allow(kinds) {
      queue.allowedKinds = [...kinds];
    },
    allowed: () => queue.allowedKinds,
    setConsumer(consumer) {
      queue.consumer = consumer;
    },
  };
}

const randomUpdateId = (random: () => number): number => 100_000_000 + Math.floor(random() * 800_000_000);

function pushUpdate(queue: QueueState, given: NewUpdate): PendingUpdate | undefined {
  const { kind, content, lane, chatId, planted = false } = given;
  if (!isAllowed(queue, kind)) return undefined;
  const nowMs = queue.clock.nowMs();
  if (queue.updates.size === 0 && nowMs - queue.lastPushMs >= quietWeekMs) queue.nextId = randomUpdateId(queue.random);
  queue.lastPushMs = nowMs;
  const expiresAtMs = nowMs + (lifeS[kind] ?? dayS) * 1000;
  const updateId = given.updateId ?? queue.nextId;
  const update: PendingUpdate = { updateId, kind, content, lane, chatId, expiresAtMs, planted };
  if (given.updateId === undefined) queue.nextId += 1;
  queue.updates.set(update.updateId, update);
  queue.last = update;
  queue.consumer?.(update);
  return update;
}

function repeatLast(queue: QueueState): PendingUpdate | undefined {
  if (queue.last === undefined) return undefined;
  queue.repeated.push(queue.last);
  queue.consumer?.(queue.last);
  return queue.last;
}

function takeUpdates(queue: QueueState, offset: number, limit: number): readonly PendingUpdate[] {
  expireOld(queue);
  const { updates, nextId } = queue;
  const from = offset < 0 ? offset + nextId : offset;
  // Telegram: an offset that is far too high counts as none. An id may have been chosen above the next one.
  const endId = Math.max(nextId, ...[...updates.keys()].map((updateId) => updateId + 1));
  if (from <= endId + 10) for (const updateId of updates.keys()) if (updateId < from) updates.delete(updateId);
  const repeated = queue.repeated.slice(0, limit);
  queue.repeated = [];
  const repeatedIds = new Set(repeated.map((update) => update.updateId));
  const fresh = [...updates.values()].filter((update) => !repeatedIds.has(update.updateId));
  return [...repeated, ...fresh].slice(0, limit);
}

function isAllowed({ allowedKinds }: QueueState, kind: string): boolean {
  return allowedKinds.length === 0 ? !onlyWhenNamed.has(kind) : allowedKinds.includes(kind);
}

const isExpired = ({ clock }: QueueState, update: PendingUpdate): boolean => update.expiresAtMs <= clock.nowMs();

function expire({ updates, onExpired }: QueueState, updateId: number): void {
  const update = updates.get(updateId);
  if (update && updates.delete(updateId)) onExpired(update);
}

function expireOld(queue: QueueState): void {
  for (const update of queue.updates.values()) if (isExpired(queue, update)) expire(queue, update.updateId);
}

/** An update as it is sent to the bot. */
export const updateJson = (update: PendingUpdate): Record<string, unknown> => ({
  update_id: update.updateId,
  [update.kind]: update.content,
});
