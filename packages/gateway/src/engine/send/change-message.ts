import type { ChangeOutcome } from '../../core/delivery/change.ts';
import type { FetchAttachment } from '../../ports/attachment.ts';
import type { Channel, Wire } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HeldMessage } from '../../store/edits.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { ChatQueue } from './chat-queue.ts';
import { attemptLimitMs } from './deliver.ts';
import type { Pace } from './pace.ts';

/** Telegram's limit for one call. */
const changeLimitMs = 20_000;
/** The wait before this process asks again for a chat that another process sends to. */
const busyWaitMs = 25;

export interface ChangeDeps {
  readonly store: StoreSlice<{ readonly edits: 'hold' | 'release' }>;
  readonly chatQueue: ChatQueue;
  readonly pace: Pace;
  readonly clock: Clock;
}

export interface ChangeRequest {
  readonly channel: Channel;
  readonly channelId: string;
  readonly chatId: string;
  readonly messageId: number;
  /** When the caller gives up, on the monotonic clock. */
  readonly deadlineMs: number;
  /**
   * What is asked of the provider, in this order, decided when it is the message's turn, and how the result is stored. What
   * it throws ends the change.
   */
  readonly plan: (message: HeldMessage) => PlannedChange;
  /** For a change that uploads a file. */
  readonly fetchAttachment?: FetchAttachment | undefined;
}

export interface PlannedChange {
  readonly wires: readonly Wire[];
  readonly record: () => Promise<void>;
}

/** How a change ended. `busy`: nothing was asked. */
export type Changed = ChangeOutcome | { readonly kind: 'busy'; readonly retryAfterMs: number };

/**
 * Edits or deletes one message in the chat's lane, in which sends wait too: a change waits for the send of its message, and two
 * changes end in the same order at the provider and in the store. A change may be repeated.
 */
export async function changeMessage(deps: ChangeDeps, request: ChangeRequest): Promise<Changed> {
  const { channelId, chatId, deadlineMs } = request;
  const patienceMs = Math.max(0, deadlineMs - deps.clock.monotonicMs()) / 2;
  const slot = deps.pace.reserve(channelId, chatId, patienceMs);
  if (slot.kind === 'too-late') return { kind: 'busy', retryAfterMs: slot.retryAfterMs };
  const entry = await deps.chatQueue.enter(`${channelId}:${chatId}`);
  if (entry.kind !== 'admitted') return { kind: 'busy', retryAfterMs: 1_000 };
  try {
    const waitMs = slot.atMs - deps.clock.monotonicMs();
    if (waitMs > 0) await deps.clock.sleep(waitMs);
    return await changeInTurn(deps, request);
  } finally {
    entry.leave();
  }
}

async function changeInTurn(deps: ChangeDeps, request: ChangeRequest): Promise<Changed> {
  for (;;) {
    const held = await deps.store.edits.hold(request.messageId);
    if (held !== null) {
      try {
        return await changeHeld(request, held);
      } finally {
        await deps.store.edits.release(held);
      }
    }
    if (deps.clock.monotonicMs() >= request.deadlineMs) return { kind: 'busy', retryAfterMs: 1_000 };
    await deps.clock.sleep(busyWaitMs);
  }
}

async function changeHeld(
  { plan, channel, fetchAttachment }: ChangeRequest,
  held: HeldMessage,
): Promise<ChangeOutcome> {
  const { wires, record } = plan(held);
  for (const wire of wires) {
    const limitMs = fetchAttachment === undefined ? changeLimitMs : attemptLimitMs;
    const outcome = await channel.change(wire, limitMs, fetchAttachment);
    if (outcome.kind !== 'done') return outcome;
  }
  await record();
  return { kind: 'done' };
}
