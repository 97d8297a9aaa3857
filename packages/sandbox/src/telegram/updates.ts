import type { SandboxClock } from '../clock.ts';

/** Seconds that Telegram keeps an update of each kind; messages and the rest live 24 h. */
const LIFE_S: Readonly<Record<string, number>> = {
  callback_query: 150,
  inline_query: 30,
  chosen_inline_result: 600,
  shipping_query: 150,
  pre_checkout_query: 150,
};
const DAY_S = 86_400;
const QUIET_WEEK_MS = 7 * DAY_S * 1000;
/** Telegram: kinds that a bot gets only when it names them in `allowed_updates`. */
const ONLY_WHEN_NAMED = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);

export interface PendingUpdate {
  readonly updateId: number;
  readonly kind: string;
  readonly content: unknown;
  /** Telegram delivers the updates of one lane one after the other, and lanes side by side. */
  readonly lane: string;
  readonly chatId: number | undefined;
  readonly expiresAtMs: number;
}

export interface NewUpdate {
  readonly kind: string;
  readonly content: unknown;
  readonly lane: string;
  readonly chatId?: number;
}

/** The updates of one bot that nobody has confirmed yet. */
export interface UpdateQueue {
  /** `undefined` when the bot has not allowed this kind. */
  push(update: NewUpdate): PendingUpdate | undefined;
  /** Hands the last pushed update out once more, as Telegram does after a lost confirmation. */
  repeatLast(): PendingUpdate | undefined;
  /** Telegram's offset rules: confirms what lies before `offset`; 0 or below counts from the head or the end. */
  take(offset: number, limit: number): readonly PendingUpdate[];
  /** Everything pending and unexpired, oldest first. */
  pending(): readonly PendingUpdate[];
  drop(updateId: number): void;
  /** Gives the update up, as if its time were over. */
  expire(updateId: number): void;
  isExpired(update: PendingUpdate): boolean;
  clear(): void;
  count(): number;
  /** `[]` allows everything but the kinds that must be named; it stays until the next call. */
  allow(kinds: readonly string[]): void;
  allowed(): readonly string[];
  /** Who is told of new updates: the open long poll, or the webhook. */
  setConsumer(consumer: ((update: PendingUpdate) => void) | undefined): void;
}

export function createUpdateQueue(
  clock: SandboxClock,
  random: () => number,
  onExpired: (update: PendingUpdate) => void,
): UpdateQueue {
  const updates = new Map<number, PendingUpdate>();
  const randomId = () => 100_000_000 + Math.floor(random() * 800_000_000);
  let nextId = randomId();
  let lastPushMs = clock.nowMs();
  let allowedKinds: readonly string[] = [];
  let last: PendingUpdate | undefined;
  let repeated: PendingUpdate[] = [];
  let consumer: ((update: PendingUpdate) => void) | undefined;

  const expire = (updateId: number) => {
    const update = updates.get(updateId);
    if (update && updates.delete(updateId)) onExpired(update);
  };
  const isExpired = (update: PendingUpdate) => update.expiresAtMs <= clock.nowMs();
  const expireOld = () => {
    for (const update of updates.values()) if (isExpired(update)) expire(update.updateId);
  };
  const isAllowed = (kind: string) =>
    allowedKinds.length === 0 ? !ONLY_WHEN_NAMED.has(kind) : allowedKinds.includes(kind);
  const headId = () => updates.keys().next().value ?? nextId;

  return {
    push({ kind, content, lane, chatId }) {
      if (!isAllowed(kind)) return undefined;
      const nowMs = clock.nowMs();
      if (updates.size === 0 && nowMs - lastPushMs >= QUIET_WEEK_MS) nextId = randomId();
      lastPushMs = nowMs;
      const expiresAtMs = nowMs + (LIFE_S[kind] ?? DAY_S) * 1000;
      last = { updateId: nextId, kind, content, lane, chatId, expiresAtMs };
      nextId += 1;
      updates.set(last.updateId, last);
      consumer?.(last);
      return last;
    },
    repeatLast() {
      if (last === undefined) return undefined;
      repeated.push(last);
      consumer?.(last);
      return last;
    },
    take(offset, limit) {
      expireOld();
      let from = offset < 0 ? offset + nextId : offset;
      if (offset <= 0) from = Math.max(from, headId());
      if (from > nextId + 10) from = headId();
      for (const updateId of updates.keys()) if (updateId < from) updates.delete(updateId);
      const again = repeated.slice(0, limit);
      repeated = [];
      const known = new Set(again.map((update) => update.updateId));
      const fresh = [...updates.values()].filter((update) => !known.has(update.updateId));
      return [...again, ...fresh].slice(0, limit);
    },
    pending() {
      expireOld();
      return [...updates.values()];
    },
    drop(updateId) {
      updates.delete(updateId);
      repeated = repeated.filter((update) => update.updateId !== updateId);
    },
    expire,
    isExpired(update) {
      if (!isExpired(update)) return false;
      expire(update.updateId);
      return true;
    },
    clear() {
      updates.clear();
      repeated = [];
    },
    count() {
      expireOld();
      return updates.size;
    },
    allow(kinds) {
      allowedKinds = [...kinds];
    },
    allowed: () => allowedKinds,
    setConsumer(next) {
      consumer = next;
    },
  };
}

/** An update as it goes over the wire. */
export const updateJson = (update: PendingUpdate): Record<string, unknown> => ({
  update_id: update.updateId,
  [update.kind]: update.content,
});
