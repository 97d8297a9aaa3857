import type { Clock } from '../../ports/clock.ts';
import type { ClaimedLane, Job } from '../../store/lanes.ts';
import type { StoreSlice } from '../../store/store.ts';

export type KeepOrderStore = StoreSlice<{ readonly updates: 'readOrder'; readonly lanes: 'moveJobAhead' }>;

/** How long an update waits for one before it that is still on its way. */
export const gapWaitMs = 400;
const lookEveryMs = 25;

/** Whether the update is the next one of its chat; else the lane has been put in order. */
export type KeepOrder = (
  lane: ClaimedLane,
  job: Job,
  update: { readonly receivedOn: string; readonly updateId: number },
) => Promise<'next' | 'reordered'>;

/**
 * Telegram: messages, taps and changes of membership come from queues of their own, which do not wait for each other, so
 * that a tap may overtake the message before it. The numbers of updates tell: where one is missing, what follows it waits
 * for a moment. What comes later than that keeps the order of its receipt.
 */
export function createKeepOrder(store: KeepOrderStore, clock: Clock): KeepOrder {
  return async (lane, job, update) => {
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
  };
}
