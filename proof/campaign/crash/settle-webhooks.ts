import { setTimeout as sleep } from 'node:timers/promises';
import type { Receiver } from '../backend/receiver.ts';
import type { StoreReader } from '../gateway/store-reader.ts';
import { judgeWebhooks } from '../judge/judge-webhooks.ts';
import type { LoggedEvent } from '../judge/records.ts';

/** What a gateway that was struck still owes its backends must reach them within this time. A loaded machine is slow. */
const settleLimitMs = 30_000;
const lookEveryMs = 20;

export interface WebhookWatch {
  /**
   * Waits until all that the log says now has reached the backends. Returns what is wrong: what did not arrive in time, and
   * everything else that a verdict at this moment says about webhooks.
   */
  settle(store: Pick<StoreReader, 'readLog'>): Promise<readonly string[]>;
}

/** Looks at the webhooks again and again while a campaign runs. */
export function watchWebhooks(receiver: Receiver): WebhookWatch {
  /** Everything here has arrived. */
  const settled: LoggedEvent[] = [];
  return {
    async settle(store) {
      const known = settled.at(-1)?.id ?? null;
      const due = await store.readLog(known);
      const lost = await waitForArrivals(receiver, due);
      // What arrives from now on may be newer than the log that is read.
      const arrivals = [...receiver.arrivals];
      const fresh = await store.readLog(known);
      const log = [...settled, ...fresh];
      const now = judgeWebhooks({ log, arrivals, listening: receiver.listening });
      // An event before the last one that was due may have been committed after it.
      const last = due.at(-1)?.id ?? '';
      settled.push(...fresh.filter(({ id }) => id <= last));
      return [...lost, ...now.wrongWebhooks, ...now.webhookInversions, ...now.doubledEvents];
    },
  };
}

/** Resolves with what did not arrive. */
async function waitForArrivals({ arrivals, listening }: Receiver, log: readonly LoggedEvent[]) {
  const deadlineMs = performance.now() + settleLimitMs;
  for (;;) {
    const { lostWebhooks } = judgeWebhooks({ log, arrivals, listening });
    if (lostWebhooks.length === 0 || performance.now() > deadlineMs) return lostWebhooks;
    await sleep(lookEveryMs);
  }
}
