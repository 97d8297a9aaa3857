import type { Clock } from '../../ports/clock.ts';
import type { EngineLog } from '../../ports/log.ts';

/** Tells readers when the log has grown. */
export interface EventTail {
  /** Resolves when there is an event after this one, or when the signal is aborted. Never rejects. */
  grownPast(after: string | null, signal: AbortSignal): Promise<void>;
}

export interface EventTailDeps {
  readonly readLast: () => Promise<string | null>;
  readonly clock: Clock;
  readonly log: EngineLog;
}

/** How often the log is looked at while a reader waits: one statement for all readers of the process. */
const everyMs = 50;
/** After an error: the database does not answer. */
const retryMs = 1_000;

interface Waiter {
  readonly after: string | null;
  readonly wake: () => void;
}

export function createEventTail({ readLast, clock, log }: EventTailDeps): EventTail {
  const waiters = new Set<Waiter>();
  let isLooking = false;

  const wakeBehind = (last: string | null): void => {
    for (const waiter of [...waiters]) {
      if (last !== null && (waiter.after === null || waiter.after < last)) waiter.wake();
    }
  };

  const look = async (): Promise<void> => {
    while (waiters.size > 0) {
      let waitMs = everyMs;
      try {
        wakeBehind(await readLast());
      } catch (err) {
        log.warn('events.unread', { err });
        waitMs = retryMs;
      }
      if (waiters.size > 0) await clock.sleep(waitMs);
    }
    isLooking = false;
  };

  return {
    grownPast(after, signal) {
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          waiters.delete(waiter);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const waiter: Waiter = { after, wake };
        signal.addEventListener('abort', wake);
        waiters.add(waiter);
        if (isLooking) return;
        isLooking = true;
        void look();
      });
    },
  };
}
