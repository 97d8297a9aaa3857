import type { Clock } from '../../ports/clock.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';

export interface UpdateOrderDeps {
  readonly store: StoreSlice<{ readonly updates: 'readOrder'; readonly lanes: 'moveJobAhead' }>;
  readonly clock: Clock;
}

/** How long an update waits for an earlier one that has not arrived yet. */
export const gapWaitMs = 400;
const lookEveryMs = 25;

/**
 * Resolves with `next` when the update is the next one of its chat, or with `reordered` after an earlier update was moved
 * ahead of it in the lane.
 *
 * Telegram: messages, taps and changes of membership come from separate queues that do not wait for each other. So a tap may
 * overtake the message before it. Their numbers reveal it: if one is missing, the update after it waits for a moment. An
 * update that arrives later than that is applied in the order of its receipt.
 */
export async function waitForEarlierUpdate(
  { store, clock }: UpdateOrderDeps,
  lane: ClaimedLane,
  job: Job,
  update: { readonly receivedOn: string; readonly updateId: number },
): Promise<'next' | 'reordered'> {
  for (;;) {
    const order = await store.updates.readOrder(lane, job.seq, update);
    if (order === null) return 'next';
    if (order.earlierSeq !== null) {
      await store.lanes.moveJobAhead(lane, { from: order.earlierSeq, to: job.seq });
      return 'reordered';
    }
    if (!order.hasGap || order.ageMs >= gapWaitMs) return 'next';
    await clock.sleep(lookEveryMs);
  }
}
